import type { Level, TestInfo } from '../model.ts';
import { exitCodes } from '../run/exit.ts';
import { ADAPTER_AREA } from '../run/run.ts';
import { select, unmatched } from '../run/select.ts';
import { SuiteError } from '../run/suite-error.ts';
import { selectionOf } from './conclude.ts';
import type { RunOptions } from './options.ts';

const SUGGESTIONS = 3;

/** Ids that share the most of their beginning and end with a text. */
export function similarIds(ids: readonly string[], text: string): string[] {
  const pieces = text.split(/[/?&*]+/).filter((piece) => piece !== '');
  const score = (id: string) => pieces.filter((piece) => id.includes(piece)).length;
  return ids
    .filter((id) => score(id) > 0)
    .sort((a, b) => score(b) - score(a) || a.length - b.length)
    .slice(0, SUGGESTIONS);
}

/** The patterns to run. Throws `SuiteError` with exit 5 when they select nothing. */
export function demandSelection(
  level: Level,
  tests: readonly TestInfo[],
  options: Pick<RunOptions, 'only' | 'profile'>,
): readonly string[] {
  const only = selectionOf(level, options);
  if (only === undefined)
    throw new SuiteError(
      `the profile ${options.profile} has no tests at the level ${level}`,
      'see which levels have some with: 0k-conformance list',
      exitCodes.nothing,
    );
  const [unknown] = unmatched(tests, options.only);
  if (unknown !== undefined) {
    if (unknown.startsWith(ADAPTER_AREA))
      throw new SuiteError(
        `${unknown} cannot be selected`,
        `the tests ${ADAPTER_AREA}* are part of every run with an adapter: select any other`,
        exitCodes.nothing,
      );
    const similar = similarIds(
      tests.map(({ id }) => id),
      unknown,
    );
    throw new SuiteError(
      `no test of the level ${level} is or matches ${unknown}`,
      similar.length > 0
        ? `perhaps ${similar.join(' or ')}`
        : `see what there is with: 0k-conformance list --level ${level}`,
      exitCodes.nothing,
    );
  }
  if (select(tests, only).length === 0)
    throw new SuiteError(
      `nothing selected: the level ${level} has no such tests`,
      `see what there is with: 0k-conformance list --level ${level}`,
      exitCodes.nothing,
    );
  return only;
}
