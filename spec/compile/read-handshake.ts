import { checkUnique, readChoice, readInteger } from './cells.ts';
import type { PatternMessage, Suite, Token } from './model.ts';
import { compareText, type Report } from './report.ts';
import type { Table, Tables } from './tables.ts';

const TOKENS: readonly [Token, ...Token[]] = ['e', 's', 'ee', 'es', 'se', 'ekem', 'skem'];

/** The suites with their pattern rows; check-pattern.ts checks that they can be run. */
export function readSuites(tables: Tables, report: Report): Suite[] {
  checkTokens(tables, report);
  const suites = tables.patterns.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => {
      const pattern = tables.pattern.find(({ words }) => words.join(' ') === cell.suite);
      if (pattern === undefined) report(place, `no table "pattern ${cell.suite}"`);
      return {
        place,
        suite: cell.suite,
        protocolName: cell.protocol_name,
        alpn: cell.alpn,
        version: readInteger(cell.version, place, report),
        messages: pattern === undefined ? [] : readMessages(pattern, report),
      };
    }),
  );
  checkUnique(suites, ({ suite }) => suite, 'suite', report);
  checkUnique(suites, ({ version }) => String(version), 'suite version', report);
  checkUnique(tables.pattern, ({ words }) => words.join(' '), 'pattern', report);
  for (const { place, words } of tables.pattern) {
    const name = words.join(' ');
    if (!suites.some(({ suite }) => suite === name)) report(place, `the pattern "${name}" is of no suite`);
  }
  return suites.sort((a, b) => compareText(a.suite, b.suite));
}

function readMessages(pattern: Table<'pattern'>, report: Report): PatternMessage[] {
  const messages = pattern.rows.map(({ place, cell }) => ({
    place,
    number: readInteger(cell.message, place, report),
    from: readChoice(cell.from, ['initiator', 'responder'], place, report),
    tokens: cell.tokens.split(/\s+/).map((token) => readChoice(token, TOKENS, place, report)),
    length: readInteger(cell.length, place, report),
  }));
  return messages.sort((a, b) => a.number - b.number);
}

/** The tokens table documents each token of the closed set once, and no other. */
function checkTokens(tables: Tables, report: Report): void {
  const documented = tables.tokens.flatMap(({ rows }) => rows);
  for (const { place, cell } of documented) readChoice(cell.token, TOKENS, place, report);
  checkUnique(documented, ({ cell }) => cell.token, 'token', report);
  const place = tables.tokens[0]?.place;
  for (const token of TOKENS) {
    if (place !== undefined && !documented.some(({ cell }) => cell.token === token))
      report(place, `the token "${token}" has no row`);
  }
}
