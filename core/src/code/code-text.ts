import { CODE_CHARACTERS_MAX, CODE_NUMBER_MAX } from '@0k-sync/generated/limits';
import { utf8 } from '../bytes/index.ts';
import type { RandomSource } from '../crypto/index.ts';
import { ADDED } from '../pairing/index.ts';
import { fail, type Result, succeed } from '../wire/index.ts';
import { WORDS } from './words.ts';

/** A short code as people say it. Its words are a secret until it was used. */
export interface Code {
  /** 1 to CODE_NUMBER_MAX: the place at the relay. */
  readonly number: number;
  /** Two words of the list in lower case, with a hyphen between them: CPace's password. CO-10. */
  readonly words: string;
}

const LETTERS_MIN = 4;
const NUMBER = /^[1-9][0-9]{0,3}$/;
const SEPARATORS = new RegExp(`(?:${ADDED.source}|[-_/+\\u2010-\\u2015])+`, 'gu');

/** Draws two words, 11 bits each. CO-04. */
export function drawWords(random: RandomSource): string {
  return [drawWord(random), drawWord(random)].join('-');
}

/** CPace's password of a code: its words in ASCII. The caller wipes it. CO-10. */
export function passwordOf({ words }: Code): Uint8Array {
  return utf8(words);
}

/** Writes a code: `7-copper-violin`. CO-01. */
export function formatCode({ number, words }: Code): string {
  return `${number}-${words}`;
}

/**
 * Reads a code as somebody typed it: any case, any separators, words from their fourth letter on.
 * Error: INVITE_MALFORMED, which says the part that is wrong. CO-02, CO-03.
 */
export function parseCode(text: string): Result<Code> {
  if (text.length > CODE_CHARACTERS_MAX) return fail('INVITE_MALFORMED', 'The code is too long.');
  const spaced = text.normalize('NFKC').replace(SEPARATORS, ' ');
  const letters = spaced.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).trim();
  const parts = letters.split(' ');
  if (parts.length !== 3) return fail('INVITE_MALFORMED', 'A code is a number and two words, such as 7-copper-violin.');
  const [number = '', ...rest] = parts;
  if (!NUMBER.test(number) || Number(number) > CODE_NUMBER_MAX) {
    return fail('INVITE_MALFORMED', `A code begins with a number from 1 to ${CODE_NUMBER_MAX}.`);
  }
  const words = rest.map(readWord);
  const unknown = words.indexOf(undefined);
  if (unknown >= 0) {
    const which = unknown === 0 ? 'first' : 'second';
    return fail('INVITE_MALFORMED', `The ${which} word of the code is not in the list of words.`);
  }
  return succeed({ number: Number(number), words: words.join('-') });
}

/** The words of the list that begin with some letters, ascending: what a terminal offers to complete. CO-03. */
export function completeWord(letters: string): readonly string[] {
  return WORDS.filter((word) => word.startsWith(letters));
}

/** The word of the list that a text is, or begins with at least four letters; undefined for another. CO-03. */
function readWord(text: string): string | undefined {
  if (WORDS.includes(text)) return text;
  return text.length < LETTERS_MIN ? undefined : completeWord(text)[0];
}

function drawWord(random: RandomSource): string {
  const [high = 0, low = 0] = random(2);
  return WORDS[((high << 8) | low) % WORDS.length] as string;
}
