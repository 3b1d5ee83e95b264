import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { fromHex } from '@0k-sync/core/bytes';
import { Failed } from '../../model.ts';
import type { Adapter, Answer, Members, Rejection } from '../../zkcp/adapter.ts';
import { expect, expectThat, show } from '../expect.ts';
import { paces } from '../paces.ts';
import {
  CURSOR,
  completenessOf,
  eventsOf,
  membersOf,
  messagesOf,
  OPENED,
  RESULTS,
  RETENTION,
  type ShownCompleteness,
  type ShownEvent,
  type ShownMessage,
  STATUS,
} from './results.ts';

/** Longest time for any action, ms: whatever takes longer hangs. */
export const DEADLINE_MS = 60_000;
/** Longest wait for what a client has to tell, ms. */
const EVENT_MS = 30_000;
/** Time that an adapter needs to say that a deadline is over, ms. */
const GRACE_MS = 10_000;

/** A client's answer to a move of its clock. */
export interface Moved {
  /** Its clock stands where it was moved to: no time passes by itself. */
  readonly stands: boolean;
  /** All due work has run, and the client makes no connection. */
  readonly idle: boolean;
}

/** `config` of `open`. */
export interface ClientConfig {
  readonly relay?: string;
  readonly mode?: 'hybrid' | 'classical';
  readonly tofu?: 'permissive' | 'strict';
  readonly device_name?: string;
  readonly access_token?: string;
}

/** The time of the wall clock when a device is opened. */
interface OpenedAt {
  /** Milliseconds since 1970; undefined: the time of the machine. */
  readonly nowMs?: number;
}

/** A message that a relay has refused. */
export interface ShownRefusal {
  readonly id: string;
  readonly code: number;
}

/** One device of the implementation under test. */
export class Client {
  readonly adapter: Adapter;
  readonly directory: string;
  readonly #handle: string;

  private constructor(adapter: Adapter, directory: string, handle: string) {
    this.adapter = adapter;
    this.directory = directory;
    this.#handle = handle;
  }

  /** Opens a device on a directory, new or as an earlier handle left it. */
  static async open(
    adapter: Adapter,
    directory: string,
    { nowMs, ...config }: ClientConfig & OpenedAt = {},
  ): Promise<Client> {
    const members = { mode: 'hybrid', tofu: 'permissive', device_name: 'under test', ...config };
    const now = nowMs === undefined ? {} : { now_ms: nowMs };
    const answer = await adapter.ask('open', { role: 'client', dir: directory, config: members, ...now }, DEADLINE_MS);
    return new Client(adapter, directory, membersOf('open', okOf('open', answer), OPENED)['handle'] as string);
  }

