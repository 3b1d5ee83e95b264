/** A name that a test or a scenario has; `line` counts from 1. */
export type Title = { readonly line: number; readonly text: string };

/** First argument of a statement `test(` or `suite(`: a string or a template. */
const TYPESCRIPT =
  /^[ \t]*(?:await )?(?:\w+\.)?(?:test|suite)\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/gm;
/** A test function, with the first line of its docstring. */
const PYTHON = /^[ \t]*(?:async )?def (test_\w+)\([^)]*\)[^:\n]*:(?:\s*\n\s*(?:"""|')([^\n]*?)(?:"""|'|\n))?/gm;
/** A test function, with the documentation before it. */
const RUST = /((?:^[ \t]*\/\/\/[^\n]*\n)*)[ \t]*#\[test\]\s*(?:#\[[^\n]*\]\s*)*fn (\w+)/gm;
/** A scenario's list of requirements, and the id that is its key. */
const REQUIREMENTS = /\brequirements:\s*\[([^\]]*)\]/g;
const SCENARIO = /^\s*'([a-z]+\/[^'\n]+)':/gm;

/** The titles of the tests of a file, by its extension; none for other languages. */
export function readTests(file: string, source: string): Title[] {
  if (file.endsWith('.ts'))
    return collect(source, TYPESCRIPT, ([, single, double, template]) => single ?? double ?? template);
  if (file.endsWith('.py')) return collect(source, PYTHON, ([, name = '', text]) => spell(name, text));
  if (file.endsWith('.rs')) return collect(source, RUST, ([, text, name = '']) => spell(name, text));
  return [];
}

/** A title `<id of the scenario>: <its requirements>` for each list of requirements in a suite. */
export function readScenarios(source: string): Title[] {
  const ids = [...source.matchAll(SCENARIO)];
  return collect(source, REQUIREMENTS, ({ 1: list = '', index = 0 }) => {
    const id = ids.findLast((key) => key.index < index)?.[1] ?? 'scenario';
    return `${id}: ${list.replaceAll(/['"`]/g, '')}`;
  });
}

function collect(source: string, pattern: RegExp, toText: (match: RegExpMatchArray) => string | undefined): Title[] {
  return [...source.matchAll(pattern)].map((match) => ({
    line: source.slice(0, match.index).split('\n').length,
    text: (toText(match) ?? '').replaceAll(/\\(.)/g, '$1').replaceAll(/\s+/g, ' ').trim(),
  }));
}

/** `test_hs_04_short` reads `HS-04 short`; its documentation follows. */
function spell(name: string, documentation: string | undefined): string {
  const words = name
    .replace(/^test_/, '')
    .replaceAll(
      /(?<![a-z0-9])([a-z]{2})_(\d{2,3})(?![0-9])/gi,
      (_, prefix, number) => `${prefix.toUpperCase()}-${number}`,
    );
  const text = (documentation ?? '').replaceAll('///', ' ').trim();
  return `${words.replaceAll('_', ' ')}${text === '' ? '' : `: ${text}`}`;
}
