import { LABEL_HELLO } from '@0k-sync/generated/labels';
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { deviceOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import type { Alter } from '../rows.ts';

export function helloMakeFile(): Draft {
  const draft = new Draft('keys/hello-make', 'hello.make');
  for (const slug of ['first', 'second', 'third']) {
    const { device, device_key, signature, ...input } = sample(draft.id(slug));
    draft.positive(slug, {
      req: ['SE-10', 'OV-26'],
      flags: ['HelloUnbound'],
      comment: 'The signature covers label, handshake hash and group id, in this order.',
      in: { device_seed: hex(device.seed), ...input },
      ok: { device_key, signature },
    });
  }
  return draft;
}

export function helloVerifyFile(): Draft {
  const remake = ({ id }: Case, alter: Alter) => ({ signature: sample(id, alter).signature });
  const draft = new Draft('keys/hello-verify', 'hello.verify', { remake });
  for (const slug of ['first', 'second']) {
    const { device: _, device_key, signature, ...input } = sample(draft.id(slug));
    draft.positive(slug, {
      req: ['SE-10', 'OV-26'],
      comment: 'A Hello of this connection, group and device.',
      in: { device_key, ...input, signature },
      ok: {},
    });
  }
  return draft;
}

/** A Hello, labelled by its id. SE-10. */
function sample(id: string, alter: Alter = (_, honest) => honest) {
  const [groupId, handshakeHash] = [labelled(id, 'group_id'), labelled(id, 'handshake_hash')];
  const device = deviceOf(labelled(id, 'device_seed'), groupId);
  const signed = alter('signed', concatBytes(utf8ToBytes(LABEL_HELLO), handshakeHash, groupId));
  return {
    device,
    device_key: hex(device.deviceKey),
    group_id: hex(groupId),
    handshake_hash: hex(handshakeHash),
    signature: hex(ed25519.sign(signed, device.signingSeed)),
  };
}
