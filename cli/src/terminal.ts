import { styleText } from 'node:util';

/** The part of an output stream that printing needs, such as `process.stdout`. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  /** Calls `done` once the text is written, or with the error. */
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

/** The environment variables that the program reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A style of painted text. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Paints text for one stream, or returns it unchanged. */
export type Paint = (style: Style, text: string) => string;

/**
 * True when the output is a terminal and nobody refused colours by `--no-color`, NO_COLOR (no-color.org) or TERM=dumb.
 */
export function wantsColour(output: Output, environment: Environment, refused: boolean): boolean {
  if (refused || environment['TERM'] === 'dumb' || (environment['NO_COLOR'] ?? '') !== '') return false;
  return output.isTTY === true;
}

/** Returns text unchanged. */
export const plain: Paint = (_style, text) => text;

/** Paints text with escape sequences. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** Chooses the paint of an output; see wantsColour. */
export function paintFor(output: Output, environment: Environment, refused: boolean): Paint {
  return wantsColour(output, environment, refused) ? coloured : plain;
}
