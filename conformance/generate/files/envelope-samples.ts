import type { Draft } from '../draft.ts';
import { NO_HASH, type Parts, plaintextOf, type Sealed, seal } from '../kit/envelope.ts';
import { type Device, type Epoch, epochOf, groupOf, memberRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';

/** A group with a sender, and what the sender seals. */
export interface Scene {
  readonly epoch: Epoch;
  readonly device: Device;
  readonly content: JsonObject;
  readonly parts: Parts;
  readonly sealed: Sealed;
}

export function messageOf(id: string, more: JsonObject = { text: 'Hello, other device.' }): JsonObject {
  return { message: { id: hex(labelled(id, 'message_id', 16)), sent_at_ms: '1770000000000', ...more } };
}

export function announcementOf(epoch: Epoch, device: Device, name: string): JsonObject {
  return { announcement: { name, record: hex(memberRecord(device, epoch)) } };
}

/** The scene of one case: everything is labelled by its id. */
export function sceneOf(
  id: string,
  make: (epoch: Epoch, device: Device) => JsonObject,
  more: Partial<Parts> = {},
): Scene {
  const group = groupOf(id);
  const [epoch, device] = [more.epoch ?? group.epoch, more.device ?? group.device('sender')];
  const content = make(epoch, device);
  const parts: Parts = {
    epoch,
    device,
    sequence: 1,
    previous: NO_HASH,
    nonce: labelled(id, 'nonce', 24),
    ...plaintextOf(content),
    ...more,
  };
  return { epoch, device, content, parts, sealed: seal(parts) };
}

/** Members of `in` and `ok` of envelope.open. */
export function openJson({ epoch, device, content, parts, sealed }: Scene): {
  readonly in: JsonObject;
  readonly ok: JsonObject;
} {
  const sequence = String(parts.sequence);
  return {
    in: {
      envelope: hex(sealed.envelope),
      group_id: hex(epoch.groupId),
      epochs: [{ epoch: epoch.epoch, secret: hex(epoch.secret) }],
      members: [hex(device.deviceKey)],
      ...(sequence !== '1' && { head: { sequence: String(BigInt(sequence) - 1n), hash: hex(parts.previous) } }),
    },
    ok: {
      sender_key: hex(device.deviceKey),
      sequence,
      epoch: epoch.epoch,
      hash: hex(sealed.hash),
      content,
    },
  };
}

/** Members of `in` and draws of envelope.seal. */
export function sealJson({ epoch, device, content, parts }: Scene): {
  readonly in: JsonObject;
  readonly draws: JsonObject;
} {
  return {
    in: {
      device_seed: hex(device.seed),
      group_id: hex(epoch.groupId),
      epoch: epoch.epoch,
      epoch_secret: hex(epoch.secret),
      sequence: String(parts.sequence),
      previous: hex(parts.previous),
      content,
    },
    draws: { nonce: hex(parts.nonce) },
  };
}

/** The same scene with one fault, everything around it honest. */
export function faulty(scene: Scene, fault: Partial<Parts>): Sealed {
  return seal({ ...scene.parts, ...fault });
}

/** The topics of envelopes that seal and open share. */
export const topics: readonly {
  readonly slug: string;
  readonly comment: string;
  readonly req: readonly string[];
  readonly make: (id: string) => Scene;
}[] = [
  {
    slug: 'text',
    comment: 'The first envelope of a sender: a text.',
    req: ['EN-08', 'EN-11', 'EN-12', 'OV-27'],
    make: (id) => sceneOf(id, () => messageOf(id)),
  },
  {
    slug: 'data',
    comment: 'Bytes instead of a text.',
    req: ['EN-15'],
    make: (id) => sceneOf(id, () => messageOf(id, { data: hex(labelled(id, 'data', 40)) })),
  },
  {
    slug: 'empty-text',
    comment: 'A text of no characters is a content.',
    req: ['EN-15', 'EN-14'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: '' })),
  },
  {
    slug: 'empty-data',
    comment: 'No bytes are a content.',
    req: ['EN-15', 'EN-14'],
    make: (id) => sceneOf(id, () => messageOf(id, { data: '' })),
  },
  {
    slug: 'metadata',
    comment: 'With metadata.',
    req: ['EN-15'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'größer 🜁', metadata: '{"kind":"note"}' })),
  },
  {
    slug: 'empty-metadata',
    comment: 'Metadata that is there and empty.',
    req: ['EN-15'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'a', metadata: '' })),
  },
  {
    slug: 'sent-at-zero',
    comment: 'A sender without a clock.',
    req: ['EN-15'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'a', sent_at_ms: '0' })),
  },
  {
    slug: 'padding-223',
    comment: 'A text of one character less than fits 256 padded bytes.',
    req: ['EN-14'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'a'.repeat(223) })),
  },
  {
    slug: 'padding-224',
    comment: 'The longest text that fits 256 padded bytes.',
    req: ['EN-14'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'a'.repeat(224) })),
  },
  {
    slug: 'padding-225',
    comment: 'One character more takes the next size: the four bytes of the length count.',
    req: ['EN-14'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'a'.repeat(225) })),
  },
  {
    slug: 'padding-2000',
    comment: 'A longer text.',
    req: ['EN-14'],
    make: (id) => sceneOf(id, () => messageOf(id, { text: 'b'.repeat(2000) })),
  },
  {
    slug: 'second',
    comment: 'The second envelope of a sender names the first.',
    req: ['EN-08'],
    make: (id) => sceneOf(id, () => messageOf(id), { sequence: 2, previous: labelled(id, 'previous') }),
  },
  {
    slug: 'sequence-largest',
    comment: 'The sequence 2^53−1.',
    req: ['EN-08', 'OV-02'],
    make: (id) => sceneOf(id, () => messageOf(id), { sequence: 2n ** 53n - 1n, previous: labelled(id, 'previous') }),
  },
  { slug: 'epoch-5', comment: 'A later epoch selects the key.', req: ['GR-06', 'EN-09'], make: later },
  {
    slug: 'announcement',
    comment: 'A member introduces itself.',
    req: ['EN-06', 'EN-15'],
    make: (id) => sceneOf(id, (epoch, device) => announcementOf(epoch, device, 'laptop')),
  },
  {
    slug: 'announcement-without-a-name',
    comment: 'A name may be empty.',
    req: ['EN-15'],
    make: (id) => sceneOf(id, (epoch, device) => announcementOf(epoch, device, '')),
  },
];

function later(id: string): Scene {
  const group = groupOf(id);
  const epoch = epochOf(labelled(id, 'later_secret'), 5, group.epoch.groupId);
  return sceneOf(id, () => messageOf(id), { epoch, device: group.device('sender') });
}

/** Scenes that were made: many negatives share one. */
const made = new Map<string, Scene>();

export function sceneFor(draft: Draft, slug: string): Scene {
  const id = draft.id(slug);
  const topic = topics.find((one) => one.slug === slug);
  if (topic === undefined) throw new RangeError(`there is no topic ${slug}`);
  const scene = made.get(id) ?? topic.make(id);
  made.set(id, scene);
  return scene;
}
