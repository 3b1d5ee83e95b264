import { type FieldSchema, type MessageName, schema } from '@0k-sync/generated/schema';

/** A message whose fields a place names. */
interface Root {
  readonly message: MessageName;
  /** The place in a case; undefined for a part that only the generator can seal anew. */
  readonly path?: string;
  /** True if the varint length stands in front. */
  readonly isFramed?: true;
}

const roots: Readonly<Record<string, Root>> = {
  frame: { message: 'Frame', path: 'in.bytes', isFramed: true },
  envelope: { message: 'Envelope', path: 'in.envelope' },
  record: { message: 'MemberRecord', path: 'in.record' },
  header: { message: 'EnvelopeHeader' },
  message: { message: 'Message' },
  announcement: { message: 'MemberAnnouncement' },
  body: { message: 'MemberRecordBody' },
  welcome: { message: 'Welcome' },
  invite: { message: 'Invite' },
};

/** Members of a case that a place may begin with. */
const CASE = /^(?:in|draws|ok|now_ms)(?:\.|$)/;

/** A place inside a message, by the numbers of its fields. */
export interface MessagePlace {
  readonly root: string;
  readonly path: string | undefined;
  readonly isFramed: boolean;
  /** Fields of the messages around, outermost first. */
  readonly within: readonly number[];
  /** The field; undefined for the message itself. */
  readonly field: FieldSchema | undefined;
}

/** True for a member of a case such as `in.bytes`, false for a part of a message such as `frame.ping`. */
export function isCasePlace(place: string): boolean {
  return CASE.test(place);
}

/** True if a case has the named place as a member or as the bytes of a message; otherwise only the generator can make it anew. */
export function isOfCase(place: string): boolean {
  return isCasePlace(place) || messagePlace(place)?.path !== undefined;
}

/** Reads `frame.push.items.envelope`; undefined when the place is of no message. Throws RangeError for a field that is none. */
export function messagePlace(place: string): MessagePlace | undefined {
  const [name = '', ...names] = place.split('.');
  const root = Object.hasOwn(roots, name) ? roots[name] : undefined;
  if (root === undefined) return undefined;
  let message: string | undefined = root.message;
  const fields = names.map((one) => {
    const field: FieldSchema | undefined =
      message === undefined ? undefined : schema[message as MessageName].fields.find((other) => other.name === one);
    if (field === undefined) throw new RangeError(`${message ?? 'a field without fields'} has no field ${one}`);
    message = field.message;
    return field;
  });
  const numbers = fields.map(({ number }) => number);
  return {
    root: name,
    path: root.path,
    isFramed: root.isFramed === true,
    within: numbers.slice(0, -1),
    field: fields.at(-1),
  };
}
