/** The least strength of a passphrase that an invite is made with, about 40 bits. PA-23. */
export const PASSPHRASE_STRENGTH_MIN = 400;

const SPACE = 10;
const DIGIT = 33;
const LETTER = 47;
const ASCII = 50;
const OTHER = 60;
const WORD_MAX = 120;
const WORD_LETTERS = 6;
const FURTHER_LETTER = 25;
const ASCII_END = 0x80;

/** Estimates the strength of a passphrase, in tenths of bits; 0 for an empty one. PA-23. */
export function passphraseStrength(passphrase: string): number {
  const characters = [...passphrase.normalize('NFKC')];
  const pairs = new Set<string>();
  let total = 0;
  let word = 0;
  let letters = 0;
  for (const [index, character] of characters.entries()) {
    const counts = isNew(characters[index - 1], character, pairs) ? weightOf(character) : 0;
    if (isLetter(character)) {
      word += counts;
      letters += 1;
      continue;
    }
    total += counts + Math.min(word, wordMax(letters));
    word = 0;
    letters = 0;
  }
  return total + Math.min(word, wordMax(letters));
}

/** False for a character that repeats or continues the one before it, or forms a pair with it that stood earlier. */
function isNew(before: string | undefined, character: string, pairs: Set<string>): boolean {
  if (before === undefined) return true;
  const pair = before + character;
  const isKnown = pairs.has(pair);
  pairs.add(pair);
  return !isKnown && Math.abs(codePointOf(character) - codePointOf(before)) > 1;
}

function weightOf(character: string): number {
  if (isLetter(character)) return LETTER;
  if (character === ' ') return SPACE;
  if (character >= '0' && character <= '9') return DIGIT;
  return codePointOf(character) < ASCII_END ? ASCII : OTHER;
}

function wordMax(letters: number): number {
  return WORD_MAX + FURTHER_LETTER * Math.max(0, letters - WORD_LETTERS);
}

function isLetter(character: string): boolean {
  return /^[a-z]$/i.test(character);
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
