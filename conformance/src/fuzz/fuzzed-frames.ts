import type { RandomSource } from '@0k-sync/core/crypto';
import { type FrameBody, FrameWriter } from '@0k-sync/core/wire';
import { frameSamples } from '@0k-sync/testkit/samples';

/** Of so many values about one is changed in a frame that is changed by its fields. */
const VALUES_PER_CHANGE = 12;

const BODIES: readonly FrameBody[] = Object.values(frameSamples.full);

/** Draws from a seed: what a fuzzer does is the same in every run of one seed. */
export class Draws {
  readonly #random: RandomSource;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** A number from 0 to `below` − 1. */
  below(below: number): number {
    const [a = 0, b = 0, c = 0] = this.#random(3);
    return ((a << 16) | (b << 8) | c) % below;
  }

  one<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new TypeError('nothing to draw from');
    return value;
  }

  bytes(length: number): Uint8Array {
    return this.#random(length);
  }
}

/** The next piece of a frame stream: a frame as it should be, one with other fields, or one with other bytes. */
export function fuzzedFrame(draws: Draws, honest: readonly FrameBody[], requestIds: readonly number[]): Uint8Array {
  const body = draws.one(draws.below(2) === 0 ? BODIES : [...honest, ...BODIES]);
  const requestId = draws.one([0, draws.below(300), ...requestIds, ...requestIds]);
  const writer = new FrameWriter();
  try {
    writer.write({ requestId, body: draws.below(3) === 0 ? body : (changed(draws, body) as FrameBody) });
  } catch {
    return draws.bytes(1 + draws.below(40)); // no frame can have these fields
  }
  const bytes = writer.take() ?? new Uint8Array();
  return draws.below(8) === 0 ? withOtherBytes(draws, bytes) : bytes;
}

/** A copy in which some numbers, texts, bytes, lists and members are others. */
function changed(draws: Draws, value: unknown): unknown {
  const isHit = draws.below(VALUES_PER_CHANGE) === 0;
  if (value instanceof Uint8Array) return isHit ? otherBytes(draws, value) : value;
  if (Array.isArray(value)) {
    const list = value.map((item) => changed(draws, item));
    return isHit ? [...list, ...list].slice(draws.below(list.length + 1)) : list;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, name === '$case' ? member : changed(draws, member)]),
    );
  }
  if (!isHit) return value;
  if (typeof value === 'bigint')
    return draws.one([0n, 1n, value + 1n, value - 1n, 2n ** 53n - 1n].filter((n) => n >= 0n));
  if (typeof value === 'number') return draws.one([0, 1, value + 1, 1003, 1040, 1041, 2000, 3000, 2 ** 32 - 1]);
  if (typeof value === 'string') return 'x'.repeat(draws.below(400));
  return typeof value === 'boolean' ? !value : value;
}

function otherBytes(draws: Draws, bytes: Uint8Array): Uint8Array {
  return draws.one([new Uint8Array(), bytes.subarray(1), withOtherBytes(draws, bytes), draws.bytes(bytes.length)]);
}

function withOtherBytes(draws: Draws, bytes: Uint8Array): Uint8Array {
  const other = bytes.slice();
  for (let count = draws.below(4); count >= 0; count -= 1) other[draws.below(other.length || 1)] = draws.below(256);
  return draws.below(4) === 0 ? other.subarray(0, draws.below(other.length + 1)) : other;
}
