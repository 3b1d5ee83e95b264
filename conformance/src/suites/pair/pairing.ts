import { texts } from '../client/client.ts';
import { expectSame, expectTrue } from '../client/verdict.ts';
import { type Company, converged, inCompany, paired } from './company.ts';
import type { PairScenario } from './target.ts';

const REQUIRES: readonly string[] = ['client', 'pair_create', 'pair_join', 'push', 'pull', 'sync'];
const PASSPHRASE = 'correct horse b\u00e4ttery';

/** One implementation makes the group, the other joins; a message goes each way. */
async function meet(company: Company, maker: 'a' | 'b', passphrase?: string): Promise<void> {
  const { target } = company;
  const joiner = maker === 'a' ? target.b : target.a;
  const [first, second] = await company.pair(target[maker], joiner, passphrase);
  await first.act('push', { text: 'from the first', wait: true });
  await second.act('push', { text: 'from the second', wait: true });
  expectSame('all messages', texts(await converged(first, second)), ['from the first', 'from the second']);
  expectSame('delivered to the first', texts(await first.messages(1)), ['from the second']);
  expectSame('delivered to the second', texts(await second.messages(1)), ['from the first']);
}

/** Becoming members of one group. */
export const pairPairingScenarios: readonly PairScenario[] = [
  {
    id: 'pair/pairing/a-invites-b',
    title: 'A makes a group, B joins it, and a message goes each way',
    level: 'must',
    requirements: ['PA-12', 'PA-21', 'PA-22', 'EN-11', 'EN-12'],
    requires: REQUIRES,
    run: inCompany((company) => meet(company, 'a')),
  },
  {
    id: 'pair/pairing/b-invites-a',
    title: 'B makes a group, A joins it, and a message goes each way',
    level: 'must',
    requirements: ['PA-12', 'PA-21', 'PA-22', 'EN-11', 'EN-12'],
    requires: REQUIRES,
    run: inCompany((company) => meet(company, 'b')),
  },
  {
    id: 'pair/pairing/a-invites-b-with-passphrase',
    title: 'A invites B with a passphrase',
    level: 'must',
    requirements: ['PA-07', 'PA-09', 'PA-11'],
    requires: REQUIRES,
    run: inCompany((company) => meet(company, 'a', PASSPHRASE)),
  },
  {
    id: 'pair/pairing/b-invites-a-with-passphrase',
    title: 'B invites A with a passphrase',
    level: 'must',
    requirements: ['PA-07', 'PA-09', 'PA-11'],
    requires: REQUIRES,
    run: inCompany((company) => meet(company, 'b', PASSPHRASE)),
  },
  {
    id: 'pair/pairing/used-once',
    title: 'an invite that B has used is refused to another device of A',
    level: 'must',
    requirements: ['PA-15', 'PA-16'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const { a, b, relay } = company.target;
      const first = await company.device(a, 'first', relay.address);
      const { invite } = await first.act('pair_create');
      await (await company.device(b, 'second')).act('pair_join', { invite });
      await (await company.device(a, 'third')).rejects('pair_join', ['invite.used'], { invite });
    }),
  },
  {
    id: 'pair/pairing/third-device',
    title: 'B invites a third device: all three read each other',
    level: 'must',
    requirements: ['CL-09', 'PA-12', 'GR-14'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      await first.act('push', { text: 'before', wait: true });
      const third = await company.device(company.target.a, 'third');
      await company.invite(second, third);
      await third.act('push', { text: 'from the third', wait: true });
      await first.act('push', { text: 'after', wait: true });
      const all = await converged(first, second, third);
      expectSame('all messages', texts(all), ['before', 'from the third', 'after']);
    }),
  },
  {
    id: 'pair/pairing/names',
    title: 'each sees the other join, under its name and key',
    level: 'must',
    requirements: ['PA-22', 'GR-16'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      await first.act('push', { text: 'hello', wait: true });
      await second.act('push', { text: 'hello', wait: true });
      const [fromFirst, fromSecond] = await converged(first, second);
      const seen = [await first.event('member-joined'), await second.event('member-joined')];
      expectSame(
        'names',
        seen.map(({ name }) => name),
        ['second', 'first'],
      );
      expectSame(
        'keys',
        seen.map(({ device }) => device),
        [fromSecond?.sender, fromFirst?.sender],
      );
      expectTrue('each device under a key of its own', fromFirst?.sender !== fromSecond?.sender);
    }),
  },
];
