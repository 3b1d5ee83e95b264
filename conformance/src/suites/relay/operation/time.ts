import { setTimeout as pause } from 'node:timers/promises';
import { HELLO_DEADLINE_MS } from '@0k-sync/generated/limits';
import type { RawClient } from '@0k-sync/testkit/raw';
import { Unproven } from '../../../model.ts';
import { actsOf, type Claim } from '../../acts.ts';
import { control, expect, expectClass, expectThat } from '../../expect.ts';
import { play } from '../../scene.ts';
import { RelayClock } from '../clock.ts';
import { claim, mailboxOf } from '../mailbox/mailboxes.ts';
import { OpenRelay } from '../relays.ts';
import { type RelayActs, RelayScene } from '../scene.ts';
import type { RelayTarget } from '../target.ts';

/** A deadline that an adapter can set, so that nobody waits for the spec's 10 seconds. */
const SHORT_DEADLINE_MS = 3000;
/** A connection that stands at so many deadlines is not closed at the first. */
const LATE = 3;
/** Part of the deadline that a relay may be early, as its clock tells it. */
const EARLY = 0.9;
/** Runs until every connection was looked at between its beginning and its deadline. */
const RUNS_MAX = 4;
const LOOK_MS = 50;

type Part = 'silent' | 'trickling' | 'withoutHello' | 'pinging';

/** A connection without Hello, by the relay's clock since before it was dialled. */
class Slow {
  readonly #client: RawClient;
  readonly #act: (look: number) => void;
  /** Of the close; undefined while it stands. */
  code: number | undefined;
  /** Time at which it was last seen open, ms. */
  stoodAtMs = 0;
  /** Time at which it was first known to be closed, ms. */
  closedByMs: number | undefined;

  constructor(client: RawClient, act: (look: number) => void = () => {}) {
    this.#client = client;
    this.#act = act;
    void client.ended.then(({ code }) => {
      this.code = code;
    });
  }

