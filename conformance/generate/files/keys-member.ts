import { ed25519 } from '@noble/curves/ed25519.js';
import { Draft } from '../draft.ts';
import { deviceOf, type Epoch, epochOf, groupOf, memberRecord, recordBody, signRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { encode } from '../kit/wire.ts';
import { type Edit, editWire } from '../mutate-wire.ts';

const REQ = ['GR-08', 'GR-09', 'OV-25'];

export function memberMakeFile(): Draft {
  const draft = new Draft('keys/member-make', 'member.make');
  for (const [slug, number] of [
    ['epoch-0', 0],
    ['epoch-3', 3],
    ['epoch-max', 2 ** 32 - 1],
  ] as const) {
    const { epoch, device } = sample(draft.id(slug), number);
    draft.positive(slug, {
      req: REQ,
      comment: `A record that the auth key of epoch ${number} countersigns; epoch 0 is a default and left out.`,
      in: {
        device_seed: hex(device.seed),
        epoch_secret: hex(epoch.secret),
        epoch: number,
        group_id: hex(epoch.groupId),
      },
      ok: { record: hex(memberRecord(device, epoch)) },
    });
  }
  return draft;
}

export function memberVerifyFile(): Draft {
  const draft = new Draft('keys/member-verify', 'member.verify');
  for (const [slug, number] of [
    ['epoch-0', 0],
    ['epoch-7', 7],
    ['other', 0],
  ] as const) {
    const { epoch, device } = sample(draft.id(slug), number);
    draft.positive(slug, {
      req: [...REQ, 'GR-14'],
      comment: `A record of epoch ${number} verifies under that epoch's auth key.`,
      in: {
        record: hex(memberRecord(device, epoch)),
        group_id: hex(epoch.groupId),
        auth_key: hex(epoch.authKey),
      },
      ok: { device_key: hex(device.deviceKey), xwing_key: hex(device.xwingKey), epoch: number },
    });
  }
  draft.variant('unknown-field-outside', 'epoch-0', ['wire', 'in.record', inRecord({ add: '4800' })], {
    req: ['GR-08', 'WI-15'],
    comment: 'The outer message is walked, and an unknown field of it is ignored; only the body is canonical.',
  });
  unauthorized(draft);
  malformed(draft);
  return draft;
}

function unauthorized(draft: Draft): void {
  const refuse = draft.refusals({ of: 'epoch-0', req: ['GR-09', 'GR-14'], reject: 'session.unauthorized' });
  refuse('other-group', 'RecordGroupUnchecked', 'The record names another group than the one asked about.', [
    'splice',
    'in.group_id',
    'other',
  ]);
  refuse('group-last-byte', 'RecordGroupUnchecked', 'Another group id in its last byte; both signatures verify.', [
    'flip',
    'in.group_id',
    { at: 31 },
  ]);
  refuse('group-first-byte', 'RecordGroupUnchecked', 'Another group id in its first byte; both signatures verify.', [
    'flip',
    'in.group_id',
    { at: 0 },
  ]);
  refuse('other-auth-key', 'AuthSignatureUnchecked', 'The auth key of another group.', [
    'splice',
    'in.auth_key',
    'other',
  ]);
  refuse('device-key-as-auth-key', 'AuthSignatureUnchecked', 'The device cannot countersign for itself.', [
    'set',
    'in.auth_key',
    String((draft.case('epoch-0').expect as unknown as { ok: { device_key: string } }).ok.device_key),
  ]);
  refuse('device-signature-flipped', 'DeviceSignatureUnchecked', 'A bit of the first signature.', [
    'flip',
    'in.record',
    { at: -80 },
  ]);
  refuse('auth-signature-flipped', 'AuthSignatureUnchecked', 'A bit of the second signature.', [
    'flip',
    'in.record',
    { at: -10 },
  ]);
  refuse('body-device-key-flipped', 'DeviceSignatureUnchecked', 'A bit of the device key.', [
    'flip',
    'in.record',
    { at: 45 },
  ]);
  refuse('body-xwing-key-flipped', 'DeviceSignatureUnchecked', 'A bit of the X-Wing key, which is only signed here.', [
    'flip',
    'in.record',
    { at: 600 },
  ]);
  refuse('body-group-flipped', 'RecordGroupUnchecked', 'A bit of the group id.', ['flip', 'in.record', { at: 6 }]);
  const { epoch, device } = sample(draft.id('epoch-0'), 0);
  const other = sample(draft.id('other'), 0);
  const body = recordBody(device, epoch.groupId, 0);
  const remade = (slug: string, flag: string, comment: string, record: Uint8Array) =>
    draft.negative(slug, {
      of: 'epoch-0',
      req: ['GR-08', 'GR-09', 'GR-14'],
      flags: [flag],
      comment,
      reject: 'session.unauthorized',
      change: { remade: slug, in: { ...draft.case('epoch-0').in, record: hex(record) } },
    });
  const signed = (edited: Uint8Array) => signRecord(edited, device.signingSeed, epoch.authSeed);
  const edit = (one: Edit) => signed(Buffer.from(editWire(hex(body), { in: 'message', within: [], edit: one }), 'hex'));
  remade(
    'signed-by-another-device',
    'DeviceSignatureUnchecked',
    'The first signature is of another device.',
    signRecord(body, other.device.signingSeed, epoch.authSeed),
  );
  remade(
    'countersigned-by-another-group',
    'AuthSignatureUnchecked',
    'The second signature is of another auth key.',
    signRecord(body, device.signingSeed, other.epoch.authSeed),
  );
  remade(
    'signatures-swapped',
    'AuthSignatureUnchecked',
    'Each signature in the place of the other.',
    signRecord(body, epoch.authSeed, device.signingSeed),
  );
  remade(
    'group-of-another-signed',
    'RecordGroupUnchecked',
    'Both signatures verify, but the body names another group.',
    signed(recordBody(device, other.epoch.groupId, 0)),
  );
  remade(
    'signed-without-label',
    'LabelLeftOut',
    'The signatures cover the body without its label.',
    bare(body, device.signingSeed, epoch.authSeed),
  );
  remade('body-unknown-field', 'BodyNotCanonical', 'The body has an unknown field.', edit({ add: '4801' }));
  remade('body-reordered', 'BodyNotCanonical', 'The group id comes last.', edit({ last: 1 }));
  remade('body-default-written', 'BodyNotCanonical', 'Epoch 0 is written out.', edit({ add: '2000' }));
  remade(
    'body-length-not-minimal',
    'BodyNotCanonical',
    'A length takes a byte more than it needs.',
    edit({ longLength: 1 }),
  );
  remade('body-field-twice', 'BodyNotCanonical', 'The device key is there twice.', edit({ duplicate: 2 }));
  remade('body-without-group', 'BodyNotCanonical', 'There is no group id.', edit({ remove: 1 }));
  remade(
    'body-xwing-key-short',
    'KeyLengthUnchecked',
    'An X-Wing key of 1215 bytes.',
    edit({ value: 3, with: hex(device.xwingKey.subarray(1)) }),
  );
  remade(
    'body-device-key-long',
    'KeyLengthUnchecked',
    'A device key of 33 bytes.',
    edit({ value: 2, with: `${hex(device.deviceKey)}00` }),
  );
  remade(
    'body-xwing-key-long',
    'KeyLengthUnchecked',
    'An X-Wing key of 1217 bytes.',
    edit({ value: 3, with: `${hex(device.xwingKey)}00` }),
  );
  remade('body-without-xwing-key', 'KeyLengthUnchecked', 'There is no X-Wing key.', edit({ remove: 3 }));
  remade(
    'body-epoch-2-pow-32',
    'IntegerCutOff',
    'An epoch above 2^32−1, which is 0 where it is cut off.',
    edit({ add: '208080808010' }),
  );
  remade('body-empty', 'BodyNotCanonical', 'A body of no bytes.', signed(new Uint8Array(0)));
}

function malformed(draft: Draft): void {
  for (const [slug, edit, comment] of [
    ['device-signature-short', { value: 2, with: '00'.repeat(63) }, 'A signature of 63 bytes.'],
    ['auth-signature-long', { value: 3, with: '00'.repeat(65) }, 'A signature of 65 bytes.'],
    ['device-signature-absent', { remove: 2 }, 'No first signature.'],
    ['auth-signature-absent', { remove: 3 }, 'No second signature.'],
    ['body-twice', { duplicate: 1 }, 'Two bodies.'],
    ['body-as-varint', { replace: 1, with: '0801' }, 'The body has another wire type.'],
    ['body-beyond-the-end', { length: 3, declared: 65 }, 'A field that ends behind the message.'],
    ['group-wire-type', { add: '4b4c' }, 'A group of Protocol Buffers.'],
    ['key-not-minimal', { longKey: 1 }, 'A key that takes a byte more than it needs.'],
  ] as const) {
    draft.negative(slug, {
      of: 'epoch-0',
      req: slug.includes('signature') ? ['WI-18', 'GR-08'] : ['WI-14', 'GR-08'],
      flags: ['LaxWireWalk'],
      comment,
      reject: 'frame.parse',
      change: ['wire', 'in.record', inRecord(edit)],
    });
  }
  draft.negative('cut-short', {
    of: 'epoch-0',
    req: ['WI-14', 'GR-08'],
    flags: ['LaxWireWalk'],
    comment: 'The last byte is missing.',
    reject: 'frame.parse',
    change: ['truncate', 'in.record', -1],
  });
}

function inRecord(edit: Edit) {
  return { in: 'message', within: [], edit } as const;
}

function bare(body: Uint8Array, signingSeed: Uint8Array, authSeed: Uint8Array): Uint8Array {
  const signatures = {
    device_signature: ed25519.sign(body, signingSeed),
    auth_signature: ed25519.sign(body, authSeed),
  };
  return encode('MemberRecord', { body, ...signatures });
}

/** Epoch 0 of a group, or a later epoch of one. */
function sample(id: string, number: number): { readonly epoch: Epoch; readonly device: ReturnType<typeof deviceOf> } {
  const group = groupOf(id).epoch;
  const epoch = number === 0 ? group : epochOf(labelled(id, 'later_secret'), number, group.groupId);
  return { epoch, device: deviceOf(labelled(id, 'device_seed'), epoch.groupId) };
}
