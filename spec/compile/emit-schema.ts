import protobuf from 'protobufjs';
import { moduleOf, type Output, PROTOCOL } from './emit-module.ts';
import { compareText, type Report } from './report.ts';
import type { SourceFile } from './sources.ts';

const PACKAGE = 'zerok.sync.v1';
/** Scalars that the schemas use; a new one needs a rule in the strict wire walk first. */
const SCALARS = ['bool', 'bytes', 'string', 'uint32', 'uint64'] as const;
/** The item limit of every repeated field. WI-17. */
const ITEM_LIMITS: Readonly<Record<string, string>> = {
  'DeviceList.records': 'DEVICES_MAX',
  'GroupState.relays': 'RELAYS_MAX',
  'HelloAck.capabilities': 'CAPABILITIES_MAX',
  'LogSegment.envelopes': 'PAGE_ITEMS_MAX',
  'Push.items': 'PUSH_ITEMS_MAX',
  'PushAck.results': 'PUSH_ITEMS_MAX',
  'RotationBody.members': 'DEVICES_MAX',
  'RotationBody.removed': 'DEVICES_MAX',
  'Welcome.epoch_secrets': 'EPOCHS_MAX',
  'Welcome.heads': 'DEVICES_MAX',
  'Message.skipped': 'SKIPPED_RANGES_MAX',
  'MemberAnnouncement.skipped': 'SKIPPED_RANGES_MAX',
  'Welcome.members': 'DEVICES_MAX',
  'Welcome.names': 'DEVICES_MAX',
  'Welcome.relays': 'RELAYS_MAX',
};
/** The message whose parts the receiver judges one by one, not with the frame. EN-04. */
const JUDGED_LATER = 'Envelope';

const TYPES = `/** One field as the strict wire walk sees it. WI-14 to WI-20. */
export type FieldSchema = {
  readonly number: number
  readonly name: string
  readonly type: 'bool' | 'bytes' | 'string' | 'uint32' | 'uint64' | 'enum' | 'message'
  /** The message that a field of type \`message\` holds. */
  readonly message?: string
  /** Values that the enum names. */
  readonly values?: readonly number[]
  /** The oneof that the field is a member of. */
  readonly oneof?: string
  /** True for a scalar whose absence differs from zero or empty. */
  readonly isOptional?: boolean
  /** Exact length, bytes. */
  readonly length?: number
  /** True for a field of exact length that may also be empty or absent. */
  readonly mayBeEmpty?: boolean
  /** Greatest length, bytes. */
  readonly lengthMax?: number
  /** Greatest number of items; only and always in repeated fields. */
  readonly itemsMax?: number
  /** True for a message field that must be present. */
  readonly required?: boolean
}

/** A message's fields, ascending. */
export type MessageSchema = { readonly fields: readonly FieldSchema[] }`;

/** \`schema.ts\`: the messages as data for the strict wire walk; lengths come from the fields' comments. WI-18. */
export function emitSchema(
  schemas: readonly SourceFile[],
  limits: ReadonlyMap<string, number>,
  report: Report,
): Output {
  const root = new protobuf.Root();
  for (const { text } of schemas) protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
  root.resolveAll();
  const messages = (root.lookup(PACKAGE) as protobuf.Namespace).nestedArray
    .filter((nested) => nested instanceof protobuf.Type)
    .sort((a, b) => compareText(a.name, b.name));
  const describe = (field: protobuf.Field) =>
    describeField(field, limits, (message) => report(placeOf(field, schemas), message));
  const rows = messages.map(
    ({ name, fieldsArray }) =>
      `  ${name}: {\n    fields: [\n${[...fieldsArray]
        .sort((a, b) => a.id - b.id)
        .map((field) => `      ${JSON.stringify(describe(field))},\n`)
        .join('')}    ],\n  },`,
  );
  return moduleOf(PROTOCOL, 'schema', [
    TYPES,
    `export type MessageName =\n${messages.map(({ name }) => `  | '${name}'`).join('\n')}`,
    `/** Every message of the schemas. */\nexport const schema: { readonly [Name in MessageName]: MessageSchema } = {\n${rows.join('\n')}\n}`,
  ]);
}

