import { equal, toHex } from '@0k-sync/core/bytes';
import type { RandomSource } from '@0k-sync/core/crypto';
import { errorNameOf } from '@0k-sync/core/wire';
import { Message } from '@0k-sync/generated/wire/envelope';
import { abortable } from '../async/abortable.ts';
import type { Clock } from '../async/clock.ts';
import { SyncError } from '../error.ts';
import { explainError } from '../relay/explain-error.ts';
import type { OutboxEntry } from '../store/types.ts';
import { Additions, type AdditionsDeps } from './additions.ts';
import { type Draft, draftMessage, type PushOptions } from './draft.ts';
import { type EarlierPush, findEarlier, waitingReceipts } from './earlier.ts';
import type { PushReceipt } from './receipt.ts';

/** A message of `pushAll()`. */
export interface PushItem extends Omit<PushOptions, 'signal'> {
  /** Text or bytes, at most CONTENT_BYTES_MAX bytes. */
  readonly content: string | Uint8Array;
}

/** Options of `pushAll()` and `flush()`. */
interface CancelOptions {
  readonly signal?: AbortSignal;
}

interface PusherDeps extends AdditionsDeps {
  readonly random: RandomSource;
  readonly clock: Clock;
  /** This device's key in the group, 32 bytes. @throws SyncError kind `not-paired`, `closed` */
  readonly deviceKey: () => Uint8Array;
  /** Address of the relay that messages are pushed to, `host:port`; empty without one. */
  readonly relay: () => string;
}

/** Queues what the app pushes. CL-20. */
export class Pusher {
  readonly #deps: PusherDeps;
  readonly #additions: Additions;
  /** Pushes under an id of the app that are not queued yet, by id. */
  readonly #running = new Map<string, EarlierPush>();

  constructor(deps: PusherDeps) {
    this.#deps = deps;
    this.#additions = new Additions(deps);
  }

  /** Queues one message. Throws and rejects as `SyncSession.push`. */
  async push(content: string | Uint8Array, options: PushOptions): Promise<PushReceipt> {
    return (await this.#add([this.#draft(content, options)], options.signal))[0] as PushReceipt;
  }

  /** Queues several messages in one transaction. Throws and rejects as `SyncSession.pushAll`. */
  async pushAll(items: readonly PushItem[], { signal }: CancelOptions): Promise<readonly PushReceipt[]> {
    return await this.#add(
      items.map(({ content, ...options }) => this.#draft(content, options)),
      signal,
    );
  }

  /** Waits until a relay has stored what is queued now. Throws and rejects as `SyncSession.flush`. */
  async flush({ signal }: CancelOptions): Promise<void> {
    const { store, outbox, relay, wake } = this.#deps;
    signal?.throwIfAborted();
    this.#deps.deviceKey();
    const refusal = outbox.finalRefusal;
    if (refusal !== undefined) throw explainError(errorNameOf(refusal), relay());
    const waiting = await waitingReceipts({ store, outbox });
    wake();
    await abortable(Promise.all(waiting.map(({ acknowledged }) => acknowledged)), signal);
  }

  #draft(content: string | Uint8Array, options: PushOptions): Draft {
    const { random, clock } = this.#deps;
    return draftMessage(random, clock.now(), content, options);
  }

  #add(drafts: readonly Draft[], signal: AbortSignal | undefined): Promise<readonly PushReceipt[]> {
    signal?.throwIfAborted();
    this.#deps.deviceKey(); // throws when there is no group, or it is closed
    const isNew = drafts.every(({ isNamed }) => !isNamed);
    return isNew
      ? this.#additions.add(
          drafts.map(({ entry }) => entry),
          signal,
        )
      : this.#addNamed(drafts, signal);
  }

  async #addNamed(drafts: readonly Draft[], signal: AbortSignal | undefined): Promise<readonly PushReceipt[]> {
    const running = drafts.map(({ isNamed, entry }) => (isNamed ? this.#running.get(toHex(entry.id)) : undefined));
    const added = this.#addFresh(drafts, running, signal);
    const named = drafts.flatMap((draft, index) => {
      if (!draft.isNamed) return [];
      const receipt = added.then((receipts) => receipts[index] as PushReceipt);
      receipt.catch(() => {}); // the caller hears of it
      const { id, plaintext } = draft.entry;
      return [{ name: toHex(id), push: { plaintext, receipt } }];
    });
    for (const { name, push } of named) this.#running.set(name, push);
    try {
      return await added;
    } finally {
      for (const { name, push } of named) if (this.#running.get(name) === push) this.#running.delete(name);
    }
  }

  /** Queues the drafts whose id was not used before, and finds the receipts of the others. EN-16. */
  async #addFresh(
    drafts: readonly Draft[],
    running: readonly (EarlierPush | undefined)[],
    signal: AbortSignal | undefined,
  ): Promise<readonly PushReceipt[]> {
    const fresh = new Map<string, OutboxEntry>();
    const receipts = new Map<string, PushReceipt>();
    for (const [index, { entry, isNamed }] of drafts.entries()) {
      const name = toHex(entry.id);
      const twin = fresh.get(name);
      // Nothing is awaited for a message without an id of the app, so that such messages keep their order.
      const earlier = running[index] ?? (isNamed && twin === undefined ? await this.#findEarlier(entry) : undefined);
      assertSameMessage(name, earlier ?? twin, entry);
      if (earlier !== undefined) receipts.set(name, await earlier.receipt);
      else fresh.set(name, entry);
    }
    for (const receipt of await this.#additions.add([...fresh.values()], signal)) receipts.set(receipt.id, receipt);
    this.#deps.wake(); // for an earlier one that waits
    return drafts.map(({ entry }) => receipts.get(toHex(entry.id)) as PushReceipt);
  }

  #findEarlier({ id }: OutboxEntry): Promise<EarlierPush | undefined> {
    const { store, outbox, deviceKey, relay } = this.#deps;
    return findEarlier({ store, outbox }, id, deviceKey(), relay());
  }
}

/** @throws SyncError kind `argument` when the message of an id differs from the earlier one with it. EN-16. */
function assertSameMessage(
  id: string,
  earlier: Pick<OutboxEntry, 'plaintext'> | undefined,
  { plaintext }: OutboxEntry,
): void {
  // The content of a message that was pruned is not known any more.
  if (earlier === undefined || earlier.plaintext.length === 0) return;
  if (equal(comparable(earlier.plaintext), comparable(plaintext))) return;
  throw new SyncError('argument', `The id ${id} belongs to an earlier message, which has other content.`, {
    hint: 'Give each message an id of its own, or omit the id.',
  });
}

/** The part of a message that the app has chosen. */
function comparable(plaintext: Uint8Array): Uint8Array {
  return Message.encode({ ...Message.decode(plaintext), sentAtMs: 0n, skipped: [] }).finish();
}
