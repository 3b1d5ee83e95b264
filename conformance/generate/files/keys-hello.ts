import { ed25519 } from '@noble/curves/ed25519.js';
import { Draft } from '../draft.ts';
import { deviceOf, helloSignature } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';

export function helloMakeFile(): Draft {
  const draft = new Draft('keys/hello-make', 'hello.make');
  for (const slug of ['first', 'second', 'third']) {
    const { device, groupId, handshakeHash } = sample(draft.id(slug));
    draft.positive(slug, {
      req: ['SE-10', 'OV-26'],
      flags: ['HelloUnbound'],
      comment: 'The signature covers label, handshake hash and group id, in this order.',
      in: { device_seed: hex(device.seed), group_id: hex(groupId), handshake_hash: hex(handshakeHash) },
      ok: { device_key: hex(device.deviceKey), signature: hex(helloSignature(device, handshakeHash, groupId)) },
    });
  }
  return draft;
}

export function helloVerifyFile(): Draft {
  const draft = new Draft('keys/hello-verify', 'hello.verify');
  for (const slug of ['first', 'second']) {
    const { device, groupId, handshakeHash } = sample(draft.id(slug));
    draft.positive(slug, {
      req: ['SE-10', 'OV-26'],
      comment: 'A Hello of this connection, group and device.',
      in: {
        device_key: hex(device.deviceKey),
        group_id: hex(groupId),
        handshake_hash: hex(handshakeHash),
        signature: hex(helloSignature(device, handshakeHash, groupId)),
      },
      ok: {},
    });
  }
  const refuse = draft.refusals({ of: 'first', req: ['SE-10'], reject: 'session.unauthorized' });
  refuse('other-connection', 'HelloUnbound', 'The handshake hash of another connection: a Hello does not travel.', [
    'splice',
    'in.handshake_hash',
    'second',
  ]);
  refuse('handshake-hash-flipped', 'HelloUnbound', 'A bit of the handshake hash.', [
    'flip',
    'in.handshake_hash',
    { at: 31 },
  ]);
  refuse('other-group', 'HelloUnbound', 'Another group.', ['splice', 'in.group_id', 'second']);
  refuse('group-flipped', 'HelloUnbound', 'A bit of the group id.', ['flip', 'in.group_id', { at: 0 }]);
  refuse('other-device', 'HelloUnbound', 'The key of another device.', ['splice', 'in.device_key', 'second']);
  refuse('signature-of-another', 'SignatureUnchecked', 'The signature of another Hello.', [
    'splice',
    'in.signature',
    'second',
  ]);
  refuse('signature-r-flipped', 'SignatureUnchecked', 'A bit of R.', ['flip', 'in.signature', { at: 0 }]);
  refuse('signature-s-flipped', 'SignatureUnchecked', 'A bit of S.', ['flip', 'in.signature', { at: 40 }]);
  refuse('signature-zero', 'SignatureUnchecked', 'A signature of zeros.', ['set', 'in.signature', '00'.repeat(64)]);
  refuse(
    'identity-key',
    'SmallOrderSigner',
    'The identity point as device key verifies anything where small orders are let through.',
    ['set', 'in.device_key', `01${'00'.repeat(31)}`],
  );
  const { device, groupId, handshakeHash } = sample(draft.id('first'));
  const swapped = Buffer.concat([Buffer.from('0k-sync/v1/hello'), groupId, handshakeHash]);
  const unlabelled = Buffer.concat([handshakeHash, groupId]);
  for (const [slug, bytes, comment] of [
    ['order-swapped', swapped, 'Group id and handshake hash are signed the other way round.'],
    ['label-left-out', unlabelled, 'The label is not signed.'],
  ] as const) {
    draft.negative(slug, {
      of: 'first',
      req: ['SE-10', 'OV-26'],
      flags: ['LabelLeftOut'],
      comment,
      reject: 'session.unauthorized',
      change: {
        remade: slug,
        in: { ...draft.case('first').in, signature: hex(ed25519.sign(bytes, device.signingSeed)) },
      },
    });
  }
  return draft;
}

function sample(id: string) {
  const [groupId, handshakeHash] = [labelled(id, 'group_id'), labelled(id, 'handshake_hash')];
  return { groupId, handshakeHash, device: deviceOf(labelled(id, 'device_seed'), groupId) };
}
