import type { GroupState as WelcomedState } from '@0k-sync/core/pairing';
import { Serial } from '../async/serial.ts';
import { otherGroupError } from '../group/group-id.ts';
import { parseRelay } from '../relay/relay-address.ts';
import type { StoredPin } from '../store/types.ts';
import type { ActiveGroup } from './active-group.ts';
import type { GroupSlot } from './group-slot.ts';
import { cancelInvite, inviteDevice, type PairOptions } from './inviter.ts';
import { type JoinOptions, joinByInvite } from './joiner.ts';

/** Makes, cancels and uses invites of one group, one after the other. */
export class Pairing {
  readonly #slot: GroupSlot;
  readonly #serial = new Serial();

  constructor(slot: GroupSlot) {
    this.#slot = slot;
  }

  /** See `Group.invite`. `createGroup` makes a group when there is none yet. */
  create(options: PairOptions, createGroup?: () => Promise<ActiveGroup>): Promise<string> {
    const { signal } = options;
    return this.#serial.run(async () => {
      this.#slot.assertOpen();
      signal?.throwIfAborted();
      const { anchor, deps } = this.#slot.current ?? (await (createGroup?.() ?? this.#slot.active));
      this.#slot.assertOpen();
      return await inviteDevice(deps, await anchor.connect(signal), options);
    });
  }

  /** See `Group.cancelInvite`. */
  cancel(invite: string, signal?: AbortSignal): Promise<void> {
    return this.#serial.run(async () => {
      const { anchor, deps } = this.#slot.active;
      await cancelInvite(deps, await anchor.connect(signal), invite, signal);
    });
  }

  /** See `Device.join`. */
  join(invite: string, options: JoinOptions): Promise<void> {
    return this.#serial.run(async () => {
      this.#slot.assertOpen();
      const { config, events, pins, current } = this.#slot;
      if (current !== undefined) throw otherGroupError(current.membership.groupId);
      const device = {
        storedSeed: () => this.#slot.storedSeed(),
        storeWelcome: async (state: WelcomedState, pin: StoredPin) => void (await this.#slot.join(state, pin)),
      };
      await joinByInvite({ ...config, pins, events }, device, invite, options);
    });
  }

  /** See `Group.addRelay`. */
  addRelay(text: string, accessToken: string): Promise<void> {
    const relay = parseRelay(text);
    return this.#serial.run(() => this.#slot.addRelay(relay, accessToken));
  }
}
