import { toHex, utf8 } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import type { RejectClass } from '@0k-sync/generated/errors';
import { ERROR_DETAIL_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { Ended } from '@0k-sync/testkit/raw';
import { TimedOut } from '@0k-sync/testkit/time';
import { Failed } from '../../model.ts';
import type { Arena, Member } from './arena.ts';
import { control, holds, same, sameClass } from './checks.ts';

/** How long a relay has to refuse what it must, ms. */
const VERDICT_MS = 5000;
/** What is left of that once it has answered something else, ms. */
const AFTER_ANSWER_MS = 1000;

/** What became of an attacker's session. */
export interface Fate {
  /** The Error that was sent, if one was. */
  readonly error: WireError | undefined;
  /** Its number, or that of the close. */
  readonly code: number | undefined;
  readonly connection: 'open' | 'closed';
}

export interface Expectation {
  readonly classes: readonly RejectClass[];
  readonly connection: Fate['connection'];
}

/** A group with something in its log, an honest witness, and a device that is about to misbehave. */
export class Stage {
  readonly group: Group;
  readonly witness: Member;
  /** Enrolled; has pushed. */
  readonly attacker: Device;
  readonly #arena: Arena;
  #first: RawClient | undefined;

  private constructor(arena: Arena, witness: Member, attacker: Member) {
    this.#arena = arena;
    this.group = witness.device.group;
    this.witness = witness;
    this.attacker = attacker.device;
    this.#first = attacker.client;
  }

  /** Sets the stage; that an honest push of either works is the first control. */
  static async set(arena: Arena): Promise<Stage> {
    const group = new Group();
    const [witness, attacker] = await Promise.all([arena.member(group.device()), arena.member(group.device())]);
    await control('an honest push', async () => {
      await attacker.client.push(attacker.device.items(2));
      await witness.client.push(witness.device.items(1));
    });
    return new Stage(arena, witness, attacker);
  }

  /** The attacker, let in and served: the session of the first control, later ones are new. */
  async session(): Promise<RawClient> {
    const client = this.#first ?? (await this.#arena.member(this.attacker)).client;
    this.#first = undefined;
    await control('an honest Ping', () => client.ping());
    return client;
  }

  /** The honest twin: the same device is let in, is told its own head, and is answered. */
  async control(): Promise<void> {
    const { client, ack } = await this.#arena.member(this.attacker);
    same('own_sequence', ack.ownSequence, BigInt(this.attacker.sequence));
    same('own_hash', ack.ownHash, this.attacker.previous);
    await client.ping();
    await leave(client);
  }

  /** What an honest member reads: every envelope with its cursor, the head, the floor, the members. */
  state(): Promise<string> {
    return stateOf(this.witness.client);
  }
}

/** Everything a member can read, as one text. */
export async function stateOf(client: RawClient): Promise<string> {
  const entries: string[] = [];
  let after = 0;
  let hash: Uint8Array = new Uint8Array(0);
  for (let hasMore = true; hasMore; ) {
    const page = await client.pull(after, hash);
    const { segment } = page;
    if (segment === undefined) throw new TypeError('a page that was read has a segment');
    for (const envelope of segment.envelopes) {
      hash = envelopeHash(crypto, envelope);
      entries.push(`${envelope.cursor} ${toHex(hash)} ${envelope.receivedAtMs}`);
    }
    holds('paging', segment.next > after || !page.hasMore, 'a page that goes on', `next ${segment.next}, has_more`);
    entries.push(`head ${segment.head} removed ${segment.removedThrough}`);
    after = Number(segment.next);
    hasMore = page.hasMore;
  }
  const { version, records } = await client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
  return [...entries, `devices ${version} ${records.map(({ body }) => toHex(crypto.blake3(body))).join()}`].join('\n');
}

/** Says Bye and waits for the end. */
export async function leave(client: RawClient): Promise<void> {
  client.bye();
  await client.gone();
}

/**
 * Waits for the Error or the close that an attack brings about. Once something else was answered there is little hope.
 * Error texts are checked on the way. ER-04, SE-07.
 */
export async function fateOf(client: RawClient, expected: Fate['connection']): Promise<Fate> {
  const error = await refusalOf(client);
  if (error === 'none') return { error: undefined, code: undefined, connection: 'open' };
  if (error !== undefined) checkDetail(error);
  if (expected === 'open' && error !== undefined) {
    await client.ping().catch((failure: unknown) => {
      throw new Failed('after the refusal', 'an open connection', String(failure));
    });
    return { error, code: error.code, connection: 'open' };
  }
  const end = await client.gone(VERDICT_MS).catch(() => undefined);
  if (end === undefined) return { error, code: error?.code, connection: 'open' };
  if (error !== undefined && end.code !== 0) same('the close carries the number of the Error', end.code, error.code);
  return { error, code: error?.code ?? end.code, connection: 'closed' };
}

/** The next Error; undefined when the connection is closed without one, `none` when neither happens. */
async function refusalOf(client: RawClient): Promise<WireError | 'none' | undefined> {
  try {
    for (let patienceMs = VERDICT_MS; ; patienceMs = AFTER_ANSWER_MS) {
      const { body } = await client.next(patienceMs);
      if (body?.$case === 'error') return body.value;
    }
  } catch (failure) {
    if (failure instanceof Ended) return undefined;
    if (failure instanceof TimedOut) return 'none';
    throw failure;
  }
}

/** ER-04. */
function checkDetail({ detail }: WireError): void {
  const { length } = utf8(detail);
  holds('detail', length <= ERROR_DETAIL_BYTES_MAX, `at most ${ERROR_DETAIL_BYTES_MAX} bytes`, `${length} bytes`);
  holds('detail', !/[0-9a-z]{40}/i.test(detail), 'no full id', detail);
}

export function judge(fate: Fate, { classes, connection }: Expectation): void {
  sameClass('the refusal', fate.code, ...classes);
  same('the connection', fate.connection, connection);
}

/**
 * The three steps of a verdict: what the stage was set with was served, the attack is refused as expected and in time, nothing that an
 * honest member reads has changed, and the honest twin passes again.
 */
export async function attack(
  stage: Pick<Stage, 'control' | 'state'>,
  expectation: Expectation,
  act: () => Promise<RawClient>,
): Promise<Fate> {
  const before = await control('the state before', () => stage.state());
  const fate = await fateOf(await act(), expectation.connection);
  judge(fate, expectation);
  same('what a member reads, after the attack', await stage.state(), before);
  await stage.control();
  return fate;
}
