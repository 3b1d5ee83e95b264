import { escapeLine } from './escape.ts';
import type { FailureDetails } from './failure.ts';
import type { Environment, Output, Paint } from './terminal.ts';
import { paintFor } from './terminal.ts';

/** One line of `--json`. `type` says what it is; names and meanings of fields are stable (docs/cli.md). */
export type JsonLine = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Results on stdout; notes, warnings and errors on stderr; both once as text and once as JSON lines. */
export interface Reporter {
  /** A result: the JSON line or the lines of text. */
  result(line: JsonLine, text: () => readonly string[]): void;
  /** What a command is doing: a JSON line of stdout, which scripts wait for; text on stderr. */
  progress(line: JsonLine, text: string): void;
  /** Something worth knowing that is no result. */
  note(line: JsonLine, text: string): void;
  warning(line: JsonLine, text: string): void;
  failure(details: FailureDetails): void;
  /** For stdout. */
  readonly paint: Paint;
}

export interface ReporterOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  readonly colour: boolean;
}

function writeLine(output: Output, line: unknown): void {
  output.write(`${JSON.stringify(line)}\n`);
}

export function jsonReporter(options: ReporterOptions): Reporter {
  return {
    result: (line) => writeLine(options.stdout, line),
    progress: (line) => writeLine(options.stdout, line),
    note: (line) => writeLine(options.stderr, line),
    warning: (line) => writeLine(options.stderr, line),
    failure: ({ message, ...rest }) => writeLine(options.stderr, { type: 'error', message, ...rest }),
    paint: (_style, text) => text,
  };
}

export function textReporter(options: ReporterOptions): Reporter {
  const paint = paintFor(options.stdout, options.environment, !options.colour);
  const paintError = paintFor(options.stderr, options.environment, !options.colour);
  const complain = (text: string) => options.stderr.write(`${text}\n`);
  return {
    result: (_line, text) => {
      for (const each of text()) options.stdout.write(`${each}\n`);
    },
    progress: (_line, text) => complain(paintError('dim', escapeLine(text))),
    note: (_line, text) => complain(`${paintError('dim', 'note:')} ${escapeLine(text)}`),
    warning: (_line, text) => complain(`${paintError('yellow', 'warning:')} ${escapeLine(text)}`),
    failure: ({ message, hint }) => {
      complain(`${paintError('red', 'error:')} ${escapeLine(message)}`);
      complain(`${paintError('cyan', 'hint:')} ${escapeLine(hint)}`);
    },
    paint,
  };
}
