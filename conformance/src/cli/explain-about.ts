import { errors } from '@0k-sync/generated/errors';
import { rejectClasses } from '@0k-sync/spec/reject-classes';
import { requirements } from '@0k-sync/spec/requirements';
import type { Level, TestInfo } from '../model.ts';
import { requirementText } from '../report/explain.ts';
import type { VectorTest } from '../vectors/case.ts';

/** A test and the level that it belongs to. */
export interface LevelTest {
  readonly level: Level;
  readonly test: TestInfo;
}

function isVector(test: TestInfo): test is VectorTest {
  return 'vector' in test;
}

function section(title: string, tests: readonly LevelTest[]): string[] {
  if (tests.length === 0) return [];
  return ['', `${title}:`, ...tests.map(({ level, test }) => `  ${level}  ${test.id}  ${test.title}`)];
}

function aboutRequirement(id: string, all: readonly LevelTest[]): string[] {
  const text = requirementText(id);
  if (text === undefined) return [];
  const obligation = Object.hasOwn(requirements, id) ? requirements[id as keyof typeof requirements] : undefined;
  return [
    `${id}: ${text}`,
    ...(obligation ? [`level: ${obligation.level}`, `chapter: ${obligation.chapter}`] : []),
    ...(obligation?.violation ? [`violation: reject ${obligation.violation}`] : []),
    ...section(
      'exercised by',
      all.filter(({ test }) => test.requirements.includes(id)),
    ),
  ];
}

function aboutOp(op: string, all: readonly LevelTest[]): string[] {
  const tests = all.filter(({ test }) => isVector(test) && test.op === op);
  if (tests.length === 0) return [];
  const isPositive = ({ test }: LevelTest) => isVector(test) && 'ok' in test.vector.expect;
  return [
    `the op ${op}: its members are in zkcp.md, an example in generated/docs/ops.md`,
    ...section('answered with ok; without them the refusals are unproven', tests.filter(isPositive)),
    ...section(
      'refused',
      tests.filter((each) => !isPositive(each)),
    ),
  ];
}

function aboutClass(name: string, all: readonly LevelTest[]): string[] {
  if (!Object.hasOwn(rejectClasses, name)) return [];
  const { clause, meaning } = rejectClasses[name as keyof typeof rejectClasses];
  const rows = Object.entries(errors).filter(([, row]) => row.class === name);
  return [
    `the reject class ${name}: ${meaning} (${clause})`,
    ...rows.map(([error, { number, stream }]) => `over the wire: ${number} ${error}, stream ${stream}`),
    ...section(
      'expected by',
      all.filter(
        ({ test }) =>
          isVector(test) && 'reject' in test.vector.expect && test.vector.expect.reject.class.includes(name),
      ),
    ),
  ];
}

/** Lines about the requirement, op or reject class of this name; none for any other name. */
export function linesAbout(name: string, all: readonly LevelTest[]): string[] {
  const found = [aboutRequirement(name, all), aboutOp(name, all), aboutClass(name, all)];
  // An op and a reject class may have the same name.
  return found.filter((lines) => lines.length > 0).flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines));
}
