import { equal, toHex } from '@0k-sync/core/bytes';
import type { RandomSource } from '@0k-sync/core/crypto';
import { errorNameOf } from '@0k-sync/core/wire';
import { Message } from '@0k-sync/generated/wire/envelope';
import { abortable } from '../async/abortable.ts';
import type { Clock } from '../async/clock.ts';
import { SyncError } from '../error.ts';
import { explainError } from '../relay/explain-error.ts';
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
  /** Tells the links that the outbox has something new. */
  readonly wake: () => void;
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
    const [receipt] = await this.#add([this.#draft(content, options)], options.signal);
    if (receipt === undefined) throw new TypeError('one message has one receipt');
    return receipt;
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

  async #add(drafts: readonly Draft[], signal: AbortSignal | undefined): Promise<readonly PushReceipt[]> {
    signal?.throwIfAborted();
    this.#deps.deviceKey(); // throws when there is no group, or it is closed
    if (drafts.every(({ isNamed }) => !isNamed)) return await this.#queue(drafts, signal);
    const running = drafts.map(({ isNamed, id }) => (isNamed ? this.#running.get(toHex(id)) : undefined));
    const added = this.#addFresh(drafts, running, signal);
    const named = drafts.flatMap((draft, index) => {
      if (!draft.isNamed) return [];
      const receipt = added.then((receipts) => receipts[index] as PushReceipt);
      receipt.catch(() => {}); // the caller hears of it
      return [{ name: toHex(draft.id), push: { plaintext: draft.plaintext, receipt } }];
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
    const fresh = new Map<string, Draft>();
    const receipts = new Map<string, PushReceipt>();
    for (const [index, draft] of drafts.entries()) {
      const name = toHex(draft.id);
      const twin = fresh.get(name);
      // Nothing is awaited for a message without an id of the app, so that such messages keep their order.
      const earlier =
        running[index] ?? (draft.isNamed && twin === undefined ? await this.#findEarlier(draft) : undefined);
      assertSameMessage(name, earlier ?? twin, draft);
      if (earlier !== undefined) receipts.set(name, await earlier.receipt);
      else fresh.set(name, draft);
    }
    for (const receipt of await this.#queue([...fresh.values()], signal)) receipts.set(receipt.id, receipt);
    return drafts.map(({ id }) => receipts.get(toHex(id)) as PushReceipt);
  }

  async #queue(drafts: readonly Draft[], signal: AbortSignal | undefined): Promise<readonly PushReceipt[]> {
    const receipts = await this.#additions.add(drafts, signal);
    this.#deps.wake();
    return receipts;
  }

  #findEarlier({ id }: Draft): Promise<EarlierPush | undefined> {
    const { store, outbox, deviceKey, relay } = this.#deps;
    return findEarlier({ store, outbox }, id, deviceKey(), relay());
  }
}

/** @throws SyncError kind `argument` when the message of an id differs from the earlier one with it. EN-16. */
function assertSameMessage(id: string, earlier: Pick<Draft, 'plaintext'> | undefined, { plaintext }: Draft): void {
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
