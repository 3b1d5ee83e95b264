import type { GroupState } from '@0k-sync/core/pairing';
import type { Emitter } from '../async/emitter.ts';
import { Serial } from '../async/serial.ts';
import type { SyncEvents } from '../events.ts';
import { otherGroupError } from '../group/group-id.ts';
import type { RelayPins } from '../relay/relay-pins.ts';
import type { StoredPin } from '../store/types.ts';
import type { GroupSlot } from './group-slot.ts';
import { cancelInvite, checkPairOptions, inviteDevice, type PairOptions } from './inviter.ts';
import { joinByInvite } from './joiner.ts';
import type { ResolvedOptions } from './options.ts';

interface PairingDeps {
  readonly options: ResolvedOptions;
  readonly events: Emitter<SyncEvents>;
  readonly pins: RelayPins;
  readonly slot: GroupSlot;
  /** Throws SyncError kind `closed` once the session is closed. */
  readonly assertOpen: () => void;
}

/** Makes, cancels and uses invites, one after the other. */
export class Pairing {
  readonly #deps: PairingDeps;
  readonly #serial = new Serial();

  constructor(deps: PairingDeps) {
    this.#deps = deps;
  }

  /** See `SyncSession.pair`. */
  create(options: PairOptions): Promise<string> {
    const { slot, assertOpen } = this.#deps;
    return this.#serial.run(async () => {
      assertOpen();
      checkPairOptions(options);
      const { anchor, deps } = slot.current ?? (await slot.create());
      assertOpen();
      return await inviteDevice(deps, await anchor.connect(), options);
    });
  }

  /** See `SyncSession.cancelInvite`. */
  cancel(invite: string): Promise<void> {
    const { slot, assertOpen } = this.#deps;
    return this.#serial.run(async () => {
      assertOpen();
      const { anchor, deps } = slot.active;
      await cancelInvite(deps, await anchor.connect(), invite);
    });
  }

  /** See `SyncSession.pairJoin`. */
  join(invite: string, passphrase: string | undefined): Promise<void> {
    const { slot, options, events, pins, assertOpen } = this.#deps;
    return this.#serial.run(async () => {
      assertOpen();
      if (slot.current !== undefined) throw otherGroupError(slot.current.membership.groupId);
      const device = {
        storedSeed: () => slot.storedSeed(),
        storeWelcome: async (state: GroupState, pin: StoredPin) => void (await slot.join(state, pin)),
      };
      await joinByInvite({ ...options, pins, events }, device, { link: invite, passphrase });
    });
  }
}