  /** Goes on, and notes how it stands when the relay's clock was asked for `nowMs`. */
  async look(look: number, clock: () => Promise<number>): Promise<void> {
    const wasClosed = this.code !== undefined;
    if (!wasClosed) this.#act(look);
    const nowMs = await clock();
    if (wasClosed) this.closedByMs ??= nowMs;
    else if (this.code === undefined && this.#client.failure === undefined) this.stoodAtMs = nowMs;
  }
}

/** All slow connections of one target: they wait for the same deadline, side by side. */
interface SlowRun {
  readonly deadlineMs: number;
  readonly slow: Readonly<Record<Part, Slow>>;
  /** A stranger that has claimed was served when the deadline was over; rejected without a control. */
  readonly claimed: PromiseSettledResult<boolean>;
}

const runs = new WeakMap<RelayTarget, Promise<SlowRun>>();

/** The one slow run of a target: every scenario here judges a part of it. */
function slowRun(target: RelayTarget): Promise<SlowRun> {
  const known = runs.get(target) ?? runSlowly(target);
  runs.set(target, known);
  return known;
}

async function runSlowly(target: RelayTarget): Promise<SlowRun> {
  if (target.adapter === undefined) return measure(target, HELLO_DEADLINE_MS);
  const config = { hello_deadline_ms: SHORT_DEADLINE_MS };
  const relay = await OpenRelay.open(target.adapter, config, { transport: target.transport });
  try {
    for (let run = 1; ; run += 1) {
      const measured = await measure(relay.target, SHORT_DEADLINE_MS);
      if (run === RUNS_MAX || Object.values(measured.slow).every((each) => isConclusive(each, SHORT_DEADLINE_MS)))
        return measured;
    }
  } finally {
    await relay.close();
  }
}

/** It was seen to stand for a good part of the deadline, or certainly did not. */
function isConclusive({ stoodAtMs, closedByMs }: Slow, deadlineMs: number): boolean {
  return stoodAtMs >= deadlineMs / 2 || (closedByMs !== undefined && closedByMs < deadlineMs * EARLY);
}

async function measure(target: RelayTarget, deadlineMs: number): Promise<SlowRun> {
  let measured: SlowRun | undefined;
  await play(new RelayScene(target), async (scene) => {
    const claiming = Promise.allSettled([control('a claim', () => claimedStranger(scene))]);
    const clock = new RelayClock(scene);
    const fromMs = await clock.now();
    const now = async () => (await clock.now()) - fromMs;
    const slow = await dialAll(scene);
    const [outcome] = await claiming;
    const overMs = (await now()) + deadlineMs;
    const isOver = (nowMs: number) =>
      nowMs > deadlineMs * LATE ||
      (nowMs > overMs && Object.values(slow).every(({ closedByMs }) => closedByMs !== undefined));
    for (let look = 0; !isOver(await now()); look += 1) {
      for (const one of Object.values(slow)) await one.look(look, now);
      await pause(LOOK_MS);
    }
    const claimed: SlowRun['claimed'] =
      outcome.status === 'rejected' ? outcome : { status: 'fulfilled', value: await isServed(outcome.value) };
    measured = { deadlineMs, slow, claimed };
  });
  if (measured === undefined) throw new TypeError('a scene that was played has its measures');
  return measured;
}

async function dialAll(scene: RelayScene): Promise<Readonly<Record<Part, Slow>>> {
  const [silent, trickling, withoutHello, pinging] = await Promise.all([
    scene.dial(),
    scene.dial(),
    scene.connect(),
    scene.connect(),
  ]);
  const handshake = [0x30, 0x4b, 2, 0, 4, 0xc0];
  return {
    silent: new Slow(silent),
    trickling: new Slow(trickling, (look) => trickling.sendRaw(Uint8Array.of(handshake[look] ?? 0))),
    withoutHello: new Slow(withoutHello),
    pinging: new Slow(pinging, () => pinging.send({ $case: 'ping', value: {} })),
  };
}

async function claimedStranger(scene: RelayScene): Promise<RawClient> {
  const box = await mailboxOf((await scene.member()).client);
  const stranger = await scene.connect();
  await claim(stranger, box);
  return stranger;
}

function isServed(client: RawClient): Promise<boolean> {
  return client.ping().then(
    () => true,
    () => false,
  );
}

const rows: Readonly<Record<string, Claim & { readonly part: Part }>> = {
  'relay/time/silent': {
    title: 'A connection on which nothing comes is closed at the deadline of Hello',
    requirements: ['HS-15', 'HS-58'],
    part: 'silent',
  },
  'relay/time/trickling': {
    title: 'A handshake that trickles in does not put the deadline off',
    requirements: ['HS-15'],
    part: 'trickling',
  },
  'relay/time/without-hello': {
    title: 'Who has shaken hands and does not say Hello is closed at the deadline',
    requirements: ['HS-15', 'SE-100'],
    part: 'withoutHello',
  },
  'relay/time/pinging': {
    title: 'Pings before Hello do not put the deadline off',
    requirements: ['HS-15', 'SE-81'],
    part: 'pinging',
  },
};

const lateActs = actsOf(rows, ({ part }) => async ({ target }: RelayScene) => {
  const { deadlineMs, slow } = await slowRun(target);
  const { code, stoodAtMs, closedByMs } = slow[part];
  const stood = `open ${Math.round(stoodAtMs)} ms after it was dialled`;
  expectThat('the connection', closedByMs !== undefined, `closed after ${deadlineMs} ms`, stood);
  expectClass('the close', code, 'resource.limit');
  const expected = `not before ${deadlineMs} ms`;
  expectThat('the close', closedByMs >= deadlineMs * EARLY, expected, `after ${Math.round(closedByMs)} ms at most`);
  if (stoodAtMs < deadlineMs / 2) throw new Unproven('nobody looked at the connection before it was closed');
});

/** The deadline of Hello, by the relay's own clock. */
export const timeActs: RelayActs = {
  ...lateActs,
  'relay/time/claimed': {
    title: "Who has claimed a mailbox stays beyond Hello's deadline",
    requirements: ['PA-19'],
    run: async ({ target }) => {
      const { claimed } = await slowRun(target);
      if (claimed.status === 'rejected') throw claimed.reason;
      expect('the claimed stranger is served after the deadline', claimed.value, true);
    },
  },
};
