import { Draft } from '../draft.ts';
import { field } from '../kit/envelope.ts';
import { type Device, epochOf, groupOf, memberRecord, recordBody, signRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import { encode } from '../kit/wire.ts';
import type { Json, JsonObject } from '../model.ts';
import { type Edit, editWire } from '../mutate-wire.ts';

import { welcomeBounds } from './welcome-bounds.ts';
import { lockJson, MIB, payloadOf, sceneOf, shapes, TEXT } from './welcome-samples.ts';

export function welcomeSealFile(): Draft {
  const draft = new Draft('pairing/welcome-seal', 'welcome.seal');
  for (const [slug, comment, shape] of shapes) {
    const scene = sceneOf(draft.id(slug), shape);
    draft.positive(slug, {
      req: ['PA-10', 'PA-11', 'OV-31', ...(slug === 'passphrase' ? ['PA-09'] : [])],
      comment,
      in: { welcome: hex(scene.welcome), ...lockJson(scene) },
      draws: { nonce: hex(scene.nonce) },
      ok: { payload: hex(payloadOf(scene)) },
    });
  }
  draft.negative('passphrase-empty', {
    of: 'passphrase',
    req: ['PA-09'],
    flags: ['PassphraseEmpty'],
    comment: 'A passphrase is not empty.',
    reject: 'invite.parse',
    change: ['set', 'in.passphrase.text', ''],
  });
  return draft;
}

export function welcomeOpenFile(): Draft {
  const draft = new Draft('pairing/welcome-open', 'welcome.open', { opens: true });
  for (const [slug, comment, shape] of shapes) {
    const scene = sceneOf(draft.id(slug), shape);
    const relays = Array.from({ length: shape.relays ?? 1 }, (_, index) => `relay-${index}.example:4433`);
    draft.positive(slug, {
      req: ['PA-10', 'PA-11', 'PA-12', 'OV-31', ...(slug === 'passphrase' ? ['PA-09'] : [])],
      comment,
      in: { payload: hex(payloadOf(scene)), ...lockJson(scene) },
      ok: { group_id: hex(scene.epoch.groupId), devices: scene.members.map(({ deviceKey }) => hex(deviceKey)), relays },
    });
  }
  draft.variant('passphrase-decomposed', 'passphrase', ['set', 'in.passphrase.text', TEXT.normalize('NFD')], {
    req: ['PA-09'],
    flags: ['PassphraseNotNormalised'],
    comment: 'The same passphrase, typed in decomposed characters: NFKC makes them one.',
  });
  draft.variant(
    'passphrase-compatible',
    'passphrase',
    ['text-overwrite', 'in.passphrase.text', { at: 0, with: 'ｚ' }],
    {
      req: ['PA-09'],
      flags: ['PassphraseNotNormalised'],
      comment: 'The same passphrase with a full-width letter: NFKC makes it the usual one, NFC does not.',
    },
  );
  sealed(draft);
  locked(draft);
  said(draft);
  welcomeBounds(draft);
  return draft;
}

/** What is wrong on the outside. */
function sealed(draft: Draft): void {
  const refuse = draft.refusals({ of: 'one-member', req: ['PA-10'], reject: 'invite.parse' });
  refuse('empty', 'TagCutShort', 'No payload.', ['truncate', 'in.payload', 0]);
  refuse('nonce-only', 'TagCutShort', 'A nonce and nothing behind it.', ['truncate', 'in.payload', 24]);
  refuse('shorter-than-a-tag', 'TagCutShort', 'A nonce and 15 bytes.', ['truncate', 'in.payload', 39]);
  refuse('last-byte-missing', 'TagCutShort', 'The last byte is missing.', ['truncate', 'in.payload', -1]);
  refuse('one-byte-more', 'CiphertextMalleable', 'A byte behind the tag.', ['extend', 'in.payload', '00']);
  refuse('nonce-flipped', 'NonceUnbound', 'A bit of the nonce.', ['flip', 'in.payload', { at: 0 }]);
  refuse('ciphertext-flipped', 'CiphertextMalleable', 'A bit of the ciphertext.', ['flip', 'in.payload', { at: 24 }]);
  refuse('tag-flipped', 'TagCutShort', 'A bit of the last tag byte.', ['flip', 'in.payload', { at: -1 }]);
  refuse('other-mailbox', 'AssociatedDataUnbound', 'The payload of one mailbox in another.', [
    'flip',
    'in.mailbox_id',
    { at: 15 },
  ]);
  refuse('other-key', 'KeyUnbound', 'Another invite’s key.', ['flip', 'in.invite_key', { at: 0 }]);
  refuse('of-another-invite', 'KeyUnbound', 'The payload of another invite.', [
    'splice',
    'in.payload',
    'three-members',
  ]);
}

/** What is wrong with the passphrase. */
function locked(draft: Draft): void {
  const refuse = (
    slug: string,
    of: string,
    req: readonly string[],
    flag: string,
    comment: string,
    change: readonly [string, string, Json?],
  ) => draft.negative(slug, { of, req, flags: [flag], comment, reject: 'invite.parse', change });
  const { passphrase } = draft.case('passphrase').in as { passphrase: JsonObject };
  refuse('passphrase-wrong', 'passphrase', ['PA-11'], 'PassphraseIgnored', 'Another passphrase.', [
    'set',
    'in.passphrase.text',
    'zwölf Birnen',
  ]);
  refuse('passphrase-space-behind', 'passphrase', ['PA-11'], 'PassphraseIgnored', 'A space more: nothing is trimmed.', [
    'text-extend',
    'in.passphrase.text',
    ' ',
  ]);
  refuse('passphrase-left-out', 'passphrase', ['PA-11'], 'PassphraseIgnored', 'The key of the link alone.', [
    'remove',
    'in.passphrase',
  ]);
  refuse('passphrase-empty', 'passphrase', ['PA-09'], 'PassphraseEmpty', 'An empty passphrase.', [
    'set',
    'in.passphrase.text',
    '',
  ]);
  for (const [slug, name, value] of [
    ['memory-too-low', 'memory_kib', 19 * MIB - 1],
    ['memory-too-high', 'memory_kib', 1024 * MIB + 1],
    ['iterations-zero', 'iterations', 0],
    ['iterations-17', 'iterations', 17],
    ['parallelism-zero', 'parallelism', 0],
    ['parallelism-17', 'parallelism', 17],
    ['work-too-low', 'iterations', 1],
  ] as const) {
    refuse(`passphrase-${slug}`, 'passphrase', ['PA-08'], 'PassphraseCostUnchecked', 'Costs that no reader computes.', [
      'set',
      'in.passphrase',
      { ...passphrase, [name]: value },
    ]);
  }
}

/** What is wrong with the Welcome inside; each payload is sealed well. */
function said(draft: Draft): void {
  const of = 'three-members';
  const scene = sceneOf(draft.id(of), { members: 3, relays: 2 });
  const remade = (
    slug: string,
    flag: string,
    comment: string,
    welcome: Uint8Array,
    req: readonly string[] = ['PA-12'],
    padded?: Uint8Array,
  ) =>
    draft.negative(slug, {
      of,
      req,
      flags: [flag],
      comment,
      reject: 'invite.parse',
      change: { remade: slug, in: { ...draft.case(of).in, payload: hex(payloadOf(scene, welcome, padded)) } },
    });
  const edit = (within: readonly number[], one: Edit, bytes: Uint8Array = scene.welcome) =>
    Buffer.from(editWire(hex(bytes), { in: 'message', within, edit: one }), 'hex');
  const stranger = groupOf(`${draft.id(of)}/stranger`);
  const [first] = scene.members as [Device];
  const foreign = memberRecord(stranger.device('member'), stranger.epoch);
  const selfMade = signRecord(recordBody(first, scene.epoch.groupId, 0), first.signingSeed, first.signingSeed);
  remade('version-2', 'VersionUnchecked', 'Version 2.', edit([], { replace: 1, with: '0802' }));
  remade('version-absent', 'VersionUnchecked', 'No version.', edit([], { remove: 1 }));
  remade(
    'group-id-of-another',
    'GroupIdUnproven',
    'The secret of epoch 0 gives another group id.',
    edit([], { value: 2, with: hex(stranger.epoch.groupId) }),
  );
  remade(
    'secret-of-another',
    'GroupIdUnproven',
    'The secret of another group.',
    edit([5], { value: 2, with: hex(stranger.epoch.secret) }),
  );
  remade('group-id-short', 'LaxWireWalk', 'A group id of 31 bytes.', edit([], { value: 2, with: '00'.repeat(31) }));
  remade('no-secrets', 'GroupIdUnproven', 'No epoch secret.', edit([], { remove: 5 }));
  remade('no-secret-of-epoch-0', 'GroupIdUnproven', 'Only the secret of epoch 1.', edit([5], { add: '0801' }));
  remade('secret-short', 'LaxWireWalk', 'A secret of 31 bytes.', edit([5], { value: 2, with: '00'.repeat(31) }));
  remade(
    'record-of-another-group',
    'RecordUnverified',
    'A member record of another group.',
    edit([], { value: 4, with: hex(foreign) }),
  );
  remade(
    'record-self-countersigned',
    'RecordUnverified',
    'A device that countersigned itself.',
    edit([], { value: 4, with: hex(selfMade) }),
  );
  remade(
    'record-signature-flipped',
    'RecordUnverified',
    'A record whose first signature does not verify.',
    edit([4], { value: 2, with: '11'.repeat(64) }),
  );
  remade(
    'record-of-an-unknown-epoch',
    'RecordUnverified',
    'A record of an epoch whose secret is not given.',
    edit([], {
      value: 4,
      with: hex(memberRecord(first, epochOf(labelled(scene.id, 'unknown'), 3, scene.epoch.groupId))),
    }),
  );
  remade('record-without-signature', 'LaxWireWalk', 'A record without its second signature.', edit([4], { remove: 3 }));
  remade('relay-without-node-id', 'LaxWireWalk', 'A relay without a NodeId.', edit([3], { remove: 2 }));
  remade('group-id-twice', 'LaxWireWalk', 'Two group ids.', edit([], { duplicate: 2 }));
  remade('not-a-message', 'LaxWireWalk', 'Bytes that are no message.', labelled(scene.id, 'noise', 300));
  remade('nothing', 'GroupIdUnproven', 'An empty Welcome.', new Uint8Array(0));
  remade(
    'padding-not-zero',
    'PaddingUnchecked',
    'A padding byte that is not zero.',
    scene.welcome,
    ['PA-10', 'EN-14'],
    dirty(scene.welcome),
  );
  remade(
    'padding-absent',
    'PaddingUnchecked',
    'The plaintext without padding.',
    scene.welcome,
    ['PA-10', 'EN-14'],
    scene.welcome,
  );
  remade(
    'padding-next-size',
    'PaddingUnchecked',
    'More padding than Padmé gives.',
    scene.welcome,
    ['PA-10', 'EN-14'],
    pad(scene.welcome, pad(scene.welcome).length + 64),
  );
  const secret = (epoch: number) =>
    hex(field(5, encode('EpochSecret', { epoch, secret: labelled(scene.id, `epoch-${epoch}`) })));
  remade('epochs-descending', 'EpochsUnordered', 'Epoch 2 before epoch 1.', edit([], { add: secret(2) + secret(1) }));
  remade('epoch-twice', 'EpochsUnordered', 'Two secrets of epoch 1.', edit([], { add: secret(1) + secret(1) }));
}

function dirty(welcome: Uint8Array): Uint8Array {
  const padded = pad(welcome);
  padded[padded.length - 1] = 1;
  return padded;
}
