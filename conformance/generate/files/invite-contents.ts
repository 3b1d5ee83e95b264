import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';
import { checksumOf, linkOf } from '../kit/pairing.ts';
import type { JsonObject } from '../model.ts';
import { type Edit, editWire } from '../mutate-wire.ts';

import { badAddresses, badCosts, inviteBytes, invites } from './invite-samples.ts';

/** Links of other bytes with a right checksum, and a wrong checksum over right bytes. */
export function contentFaults(draft: Draft): void {
  const twin = 'passphrase-floor';
  const json = invites.find(([slug]) => slug === twin)?.[2](draft.id(twin)) ?? {};
  const bytes = inviteBytes(json);
  const remade = (slug: string, req: string, flag: string, comment: string, link: string) =>
    draft.negative(slug, {
      of: twin,
      req: [req],
      flags: [flag],
      comment,
      reject: 'invite.parse',
      change: { remade: slug, in: { link } },
    });
  const edited = (slug: string, req: string, comment: string, within: readonly number[], edit: Edit) =>
    remade(
      slug,
      req,
      'InviteNotCanonical',
      comment,
      linkOf(Buffer.from(editWire(hex(bytes), { in: 'message', within, edit }), 'hex')),
    );
  const checksum = checksumOf(bytes);
  const flipped = checksum.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
  for (const at of [0, 1, 2]) {
    const other = checksum.map((byte, index) => (index === at ? byte ^ 0x80 : byte));
    remade(
      `checksum-byte-${at}`,
      'PA-04',
      'LinkUnchecked',
      `The highest bit of checksum byte ${at}.`,
      linkOf(bytes, other),
    );
  }
  remade('checksum-flipped', 'PA-04', 'LinkUnchecked', 'A bit of the last checksum byte.', linkOf(bytes, flipped));
  remade('checksum-zero', 'PA-04', 'LinkUnchecked', 'A checksum of zeros.', linkOf(bytes, new Uint8Array(4)));
  remade('checksum-absent', 'PA-04', 'LinkUnchecked', 'No checksum.', linkOf(bytes, new Uint8Array(0)));
  remade('checksum-short', 'PA-04', 'LinkUnchecked', 'Three bytes of checksum.', linkOf(bytes, checksum.slice(0, 3)));
  remade(
    'checksum-of-nothing',
    'PA-03',
    'InviteNotCanonical',
    'An empty Invite with its checksum.',
    linkOf(new Uint8Array(0)),
  );
  edited('version-2', 'PA-03', 'Version 2.', [], { replace: 1, with: '0802' });
  edited('version-257', 'PA-03', 'Version 257, which is 1 in its lowest byte.', [], { replace: 1, with: '088102' });
  edited('version-absent', 'PA-03', 'No version.', [], { remove: 1 });
  edited('relay-absent', 'PA-03', 'No relay.', [], { remove: 2 });
  edited('relay-without-address', 'PA-03', 'A relay without an address.', [2], { remove: 1 });
  for (const [slug, address, comment] of badAddresses) {
    const value = hex(utf8ToBytes(address));
    edited(`address-${slug}`, 'PA-03', comment, [2], { value: 1, with: value });
  }
  edited('relay-without-node-id', 'PA-03', 'A relay without a NodeId.', [2], { remove: 2 });
  edited('node-id-short', 'PA-03', 'A NodeId of 31 bytes.', [2], { value: 2, with: '00'.repeat(31) });
  edited('node-id-long', 'PA-03', 'A NodeId of 33 bytes.', [2], { value: 2, with: '00'.repeat(33) });
  edited('kem-hash-long', 'PA-03', 'A KEM hash of 33 bytes.', [2], { add: `1a21${'00'.repeat(33)}` });
  edited('signing-key-short', 'PA-03', 'A signing key of 31 bytes.', [2], { add: `221f${'00'.repeat(31)}` });
  edited('signing-key-long', 'PA-03', 'A signing key of 33 bytes.', [2], { add: `2221${'00'.repeat(33)}` });
  edited('kem-hash-short', 'PA-03', 'A KEM hash of 31 bytes.', [2], { add: `1a1f${'00'.repeat(31)}` });
  edited('mailbox-id-absent', 'PA-03', 'No mailbox id.', [], { remove: 3 });
  edited('mailbox-id-long', 'PA-03', 'A mailbox id of 17 bytes.', [], { value: 3, with: '00'.repeat(17) });
  edited('invite-key-absent', 'PA-03', 'No key.', [], { remove: 4 });
  edited('invite-key-short', 'PA-03', 'A key of 31 bytes.', [], { value: 4, with: '00'.repeat(31) });
  edited('salt-short', 'PA-07', 'A salt of 15 bytes.', [6], { value: 1, with: '00'.repeat(15) });
  edited('salt-long', 'PA-07', 'A salt of 17 bytes.', [6], { value: 1, with: '00'.repeat(17) });
  edited('salt-absent', 'PA-07', 'No salt.', [6], { remove: 1 });
  edited('unknown-field', 'PA-03', 'An unknown field: an Invite is canonical.', [], { add: 'f80105' });
  edited('reordered', 'PA-03', 'The version comes last.', [], { last: 1 });
  edited('key-twice', 'PA-03', 'Two keys.', [], { duplicate: 4 });
  edited('version-not-minimal', 'PA-03', 'The version takes two bytes.', [], { longValue: 1 });
  edited('expires-2-pow-53', 'PA-03', 'A time of 2^53.', [], { replace: 5, with: '288080808080808010' });
  edited('costs-default-written', 'PA-03', 'A default is written out.', [2], { add: '1a00' });
  edited('address-263-bytes', 'PA-03', 'An address of 263 bytes.', [2], { value: 1, with: '61'.repeat(263) });
  edited('address-263-bytes-with-port', 'PA-03', 'Host and port of 263 bytes.', [2], {
    value: 1,
    with: hex(utf8ToBytes(`${'a'.repeat(258)}:4433`)),
  });
  edited('address-not-utf-8', 'PA-03', 'An address that is not UTF-8.', [2], { value: 1, with: 'ff3a31' });
  for (const [slug, path, value] of badCosts) {
    const passphrase = { ...(json['passphrase'] as JsonObject), [path]: value };
    const present = Object.fromEntries(Object.entries(passphrase).filter(([, one]) => one !== 0));
    remade(
      `costs-${slug}`,
      'PA-08',
      'PassphraseCostUnchecked',
      'Costs that no reader computes.',
      linkOf(inviteBytes({ ...json, passphrase: present })),
    );
  }
}