  /** An action that must be done. */
  async act(action: string, args: Members = {}, deadlineMs = DEADLINE_MS): Promise<Members> {
    return membersOf(action, okOf(action, await this.#do(action, args, deadlineMs)), RESULTS[action] ?? {});
  }

  /** An action that must fail for one of these reasons. */
  async rejects(
    action: string,
    classes: readonly string[],
    args: Members = {},
    deadlineMs = DEADLINE_MS,
  ): Promise<Rejection> {
    const answer = await this.#do(action, args, deadlineMs);
    if ('reject' in answer && classes.includes(answer.reject.class)) return answer.reject;
    throw new WrongAnswer(action, `reject ${classes.join(' or ')}`, answer);
  }

  /** An action whose result is not what matters, or is looked at later. */
  attempt(action: string, args: Members = {}, deadlineMs = DEADLINE_MS): Promise<Answer> {
    const answer = this.#do(action, args, deadlineMs);
    answer.catch(() => {}); // whoever waits for it gets the failure; nobody may
    return answer;
  }

  /** Messages from cursor `after` on, after the client has read all there are. */
  async pull(after = '0'): Promise<readonly ShownMessage[]> {
    return messagesOf('pull', await this.act('pull', { after_cursor: after }));
  }

  /** Messages delivered so far; waits until there are `count`. */
  async messages(count?: number): Promise<readonly ShownMessage[]> {
    return messagesOf(
      'observe',
      await this.#observe('messages', count === undefined ? undefined : { messages: count }),
    );
  }

  /** Events reported so far, of one type or all. */
  async events(type?: string): Promise<readonly ShownEvent[]> {
    const events = eventsOf('observe', await this.#observe('events'));
    return type === undefined ? events : events.filter((event) => event.type === type);
  }

  /** The first event of a type after `past` of them, which must come. */
  async event(type: string, past = 0): Promise<ShownEvent> {
    const event = await this.#findEvent(type, past);
    if (event === undefined) throw new Failed('events', `an event ${type}`, show(await this.events()));
    return event;
  }

  async cursor(): Promise<string> {
    return membersOf('observe', await this.#observe('cursor'), CURSOR)['cursor'] as string;
  }

  /** Waits until everything up to this cursor was read. */
  async reaches(cursor: string): Promise<void> {
    for (const pauseMs of paces(EVENT_MS)) {
      if ((await this.cursor()) === cursor) return;
      await pause(pauseMs);
    }
    expect('the cursor', await this.cursor(), cursor);
  }

  async unsynced(): Promise<number> {
    const { status } = await this.#observe('status');
    return membersOf('observe: status', status, STATUS)['unsynced'] as number;
  }

  /** The relay's retention, as the status names it. CL-19. */
  async retention(): Promise<Members> {
    const { status } = await this.#observe('status');
    const { retention } = membersOf('observe: status', status, STATUS);
    return membersOf('observe: status: retention', retention, RETENTION);
  }

  /** The messages that a relay has refused, as the status names them. CL-60. */
  async refused(): Promise<readonly ShownRefusal[]> {
    const { status } = await this.#observe('status');
    return (membersOf('observe: status', status, STATUS)['refused'] ?? []) as readonly ShownRefusal[];
  }

  /** Waits until the status names so many refused messages. */
  async refuses(count: number): Promise<void> {
    for (const pauseMs of paces(EVENT_MS)) {
      if ((await this.refused()).length === count) return;
      await pause(pauseMs);
    }
  }

  /** Expects that exactly these texts were delivered, in this order; `isMeant` picks the texts that count. */
  async expectDelivered(expected: readonly string[], isMeant = (_: string): boolean => true): Promise<void> {
    const delivered = texts(await this.messages(expected.length)).filter((text = '') => isMeant(text));
    if (!isDeepStrictEqual(delivered, expected)) throw await this.unlike('messages', show(expected), show(delivered));
  }

  /** The failure for messages other than the expected ones. It names the events: a rejected envelope is often the cause. */
  async unlike(what: string, expected: string, actual: string): Promise<Failed> {
    return new Failed(
      what,
      expected,
      `${actual}; events: ${(await this.events()).map(eventText).join(', ') || 'none'}`,
    );
  }

  /** The state that an attack may not change. */
  async state(): Promise<string> {
    return show([await this.cursor(), await this.messages(), await this.unsynced()]);
  }

  /**
   * Stops the clock, or moves one that stands, and waits until the client is idle, or for `idleMs` of the machine's time.
   * A client whose clock cannot be moved says so, and time passes as it does.
   */
  async advance(ms: number, idleMs = EVENT_MS): Promise<Moved> {
    const request = { handle: this.#handle, advance_ms: ms, deadline_ms: idleMs };
    const answer = await this.adapter.ask('env', request, EVENT_MS + GRACE_MS);
    expectThat('env', 'ok' in answer || 'unsupported' in answer, 'ok or unsupported', answer);
    return { stands: 'ok' in answer, idle: 'ok' in answer && answer.ok['idle'] === true };
  }

  /** Stops the clock, and sets the wall clock alone. */
  async setNow(ms: number): Promise<void> {
    const request = { handle: this.#handle, set_now_ms: ms, deadline_ms: EVENT_MS };
    const answer = await this.adapter.ask('env', request, EVENT_MS + GRACE_MS);
    expectThat('env', 'ok' in answer || 'unsupported' in answer, 'ok or unsupported', answer);
  }

  /** Resolves with the messages that the client lacks, as far as it knows. CL-14. */
  async completeness(): Promise<ShownCompleteness> {
    const { completeness } = await this.#observe('completeness');
    return completenessOf(completeness);
  }

  async setNetwork(net: 'online' | 'offline'): Promise<void> {
    okOf('env', await this.adapter.ask('env', { handle: this.#handle, net }, DEADLINE_MS));
  }

  async close(): Promise<void> {
    okOf('close', await this.adapter.ask('close', { handle: this.#handle }, DEADLINE_MS));
  }

  #do(action: string, args: Members, deadlineMs: number): Promise<Answer> {
    const request = { handle: this.#handle, action, args, deadline_ms: deadlineMs };
    return this.adapter.ask('do', request, deadlineMs + GRACE_MS);
  }

  async #findEvent(type: string, past: number): Promise<ShownEvent | undefined> {
    await this.#observe('events', { event: type }, EVENT_MS);
    for (const pauseMs of paces(EVENT_MS)) {
      const event = (await this.events(type))[past];
      if (event !== undefined || past === 0) return event;
      await pause(pauseMs);
    }
    return undefined;
  }

  async #observe(what: string, until?: Members, deadlineMs = EVENT_MS): Promise<Members> {
    const wait = until === undefined ? {} : { until, deadline_ms: deadlineMs };
    const request = { handle: this.#handle, what: [what], ...wait };
    return okOf('observe', await this.adapter.ask('observe', request, DEADLINE_MS + GRACE_MS));
  }
}

/** `rejected envelope.auth`. */
function eventText({ type, class: rejectClass, code }: ShownEvent): string {
  return [type, rejectClass, code].filter((part) => part !== undefined).join(' ');
}

/** Contents of messages: text, or bytes in hexadecimal. */
export function texts(messages: readonly ShownMessage[]): readonly (string | undefined)[] {
  return messages.map(({ text, data }) => text ?? data);
}

export function bytesOf(hex: unknown): Uint8Array {
  return fromHex(String(hex)) ?? new Uint8Array();
}

function okOf(what: string, answer: Answer): Members {
  if ('ok' in answer) return answer.ok;
  throw new WrongAnswer(what, 'ok', answer);
}

/** An action was answered otherwise. Reports show what was expected by itself: it names the action too. */
class WrongAnswer extends Failed {
  override readonly expected: string;

  constructor(action: string, expected: string, answer: Answer) {
    super(action, expected, answerText(answer));
    this.expected = `${action}: ${expected}`;
  }
}

/** `ok {…}`, or `reject session.unauthorized 1002`. */
function answerText(answer: Answer): string {
  if ('ok' in answer) return `ok ${show(answer.ok)}`;
  if (!('reject' in answer)) return show(answer);
  const { class: rejectClass, code, detail } = answer.reject;
  return ['reject', rejectClass, code, detail].filter((part) => part !== undefined).join(' ');
}
