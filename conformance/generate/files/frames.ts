import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';
import { frameBytes } from '../kit/wire.ts';
import { boundFaults } from './frame-bounds.ts';
import { fieldFaults, limitFaults, typeFaults, valueFaults } from './frame-fields.ts';
import { lengthFaults } from './frame-lengths.ts';
import { samples } from './frame-samples.ts';
import { walkFaults } from './frame-walk.ts';

export function encodeFile(): Draft {
  const draft = new Draft('frames/encode', 'frame.encode');
  for (const { slug, frame } of samples) {
    draft.positive(slug, {
      req: ['WI-10', 'OV-04'],
      comment: `${slug}: fields ascending, defaults left out, a minimal length in front.`,
      in: { frame },
      ok: { bytes: hex(frameBytes(frame)) },
    });
  }
  return draft;
}

export function decodeFile(): Draft {
  const draft = new Draft('frames/decode', 'frame.decode');
  for (const { slug, from, frame } of samples) {
    draft.positive(slug, {
      req: ['WI-10', 'WI-13'],
      comment: `${slug}, as a ${from} sends it.`,
      in: { bytes: hex(frameBytes(frame)), from },
      ok: { frames: [frame] },
    });
  }
  const [hello, pull, ping] = ['hello', 'pull', 'ping'].map((slug) => draft.case(slug));
  const several = [hello, pull, ping].flatMap((one) => (one === undefined ? [] : [one]));
  draft.positive('three-frames', {
    req: ['WI-10'],
    comment: 'Frames one behind the other, in order.',
    in: { bytes: hex(concatBytes(...several.map((one) => hexToBytes(String(one.in['bytes']))))), from: 'client' },
    ok: { frames: several.flatMap((one) => (one.expect as unknown as { ok: { frames: [] } }).ok.frames) },
  });
  draft.positive('nothing', {
    req: ['WI-12'],
    comment: 'A stretch that ends between two frames may be empty.',
    in: { bytes: '', from: 'relay' },
    ok: { frames: [] },
  });
  lengthFaults(draft);
  walkFaults(draft);
  typeFaults(draft);
  valueFaults(draft);
  fieldFaults(draft);
  limitFaults(draft);
  boundFaults(draft);
  return draft;
}
