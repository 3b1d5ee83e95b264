import type { AdapterFailure, FailureKind } from './failure.ts';
import { see } from './sections.ts';

const STDERR_LINES = 5;
/** Exit code of an adapter that cannot be built here. */
const NO_TOOLCHAIN = 3;

const HINTS: Readonly<Record<FailureKind, string>> = {
  crash: 'it wrote nothing to stderr; start the command in a shell and type {"id": 1, "cmd": "hello", "protocol": 1}',
  hang: see('Lines', 'answer each request with one line on stdout, and flush it'),
  'early-exit': see('Lines', 'go on reading stdin until bye or its end'),
  protocol: see('Lines', 'write one answer for each request to stdout, and nothing else'),
};

/** The hint for a failure: the form that the broken line should have, or the adapter's own words. */
export function hintOf({ kind, hint, exitCode, stderr }: AdapterFailure): string {
  if (hint !== undefined) return hint;
  const said = stderr.trimEnd().split('\n').slice(-STDERR_LINES).join('\n      ');
  if (exitCode === NO_TOOLCHAIN) return `its toolchain is missing${said ? `: ${said}` : ''}`;
  return said ? `it wrote to stderr: ${said}` : HINTS[kind];
}
