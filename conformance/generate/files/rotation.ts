import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { Draft } from '../draft.ts';
import { type Device, deviceOf, type Epoch, epochOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import {
  type Anchor,
  bodyFields,
  type RotationParts,
  receiptOf,
  rotationName,
  rotationWelcome,
  signedRotation,
} from '../kit/rotation.ts';
import { zBase32 } from '../kit/text.ts';
import { encode } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';

const ZEROS = new Uint8Array(32);
type Body = ReturnType<typeof bodyFields>;

/** A group in epoch 0 with three countersigned devices, and a rotation to epoch 1 that removes the last one. */
function sample(id: string) {
  const before = epochOf(labelled(id, 'epoch_secret'));
  const after = epochOf(labelled(id, 'next_secret'), 1, before.groupId);
  const devices = ['first', 'second', 'third'].map((name) => deviceOf(labelled(id, `${name}_seed`), before.groupId));
  const [first, second, gone] = [...devices].sort((a, b) => Buffer.compare(a.deviceKey, b.deviceKey));
  if (first === undefined || second === undefined || gone === undefined) throw new RangeError('three devices');
  const signingSeed = labelled(id, 'anchor_seed');
  const anchor: Anchor = { address: 'relay.example:4433', nodeId: labelled(id, 'node_id'), signingSeed };
  const welcomed = (device: Device, name: string) => ({
    device,
    welcome: rotationWelcome(device, after, labelled(id, name, 64)),
  });
  const parts: RotationParts = {
    before,
    after,
    previous: ZEROS,
    signer: second,
    members: [welcomed(first, 'first_eseed'), welcomed(second, 'second_eseed')],
    removed: [{ device: gone, sequence: 7n, hash: labelled(id, 'cut') }],
    anchor,
    nonce: labelled(id, 'nonce', 24),
  };
  return { before, after, first, second, gone, anchor, parts };
}

type Sample = ReturnType<typeof sample>;

/** A rotation of the sample with other fields, signed again by both keys. */
function changed(
  { parts, before, second }: Sample,
  change: Partial<Body>,
  by: { readonly signer?: Device; readonly epoch?: Epoch } = {},
): Uint8Array {
  const { signer = second, epoch = before } = by;
  const body = encode('RotationBody', { ...bodyFields(parts), ...change });
  return signedRotation(body, { authSeed: epoch.authSeed, signingSeed: signer.signingSeed });
}

function verifyInput({ before, first, second, gone }: Sample, rotation: Uint8Array): JsonObject {
  return {
    group_id: hex(before.groupId),
    epoch: 0,
    previous: hex(ZEROS),
    auth_key: hex(before.authKey),
    listed: [],
    known: [],
    removed: [],
    countersigned: [first, second, gone].map(({ deviceKey }) => hex(deviceKey)),
    rotation: hex(rotation),
  };
}

export function rotationVerifyFile(): Draft {
  const draft = new Draft('rotation/verify', 'rotation.verify');
  const one = sample(draft.id('first'));
  const body = encode('RotationBody', bodyFields(one.parts));
  draft.positive('first', {
    req: ['RO-01', 'RO-02', 'RO-15', 'RO-16', 'OV-40'],
    comment: 'The rotation to epoch 1: two stay, one is removed.',
    in: verifyInput(one, changed(one, {})),
    ok: { hash: hex(rotationName(body)), epoch: 1, signer: hex(one.second.deviceKey) },
  });
  for (const [slug, requirement, comment, rotation] of verifyFaults(draft, one)) {
    draft.negative(slug, {
      of: 'first',
      req: [requirement],
      comment,
      reject: 'rotation.invalid',
      change: { remade: slug, in: verifyInput(one, rotation) },
    });
  }
  return draft;
}

/** Slug, requirement, comment and bytes of each rotation that does not continue the chain. */
function verifyFaults(draft: Draft, one: Sample): readonly (readonly [string, string, string, Uint8Array])[] {
  const honest = bodyFields(one.parts);
  const stranger = deviceOf(labelled(draft.id('first'), 'stranger_seed'), one.before.groupId);
  const row = (device: Device) => ({ device_key: device.deviceKey, welcome_hash: ZEROS });
  return [
    ['group', 'RO-01', 'Another group.', changed(one, { group_id: labelled(draft.id('group'), 'group_id') })],
    ['epoch-skipped', 'RO-01', 'The epoch after the next one.', changed(one, { epoch: 2 })],
    ['previous', 'RO-01', 'It continues another chain.', changed(one, { previous: labelled(draft.id('x'), 'r') })],
    [
      'signer-stranger',
      'RO-01',
      'The signer is no member.',
      changed(one, { signer: stranger.deviceKey }, { signer: stranger }),
    ],
    [
      'signer-removed',
      'RO-01',
      'The removed device signs.',
      changed(one, { signer: one.gone.deviceKey }, { signer: one.gone }),
    ],
    ['auth-signature', 'RO-01', 'The auth key of the new epoch signs.', changed(one, {}, { epoch: one.after })],
    ['device-signature', 'RO-01', 'Another member signs than the signer.', changed(one, {}, { signer: one.first })],
    [
      'member-stranger',
      'RO-02',
      'A member that nobody countersigned.',
      changed(one, { members: ascending([...honest.members, row(stranger)]) }),
    ],
    [
      'removed-stranger',
      'RO-02',
      'It removes a device that was none.',
      changed(one, { removed: [{ device_key: stranger.deviceKey, hash: ZEROS }] }),
    ],
    ['members-descend', 'RO-15', 'The members descend.', changed(one, { members: [...honest.members].reverse() })],
    [
      'member-twice',
      'RO-15',
      'A member twice.',
      changed(one, { members: [row(one.first), row(one.first), row(one.second)] }),
    ],
    [
      'member-removed',
      'RO-15',
      'A device in both lists.',
      changed(one, { removed: [{ device_key: one.first.deviceKey, hash: ZEROS }] }),
    ],
    ['no-members', 'RO-15', 'No member.', changed(one, { members: [] })],
  ];
}

export function rotationReceiptFile(): Draft {
  const draft = new Draft('rotation/receipt', 'rotation.receipt');
  const one = sample(draft.id('first'));
  const body = encode('RotationBody', bodyFields(one.parts));
  const input = (receipt: Uint8Array, by = one.anchor.signingSeed): JsonObject => ({
    body: hex(body),
    receipt: hex(receipt),
    signing_key: hex(ed25519.getPublicKey(by)),
  });
  const honest = receiptOf(body, one.anchor);
  draft.positive('first', {
    req: ['RO-03', 'RO-13', 'RO-16', 'OV-41'],
    comment: 'The receipt of an anchor, and the code of the rotation.',
    in: input(honest),
    ok: { code: zBase32(rotationName(body)).slice(0, 10) },
  });
  const faults: readonly (readonly [string, string, JsonObject])[] = [
    ['none', 'A proposal.', input(new Uint8Array(0))],
    ['other-relay', 'The receipt of another relay.', input(honest, labelled(draft.id('other-relay'), 'seed'))],
    ['over-body', 'A signature over the body, not over R.', input(ed25519.sign(body, one.anchor.signingSeed))],
  ];
  for (const [slug, comment, changedInput] of faults) {
    const change = { remade: slug, in: changedInput };
    draft.negative(slug, { of: 'first', req: ['RO-03'], comment, reject: 'rotation.invalid', change });
  }
  return draft;
}

export function rotationOpenFile(): Draft {
  const draft = new Draft('rotation/open', 'rotation.open', { opens: true });
  const one = sample(draft.id('first'));
  const { before, after, anchor, parts } = one;
  const fields = bodyFields(parts);
  const input = (change: Partial<Body>, secret = after.secret, authKey = before.authKey): JsonObject => ({
    body: hex(encode('RotationBody', { ...fields, ...change })),
    secret: hex(secret),
    previous_auth_key: hex(authKey),
  });
  draft.positive('first', {
    req: ['RO-04', 'RO-19', 'OV-43'],
    comment: 'The secret of epoch 1 opens the state, with the secret of epoch 0 and the relays.',
    in: input({}),
    ok: { previous_secret: hex(before.secret), relays: [anchor.address] },
  });
  const other = labelled(draft.id('first'), 'other');
  const faults: readonly (readonly [string, string, string, JsonObject])[] = [
    ['other-secret', 'RO-04', 'A secret that does not give the auth key.', input({}, other)],
    ['other-previous', 'RO-04', 'The secret inside does not give the auth key before.', input({}, after.secret, other)],
    ['other-anchor', 'RO-19', 'The body names another anchor than the state.', input({ anchor: other })],
    ['other-chain', 'RO-19', 'The state is bound to another previous.', input({ previous: other })],
  ];
  for (const [slug, requirement, comment, changedInput] of faults) {
    const change = { remade: slug, in: changedInput };
    draft.negative(slug, { of: 'first', req: [requirement], comment, reject: 'rotation.invalid', change });
  }
  return draft;
}

export function rotationWelcomeFile(): Draft {
  const draft = new Draft('rotation/welcome-open', 'rotation.welcome.open', { opens: true });
  const one = sample(draft.id('first'));
  const { after, first, second, parts } = one;
  const [{ welcome } = { welcome: ZEROS }] = parts.members;
  const input = (change: JsonObject = {}): JsonObject => ({
    device_seed: hex(first.seed),
    group_id: hex(after.groupId),
    epoch: 1,
    welcome: hex(welcome),
    ...change,
  });
  draft.positive('first', {
    req: ['RO-17', 'OV-42'],
    comment: 'A welcome of 1168 bytes gives the secret of epoch 1.',
    in: input(),
    ok: { secret: hex(after.secret), hash: hex(blake3(welcome)) },
  });
  const faults: readonly (readonly [string, string, string, JsonObject])[] = [
    ['other-device', 'RO-17', 'Another device of the group.', input({ device_seed: hex(second.seed) })],
    ['other-epoch', 'RO-17', 'Another epoch.', input({ epoch: 2 })],
    ['short', 'RO-17', 'One byte less.', input({ welcome: hex(welcome.subarray(1)) })],
    ['zero-point', 'RO-18', 'An X25519 part of zeros.', input({ welcome: hex(welcome.slice().fill(0, 1088, 1120)) })],
    ['flipped', 'RO-17', 'A bit of the ML-KEM part.', input({ welcome: hex(welcome.with(0, (welcome[0] ?? 0) ^ 1)) })],
  ];
  for (const [slug, requirement, comment, changedInput] of faults) {
    const change = { remade: slug, in: changedInput };
    draft.negative(slug, { of: 'first', req: [requirement], comment, reject: 'rotation.invalid', change });
  }
  return draft;
}

function ascending(rows: Body['members']): Body['members'] {
  return [...rows].sort((a, b) => Buffer.compare(a.device_key, b.device_key));
}
