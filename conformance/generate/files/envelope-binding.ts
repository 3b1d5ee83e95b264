// Faults of EN-20's middle steps: group, H and signature, member, chain, epoch; and their order.

import { epochOf, groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { varint } from '../kit/wire.ts';
import type { Refusals, Said } from './envelope-open.ts';

export function bindingFaults(refusals: Refusals): void {
  group(refusals);
  signature(refusals);
  sender(refusals);
  chain(refusals);
  epoch(refusals);
  order(refusals);
}

function group({ changed, remade, draft }: Refusals): void {
  const said = (comment: string): Said => ({
    reject: 'envelope.binding',
    req: ['EN-07'],
    flag: 'GroupUnbound',
    comment,
  });
  changed('other-group', ['splice', 'in.group_id', 'data'], said('The session is of another group.'));
  changed('envelope-of-another-group', ['splice', 'in.envelope', 'data'], said('The envelope is of another group.'));
  remade(
    'header-names-another-group',
    { header: { group_id: labelled(draft.id('header-names-another-group'), 'group_id') } },
    said('The header names another group; the device signed it.'),
  );
}

function signature({ changed, remade, scene, draft }: Refusals): void {
  const said = (comment: string, flag = 'SignatureUnchecked', req = ['EN-12']): Said => ({
    reject: 'envelope.auth',
    req,
    flag,
    comment,
  });
  const { header, nonce, ciphertext } = scene('text').sealed;
  // envelope = 0a length header, 12 18 nonce, 1a length(2) ciphertext, 22 40 signature
  const headerEnd = 1 + varint(header.length).length + header.length;
  const nonceAt = headerEnd + 2;
  const ciphertextAt = nonceAt + nonce.length + 3;
  changed('signature-r-flipped', ['flip', 'in.envelope', { at: -64 }], said('A bit of R.'));
  changed('signature-s-flipped', ['flip', 'in.envelope', { at: -32 }], said('A bit of S.'));
  changed(
    'nonce-flipped',
    ['flip', 'in.envelope', { at: nonceAt }],
    said('A bit of the nonce: H covers it.', 'NonceUnbound'),
  );
  changed(
    'ciphertext-flipped',
    ['flip', 'in.envelope', { at: ciphertextAt }],
    said('A bit of the ciphertext: H covers it.', 'CiphertextMalleable'),
  );
  changed(
    'tag-flipped',
    ['flip', 'in.envelope', { at: ciphertextAt + ciphertext.length - 1 }],
    said('A bit of the tag: H covers it.', 'TagCutShort'),
  );
  changed(
    'header-previous-flipped',
    ['flip', 'in.envelope', { at: headerEnd - 3 }],
    said('A bit of the header: H covers it.', 'HeaderUnbound', ['EN-12', 'EN-03']),
  );
  remade(
    'signed-by-another',
    { signingSeed: groupOf(draft.id('signed-by-another')).device('other').signingSeed },
    said('Another member signed in the sender’s name.'),
  );
  remade('signed-ciphertext-only', { signed: ciphertext }, said('The signature covers the ciphertext, not H.'));
  remade('signed-header-only', { signed: header }, said('The signature covers the header, not H.'));
  remade(
    'ad-empty',
    { ad: new Uint8Array(0) },
    said('The ciphertext is sealed without the header as associated data.', 'AssociatedDataUnbound', [
      'EN-11',
      'EN-03',
    ]),
  );
  remade(
    'key-of-another-group',
    { messageKey: epochOf(labelled(draft.id('key-of-another-group'), 'secret')).messageKey },
    said('Sealed under another group’s key.', 'KeyUnbound', ['EN-11']),
  );
  remade(
    'key-of-another-epoch',
    { messageKey: epochOf(scene('text').epoch.secret, 1, scene('text').epoch.groupId).messageKey },
    said('Sealed under the key that the same secret gives epoch 1.', 'KeyUnbound', ['EN-11', 'GR-06']),
  );
  changed(
    'other-secret',
    ['set', 'in.epochs.0.secret', hex(labelled(draft.id('other-secret'), 'secret'))],
    said('The receiver holds another secret for this epoch.', 'KeyUnbound', ['EN-11', 'GR-06']),
  );
  remade(
    'small-order-sender',
    { header: { sender_key: Uint8Array.of(1, ...new Uint8Array(31)) } },
    said('The sender key is the identity point.', 'SmallOrderSigner', ['SC-20', 'EN-12']),
  );
}

function sender({ changed, draft }: Refusals): void {
  const said = (comment: string): Said => ({
    reject: 'envelope.auth',
    req: ['CL-09', 'EN-07'],
    flag: 'StrangerAccepted',
    comment,
  });
  changed('no-members', ['set', 'in.members', []], said('No member is known.'));
  changed(
    'sender-not-a-member',
    ['set', 'in.members', [hex(groupOf(draft.id('sender-not-a-member')).device('other').deviceKey)]],
    said('Only another device is a member.'),
  );
}

function chain({ changed, remade, scene, draft }: Refusals): void {
  const said = (comment: string, of: string, reject = 'envelope.chain', req = ['EN-08', 'EN-20']): Said => ({
    of,
    reject,
    req,
    flag: reject === 'envelope.replay' ? 'ReplayAccepted' : 'ChainUnchecked',
    comment,
  });
  const { hash } = scene('second').sealed;
  changed(
    'duplicate',
    ['set', 'in.head', { sequence: '2', hash: hex(hash) }],
    said('It is the head itself.', 'second', 'envelope.replay', ['EN-22']),
  );
  changed(
    'duplicate-first',
    ['set', 'in.head', { sequence: '1', hash: hex(scene('text').sealed.hash) }],
    said('The first envelope again.', 'text', 'envelope.replay', ['EN-22']),
  );
  changed(
    'fork',
    ['set', 'in.head', { sequence: '2', hash: hex(labelled(draft.id('fork'), 'hash')) }],
    said('The head has this sequence and another H.', 'second', 'envelope.chain', ['EN-23']),
  );
  changed(
    'gap',
    ['remove', 'in.head'],
    said('The first envelope has not come.', 'second', 'envelope.chain', ['EN-24']),
  );
  changed(
    'gap-of-one',
    ['set', 'in.head', { sequence: '2', hash: hex(labelled(draft.id('gap-of-one'), 'hash')) }],
    said('Everything between the head and it is missing.', 'sequence-largest', 'envelope.chain', ['EN-24']),
  );
  changed(
    'older-than-the-head',
    ['set', 'in.head', { sequence: '9', hash: hex(labelled(draft.id('older-than-the-head'), 'hash')) }],
    said('The head is far above it.', 'second'),
  );
  changed(
    'previous-is-not-the-head',
    ['flip', 'in.head.hash', { at: 0 }],
    said('It names another envelope before it than the head.', 'second'),
  );
  remade(
    'first-with-a-previous',
    { previous: labelled(draft.id('first-with-a-previous'), 'previous') },
    said('The first envelope names one before it.', 'text'),
  );
  remade(
    'second-without-a-previous',
    { previous: new Uint8Array(32) },
    said('The second envelope names none before it.', 'second'),
  );
}

function epoch({ changed, remade, scene }: Refusals): void {
  const said = (comment: string, of = 'text'): Said => ({
    of,
    reject: 'session.epoch',
    req: ['EN-09', 'GR-06'],
    flag: 'EpochGuessed',
    comment,
  });
  changed('no-epochs', ['set', 'in.epochs', []], said('No secret is held.'));
  changed('epoch-unknown', ['set', 'in.epochs.0.epoch', 4], said('The secret is held for another epoch.', 'epoch-5'));
  changed(
    'epoch-0-for-another',
    ['set', 'in.epochs.0.epoch', 1],
    said('The same secret, held for epoch 1: no key is tried for another epoch.'),
  );
  remade(
    'epoch-not-held',
    { header: { epoch: 9 }, epoch: { ...scene('text').epoch, epoch: 9 } },
    said('Epoch 9 is not held.'),
  );
}

/** Two faults at once: the earlier step of EN-20 names the class. */
function order({ changed, remade, draft, scene }: Refusals): void {
  const said = (reject: string, comment: string, of = 'text'): Said => ({
    of,
    reject,
    req: ['EN-20'],
    flag: 'JudgedOutOfOrder',
    comment,
  });
  const otherGroup = { group_id: labelled(draft.id('order'), 'group_id') };
  const wrongSigner = groupOf(draft.id('order')).device('other').signingSeed;
  const unknownField = (bytes: Uint8Array) => Buffer.concat([bytes, Uint8Array.of(0x48, 1)]);
  remade(
    'order-form-before-version',
    { header: { version: 2 }, editHeader: unknownField },
    said('envelope.parse', 'Not canonical and of another version.'),
  );
  remade(
    'order-form-before-group',
    { header: otherGroup, editHeader: unknownField },
    said('envelope.parse', 'Not canonical and of another group.'),
  );
  remade(
    'order-form-before-signature',
    { editHeader: unknownField, signingSeed: wrongSigner },
    said('envelope.parse', 'Not canonical and signed by another.'),
  );
  remade(
    'order-version-before-signature',
    { header: { version: 2 }, signingSeed: wrongSigner },
    said('envelope.version', 'Of another version and signed by another.'),
  );
  remade(
    'order-version-before-group',
    { header: { version: 2, ...otherGroup } },
    said('envelope.version', 'Of another version and group.'),
  );
  remade(
    'order-group-before-signature',
    { header: otherGroup, signingSeed: wrongSigner },
    said('envelope.binding', 'Of another group and signed by another.'),
  );
  remade(
    'order-content-type-before-signature',
    { header: { content_type: 3 }, signingSeed: wrongSigner },
    said('envelope.parse', 'Of a reserved type and signed by another.'),
  );
  changed('order-signature-before-chain', ['flip', 'in.envelope', { at: -1, mask: 2 }], {
    ...said('envelope.auth', 'A wrong signature on a wrong place in the chain.', 'second'),
    and: ['remove', 'in.head'],
  });
  changed('order-signature-before-epoch', ['flip', 'in.envelope', { at: -64 }], {
    ...said('envelope.auth', 'A wrong signature in an unknown epoch.'),
    and: ['set', 'in.epochs', []],
  });
  changed('order-sender-before-chain', ['set', 'in.members', []], {
    ...said('envelope.auth', 'No member and a gap.', 'second'),
    and: ['remove', 'in.head'],
  });
  changed('order-chain-before-epoch', ['remove', 'in.head'], {
    ...said('envelope.chain', 'A gap in an unknown epoch.', 'second'),
    and: ['set', 'in.epochs', []],
  });
  const duplicate = { sequence: '2', hash: hex(scene('second').sealed.hash) };
  changed('order-duplicate-before-epoch', ['set', 'in.head', duplicate], {
    ...said('envelope.replay', 'A duplicate in an unknown epoch.', 'second'),
    and: ['set', 'in.epochs', []],
  });
  changed('order-duplicate-before-key', ['set', 'in.head', duplicate], {
    ...said('envelope.replay', 'A duplicate that would not open.', 'second'),
    and: ['set', 'in.epochs.0.secret', '00'.repeat(32)],
  });
}
