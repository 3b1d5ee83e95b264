import { actsOf, type Claim, requiring } from '../acts.ts';
import { texts } from '../client/client.ts';
import { expect, expectThat } from '../expect.ts';
import { converged, EXCHANGES, ofTwo, type PairActs, type PairScene } from './scene.ts';

const PASSPHRASE = 'correct horse b\u00e4ttery';

/** One implementation makes the group, the other joins. */
interface Meeting extends Claim {
  readonly maker: 'a' | 'b';
  readonly passphrase?: string;
}

const meetingActs: PairActs = actsOf<Meeting, PairScene>(
  {
    'pair/pairing/a-invites-b': {
      title: 'A makes a group, B joins it, and a message goes each way',
      requirements: ['PA-12', 'PA-21', 'PA-22', 'EN-11', 'EN-12'],
      maker: 'a',
    },
    'pair/pairing/b-invites-a': {
      title: 'B makes a group, A joins it, and a message goes each way',
      requirements: ['PA-12', 'PA-21', 'PA-22', 'EN-11', 'EN-12'],
      maker: 'b',
    },
    'pair/pairing/a-invites-b-with-passphrase': {
      title: 'A invites B with a passphrase',
      requirements: ['PA-07', 'PA-09', 'PA-11'],
      maker: 'a',
      passphrase: PASSPHRASE,
    },
    'pair/pairing/b-invites-a-with-passphrase': {
      title: 'B invites A with a passphrase',
      requirements: ['PA-07', 'PA-09', 'PA-11'],
      maker: 'b',
      passphrase: PASSPHRASE,
    },
  },
  ({ maker, passphrase }) =>
    async (scene) => {
      const { a, b } = scene.target;
      const [first, second] = await scene.pair(...(maker === 'a' ? ([a, b] as const) : ([b, a] as const)), passphrase);
      await first.act('push', { text: 'from the first', wait: true });
      await second.act('push', { text: 'from the second', wait: true });
      expect('all messages', texts(await converged(first, second)), ['from the first', 'from the second']);
      expect('delivered to the first', texts(await first.messages(1)), ['from the second']);
      expect('delivered to the second', texts(await second.messages(1)), ['from the first']);
    },
);

/** Becoming members of one group. */
export const pairingActs: PairActs = requiring(EXCHANGES, {
  ...meetingActs,
  'pair/pairing/used-once': {
    title: 'an invite that B has used is refused to another device of A',
    requirements: ['PA-15', 'PA-16'],
    run: async (scene) => {
      const { a, b, relay } = scene.target;
      const first = await scene.device(a, 'first', relay.address);
      const { invite } = await first.act('pair_create');
      await (await scene.device(b, 'second')).act('pair_join', { invite });
      await (await scene.device(a, 'third')).rejects('pair_join', ['invite.used'], { invite });
    },
  },
  'pair/pairing/third-device': {
    title: 'B invites a third device: all three read each other',
    requirements: ['CL-09', 'PA-12', 'GR-14'],
    run: ofTwo(async (first, second, scene) => {
      await first.act('push', { text: 'before', wait: true });
      const third = await scene.device(scene.target.a, 'third');
      await scene.invite(second, third);
      await third.act('push', { text: 'from the third', wait: true });
      await first.act('push', { text: 'after', wait: true });
      const all = await converged(first, second, third);
      expect('all messages', texts(all), ['before', 'from the third', 'after']);
    }),
  },
  'pair/pairing/names': {
    title: 'each sees the other join, under its name and key',
    requirements: ['PA-22', 'GR-16'],
    run: ofTwo(async (first, second) => {
      await first.act('push', { text: 'hello', wait: true });
      await second.act('push', { text: 'hello', wait: true });
      const [fromFirst, fromSecond] = await converged(first, second);
      const seen = [await first.event('member-joined'), await second.event('member-joined')];
      const joined = seen.map(({ name, device }) => [name, device]);
      expect('who joined', joined, [
        ['second', fromSecond?.sender],
        ['first', fromFirst?.sender],
      ]);
      expectThat('the keys', fromFirst?.sender !== fromSecond?.sender, 'one for each device', 'the same');
    }),
  },
});
