import type { CommandErrorDetails } from './command-error.ts';
import { escapeLine } from './escape.ts';
import { writeOutput } from './output.ts';
import { type Environment, type Output, type Paint, paintFor } from './terminal.ts';

/** One line of `--json`. The `type` tells which; docs/cli.md lists types and fields, which are stable. */
export type JsonLine = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Prints results on stdout, and notes, warnings and errors on stderr, as text or as JSON lines. */
export interface Reporter {
  /** Prints a result: the JSON line, or the lines of text. Rejects with CommandError `output` if it cannot be written. */
  result(line: JsonLine, text: () => readonly string[]): Promise<void>;
  /** Tells the progress of a command: a JSON line on stdout, for which scripts can wait; text on stderr. */
  progress(line: JsonLine, text: string): Promise<void>;
  /** Tells something worth knowing that is no result. */
  note(line: JsonLine, text: string): void;
  /** Tells something that a person should look at. */
  warning(line: JsonLine, text: string): void;
  /** Prints the error that ends a command. */
  error(details: CommandErrorDetails): void;
  /** Paints text for stdout. */
  readonly paint: Paint;
}

/** The outputs of a reporter; `colour` is false when the user refuses colours. */
export interface ReporterDeps {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  readonly colour: boolean;
}

function lineOf(line: unknown): string {
  return `${JSON.stringify(line)}\n`;
}

/** Creates the reporter of `--json`. */
export function jsonReporter(deps: ReporterDeps): Reporter {
  return {
    result: (line) => writeOutput(deps.stdout, lineOf(line)),
    progress: (line) => writeOutput(deps.stdout, lineOf(line)),
    note: (line) => deps.stderr.write(lineOf(line)),
    warning: (line) => deps.stderr.write(lineOf(line)),
    error: ({ errorName, ...rest }) => deps.stderr.write(lineOf({ type: 'error', ...rest, error_name: errorName })),
    paint: (_style, text) => text,
  };
}

/** Creates the reporter for people. */
export function textReporter(deps: ReporterDeps): Reporter {
  const paint = paintFor(deps.stdout, deps.environment, !deps.colour);
  const paintError = paintFor(deps.stderr, deps.environment, !deps.colour);
  const complain = (text: string): void => void deps.stderr.write(`${text}\n`);
  return {
    result: (_line, text) =>
      writeOutput(
        deps.stdout,
        text()
          .map((each) => `${each}\n`)
          .join(''),
      ),
    progress: async (_line, text) => complain(paintError('dim', escapeLine(text))),
    note: (_line, text) => complain(`${paintError('dim', 'note:')} ${escapeLine(text)}`),
    warning: (_line, text) => complain(`${paintError('yellow', 'warning:')} ${escapeLine(text)}`),
    error: ({ message, hint }) => {
      complain(`${paintError('red', 'error:')} ${escapeLine(message)}`);
      complain(`${paintError('cyan', 'hint:')} ${escapeLine(hint)}`);
    },
    paint,
  };
}
