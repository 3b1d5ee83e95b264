import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWaitingDrafts } from './drafts.ts';
import type { Json, JsonObject, VectorCase, VectorFile } from './model.ts';
import { committedPaths, readCommitted } from './write.ts';

const PROTOCOL = join(import.meta.dirname, '../zkcp.md');
/** Longer values are shown by their beginning and their length. */
const SHOWN_BYTES_MAX = 72;
const SHOWN_START_BYTES = 16;

/** Cases that show more than the shortest one of their op. */
const telling = [
  'envelopes/chain/gap-and-closed',
  'envelopes/cursor/removed',
  'frames/decode/pull',
  'frames/encode/push',
  'text/relay-parse/both-keys',
  'text/padme/length-1000',
  'primitives/hkdf-sha256/label-and-group',
  'keys/group/epoch-1',
  'pairing/invite-parse/node-id-only',
  'envelopes/open/text',
  'envelopes/seal/text',
];

interface Row {
  readonly op: string;
  readonly in: string;
  readonly ok: string;
  readonly reject: string;
}

/** generated/docs/ops.md: every op with its row of zkcp.md, one worked example, and one refusal. */
export function workedDocument(): string {
  const published = committedPaths().map((path) => readCommitted(path).file);
  const files = [...published, ...makeWaitingDrafts().map((draft) => draft.finish([]).file)];
  const sections = rows().map((row) => section(row, files));
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

const HEAD = `# The pure functions, worked

<!-- generated from conformance/zkcp.md and conformance/vectors by \`make vectors\`, do not edit -->

One example and one refusal of each function that an adapter answers to \`eval\`. Shapes are those of
[zkcp.md](../../conformance/zkcp.md); the whole cases, and many more, stand under their ids in \`conformance/vectors/\`, once two
implementations have the function. Bytes are
hexadecimal; long ones are shown by their beginning and their length. A member of \`in\` of another length than its row gives
is answered with \`error\`, not with \`reject\`, unless the row says otherwise.`;

/** The rows of the tables whose first column is an op. */
function rows(): Row[] {
  const lines = readFileSync(PROTOCOL, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const op = /^`([a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z0-9.-]+)`$/.exec(cells[0] ?? '')?.[1];
    const [, input = '', ok = '', reject = ''] = cells;
    return op === undefined || cells.length < 4 ? [] : [{ op, in: input, ok, reject }];
  });
}

function section(row: Row, files: readonly VectorFile[]): string {
  const cases = files.filter(({ op }) => op === row.op).flatMap((file) => file.cases);
  const positives = cases.filter(({ expect }) => 'ok' in expect);
  const example = positives.find(({ id }) => telling.includes(id)) ?? shortest(positives);
  if (example === undefined) throw new RangeError(`no vector shows ${row.op}`);
  const negatives = cases.filter(({ expect }) => 'reject' in expect);
  const refusal = negatives.find(({ twin }) => twin === example.id) ?? shortest(negatives);
  return [
    `## ${row.op}`,
    `- in: ${row.in || 'nothing'}\n- ok: ${row.ok}\n- reject: ${row.reject || 'never'}`,
    `\`${example.id}\`: ${example.comment}`,
    fenced(exampleJson(example)),
    ...(refusal === undefined ? [] : [`\`${refusal.id}\`: ${refusal.comment}`, fenced(refusalJson(refusal))]),
  ].join('\n\n');
}

function shortest(cases: readonly VectorCase[]): VectorCase | undefined {
  const lengthOf = (one: VectorCase) => JSON.stringify(one.in).length;
  return [...cases].sort((first, second) => lengthOf(first) - lengthOf(second))[0];
}

function exampleJson({ in: input, draws, now_ms, expect }: VectorCase): JsonObject {
  return {
    in: input,
    ...(draws && { draws }),
    ...(now_ms !== undefined && { now_ms }),
    ...('ok' in expect && { ok: expect.ok }),
  };
}

/** A refusal by what was changed, where that says it all. */
function refusalJson({ mutation, in: input, expect }: VectorCase): JsonObject {
  const reject = 'reject' in expect ? expect.reject.class.join(' or ') : '';
  if (mutation === undefined || mutation.op === 'remake') return { in: input, reject };
  const { of, op, path, arg } = mutation;
  return { change: { of, op, path, ...(arg !== undefined && { arg }) }, reject };
}

function fenced(json: JsonObject): string {
  return `\`\`\`json\n${JSON.stringify(shown(json), null, 2)}\n\`\`\``;
}

function shown(value: Json): Json {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(inner)]));
}

function cut(text: string): string {
  if (text.length <= 2 * SHOWN_BYTES_MAX) return text;
  const isHex = /^(?:[0-9a-f]{2})*$/.test(text);
  const start = text.slice(0, 2 * SHOWN_START_BYTES);
  return isHex ? `${start}… (${text.length / 2} bytes)` : `${start}… (${text.length} characters)`;
}
