import type { VerifiedHello } from '@0k-sync/core/session';
import { errorOf } from '@0k-sync/core/wire';
import type { ErrorName } from '@0k-sync/generated/errors';
import { type Push, PushStatus } from '@0k-sync/generated/wire/frame';
import type { PushResult } from '../../store/port.ts';
import type { MemberDeps } from './member-deps.ts';
import { checkItems } from './push-items.ts';

interface Begun {
  readonly since: number;
  /** The bytes of the push that wait for the store. */
  readonly bytes: number;
  /** The error of the item after the submitted ones; undefined for none. */
  readonly refusal: ErrorName | undefined;
}

/** A member's pushes, from the frame to the answer. RL-20 to RL-23. */
export class PushRequests {
  readonly #deps: MemberDeps;
  /** 32 bytes each, copied: a view would keep the whole Hello in memory as long as the session lives. */
  readonly #groupId: Uint8Array;
  readonly #deviceKey: Uint8Array;
  readonly #begun = new Map<number, Begun>();
  #bytes = 0;

  constructor(deps: MemberDeps, { groupId, deviceKey }: VerifiedHello) {
    this.#deps = deps;
    this.#groupId = groupId.slice();
    this.#deviceKey = deviceKey.slice();
  }

  /** The bytes that were received and are not stored yet. RL-63. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Gives the store the items before the first one that is refused without it. RL-20. */
  receive(requestId: number, push: Push): void {
    const { carrier, group, device } = this.#deps;
    const { clock, config } = carrier.shared;
    if (push.items.length === 0 || push.items.length > config.limits.push_items_max) {
      this.#deps.refuse(requestId, { error: 'RESOURCES_EXCEEDED' });
      return;
    }
    const { items, refusal } = checkItems(push, this.#groupId, this.#deviceKey);
    const bytes = bytesOf(push);
    this.#begun.set(requestId, { since: clock.monotonic(), bytes, refusal });
    this.#bytes += bytes;
    if (items.length > 0) this.#deps.submit({ kind: 'push', requestId, group, device, items });
    else this.answer(requestId, []);
  }

  /** Answers a push: the results of the store, then the refusal of the next item, if there is one. */
  answer(requestId: number, stored: readonly PushResult[]): void {
    const { engine, shared } = this.#deps.carrier;
    const begun = this.forget(requestId);
    const results = stored.map(({ status, cursor, refusal }) => {
      if (refusal !== undefined) shared.observer.refused(refusal.error);
      return { status, cursor: BigInt(cursor), error: refusal === undefined ? undefined : errorOf(refusal) };
    });
    const isRefused = stored.at(-1)?.refusal !== undefined;
    if (begun?.refusal !== undefined && !isRefused) {
      shared.observer.refused(begun.refusal);
      const error = errorOf({ error: begun.refusal });
      results.push({ status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n, error });
    }
    shared.observer.acknowledged(shared.clock.monotonic() - (begun?.since ?? 0), stored.length);
    engine.answer(requestId, { $case: 'pushAck', value: { results, durable: true } });
  }

  forget(requestId: number): Begun | undefined {
    const begun = this.#begun.get(requestId);
    this.#begun.delete(requestId);
    this.#bytes -= begun?.bytes ?? 0;
    return begun;
  }
}

/** Returns the memory that a push takes, about, in bytes. */
export function bytesOf({ items }: Push): number {
  let bytes = 0;
  for (const { envelope } of items) bytes += (envelope?.header.length ?? 0) + (envelope?.ciphertext.length ?? 0);
  return bytes;
}
