import { editWire } from '../../src/faults/mutate-wire.ts';
import type { Tables } from '../../src/faults/tables.ts';
import { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';
import { frameBytes } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';
import { type Sample, samplesOf } from './frame-samples.ts';

const MAILBOX_PAYLOAD_BYTES_MAX = 128 * 1024;

export function encodeFile(tables: Tables): Draft {
  const draft = new Draft('frames/encode', 'frame.encode');
  for (const { slug, frame } of samplesOf(tables)) {
    draft.positive(slug, {
      req: ['WI-10', 'OV-04'],
      comment: `${slug}: fields ascending, defaults left out, a minimal length in front.`,
      in: { frame },
      ok: { bytes: hex(frameBytes(frame)) },
    });
  }
  return draft;
}

export function decodeFile(tables: Tables): Draft {
  const draft = new Draft('frames/decode', 'frame.decode');
  const samples = samplesOf(tables);
  for (const { slug, from, frame } of samples) {
    draft.positive(slug, {
      req: ['WI-10', 'WI-13'],
      comment: `${slug}, as a ${from} sends it.`,
      ...decoded(from, frame),
    });
  }
  const several = ['hello', 'pull', 'ping'].map((slug) => frameOf(samples, slug));
  draft.positive('three-frames', {
    req: ['WI-10'],
    comment: 'Frames one behind the other, in order.',
    ...decoded('client', ...several),
  });
  draft.positive('nothing', {
    req: ['WI-12'],
    comment: 'A stretch that ends between two frames may be empty.',
    ...decoded('relay'),
  });
  payloads(draft);
  unspecified(draft, samples);
  return draft;
}

function decoded(
  from: Sample['from'],
  ...frames: readonly JsonObject[]
): { readonly in: JsonObject; readonly ok: JsonObject } {
  return { in: { bytes: frames.map((frame) => hex(frameBytes(frame))).join(''), from }, ok: { frames } };
}

/** The longest payloads, each the last field of its frame: one byte and three lengths make them too long. */
function payloads(draft: Draft): void {
  const payload = '00'.repeat(MAILBOX_PAYLOAD_BYTES_MAX);
  for (const [slug, from, frame] of [
    ['mailbox-put', 'client', { request_id: 6, mailbox_put: { mailbox_id: '00'.repeat(16), payload } }],
    ['mailbox-item', 'relay', { request_id: 6, mailbox_item: { state: 2, payload } }],
  ] as const) {
    draft.positive(`${slug}-payload-of-128-kib`, {
      req: ['WI-18', 'LI-19'],
      flags: ['FieldLengthUnchecked'],
      comment: 'The longest payload.',
      ...decoded(from, frame),
    });
  }
}

/** A relay's frame whose enum is UNSPECIFIED, written out, from a client. */
function unspecified(draft: Draft, samples: readonly Sample[]): void {
  for (const [slug, body, number, { [body]: fields, ...frame }] of [
    ['mailbox-state', 'mailbox_item', 23, frameOf(samples, 'mailbox-item')],
    ['error-code', 'error', 7, frameOf(samples, 'error')],
  ] as const) {
    const { state: _, code: __, ...rest } = fields as JsonObject;
    const edit = { in: 'frame', within: [number], edit: { replace: 1, with: '0800' } } as const;
    const bytes = hex(frameBytes({ ...frame, [body]: fields as JsonObject }));
    draft.positive(`${slug}-zero-written-by-a-client`, {
      req: ['WI-19'],
      flags: ['UnknownEnumRefused'],
      comment: 'UNSPECIFIED is a value with a name, also where it is written out.',
      in: { bytes: editWire(bytes, edit), from: 'client' },
      ok: { frames: [{ ...frame, [body]: rest }] },
    });
  }
}

function frameOf(samples: readonly Sample[], slug: string): JsonObject {
  const sample = samples.find((one) => one.slug === slug);
  if (sample === undefined) throw new RangeError(`there is no sample ${slug}`);
  return sample.frame;
}
