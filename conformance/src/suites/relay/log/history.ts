import { toHex } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { Group, itemOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { expect, expectMembers, expectThat } from '../../expect.ts';
import type { Member, RelayActs } from '../scene.ts';
import { ACCEPTED, REFUSED, statusesOf } from './pushing.ts';
import { range } from './reader.ts';

const PUSHERS = 6;
const READERS = 4;
const ROUNDS = 12;
const ITEMS = 5;
const TOTAL = PUSHERS * ROUNDS * ITEMS;

/** The observations of one log by all parties: each cursor has one H, for ever and for all. RL-30, RL-43. */
class History {
  readonly #hashes = new Map<number, string>();

  /** Someone saw this H at this cursor. */
  saw(cursor: number, hash: string, by: string): void {
    const known = this.#hashes.get(cursor);
    if (known !== undefined) expect(`H at cursor ${cursor}, as ${by} saw it`, hash, known);
    this.#hashes.set(cursor, hash);
  }

  /** Every cursor from 1 on was given once. */
  isDense(total: number): void {
    const cursors = [...this.#hashes.keys()].sort((a, b) => a - b);
    expect('cursors', cursors, range(0, total));
    expect('different envelopes', new Set(this.#hashes.values()).size, total);
  }
}

/** Pushes with several requests in flight, as fast as answers come. */
async function pushAll({ client, device }: Member, history: History): Promise<void> {
  let last = 0;
  const round = async (): Promise<void> => {
    const sealed = Array.from({ length: ITEMS }, () => device.seal());
    const { results } = await client.push(sealed.map((each) => itemOf(each)));
    for (const [index, { status, cursor }] of results.entries()) {
      expect('status', status, ACCEPTED);
      expectThat("a sender's cursors", Number(cursor) > last, `above ${last}`, cursor);
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
      expect(`the cursor that ${this.#name} sees next`, envelope.cursor, BigInt(this.after + 1));
      this.after += 1;
      this.hash = envelopeHash(crypto, envelope);
      this.#history.saw(this.after, toHex(this.hash), this.#name);
      const { senderKey, sequence } = EnvelopeHeader.decode(envelope.header);
      const sender = toHex(senderKey);
      expect(`a sender's sequence, as ${this.#name} sees it`, sequence, (this.#heads.get(sender) ?? 0n) + 1n);
      this.#heads.set(sender, sequence);
    }
  }

  async pullAll({ client }: Member): Promise<void> {
    while (this.after < TOTAL) {
      const { segment, hasMore } = await client.pull(this.after, this.hash, 20_000);
      if (segment === undefined) throw new TypeError('a page that was read has a segment');
      expect('after', segment.after, BigInt(this.after));
      this.take(segment.envelopes);
      expect('next', segment.next, BigInt(this.after));
      expect('has_more', hasMore, segment.next < segment.head);
    }
  }

  async deliverAll({ client }: Member): Promise<void> {
    const request = client.subscribe(0, CREDIT_BYTES_MAX);
    while (this.after < TOTAL) {
      const answer = await client.answer(request);
      expectThat('a delivery', answer.$case === 'deliver', 'deliver', answer.$case);
      expect('after', answer.value.segment?.after, BigInt(this.after));
      this.take(answer.value.segment?.envelopes ?? []);
    }
  }
}

export const historyActs: RelayActs = {
  'relay/history/concurrent': {
    title:
      'Six devices push at once while others pull and subscribe: all agree on one dense log, and nobody sees N + 1 before N',
    requirements: ['RL-21', 'RL-24', 'RL-30', 'RL-41', 'RL-43', 'SE-06'],
    run: async (scene) => {
      const group = new Group();
      const members = (count: number) => Promise.all(Array.from({ length: count }, () => scene.member(group.device())));
      const [pushers, readers] = [await members(PUSHERS), await members(READERS)];
      const history = new History();
      const reading = readers.map((reader, index) => {
        const observer = new Observer(`reader ${index + 1}`, history);
        return index % 2 === 0 ? observer.pullAll(reader) : observer.deliverAll(reader);
      });
      await Promise.all([...pushers.map((pusher) => pushAll(pusher, history)), ...reading]);
      history.isDense(TOTAL);
    },
  },
  'relay/history/two-sessions': {
    title: 'Two sessions of one device that push the same chain at once store each envelope once',
    requirements: ['RL-24', 'RL-25', 'RL-30', 'SE-23'],
    run: async (scene) => {
      const one = await scene.member();
      const other = await scene.member(one.device);
      const items = one.device.items(40);
      for (const { results } of await Promise.all([one.client.push(items), other.client.push(items)])) {
        const cursors = results.map(({ cursor }) => Number(cursor));
        expect('cursors', cursors, range(0, 40));
      }
      expect('head', (await one.client.pull()).segment?.head, 40n);
    },
  },
  'relay/history/fork': {
    title: 'Two sessions that push two versions of a sequence at once: one is stored, the other refused',
    requirements: ['RL-24', 'RL-27'],
    run: async (scene) => {
      const one = await scene.member();
      const other = await scene.member(one.device);
      const pushing = [one, other].map(({ client }) => client.push([itemOf(one.device.forge())]));
      const statuses = (await Promise.all(pushing)).flatMap(({ results }) => statusesOf(results));
      expect('statuses', statuses.toSorted(), [ACCEPTED, REFUSED]);
      expectMembers('the log', (await one.client.pull()).segment, { head: 1n });
    },
  },
};
