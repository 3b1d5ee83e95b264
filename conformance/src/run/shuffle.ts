import { createHash, randomBytes } from 'node:crypto';

/** A seed as it is printed: 8 hexadecimal digits. Any text is one. */
export function createSeed(): string {
  return randomBytes(4).toString('hex');
}

const DRAW_VALUES = 2 ** 32;

/** Numbers in [0, 1) that follow from a text alone. */
function* numbersOf(seed: string): Generator<number, never> {
  for (let block = 0; ; block += 1) {
    const digest = createHash('sha256').update(`${seed}/${block}`).digest();
    for (let at = 0; at < digest.length; at += 4) yield digest.readUInt32BE(at) / DRAW_VALUES;
  }
}

/** A copy in an order that the seed decides (Fisher and Yates). */
export function shuffle<Item>(items: readonly Item[], seed: string): Item[] {
  const shuffled = [...items];
  const numbers = numbersOf(seed);
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(numbers.next().value * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as Item, shuffled[last] as Item];
  }
  return shuffled;
}
