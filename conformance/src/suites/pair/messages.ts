import { toHex } from '@0k-sync/core/bytes';
import { random } from '@0k-sync/testkit/crypto';
import type { Members } from '../../zkcp/adapter.ts';
import { type Client, texts } from '../client/client.ts';
import { eventInTime } from '../client/time.ts';
import { expectSame } from '../client/verdict.ts';
import { converged, inCompany, paired } from './company.ts';
import type { PairScenario } from './target.ts';

const REQUIRES: readonly string[] = ['client', 'pair_create', 'pair_join', 'push', 'pull', 'sync'];
const MESSAGES = 50;
const LARGE_BYTES = 150_000;
/** Two of them are more than IDLE_TIMEOUT_MS, after which a silent relay is noticed. */
const SILENCE_STEP_MS = 31_000;

/** No alarm of any kind was raised. */
async function undisturbed(...devices: readonly Client[]): Promise<void> {
  for (const device of devices) {
    const events = (await device.events()).filter(({ type }) =>
      ['rejected', 'gap', 'fork', 'rolled-back'].includes(type),
    );
    expectSame('alarms', events, []);
  }
}

async function pushAll(device: Client, contents: readonly Members[]): Promise<void> {
  for (const content of contents) await device.act('push', { ...content, wait: false });
}

/** Both devices are connected when the relay ends; it comes back on the same data and address. */
function overRestart(signal: 'KILL' | 'TERM') {
  return inCompany(async (company) => {
    const { relay } = company.target;
    const [first, second] = await paired(company);
    await first.act('push', { text: 'before', wait: true });
    await relay.restart?.(signal);
    if (signal === 'KILL')
      for (const device of [first, second]) await eventInTime(device, 'disconnected', SILENCE_STEP_MS);
    await pushAll(first, [{ text: 'from the first' }]);
    await pushAll(second, [{ text: 'from the second' }]);
    const all = await converged(first, second);
    expectSame('all messages', texts(all).toSorted(), ['before', 'from the first', 'from the second']);
    expectSame('delivered to the second', texts(await second.messages(2)), ['before', 'from the first']);
    await undisturbed(first, second);
  });
}

