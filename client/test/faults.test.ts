import { replaceAnswers } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import fc from 'fast-check';
import t from 'tap';
import { type TestDevice, World } from './support/world.ts';

/** The events that can befall two devices and their relay. */
type Step =
  | { readonly kind: 'push' | 'pull' | 'reopen' | 'watch'; readonly who: 0 | 1 }
  | { readonly kind: 'cut' | 'lose-ack' | 'shutdown' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'roll-back'; readonly to: number };

const who = fc.constantFrom<0 | 1>(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('push', 'pull', 'reopen', 'watch'), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'lose-ack', 'shutdown') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 0, max: 40_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('roll-back'), to: fc.nat(12) }) },
) as fc.Arbitrary<Step>;

/** Two devices under faults, and what each of them wrote and was given. */
class Trial {
  readonly written: [string[], string[]] = [[], []];
  readonly given: [string[], string[]] = [[], []];
  readonly #world: World;
  readonly #devices: [TestDevice, TestDevice];
  readonly #reading: (Promise<void> | undefined)[] = [];

  constructor(world: World, devices: readonly [TestDevice, TestDevice]) {
    this.#world = world;
    this.#devices = [...devices];
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const next of steps) await this.#take(next);
    this.#world.relay.behaviour = {};
    for (const index of [0, 1] as const) {
      await this.#take({ kind: 'reopen', who: index });
      await this.#take({ kind: 'watch', who: index });
    }
    await this.#world.clock.advance(120_000);
  }

  async check(): Promise<void> {
    for (const index of [0, 1] as const) {
      const other = index === 0 ? 1 : 0;
      const device = this.#devices[index];
      same(device.session.status.unsynced, 0, 'everything is acknowledged');
      same(this.given[index], this.written[other], 'each message once, in the order of its sender');
      const pulled = await device.session.pull();
      same(pulled.map(({ content }) => content).sort(), this.written.flat().sort(), 'both hold everything');
      same(device.named('gap').length + device.named('fork').length + device.named('rejected').length, 0, 'no alarm');
    }
  }

  async #take(next: Step): Promise<void> {
    const { relay, network, clock } = this.#world;
    switch (next.kind) {
      case 'push': {
        const text = `${next.who}/${this.written[next.who].length}`;
        this.written[next.who].push(text);
        await this.#devices[next.who].session.push(text);
        break;
      }
      case 'pull':
        this.#devices[next.who].session.pull().catch(() => {});
        break;
      case 'reopen':
        this.#devices[next.who] = await this.#world.reopen(this.#devices[next.who]);
        await this.#reading[next.who];
        this.#reading[next.who] = undefined;
        break;
      case 'watch':
        this.#reading[next.who] ??= this.#watch(next.who);
        break;
      case 'cut':
        for (const link of network.links) link.cut();
        break;
      case 'lose-ack':
        relay.behaviour.answer = replaceAnswers('pushAck', () => {
          relay.behaviour = {};
          for (const link of network.links) link.cut();
          return 'silence';
        });
        break;
      case 'shutdown':
        relay.shutdown();
        break;
      case 'wait':
        await clock.advance(next.ms);
        break;
      case 'roll-back':
        for (const link of network.links) link.cut();
        if (next.to < relay.group.head) relay.group.rollBackTo(next.to);
        break;
    }
    await settle();
  }

  async #watch(index: 0 | 1): Promise<void> {
    for await (const { content } of this.#devices[index].session.messages()) this.given[index].push(String(content));
  }
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}

t.test('whatever happens, every message arrives once, in order, at both devices', async (test) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const world = new World();
      await world.listen();
      try {
        const trial = new Trial(world, await world.pair());
        await trial.run(steps);
        await trial.check();
      } finally {
        await world.close();
      }
    }),
    { numRuns: 25 },
  );
  test.pass('25 histories');
});
