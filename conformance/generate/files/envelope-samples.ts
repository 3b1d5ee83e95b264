import { NO_HASH, type Parts, plaintextOf, type Sealed, seal } from '../kit/envelope.ts';
import { type Device, type Epoch, epochOf, groupOf, memberRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';

/** A group with a sender, and what the sender seals. */
export interface Scene {
  readonly content: JsonObject;
  readonly parts: Parts;
  readonly sealed: Sealed;
}

export function messageOf(id: string, more: JsonObject = { text: 'Hello, other device.' }): JsonObject {
  return { message: { id: hex(labelled(id, 'message_id', 16)), sent_at_ms: '1770000000000', ...more } };
}

type Content = (id: string, epoch: Epoch, device: Device) => JsonObject;

/** A message with these members besides id and time. */
export function message(more?: JsonObject): Content {
  return (id) => messageOf(id, more);
}

export function announcement(name: string): Content {
  return (_, epoch, device) => ({ announcement: { name, record: hex(memberRecord(device, epoch)) } });
}

/** The scene of one case: everything is labelled by its id. A sequence above 1 names an envelope before it. */
export function sceneOf(id: string, make: Content, sequence: number | bigint = 1, epochNumber = 0): Scene {
  const group = groupOf(id);
  const device = group.device('sender');
  const isLater = epochNumber > 0;
  const epoch = isLater ? epochOf(labelled(id, 'later_secret'), epochNumber, group.epoch.groupId) : group.epoch;
  const content = make(id, epoch, device);
  const previous = sequence === 1 ? NO_HASH : labelled(id, 'previous');
  const parts = { epoch, device, sequence, previous, nonce: labelled(id, 'nonce', 24), ...plaintextOf(content) };
  return { content, parts, sealed: seal(parts) };
}

/** Members of `in` and `ok` of envelope.open. */
export function openJson({ content, parts: { epoch, device, sequence, previous }, sealed }: Scene): {
  readonly in: JsonObject;
  readonly ok: JsonObject;
} {
  return {
    in: {
      envelope: hex(sealed.envelope),
      group_id: hex(epoch.groupId),
      epochs: [{ epoch: epoch.epoch, secret: hex(epoch.secret) }],
      members: [hex(device.deviceKey)],
      ...(sequence !== 1 && { head: { sequence: String(BigInt(sequence) - 1n), hash: hex(previous) } }),
    },
    ok: {
      sender_key: hex(device.deviceKey),
      sequence: String(sequence),
      epoch: epoch.epoch,
      hash: hex(sealed.hash),
      content,
    },
  };
}

/** Members of `in` and draws of envelope.seal. */
export function sealJson({ content, parts: { epoch, device, sequence, previous, nonce } }: Scene): {
  readonly in: JsonObject;
  readonly draws: JsonObject;
} {
  return {
    in: {
      device_seed: hex(device.seed),
      group_id: hex(epoch.groupId),
      epoch: epoch.epoch,
      epoch_secret: hex(epoch.secret),
      sequence: String(sequence),
      previous: hex(previous),
      content,
    },
    draws: { nonce: hex(nonce) },
  };
}

type Topic = readonly [
  slug: string,
  req: readonly string[],
  comment: string,
  make: Content,
  sequence?: number | bigint,
  epoch?: number,
];

/** The topics of envelopes that seal and open share. */
export const topics: readonly Topic[] = [
  ['text', ['EN-08', 'EN-11', 'EN-12', 'OV-27'], 'The first envelope of a sender: a text.', message()],
  ['data', ['EN-15'], 'Bytes instead of a text.', (id) => messageOf(id, { data: hex(labelled(id, 'data', 40)) })],
  ['empty-text', ['EN-15', 'EN-14'], 'A text of no characters is a content.', message({ text: '' })],
  ['empty-data', ['EN-15', 'EN-14'], 'No bytes are a content.', message({ data: '' })],
  ['metadata', ['EN-15'], 'With metadata.', message({ text: 'größer 🜁', metadata: '{"kind":"note"}' })],
  ['empty-metadata', ['EN-15'], 'Metadata that is there and empty.', message({ text: 'a', metadata: '' })],
  ['topic', ['EN-36'], 'With a topic.', message({ text: 'a', topic: 'todos' })],
  ['sent-at-zero', ['EN-15'], 'A sender without a clock.', message({ text: 'a', sent_at_ms: '0' })],
  [
    'padding-223',
    ['EN-14'],
    'A text of one character less than fits 256 padded bytes.',
    message({ text: 'a'.repeat(223) }),
  ],
  ['padding-224', ['EN-14'], 'The longest text that fits 256 padded bytes.', message({ text: 'a'.repeat(224) })],
  [
    'padding-225',
    ['EN-14'],
    'One character more takes the next size: the four bytes of the length count.',
    message({ text: 'a'.repeat(225) }),
  ],
  ['padding-2000', ['EN-14'], 'A longer text.', message({ text: 'b'.repeat(2000) })],
  ['second', ['EN-08'], 'The second envelope of a sender names the first.', message(), 2],
  ['sequence-largest', ['EN-08', 'OV-02'], 'The sequence 2^53−1.', message(), 2n ** 53n - 1n],
  ['epoch-5', ['GR-06', 'EN-09'], 'A later epoch selects the key.', message(), 1, 5],
  ['announcement', ['EN-06', 'EN-15'], 'A member introduces itself.', announcement('laptop')],
  ['announcement-without-a-name', ['EN-15'], 'A name may be empty.', announcement('')],
];

/** Scenes that were made: many negatives share one. */
const made = new Map<string, Scene>();

/** The scene of a topic, by the id of its case. Throws RangeError where there is no such topic. */
export function sceneFor(id: string): Scene {
  const topic = topics.find(([slug]) => id.endsWith(`/${slug}`));
  if (topic === undefined) throw new RangeError(`there is no topic for ${id}`);
  const [, , , make, sequence, epoch] = topic;
  const scene = made.get(id) ?? sceneOf(id, make, sequence, epoch);
  made.set(id, scene);
  return scene;
}
