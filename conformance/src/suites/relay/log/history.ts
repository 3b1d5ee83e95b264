import { toHex } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { Group, itemOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena, type Member } from '../arena.ts';
import { holds, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

const PUSHERS = 6;
const ROUNDS = 12;
const ITEMS = 5;
const TOTAL = PUSHERS * ROUNDS * ITEMS;

/** What was observed of one log by everybody: each cursor has one H, for ever and for all. RL-30, RL-43. */
class History {
  readonly #hashes = new Map<number, string>();

  /** Someone saw this H at this cursor. */
  saw(cursor: number, hash: string, by: string): void {
    const known = this.#hashes.get(cursor);
    if (known !== undefined) same(`H at cursor ${cursor}, as ${by} saw it`, hash, known);
    this.#hashes.set(cursor, hash);
  }

  /** Every cursor from 1 on was given once. */
  isDense(total: number): void {
    same(
      'cursors',
      [...this.#hashes.keys()].sort((a, b) => a - b),
      Array.from({ length: total }, (_, index) => index + 1),
    );
    same('different envelopes', new Set(this.#hashes.values()).size, total);
  }
}

/** Pushes with several requests in flight, as fast as answers come. */
async function pushAll({ client, device }: Member, history: History): Promise<void> {
  let last = 0;
  const round = async (): Promise<void> => {
    const sealed = Array.from({ length: ITEMS }, () => device.seal());
    const { results } = await client.push(sealed.map((each) => itemOf(each)));
    for (const [index, { status, cursor }] of results.entries()) {
      same('status', status, PushStatus.PUSH_STATUS_ACCEPTED);
      holds("a sender's cursors", Number(cursor) > last, `above ${last}`, String(cursor));
      last = Number(cursor);
      history.saw(last, toHex(sealed[index]?.hash ?? new Uint8Array(0)), 'its sender');
    }
  };
  for (let rounds = 0; rounds < ROUNDS; rounds += 3) await Promise.all([round(), round(), round()]);
}

/** Checks that the envelopes are of the cursors right after `after`, and each sender's chain in order. */
class Observer {
  after = 0;
  hash: Uint8Array = new Uint8Array(0);
  readonly #name: string;
  readonly #history: History;
  readonly #heads = new Map<string, bigint>();

  constructor(name: string, history: History) {
    this.#name = name;
    this.#history = history;
  }

  take(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      same(`the cursor that ${this.#name} sees next`, envelope.cursor, BigInt(this.after + 1));
      this.after += 1;
      this.hash = envelopeHash(crypto, envelope);
      this.#history.saw(this.after, toHex(this.hash), this.#name);
      const { senderKey, sequence } = EnvelopeHeader.decode(envelope.header);
      const sender = toHex(senderKey);
      same(`a sender's sequence, as ${this.#name} sees it`, sequence, (this.#heads.get(sender) ?? 0n) + 1n);
      this.#heads.set(sender, sequence);
    }
  }
}

async function pullAll({ client }: Member, observer: Observer): Promise<void> {
  while (observer.after < TOTAL) {
    const { segment, hasMore } = await client.pull(observer.after, observer.hash, 20_000);
    if (segment === undefined) throw new TypeError('a page that was read has a segment');
    same('after', segment.after, BigInt(observer.after));
    observer.take(segment.envelopes);
    same('next', segment.next, BigInt(observer.after));
    same('has_more', hasMore, segment.next < segment.head);
  }
}

async function deliverAll({ client }: Member, observer: Observer): Promise<void> {
  const request = client.subscribe(0, CREDIT_BYTES_MAX);
  while (observer.after < TOTAL) {
    const answer = await client.answer(request);
    holds('a delivery', answer.$case === 'deliver', 'deliver', answer.$case);
    same('after', answer.value.segment?.after, BigInt(observer.after));
    observer.take(answer.value.segment?.envelopes ?? []);
  }
}

export const historyScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/history/concurrent',
    title:
      'Six devices push at once while others pull and subscribe: all agree on one dense log, and nobody sees N + 1 before N',
    level: 'must',
    requirements: ['RL-21', 'RL-24', 'RL-30', 'RL-41', 'RL-43', 'SE-06'],
    requires: [],
    run: inArena(async (arena) => {
      const group = new Group();
      const pushers = await Promise.all(Array.from({ length: PUSHERS }, () => arena.member(group.device())));
      const readers = await Promise.all(Array.from({ length: 4 }, () => arena.member(group.device())));
      const history = new History();
      const observers = readers.map((_, index) => new Observer(`reader ${index + 1}`, history));
      await Promise.all([
        ...pushers.map((pusher) => pushAll(pusher, history)),
        ...readers.map((reader, index) => {
          const observer = observers[index] ?? new Observer('', history);
          return index % 2 === 0 ? pullAll(reader, observer) : deliverAll(reader, observer);
        }),
      ]);
      history.isDense(TOTAL);
    }),
  },
  {
    id: 'relay/history/two-sessions',
    title: 'Two sessions of one device that push the same chain at once store each envelope once',
    level: 'must',
    requirements: ['RL-24', 'RL-25', 'RL-30', 'SE-23'],
    requires: [],
    run: inArena(async (arena) => {
      const one = await arena.member();
      const other = await arena.member(one.device);
      const items = one.device.items(40);
      const [left, right] = await Promise.all([one.client.push(items), other.client.push(items)]);
      for (const [index, result] of left.results.entries()) {
        same('cursor', result.cursor, BigInt(index + 1));
        same('cursor of the other', right.results[index]?.cursor, result.cursor);
      }
      same('head', (await one.client.pull()).segment?.head, 40n);
    }),
  },
  {
    id: 'relay/history/fork',
    title: 'Two sessions that push two versions of a sequence at once: one is stored, the other refused',
    level: 'must',
    requirements: ['RL-24', 'RL-27'],
    requires: [],
    run: inArena(async (arena) => {
      const one = await arena.member();
      const other = await arena.member(one.device);
      const [left, right] = await Promise.all([
        one.client.push([itemOf(one.device.forge())]),
        other.client.push([itemOf(one.device.forge())]),
      ]);
      const statuses = [left, right].map(({ results }) => Number(results[0]?.status)).sort((a, b) => a - b);
      same('statuses', statuses, [PushStatus.PUSH_STATUS_ACCEPTED, PushStatus.PUSH_STATUS_REFUSED]);
      same('head', (await one.client.pull()).segment?.head, 1n);
    }),
  },
];
