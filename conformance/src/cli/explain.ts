import { LEVELS, testsOf } from '../levels.ts';
import type { Level, TestInfo } from '../model.ts';
import { requirementLines } from '../report/explain.ts';
import { adapterTests } from '../run/adapter-tests.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { SuiteError } from '../run/suite-error.ts';
import type { VectorNote, VectorTest } from '../vectors/case.ts';
import { type LevelTest, linesAbout } from './explain-about.ts';
import type { Io } from './io.ts';
import { similarIds } from './nothing.ts';

const REPEAT: Readonly<Record<Level, string>> = {
  vectors: '0k-conformance vectors --adapter CMD --only',
  relay: '0k-conformance relay --target HOST:PORT --relay NODEID --only',
  client: '0k-conformance client --adapter CMD --only',
  pair: '0k-conformance pair --a CMD --b CMD --only',
};

function meaning(test: TestInfo): string {
  if (test.level === 'should') return 'A failure is reported and does not fail the run: this should hold, it need not.';
  return 'A failure means that the implementation does not follow the requirements above.';
}

function noteLines(flag: string, note: VectorNote | undefined): string[] {
  if (!note) return [`finds: ${flag}`];
  const { bug, effect, links = [] } = note;
  return [
    `finds: ${flag}: ${bug}`,
    ...(effect ? [`  effect: ${effect}`] : []),
    ...(links.length > 0 ? [`  see: ${links.join(', ')}`] : []),
  ];
}

function vectorLines({ op, twin, vector, notes }: VectorTest): string[] {
  const { in: input, draws, now_ms, expect, mutation, choice_group, flags = [] } = vector;
  const members = { op, in: input, draws, now_ms };
  return [
    '',
    `asked: ${JSON.stringify(members)}`,
    `expected: ${JSON.stringify(expect)}`,
    ...(mutation ? [`mutation: ${JSON.stringify(mutation)}`] : []),
    ...(twin ? [`twin: ${twin}; unless it passes, this refusal is unproven`] : []),
    ...(choice_group ? [`one of the readings of ${choice_group}`] : []),
    ...flags.flatMap((flag) => noteLines(flag, notes[flag])),
  ];
}

function linesOf(test: TestInfo, level: Level | undefined): string[] {
  return [
    test.id,
    test.title,
    '',
    ...requirementLines(test.requirements),
    ...('vector' in test ? vectorLines(test as VectorTest) : []),
    '',
    meaning(test),
    level ? `repeat: ${REPEAT[level]} '${test.id}'` : 'It is part of every run with an adapter.',
  ];
}

function findTest(
  id: string,
  all: readonly LevelTest[],
): { readonly test: TestInfo; readonly level?: Level } | undefined {
  const ofAdapter = adapterTests.find((test) => test.id === id);
  return ofAdapter ? { test: ofAdapter } : all.find(({ test }) => test.id === id);
}

/** Explains a test (its question, its reason, the meaning of a failure), a requirement, an op or a reject class. */
export async function explainCommand(io: Io, id: string, options: { readonly vectors?: string }): Promise<ExitCode> {
  const all: LevelTest[] = [];
  for (const level of LEVELS) all.push(...(await testsOf(level, options.vectors)).map((test) => ({ level, test })));
  const found = findTest(id, all);
  const lines = found ? linesOf(found.test, found.level) : linesAbout(id, all);
  if (lines.length > 0) {
    io.stdout.write(`${lines.join('\n')}\n`);
    return exitCodes.conformant;
  }
  const ids = all.map(({ test }) => test.id);
  const similar = similarIds(ids, id);
  throw new SuiteError(
    `there is no test, requirement, op or reject class ${id}`,
    similar.length > 0 ? `perhaps ${similar.join(' or ')}` : 'see what there is with: 0k-conformance list',
    exitCodes.usage,
  );
}
