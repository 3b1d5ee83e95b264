import { styleText } from 'node:util';

/** The part of a stream that printing needs; `process.stdout` is one. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The environment variables that the program reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Paints text for one stream, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colours are for terminals, and not for those who said no: `--no-color`, NO_COLOR (no-color.org), TERM=dumb. */
export function wantsColour(output: Output, environment: Environment, refused: boolean): boolean {
  if (refused || environment['TERM'] === 'dumb' || (environment['NO_COLOR'] ?? '') !== '') return false;
  return output.isTTY === true;
}

export const plain: Paint = (_style, text) => text;

export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

export function paintFor(output: Output, environment: Environment, refused: boolean): Paint {
  return wantsColour(output, environment, refused) ? coloured : plain;
}
