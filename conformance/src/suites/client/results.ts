import { Failed } from '../../model.ts';
import { isObject, type Members } from '../../zkcp/protocol.ts';
import { show } from '../expect.ts';

/** A message as the client shows it. */
export interface ShownMessage {
  readonly sender: string;
  readonly id: string;
  readonly text?: string;
  readonly data?: string;
  readonly cursor?: string;
}

/** An event as the client shows it. */
export interface ShownEvent {
  readonly type: string;
  readonly class?: string;
  readonly code?: number;
  readonly cursor?: string;
  readonly sender?: string;
  readonly device?: string;
  readonly name?: string;
  readonly sequence?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly before?: string;
  readonly after?: string;
  readonly what?: string;
  readonly at?: unknown;
}

/** A stretch of sequences or cursors, both ends included. */
interface ShownStretch {
  readonly sender?: string;
  readonly relay?: string;
  readonly from: string;
  readonly to: string;
}

/** The client's account of the messages that it lacks. */
export interface ShownCompleteness {
  readonly missing: readonly ShownStretch[];
  readonly expired: readonly ShownStretch[];
}

/** The form of a member: in words, and as a check. */
interface Form {
  readonly words: string;
  readonly fits: (value: unknown) => boolean;
}

/** By name; one that ends with `?` may be absent. */
type Shape = Readonly<Record<string, Form>>;

function matching(words: string, pattern: RegExp): Form {
  return { words, fits: (value) => typeof value === 'string' && pattern.test(value) };
}

function bytes(length: number): Form {
  return matching(`${length} bytes in lowercase hexadecimal`, new RegExp(`^[0-9a-f]{${2 * length}}$`));
}

const TEXT = matching('a text', /^/);
const HEX = matching('bytes in lowercase hexadecimal', /^(?:[0-9a-f]{2})*$/);
const U64 = matching('a decimal number in a string', /^(?:0|[1-9][0-9]{0,19})$/);
const KEY = bytes(32);
const COUNT: Form = { words: 'a number', fits: (value) => Number.isSafeInteger(value) };
const BOOLEAN: Form = { words: 'true or false', fits: (value) => typeof value === 'boolean' };
const LIST: Form = { words: 'a list', fits: Array.isArray };

export const OPENED: Shape = { handle: TEXT };
export const CURSOR: Shape = { cursor: U64 };
export const STATUS: Shape = { connected: BOOLEAN, unsynced: COUNT, 'refused?': LIST };
export const RETENTION: Shape = { 'expires_after_ms?': COUNT, 'bytes_max?': U64 };

/** Results of actions, by name. */
export const RESULTS: Readonly<Record<string, Shape>> = {
  connect: { node_id: KEY, version: COUNT, handshake_hash: KEY },
  reconnect: { node_id: KEY, version: COUNT, handshake_hash: KEY },
  pair_create: { invite: TEXT, group_id: KEY },
  pair_join: { group_id: KEY },
  push: { id: bytes(16), 'cursor?': U64, 'durable?': BOOLEAN },
  pull: { messages: LIST, cursor: U64 },
  queue_drop: { 'text?': TEXT, 'data?': HEX },
  sync: { cursor: U64, unsynced: COUNT },
};

const MESSAGE: Shape = { sender: KEY, id: bytes(16), 'text?': TEXT, 'data?': HEX, 'cursor?': U64 };

/** Members of events besides their type. */
const EVENTS: Readonly<Record<string, Shape>> = {
  rejected: { class: TEXT, 'cursor?': U64 },
  gap: { sender: KEY, from: U64, to: U64 },
  fork: { sender: KEY, sequence: U64 },
  expired: { from: U64, to: U64 },
  expiring: { what: TEXT, at: COUNT },
  'relay-key-changed': { before: KEY, after: KEY },
  refused: { code: COUNT },
  'member-joined': { device: KEY, name: TEXT },
  disconnected: { 'code?': COUNT, 'class?': TEXT },
};

/** The object itself; throws `Failed`, which names the first member that is missing or of another form than zkcp.md gives. */
export function membersOf(what: string, value: unknown, shape: Shape): Members {
  if (!isObject(value)) throw new Failed(what, 'an object', show(value));
  for (const [name, { words, fits }] of Object.entries(shape)) {
    const member = name.replace('?', '');
    const isAbsent = !Object.hasOwn(value, member);
    if (isAbsent && name.endsWith('?')) continue;
    if (!fits(value[member])) throw new Failed(`${what}: ${member}`, words, show(value[member]));
  }
  return value;
}

export function messagesOf(what: string, result: Members): readonly ShownMessage[] {
  const { messages } = membersOf(what, result, { messages: LIST });
  return (messages as readonly unknown[]).map((each, index) => {
    const message = membersOf(`${what}: messages[${index}]`, each, MESSAGE);
    const contents = ['text', 'data'].filter((name) => Object.hasOwn(message, name));
    if (contents.length !== 1) throw new Failed(`${what}: messages[${index}]`, 'one of text and data', show(message));
    return message as unknown as ShownMessage;
  });
}

export function completenessOf(value: unknown): ShownCompleteness {
  const { missing, expired } = membersOf('completeness', value, { missing: LIST, expired: LIST });
  for (const [name, stretches] of Object.entries({ sender: missing, relay: expired }))
    for (const each of stretches as readonly unknown[])
      membersOf('completeness', each, { [name]: KEY, from: U64, to: U64 });
  return { missing, expired } as ShownCompleteness;
}

export function eventsOf(what: string, result: Members): readonly ShownEvent[] {
  const { events } = membersOf(what, result, { events: LIST });
  return (events as readonly unknown[]).map((each, index) => {
    const { type } = membersOf(`${what}: events[${index}]`, each, { type: TEXT });
    const shape = EVENTS[type as string] ?? {};
    return membersOf(`${what}: events[${index}], ${type}`, each, shape) as unknown as ShownEvent;
  });
}
