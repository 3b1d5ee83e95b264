import { toHex } from '@0k-sync/core/bytes';
import { FrameReader, FrameWriter } from '@0k-sync/core/wire';
import { frameFromJson, frameToJson } from './frame-json.ts';
import { type Ops, rejection } from './op.ts';

/** The frame stream. WI-10 to WI-20. */
export const frameOps = {
  'frame.encode': (input) => {
    const writer = new FrameWriter();
    writer.write(frameFromJson(input.object('frame').members));
    return { bytes: toHex(writer.take() ?? new Uint8Array()) };
  },

  'frame.decode': (input) => {
    const from = input.text('from');
    if (from !== 'client' && from !== 'relay') throw new TypeError('from is neither client nor relay');
    const reader = new FrameReader(from);
    reader.push(input.bytes('bytes'));
    const frames = [];
    for (let read = reader.next(); read !== undefined; read = reader.next()) {
      if (!read.ok) throw rejection(read.error, read.detail);
      frames.push(frameToJson(read.frame));
    }
    if (!reader.isEmpty) throw rejection('STREAM_TRUNCATED');
    return { frames };
  },
} satisfies Ops;
