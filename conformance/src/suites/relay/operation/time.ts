import { HELLO_DEADLINE_MS } from '@0k-sync/generated/limits';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { within } from '@0k-sync/testkit/time';
import type { Scenario } from '../../../model.ts';
import { Arena, inArena } from '../arena.ts';
import { control, holds, sameClass } from '../checks.ts';
import { claim, put } from '../mailbox/mailboxes.ts';
import { OpenRelay } from '../relays.ts';
import type { RelayTarget } from '../target.ts';

/** A deadline that an adapter can set, so that nobody waits for the spec's 10 seconds. */
const SHORT_DEADLINE_MS = 3000;
/** What a loaded machine may add, ms. */
const SLACK_MS = 3000;
const TRICKLE_MS = 100;

/** How a slow connection ended: its close code, and how long it took since before it was dialled, ms. */
interface Slow {
  readonly code: number;
  readonly ms: number;
}

/** All slow connections of one target: they wait for the same deadline, side by side. */
interface SlowRun {
  readonly deadlineMs: number;
  readonly silent: Slow;
  readonly trickling: Slow;
  readonly withoutHello: Slow;
  readonly pinging: Slow;
  /** Whether a stranger that has claimed was served when the deadline was over; rejected without a control. */
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
    return await measure(relay.target, SHORT_DEADLINE_MS);
  } finally {
    await relay.close();
  }
}

async function measure(target: RelayTarget, deadlineMs: number): Promise<SlowRun> {
  const arena = new Arena(target);
  try {
    const claiming = Promise.allSettled([outlivesDeadline(arena, deadlineMs)]);
    // The relay counts from the connection's beginning, which on a loaded machine is long before its handshake is over here.
    const from = performance.now();
    const [silent, trickling, withoutHello, pinging] = await Promise.all([
      arena.dial().then((client) => endOf(client, deadlineMs, from)),
      arena.dial().then((client) => trickle(client, deadlineMs, from)),
      arena.connect().then((client) => endOf(client, deadlineMs, from)),
      arena.connect().then((client) => pingOn(client, deadlineMs, from)),
    ]);
    const [claimed] = await claiming;
    return { deadlineMs, silent, trickling, withoutHello, pinging, claimed };
  } finally {
    await arena.dispose();
  }
}

/** A stranger that has claimed, and a silent connection that began after it: when that is closed, Hello's deadline is over for both. */
async function claimedStranger(arena: Arena): Promise<{ stranger: RawClient; silent: RawClient }> {
  const { client } = await arena.member();
  const mailboxId = random(16);
  await put(client, mailboxId);
  const stranger = await arena.connect();
  await claim(stranger, mailboxId, random(16));
  return { stranger, silent: await arena.dial() };
}

function isServed(client: RawClient): Promise<boolean> {
  return client.ping().then(
    () => true,
    () => false,
  );
}

/** Whether a stranger that has claimed is served when Hello's deadline is over for it. */
async function outlivesDeadline(arena: Arena, deadlineMs: number): Promise<boolean> {
  const { stranger, silent } = await control('a claim', () => claimedStranger(arena));
  await control('the end of a silent connection', () => within(silent.ended, 'close', deadlineMs + SLACK_MS));
  return isServed(stranger);
}

/** Waits for the close. */
async function endOf(client: RawClient, deadlineMs: number, from: number): Promise<Slow> {
  const { code, at } = await within(client.ended, 'close', deadlineMs + SLACK_MS);
  return { code, ms: at - from };
}

/** Sends the handshake a byte at a time. */
async function trickle(client: RawClient, deadlineMs: number, from: number): Promise<Slow> {
  const bytes = Uint8Array.of(0x30, 0x4b, 2, 0, 4, 0xc0);
  let index = 0;
  const timer = setInterval(() => {
    client.sendRaw(Uint8Array.of(bytes[index] ?? 0));
    index += 1;
  }, TRICKLE_MS);
  try {
    return await endOf(client, deadlineMs, from);
  } finally {
    clearInterval(timer);
  }
}

/** Says Ping over and over, and never Hello. */
async function pingOn(client: RawClient, deadlineMs: number, from: number): Promise<Slow> {
  const timer = setInterval(() => client.send({ $case: 'ping', value: {} }), TRICKLE_MS);
  try {
    return await endOf(client, deadlineMs, from);
  } finally {
    clearInterval(timer);
  }
}

function late(part: 'silent' | 'trickling' | 'withoutHello' | 'pinging'): (target: RelayTarget) => Promise<void> {
  return inArena(async ({ target }) => {
    const run = await slowRun(target);
    const { code, ms } = run[part];
    sameClass('the close', code, 'resource.limit');
    const expected = `between ${run.deadlineMs / 2} and ${run.deadlineMs + SLACK_MS} ms`;
    holds('the time until the close', ms > run.deadlineMs / 2, expected, `${Math.round(ms)} ms`);
  });
}

export const timeScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/time/silent',
    title: 'A connection on which nothing comes is closed at the deadline of Hello',
    level: 'must',
    requirements: ['HS-15', 'HS-58'],
    requires: [],
    run: late('silent'),
  },
  {
    id: 'relay/time/trickling',
    title: 'A handshake that trickles in does not put the deadline off',
    level: 'must',
    requirements: ['HS-15'],
    requires: [],
    run: late('trickling'),
  },
  {
    id: 'relay/time/without-hello',
    title: 'Who has shaken hands and does not say Hello is closed at the deadline',
    level: 'must',
    requirements: ['HS-15', 'SE-100'],
    requires: [],
    run: late('withoutHello'),
  },
  {
    id: 'relay/time/pinging',
    title: 'Pings before Hello do not put the deadline off',
    level: 'must',
    requirements: ['HS-15', 'SE-81'],
    requires: [],
    run: late('pinging'),
  },
  {
    id: 'relay/time/claimed',
    title: "Who has claimed a mailbox stays beyond Hello's deadline",
    level: 'must',
    requirements: ['PA-19'],
    requires: [],
    run: inArena(async ({ target }) => {
      const { claimed } = await slowRun(target);
      if (claimed.status === 'rejected') throw claimed.reason;
      holds('the claimed stranger, after the deadline', claimed.value, 'served', 'closed');
    }),
  },
];