/** Messages between members. */
export const pairMessageScenarios: readonly PairScenario[] = [
  {
    id: 'pair/messages/live',
    title: 'what one writes reaches the other live, both ways',
    level: 'must',
    requirements: ['RL-44', 'CL-03'],
    requires: [...REQUIRES, 'subscribe'],
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      await first.act('subscribe');
      await second.act('subscribe');
      for (const text of ['one', 'two', 'three']) {
        await first.act('push', { text, wait: true });
        await second.act('push', { text: `re: ${text}`, wait: true });
      }
      expectSame('at the second', texts(await second.messages(3)), ['one', 'two', 'three']);
      expectSame('at the first', texts(await first.messages(3)), ['re: one', 're: two', 're: three']);
      await undisturbed(first, second);
    }),
  },
  {
    id: 'pair/messages/later',
    title: 'what one writes while the other is away is there when it pulls',
    level: 'must',
    requirements: ['CL-04', 'RL-40'],
    requires: [...REQUIRES, 'disconnect'],
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      await second.act('disconnect');
      const written = Array.from({ length: 5 }, (_, index) => `message ${index}`);
      for (const text of written) await first.act('push', { text, wait: true });
      await first.act('disconnect');
      expectSame('pulled', texts(await second.pull()), written);
      await undisturbed(first, second);
    }),
  },
  {
    id: 'pair/messages/offline-both',
    title: 'what both wrote offline is exchanged when they come back',
    level: 'must',
    requirements: ['CL-20', 'CL-22'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      for (const device of [first, second]) await device.setNetwork('offline');
      await pushAll(first, [{ text: 'one' }, { text: 'two' }]);
      await pushAll(second, [{ text: 'three' }]);
      for (const device of [first, second]) await device.setNetwork('online');
      expectSame('all messages', texts(await converged(first, second)).toSorted(), ['one', 'three', 'two']);
      await undisturbed(first, second);
    }),
  },
  {
    id: 'pair/messages/converge',
    title: 'fifty messages each way: both hold the same set, in the same order, at the same cursor',
    level: 'must',
    requirements: ['CL-03', 'CL-04', 'RL-30', 'EN-08'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      const written = (name: string) => Array.from({ length: MESSAGES }, (_, index) => `${name} ${index}`);
      await Promise.all([
        pushAll(
          first,
          written('first').map((text) => ({ text })),
        ),
        pushAll(
          second,
          written('second').map((text) => ({ text })),
        ),
      ]);
      const all = await converged(first, second);
      const [{ sender: key } = { sender: '' }] = all.filter(({ text }) => text === 'first 0');
      const of = (isFirst: boolean) => texts(all.filter(({ sender }) => (sender === key) === isFirst));
      expectSame('what the first wrote', of(true), written('first'));
      expectSame('what the second wrote', of(false), written('second'));
      expectSame('delivered to the second', texts(await second.messages(MESSAGES)), written('first'));
      await undisturbed(first, second);
    }),
  },
  {
    id: 'pair/messages/contents',
    title: 'text and bytes of every kind arrive as they were written, both ways',
    level: 'must',
    requirements: ['EN-14', 'EN-15'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      const contents: readonly Members[] = [
        { text: '' },
        { data: '' },
        { text: 'héllo 世界 🏳️‍🌈 \u0000 \u202e e\u0301' },
        { data: toHex(Uint8Array.from({ length: 256 }, (_, index) => index)) },
        { text: 'x'.repeat(LARGE_BYTES) },
        { data: toHex(random(LARGE_BYTES)) },
      ];
      await pushAll(first, contents);
      await first.act('sync');
      await pushAll(second, contents);
      const all = await converged(first, second);
      const shown = all.map(({ text, data }) => (text === undefined ? { data } : { text }));
      expectSame('all contents', shown, [...contents, ...contents]);
      await undisturbed(first, second);
    }),
  },
  {
    id: 'pair/messages/repeated-id',
    title: 'a message id that its sender uses again is delivered once',
    level: 'must',
    requirements: ['EN-16'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      const id = toHex(random(16));
      for (const _ of [1, 2]) await first.act('push', { text: 'once', id, wait: true });
      const [message, ...more] = await converged(first, second);
      expectSame('the id', [message?.id, more.length], [id, 0]);
    }),
  },
  {
    id: 'pair/messages/device-restarted',
    title: 'a device that is opened again goes on where it was, and its chain too',
    level: 'must',
    requirements: ['CL-03', 'CL-21', 'EN-08'],
    requires: REQUIRES,
    run: inCompany(async (company) => {
      const [first, second] = await paired(company);
      await first.act('push', { text: 'before', wait: true });
      await second.act('push', { text: 'answer', wait: true });
      await converged(first, second);
      const again = await company.reopen(second);
      await first.act('push', { text: 'after', wait: true });
      await again.act('push', { text: 'answer again', wait: true });
      expectSame('all messages', texts(await converged(first, again)), ['before', 'answer', 'after', 'answer again']);
      await undisturbed(first, again);
    }),
  },
  {
    id: 'pair/messages/relay-restarted',
    title: 'after the relay was ended in order and started again both go on, and nothing is lost or doubled',
    level: 'must',
    requirements: ['SE-21', 'RL-30', 'RL-67', 'CL-36'],
    requires: REQUIRES,
    run: overRestart('TERM'),
  },
  {
    id: 'pair/messages/relay-killed',
    title: 'after the relay was killed and started again both go on, and nothing is lost or doubled',
    level: 'must',
    requirements: ['SE-22', 'RL-21', 'RL-30', 'CL-23', 'CL-36'],
    requires: REQUIRES,
    run: overRestart('KILL'),
  },
];