type Describe = (message: string) => void;

function describeField(field: protobuf.Field, limits: ReadonlyMap<string, number>, report: Describe): object {
  const path = `${field.parent?.name}.${field.name}`;
  const comment = commentOf(field);
  const oneof = field.partOf !== null && !field.name.startsWith('_') ? realOneof(field) : undefined;
  return {
    number: field.id,
    name: field.name,
    ...describeType(field, path, report),
    ...(oneof === undefined ? {} : { oneof }),
    ...(field.partOf?.isProto3Optional === true ? { isOptional: true } : {}),
    ...(field.parent?.name === JUDGED_LATER && !isFixed(comment) ? {} : describeLength(field, comment, limits, report)),
    ...(field.repeated ? { itemsMax: itemLimit(path, limits, report) } : {}),
    ...(isRequired(field, comment, oneof) ? { required: true } : {}),
  };
}

/** The field's comment; "As in Pull." stands for that of the field of the same name there. */
function commentOf(field: protobuf.Field): string {
  const comment = field.comment ?? '';
  const other = /^As in (\w+)\./.exec(comment)?.[1];
  const twin = other === undefined ? undefined : field.parent?.parent?.lookup(`${other}.${field.name}`);
  return twin instanceof protobuf.Field ? (twin.comment ?? '') : comment;
}

/** Returns the field's oneof, except the one that proto3 `optional` makes. */
function realOneof(field: protobuf.Field): string | undefined {
  return field.partOf?.isProto3Optional === true ? undefined : field.partOf?.name;
}

function describeType(field: protobuf.Field, path: string, report: Describe): object {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return { type: 'message', message: resolvedType.name };
  if (resolvedType instanceof protobuf.Enum) {
    return { type: 'enum', values: Object.values(resolvedType.values).sort((a, b) => a - b) };
  }
  if (!(SCALARS as readonly string[]).includes(field.type))
    report(`the wire walk has no rule for ${field.type} ${path}`);
  if (field.repeated && !['string', 'bytes'].includes(field.type))
    report(`the wire walk has no rule for packed ${path}`);
  return { type: field.type };
}

function isFixed(comment: string): boolean {
  return /\b\d+ (?:random )?bytes\b/.test(comment);
}

/** "32 bytes", "24 random bytes", "at most NAME bytes"; an "empty" beside a fixed length allows none. */
function describeLength(
  field: protobuf.Field,
  comment: string,
  limits: ReadonlyMap<string, number>,
  report: Describe,
): object {
  if (field.type !== 'bytes' && field.type !== 'string') return {};
  const fixed = /\b(\d+) (?:random )?bytes\b/.exec(comment)?.[1];
  if (fixed !== undefined) return { length: Number(fixed), ...(/\bempty\b/.test(comment) ? { mayBeEmpty: true } : {}) };
  const limit = /\bat most ([A-Z0-9_]+) bytes\b/i.exec(comment)?.[1];
  if (limit === undefined) return {};
  const lengthMax = limits.get(limit);
  if (lengthMax === undefined) report(`the comment of ${field.name} names the limit ${limit}, which is in no table`);
  return { lengthMax };
}

function itemLimit(path: string, limits: ReadonlyMap<string, number>, report: Describe): number {
  const limit = limits.get(ITEM_LIMITS[path] ?? '');
  if (limit === undefined) report(`the repeated field ${path} has no item limit`);
  return limit ?? 0;
}

/** A message field has to be given unless its comment says when it is present. WI-20. */
function isRequired(field: protobuf.Field, comment: string, oneof: string | undefined): boolean {
  return (
    field.resolvedType instanceof protobuf.Type &&
    !field.repeated &&
    oneof === undefined &&
    !/^(?:Present|With)\b/.test(comment)
  );
}

function placeOf(field: protobuf.Field, schemas: readonly SourceFile[]): { file: string; line: number } {
  const declaration = `${field.name} = ${field.id};`;
  for (const { file, text } of schemas) {
    const line = text.split('\n').findIndex((candidate) => candidate.includes(declaration));
    if (line >= 0) return { file, line: line + 1 };
  }
  return { file: schemas[0]?.file ?? 'proto', line: 1 };
}
