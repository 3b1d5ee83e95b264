import { field, stubFields } from '../kit/envelope.ts';
import { type Device, type Epoch, epochOf, groupOf, memberRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import { type Passphrase, sealWelcome, welcomeKey } from '../kit/pairing.ts';
import { encode } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';
import type { Alter } from '../rows.ts';

const MIB = 1024;
const TEXT = 'zwölf Äpfel';

/** The content of a Welcome, and the parts of its sealing. */
export interface Scene {
  readonly id: string;
  readonly epoch: Epoch;
  readonly members: readonly [Device, ...Device[]];
  readonly welcome: Uint8Array;
  readonly mailboxId: Uint8Array;
  readonly inviteKey: Uint8Array;
  readonly nonce: Uint8Array;
  readonly passphrase?: Passphrase;
}

interface Shape {
  readonly members?: number;
  readonly relays?: number;
  readonly later?: boolean;
  readonly passphrase?: boolean;
}

function sceneOf(id: string, { members = 1, relays = 1, later = false, passphrase = false }: Shape): Scene {
  const { epoch, device } = groupOf(id);
  const devices = Array.from({ length: members }, (_, index) => device(`member-${index}`));
  const epochs = [epoch, ...(later ? [epochOf(labelled(id, 'later_secret'), 2, epoch.groupId)] : [])];
  const records = devices.map((one, index) => memberRecord(one, epochs[index % epochs.length] as Epoch));
  const pins = Array.from({ length: relays }, (_, index) => ({
    address: `relay-${index}.example:4433`,
    node_id: labelled(id, `relay-${index}/node_id`),
    ...(index === 0 && { kem_hash: labelled(id, 'kem_hash'), signing_key: labelled(id, 'signing_key') }),
  }));
  const welcome = Buffer.concat([
    encode('Welcome', { version: 1, group_id: epoch.groupId, relays: pins }),
    ...records.map((record) => field(4, record)),
    encode('Welcome', {
      epoch_secrets: epochs.map(({ epoch: number, secret }) => ({ ...(number > 0 && { epoch: number }), secret })),
      heads: devices.map((device, index) => stubFields(id, epoch, device, index + 1)),
    }),
  ]);
  return {
    id,
    epoch,
    members: devices as [Device, ...Device[]],
    welcome: Uint8Array.from(welcome),
    mailboxId: labelled(id, 'mailbox_id', 16),
    inviteKey: labelled(id, 'invite_key'),
    nonce: labelled(id, 'nonce', 24),
    ...(passphrase && {
      passphrase: {
        text: TEXT,
        salt: labelled('pairing/welcome', 'salt', 16),
        memory_kib: 19 * MIB,
        iterations: 2,
        parallelism: 1,
      },
    }),
  };
}

export const shapes: readonly (readonly [string, string, Shape])[] = [
  ['one-member', 'A group of one device and one relay.', {}],
  ['three-members', 'Three devices, two relays.', { members: 3, relays: 2 }],
  ['later-epoch', 'Two epochs; one record is countersigned in the later one.', { members: 2, later: true }],
  ['passphrase', 'A passphrase is needed too.', { passphrase: true }],
];

export function lockJson({ mailboxId, inviteKey, passphrase }: Scene): JsonObject {
  return {
    mailbox_id: hex(mailboxId),
    invite_key: hex(inviteKey),
    ...(passphrase && { passphrase: { ...passphrase, salt: hex(passphrase.salt) } }),
  };
}

/** The sealed Welcome; `alter` passes its message and its padded bytes through. PA-10. */
export function payloadOf(scene: Scene, alter: Alter = (_, honest) => honest): Uint8Array {
  const key = welcomeKey(scene.inviteKey, scene.mailboxId, scene.passphrase);
  const padded = alter('padded', pad(alter('welcome', scene.welcome)));
  return sealWelcome(key, scene.nonce, scene.mailboxId, padded);
}

const made = new Map<string, Scene>();

/** The scene of a shape, by the id of its case. Throws RangeError where there is no such shape. */
export function sceneFor(id: string): Scene {
  const found = shapes.find(([slug]) => id.endsWith(`/${slug}`));
  if (found === undefined) throw new RangeError(`there is no shape for ${id}`);
  const scene = made.get(id) ?? sceneOf(id, found[2]);
  made.set(id, scene);
  return scene;
}
