import protobuf from 'protobufjs';
import { compareText, type Place, type Report } from './report.ts';
import type { SourceFile } from './sources.ts';

const FRAME = 'zerok.sync.v1.Frame';
const ERROR_CODE = 'zerok.sync.v1.ErrorCode';
const ERROR_PREFIX = 'ERROR_CODE_';

/** A message of Frame's oneof: its field there. */
export type FrameField = {
  readonly frame: string;
  readonly field: string;
  readonly number: number;
  readonly place: Place;
};
/** A value of ErrorCode, without its prefix. */
export type ErrorValue = { readonly name: string; readonly number: number; readonly place: Place };

/** The parts of proto/ that the tables must agree with. */
export type Schema = {
  readonly files: readonly string[];
  readonly frames: readonly FrameField[];
  readonly errors: readonly ErrorValue[];
};

/** Parses the schemas; undefined after a report that they do not parse or resolve. Also reports what they lack. */
export function readSchema(schemas: readonly SourceFile[], report: Report): Schema | undefined {
  const root = new protobuf.Root();
  const parsed = schemas.map((schema) => parseSchema(root, schema, report));
  if (!parsed.every((whole) => whole) || !resolveTypes(root, schemas, report)) return undefined;
  const frames = readFrameFields(root, schemas, report);
  const errors = readErrorValues(root, schemas, report);
  return { files: schemas.map(({ file }) => file).sort(compareText), frames, errors };
}

function parseSchema(root: protobuf.Root, { file, text }: SourceFile, report: Report): boolean {
  try {
    protobuf.parse(text, root, { keepCase: true });
    return true;
  } catch (cause) {
    const message = messageOf(cause);
    const line = /line (\d+)\)$/.exec(message)?.[1];
    if (line === undefined) report(findLine([{ file, text }], quotedWord(message)), message);
    else report({ file, line: Number(line) }, message.replace(/ \((?:.*, )?line \d+\)$/, ''));
    return false;
  }
}

function resolveTypes(root: protobuf.Root, schemas: readonly SourceFile[], report: Report): boolean {
  try {
    root.resolveAll();
    return true;
  } catch (cause) {
    const message = messageOf(cause);
    report(findLine(schemas, quotedWord(message)), message);
    return false;
  }
}

function readFrameFields(root: protobuf.Root, schemas: readonly SourceFile[], report: Report): FrameField[] {
  const frame = root.lookup(FRAME);
  const body = frame instanceof protobuf.Type ? frame.oneofs?.['body'] : undefined;
  if (body === undefined) report(findLine(schemas, 'Frame'), `the schema has no ${FRAME} with a oneof "body"`);
  const fields = body?.fieldsArray ?? [];
  return fields
    .map(({ type, name, id }) => ({
      frame: type,
      field: name,
      number: id,
      place: findLine(schemas, `${type} ${name} = ${id}`),
    }))
    .sort((a, b) => a.number - b.number);
}

function readErrorValues(root: protobuf.Root, schemas: readonly SourceFile[], report: Report): ErrorValue[] {
  const code = root.lookup(ERROR_CODE);
  if (!(code instanceof protobuf.Enum)) {
    report(findLine(schemas, 'ErrorCode'), `the schema has no enum ${ERROR_CODE}`);
    return [];
  }
  return Object.entries(code.values)
    .filter(([, number]) => number !== 0)
    .map(([name, number]) => ({ name: name.slice(ERROR_PREFIX.length), number, place: findLine(schemas, name) }))
    .sort((a, b) => a.number - b.number);
}

/** The first line on which `word` stands by itself outside a comment; protobufjs keeps no lines. */
function findLine(schemas: readonly SourceFile[], word: string): Place {
  const pattern = new RegExp(`(?<![\\w.])${word}(?!\\w)`);
  for (const { file, text } of schemas) {
    const index = text.split('\n').findIndex((line) => pattern.test(line.replace(/\/\/.*$/, '')));
    if (index >= 0) return { file, line: index + 1 };
  }
  return { file: schemas[0]?.file ?? 'proto', line: 1 };
}

function quotedWord(message: string): string {
  return /'(\w+)'/.exec(message)?.[1] ?? message.split(' ').at(-1) ?? '';
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
