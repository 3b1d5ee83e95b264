/** Longer texts are cut, or shown around what matters. */
const LENGTH_MAX = 200;
/** Characters or bytes shown before the first difference. */
const BEFORE = 16;
const AFTER = 32;

/** A text of at most `lengthMax` characters, or its beginning and its length. */
export function cut(text: string, lengthMax = LENGTH_MAX): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}… (${text.length} characters)` : text;
}

/** Two texts that differ, each short enough to be read beside the other. */
export interface Contrast {
  readonly expected: string;
  readonly actual: string;
  /** The place of the first difference; undefined for short texts. */
  readonly where: string | undefined;
}

function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-f]*$/.test(text);
}

/** Returns both texts, or a window around their first difference if they are long and begin alike. */
export function contrast(expected: string, actual: string): Contrast {
  if (expected.length <= LENGTH_MAX && actual.length <= LENGTH_MAX) return { expected, actual, where: undefined };
  const isBytes = isHex(expected) && isHex(actual);
  const width = isBytes ? 2 : 1;
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same += 1;
  const at = Math.floor(same / width);
  const window = (text: string) => {
    const [from, to] = [Math.max(0, at - BEFORE) * width, (at + AFTER) * width];
    return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  };
  const lengths = [expected, actual].map((text) => text.length / width);
  const where = `first difference at ${isBytes ? 'byte' : 'character'} ${at} of ${lengths[0]}, counted from 0`;
  return {
    expected: window(expected),
    actual: window(actual),
    where: lengths[0] === lengths[1] ? where : `${where}; the actual one has ${lengths[1]}`,
  };
}
