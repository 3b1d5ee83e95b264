import { MemoryStore, type Store } from '@0k-sync/client';
import { nobleCrypto as noble } from '@0k-sync/core/crypto';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Device } from '@0k-sync/testkit/author';
import { flip } from '@0k-sync/testkit/wire';
import t, { type Test } from 'tap';
import { World } from './support/world.ts';

/** The store, with every call counted. */
function counted(store: Store, count: () => void): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        count();
        return member.apply(target, given);
      };
    },
  });
}

/** Envelopes of one member that cost the most, so many. */
type Flood = (author: Device, count: number) => Envelope[];

const times = (count: number, make: (index: number) => Envelope) => Array.from({ length: count }, (_, at) => make(at));

const floods: Readonly<Record<string, Flood>> = {
  'bad signatures, each alone': (author, count) => times(count, () => bad(skip(author))),
  'a chain that nobody can open': (author, count) => times(count, () => author.sized(272).envelope),
  'a gap before each': (author, count) => times(count, () => skip(author)),
  'all in one place': (author, count) => {
    const { sequence, previous } = author;
    return times(count, () => {
      Object.assign(author, { sequence: sequence + 1, previous });
      return author.next();
    });
  },
  backwards: (author, count) => times(count, () => author.next()).reverse(),
};

function skip(author: Device): Envelope {
  author.next();
  return author.next();
}

function bad(envelope: Envelope): Envelope {
  return { ...envelope, signature: flip(envelope.signature) };
}

/** The operations of a client for a flood: calls of its store, checks of signatures, and openings. */
async function costOf(
  test: Test,
  flood: Flood,
  count: number,
): Promise<{ readonly cost: number; readonly turns: number }> {
  const world = await World.create(test);
  let cost = 0;
  const tally = () => {
    cost += 1;
  };
  const crypto: typeof noble = {
    ...noble,
    ed25519Verify: (...given) => {
      tally();
      return noble.ed25519Verify(...given);
    },
    xchachaOpen: (...given) => {
      tally();
      return noble.xchachaOpen(...given);
    },
  };
  const ann = await world.open();
  const bob = await world.open({ crypto, store: counted(new MemoryStore(), tally) });
  await bob.session.pairJoin(await ann.session.pair());
  await bob.session.pull();
  const author = await world.authorOf(ann);
  for (const envelope of flood(author, count)) world.relay.group.append(envelope);
  cost = 0;
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await bob.session.pull();
  isOver = true;
  return { cost, turns };
}

for (const [name, flood] of Object.entries(floods)) {
  t.test(
    `finding/C5 EN-25 EN-26 SC-22 ${name}: twice as many cost twice as much, and others get their turns`,
    async (test) => {
      const once = await costOf(test, flood, 300);
      const twice = await costOf(test, flood, 600);
      test.ok(twice.cost <= 2.2 * once.cost, `${once.cost} and ${twice.cost} operations`);
      test.ok(twice.cost <= 12 * 600, `${twice.cost} operations for 600 envelopes`);
      test.ok(twice.turns >= 600 / 32, `${twice.turns} turns`);
    },
  );
}
