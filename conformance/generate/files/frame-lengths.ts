import type { Draft } from '../draft.ts';

/** WI-10, WI-12: the length in front of each frame. */
export function lengthFaults(draft: Draft): void {
  const refuse = (
    slug: string,
    of: string,
    req: string,
    flag: string,
    comment: string,
    change: readonly [string, string, (string | number | object)?],
  ) =>
    draft.negative(slug, {
      of,
      req: [req],
      flags: [flag],
      comment,
      reject: 'frame.length',
      change: change as readonly [string, string, string],
    });
  const prefix = (at: string) => ['overwrite', 'in.bytes', { at: 0, with: at }] as const;
  refuse('length-zero', 'ping', 'WI-10', 'FrameLengthUnchecked', 'A frame of no bytes.', ['set', 'in.bytes', '00']);
  refuse(
    'length-zero-before-a-frame',
    'ping',
    'WI-10',
    'FrameLengthUnchecked',
    'A frame of no bytes before a good one.',
    ['prepend', 'in.bytes', '00'],
  );
  refuse('length-not-minimal', 'ping', 'WI-10', 'VarintNotMinimal', 'The length takes two bytes for what fits one.', [
    'set',
    'in.bytes',
    '8400080a6a00',
  ]);
  refuse(
    'length-five-bytes-not-minimal',
    'ping',
    'WI-10',
    'VarintNotMinimal',
    'The length takes five bytes for what fits one.',
    ['set', 'in.bytes', '8480808000080a6a00'],
  );
  refuse('length-six-bytes', 'ping', 'WI-10', 'FrameLengthUnchecked', 'A length of six bytes.', [
    'set',
    'in.bytes',
    '848080808000080a6a00',
  ]);
  refuse(
    'length-above-the-limit',
    'ping',
    'WI-10',
    'AllocatesByDeclaration',
    'FRAME_BYTES_MAX and one: refused before the bytes are there.',
    ['prepend', 'in.bytes', '818040'],
  );
  refuse('length-2-pow-31', 'ping', 'WI-10', 'AllocatesByDeclaration', 'A length of 2^31.', [
    'prepend',
    'in.bytes',
    '8080808008',
  ]);
  refuse(
    'length-2-pow-32',
    'ping',
    'WI-10',
    'AllocatesByDeclaration',
    'A length of 2^32: no 32-bit integer holds it.',
    ['prepend', 'in.bytes', '8080808010'],
  );
  refuse('length-35-bits', 'ping', 'WI-10', 'AllocatesByDeclaration', 'Five bytes, all bits set.', [
    'prepend',
    'in.bytes',
    'ffffffff7f',
  ]);
  refuse(
    'length-at-the-limit-cut-short',
    'ping',
    'WI-12',
    'TruncationUnseen',
    'FRAME_BYTES_MAX is declared, and the stream ends.',
    ['prepend', 'in.bytes', '808040'],
  );
  refuse(
    'length-one-more',
    'ping',
    'WI-12',
    'TruncationUnseen',
    'The declared length is one byte more than there is.',
    prefix('05'),
  );
  refuse('length-without-a-frame', 'ping', 'WI-12', 'TruncationUnseen', 'A length, and the stream ends.', [
    'truncate',
    'in.bytes',
    1,
  ]);
  refuse('ends-inside-the-length', 'hello', 'WI-12', 'TruncationUnseen', 'The stream ends inside the length.', [
    'truncate',
    'in.bytes',
    1,
  ]);
  refuse('ends-inside-the-frame', 'hello', 'WI-12', 'TruncationUnseen', 'The stream ends inside the frame.', [
    'truncate',
    'in.bytes',
    50,
  ]);
  refuse('last-byte-missing', 'hello', 'WI-12', 'TruncationUnseen', 'The last byte is missing.', [
    'truncate',
    'in.bytes',
    -1,
  ]);
  refuse(
    'ends-inside-the-second-frame',
    'three-frames',
    'WI-12',
    'TruncationUnseen',
    'The first frames are whole, the last is not.',
    ['truncate', 'in.bytes', -1],
  );
  refuse(
    'half-a-length-behind',
    'ping',
    'WI-12',
    'TruncationUnseen',
    'Behind a frame the stream ends inside a length.',
    ['extend', 'in.bytes', '80'],
  );
}
