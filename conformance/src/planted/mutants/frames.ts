import type { Mutant } from './mutant.ts';

const VARINT = 'core/src/wire/varint.ts';
const FRAMES = 'core/src/wire/frame-reader.ts';

/** Mistakes in how frames are cut out of their stream. */
export const frameMutants: readonly Mutant[] = [
  {
    name: 'varints-of-any-form',
    what: 'takes varints that are longer than they need to be',
    file: VARINT,
    from: 'byte !== 0 || index === 0',
    to: 'true',
    killedBy: [
      'relay/decode/unknown-varint-two-bytes-too-long',
      'relay/frame/varint-not-minimal',
      'relay/frame/length-not-minimal',
      'relay/decode/*-not-minimal*',
      'client/frames/length-not-minimal',
    ],
  },
  {
    name: 'varints-of-any-size',
    what: 'drops the bits of a varint above 64',
    file: VARINT,
    from: 'const fits = index < BYTES_MAX - 1 || byte === 1;',
    to: 'const fits = true; value %= 2 ** 64;',
    also: { file: VARINT, from: 'const BYTES_MAX = 10;', to: 'const BYTES_MAX = 12;' },
    killedBy: [
      'relay/frame/varint-above-64-bits',
      'relay/decode/unknown-varint-65-bits',
      'relay/decode/{varint-65-bits,varint-11-bytes,cursor-2-pow-64-minus-1}',
    ],
  },
  {
    name: 'varints-cut-short',
    what: 'takes a varint that ends with its message',
    file: VARINT,
    from: "finish(out, 'incomplete', value, position)",
    to: "finish(out, 'ok', value, position)",
    killedBy: ['relay/decode/key-without-value', 'relay/frame/cut-varint', 'relay/decode/unknown-varint-cut-short'],
  },
  {
    name: 'empty-frames',
    what: 'takes a frame of no bytes',
    file: FRAMES,
    from: 'value === 0 || ',
    to: '',
    killedBy: ['relay/decode/length-zero*', 'client/frames/length-zero'],
  },
  {
    name: 'frames-of-any-length',
    what: 'waits for a frame of any declared length',
    file: FRAMES,
    from: ' || value > FRAME_BYTES_MAX',
    to: '',
    killedBy: ['relay/decode/length-{2-pow-31,2-pow-32,35-bits,2-pow-32-plus-4}'],
  },
  {
    name: 'largest-frame-refused',
    what: 'refuses a frame of exactly the largest length',
    file: FRAMES,
    from: 'value > FRAME_BYTES_MAX',
    to: 'value >= FRAME_BYTES_MAX',
    killedBy: ['relay/record/largest-frame'],
  },
  {
    name: 'frames-of-one-record',
    what: 'forgets the beginning of a frame that goes on in the next record',
    file: FRAMES,
    from: 'const part = this.#parts.next();\n    if (part === undefined) return undefined;',
    to: 'const part = this.#parts.next();\n    if (part === undefined) { this.#parts = new PartReader(measureFrame); return undefined; }',
    killedBy: ['relay/record/pieces', 'relay/push/largest', 'client/frames/byte-by-byte'],
  },
  {
    name: 'frames-without-body',
    what: 'ignores a frame without a known body',
    file: FRAMES,
    from: "if (frame.body === undefined) return fail('UNKNOWN_FRAME', 'A frame has no body that is known here.');",
    to: '',
    killedBy: [
      'relay/frame/no-body',
      'relay/frame/unknown-body',
      'relay/decode/{only-an-unknown-field,request-id-zero-alone}',
      'relay/flood/violations',
    ],
  },
  {
    name: 'lengths-as-ill-formed',
    what: 'refuses a frame length that is none as if the frame were ill-formed',
    file: FRAMES,
    from: "return fail('FRAME_TOO_LARGE', `A frame length is",
    to: "return fail('INVALID_MESSAGE', `A frame length is",
    also: {
      file: FRAMES,
      from: "fail('FRAME_TOO_LARGE', 'A frame length is no",
      to: "fail('INVALID_MESSAGE', 'A frame length is no",
    },
    killedBy: ['client/decode/length-*', 'client/frames/length-too-large'],
  },
  {
    name: 'unknown-frames-out-of-turn',
    what: 'refuses a frame without a known body as one that comes out of turn',
    file: FRAMES,
    from: "fail('UNKNOWN_FRAME',",
    to: "fail('UNEXPECTED_FRAME',",
    killedBy: ['client/decode/{no-body,only-an-unknown-field,request-id-zero-alone}', 'client/frames/unknown-body'],
  },
];
