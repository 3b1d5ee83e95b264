import { toHex } from '@0k-sync/core/bytes';
import { random } from '@0k-sync/testkit/crypto';
import type { Members } from '../../zkcp/adapter.ts';
import { actsOf, type Claim, requiring } from '../acts.ts';
import { type Client, texts } from '../client/client.ts';
import { eventInTime } from '../client/time.ts';
import { expect } from '../expect.ts';
import { converged, EXCHANGES, ofTwo, type PairActs, type PairScene } from './scene.ts';

const MESSAGES = 50;
const LARGE_BYTES = 150_000;
/** Two of them are more than IDLE_TIMEOUT_MS, after which a silent relay is noticed. */
const SILENCE_STEP_MS = 31_000;

/** The end of a relay. */
interface Restart extends Claim {
  readonly signal: 'KILL' | 'TERM';
}

/** An act of two devices that alarms none of them. */
function undisturbed(act: Parameters<typeof ofTwo>[0]) {
  return ofTwo(async (first, second, scene) => {
    await act(first, second, scene);
    await scene.undisturbed();
  });
}

async function pushAll(device: Client, contents: readonly Members[]): Promise<void> {
  for (const content of contents) await device.act('push', { ...content, wait: false });
}

/** Both devices are connected when the relay ends; it comes back on the same data and address. */
const restartActs: PairActs = actsOf<Restart, PairScene>(
  {
    'pair/messages/relay-restarted': {
      title: 'after the relay was ended in order and started again both go on, and nothing is lost or doubled',
      requirements: ['SE-21', 'RL-30', 'RL-67', 'CL-36'],
      signal: 'TERM',
    },
    'pair/messages/relay-killed': {
      title: 'after the relay was killed and started again both go on, and nothing is lost or doubled',
      requirements: ['SE-22', 'RL-21', 'RL-30', 'CL-23', 'CL-36'],
      signal: 'KILL',
    },
  },
  ({ signal }) =>
    undisturbed(async (first, second, { target: { relay } }) => {
      await first.act('push', { text: 'before', wait: true });
      await relay.restart?.(signal);
      if (signal === 'KILL')
        for (const device of [first, second]) await eventInTime(device, 'disconnected', SILENCE_STEP_MS);
      await pushAll(first, [{ text: 'from the first' }]);
      await pushAll(second, [{ text: 'from the second' }]);
      const all = await converged(first, second);
      expect('all messages', texts(all).toSorted(), ['before', 'from the first', 'from the second']);
      expect('delivered to the second', texts(await second.messages(2)), ['before', 'from the first']);
    }),
);

/** Messages between members. */
export const messageActs: PairActs = requiring(EXCHANGES, {
  ...restartActs,
  'pair/messages/live': {
    title: 'what one writes reaches the other live, both ways',
    requirements: ['RL-44', 'CL-03'],
    requires: [...EXCHANGES, 'subscribe'],
    run: undisturbed(async (first, second) => {
      await first.act('subscribe');
      await second.act('subscribe');
      for (const text of ['one', 'two', 'three']) {
        await first.act('push', { text, wait: true });
        await second.act('push', { text: `re: ${text}`, wait: true });
      }
      expect('at the second', texts(await second.messages(3)), ['one', 'two', 'three']);
      expect('at the first', texts(await first.messages(3)), ['re: one', 're: two', 're: three']);
    }),
  },
  'pair/messages/later': {
    title: 'what one writes while the other is away is there when it pulls',
    requirements: ['CL-04', 'RL-40'],
    requires: [...EXCHANGES, 'disconnect'],
    run: undisturbed(async (first, second) => {
      await second.act('disconnect');
      const written = Array.from({ length: 5 }, (_, index) => `message ${index}`);
      for (const text of written) await first.act('push', { text, wait: true });
      await first.act('disconnect');
      expect('pulled', texts(await second.pull()), written);
    }),
  },
  'pair/messages/offline-both': {
    title: 'what both wrote offline is exchanged when they come back',
    requirements: ['CL-20', 'CL-22'],
    run: undisturbed(async (first, second) => {
      for (const device of [first, second]) await device.setNetwork('offline');
      await pushAll(first, [{ text: 'one' }, { text: 'two' }]);
      await pushAll(second, [{ text: 'three' }]);
      for (const device of [first, second]) await device.setNetwork('online');
      expect('all messages', texts(await converged(first, second)).toSorted(), ['one', 'three', 'two']);
    }),
  },
  'pair/messages/converge': {
    title: 'fifty messages each way: both hold the same set, in the same order, at the same cursor',
    requirements: ['CL-03', 'CL-04', 'RL-30', 'EN-08'],
    run: undisturbed(async (first, second) => {
      const written = (name: string) => Array.from({ length: MESSAGES }, (_, index) => `${name} ${index}`);
      const contents = (name: string) => written(name).map((text) => ({ text }));
      await Promise.all([pushAll(first, contents('first')), pushAll(second, contents('second'))]);
      const all = await converged(first, second);
      const [{ sender: key } = { sender: '' }] = all.filter(({ text }) => text === 'first 0');
      const of = (isFirst: boolean) => texts(all.filter(({ sender }) => (sender === key) === isFirst));
      expect('what the first wrote', of(true), written('first'));
      expect('what the second wrote', of(false), written('second'));
      expect('delivered to the second', texts(await second.messages(MESSAGES)), written('first'));
    }),
  },
  'pair/messages/contents': {
    title: 'text and bytes of every kind arrive as they were written, both ways',
    requirements: ['EN-14', 'EN-15'],
    run: undisturbed(async (first, second) => {
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
      expect('all contents', shown, [...contents, ...contents]);
    }),
  },
  'pair/messages/repeated-id': {
    title: 'a message id that its sender uses again is delivered once',
    requirements: ['EN-16'],
    run: ofTwo(async (first, second) => {
      const id = toHex(random(16));
      for (const _ of [1, 2]) await first.act('push', { text: 'once', id, wait: true });
      const [message, ...more] = await converged(first, second);
      expect('the id', [message?.id, more.length], [id, 0]);
    }),
  },
  'pair/messages/device-restarted': {
    title: 'a device that is opened again goes on where it was, and its chain too',
    requirements: ['CL-03', 'CL-21', 'EN-08'],
    run: undisturbed(async (first, second, scene) => {
      await first.act('push', { text: 'before', wait: true });
      await second.act('push', { text: 'answer', wait: true });
      await converged(first, second);
      const again = await scene.reopen(second);
      await first.act('push', { text: 'after', wait: true });
      await again.act('push', { text: 'answer again', wait: true });
      expect('all messages', texts(await converged(first, again)), ['before', 'answer', 'after', 'answer again']);
    }),
  },
});
