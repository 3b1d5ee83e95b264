import { readMessage } from '@0k-sync/core/wire';
import { type FrameName, frames } from '@0k-sync/generated/frames';
import { Frame } from '@0k-sync/generated/wire/frame';
import t from 'tap';
import { caseOf, frameSamples, nameOf, sampleEnvelope } from '../src/samples/index.ts';

const names = Object.keys(frames) as FrameName[];

t.test('there is a sample of every frame', async (t) => {
  for (const sample of Object.values(frameSamples)) {
    t.same(Object.keys(sample).sort(), names.map(caseOf).sort());
    for (const name of names) t.equal(nameOf(sample[caseOf(name)]), name);
  }
});

t.test('WI-13 OV-04 every sample passes the strict walk and is canonical', async (t) => {
  for (const [kind, sample] of Object.entries(frameSamples)) {
    for (const name of names) {
      const frame = { requestId: 1, body: sample[caseOf(name)] };
      const read = readMessage('Frame', Frame.encode(frame).finish(), frames[name].from);
      t.same(read, { ok: true, message: frame, isCanonical: true }, `${name}, ${kind}`);
    }
  }
});

t.test('WI-20 a minimal sample lacks nothing that must be present, a full one has every field', async (t) => {
  for (const name of names) {
    const full: object = frameSamples.full[caseOf(name)].value;
    const minimal: object = frameSamples.minimal[caseOf(name)].value;
    t.same(Object.keys(minimal), Object.keys(full), name);
    for (const [field, value] of Object.entries(full)) {
      const isEmpty = value === undefined || value === 0 || value === 0n || value === '' || value.length === 0;
      t.notOk(isEmpty, `${name}.${field}`);
    }
  }
});

t.test('a sample envelope has a ciphertext of the length that is asked for', async (t) => {
  t.same(sampleEnvelope(), frameSamples.full.push.value.items[0]?.envelope);
  t.equal(sampleEnvelope(1000).ciphertext.length, 1000);
});
