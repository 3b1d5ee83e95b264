import { utf8ToBytes } from '@noble/hashes/utils.js';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { checksumOf, linkOf } from '../kit/pairing.ts';
import { encodeJson } from '../kit/wire.ts';
import type { Json, JsonObject } from '../model.ts';
import { type Edit, editWire } from '../mutate-wire.ts';

const MIB = 1024;
const NOW = 1_770_000_000_000;
const EXPIRES = NOW + 600_000;
const SKEW = 300_000;

/** The invites that make and parse share. */
export const invites: readonly (readonly [string, string, (id: string) => JsonObject])[] = [
  ['node-id-only', 'A relay of which only the NodeId is known.', (id) => inviteJson(id, {})],
  [
    'whole-pin',
    'A relay of which everything is known.',
    (id) => inviteJson(id, { kem_hash: hex(labelled(id, 'kem_hash')), signing_key: hex(labelled(id, 'signing_key')) }),
  ],
  [
    'signing-key-only',
    'NodeId and signing key.',
    (id) => inviteJson(id, { signing_key: hex(labelled(id, 'signing_key')) }),
  ],
  ['ipv6', 'An IPv6 address.', (id) => inviteJson(id, { address: '[2001:db8::7]:4433' })],
  [
    'passphrase',
    'A passphrase is needed too, with the default costs.',
    (id) => inviteJson(id, {}, costs(id, 64 * MIB, 3, 1)),
  ],
  ['passphrase-floor', 'The lowest costs: 19 MiB, t = 2.', (id) => inviteJson(id, {}, costs(id, 19 * MIB, 2, 1))],
  [
    'passphrase-ceiling',
    'The highest costs; nobody computes them here.',
    (id) => inviteJson(id, {}, costs(id, 1024 * MIB, 16, 16)),
  ],
  ['passphrase-once', '38 MiB once.', (id) => inviteJson(id, {}, costs(id, 38 * MIB, 1, 1))],
];

function inviteJson(id: string, relay: JsonObject, passphrase?: JsonObject): JsonObject {
  return {
    relay: { address: 'relay.example:4433', node_id: hex(labelled(id, 'node_id')), ...relay },
    mailbox_id: hex(labelled(id, 'mailbox_id', 16)),
    invite_key: hex(labelled(id, 'invite_key')),
    expires_at_ms: String(EXPIRES),
    ...(passphrase && { passphrase }),
  };
}

function costs(id: string, memory: number, iterations: number, parallelism: number): JsonObject {
  return { salt: hex(labelled(id, 'salt', 16)), memory_kib: memory, iterations, parallelism };
}

/** The canonical bytes of an Invite. PA-03. */
export function inviteBytes(json: JsonObject): Uint8Array {
  return encodeJson('Invite', { version: 1, ...json });
}

export function inviteMakeFile(): Draft {
  const draft = new Draft('pairing/invite-make', 'invite.make');
  for (const [slug, comment, make] of invites) {
    const invite = make(draft.id(slug));
    draft.positive(slug, {
      req: ['PA-01', 'PA-03', 'PA-04', ...(slug.startsWith('pass') ? ['PA-07', 'PA-08'] : [])],
      comment,
      in: { invite },
      ok: { link: linkOf(inviteBytes(invite)) },
    });
  }
  const refuse = (slug: string, of: string, req: string, comment: string, change: readonly [string, string, Json?]) =>
    draft.negative(slug, { of, req: [req], flags: ['InviteUnreadable'], comment, reject: 'invite.parse', change });
  refuse('address-empty', 'node-id-only', 'PA-03', 'A relay without an address.', [
    'set',
    'in.invite.relay.address',
    '',
  ]);
  for (const [slug, address, comment] of badAddresses) {
    refuse(`address-${slug}`, 'node-id-only', 'PA-03', comment, ['set', 'in.invite.relay.address', address]);
  }
  refuse('address-263-bytes', 'node-id-only', 'PA-03', 'An address of 263 bytes.', [
    'set',
    'in.invite.relay.address',
    `${'a'.repeat(258)}:4433`,
  ]);
  refuse('node-id-empty', 'node-id-only', 'PA-03', 'A relay without a NodeId.', ['set', 'in.invite.relay.node_id', '']);
  refuse('node-id-short', 'node-id-only', 'PA-03', 'A NodeId of 31 bytes.', [
    'truncate',
    'in.invite.relay.node_id',
    31,
  ]);
  refuse('kem-hash-short', 'whole-pin', 'PA-03', 'A KEM hash of 31 bytes.', [
    'truncate',
    'in.invite.relay.kem_hash',
    31,
  ]);
  refuse('mailbox-id-short', 'node-id-only', 'PA-03', 'A mailbox id of 15 bytes.', [
    'truncate',
    'in.invite.mailbox_id',
    15,
  ]);
  refuse('invite-key-long', 'node-id-only', 'PA-03', 'A key of 33 bytes.', ['extend', 'in.invite.invite_key', '00']);
  refuse('salt-short', 'passphrase', 'PA-07', 'A salt of 15 bytes.', ['truncate', 'in.invite.passphrase.salt', 15]);
  for (const [slug, path, value] of badCosts) {
    refuse(slug, 'passphrase-floor', 'PA-08', 'Costs that no reader computes.', [
      'set',
      `in.invite.passphrase.${path}`,
      value,
    ]);
  }
  return draft;
}

const badAddresses = [
  ['without-port', 'relay.example', 'An address without a port.'],
  ['port-zero', 'relay.example:0', 'Port 0.'],
  ['port-65536', 'relay.example:65536', 'A port above 65,535.'],
  ['port-text', 'relay.example:https', 'A port that is no number.'],
  ['ipv6-open', '[::1:4433', 'A bracket that does not close.'],
  ['ipv6-bare', '::1:4433', 'IPv6 without brackets.'],
  ['ipv6-malformed', '[:1:]:4433', 'Brackets around what is no IPv6 address.'],
  ['space', 'relay example:4433', 'A space in the host.'],
  ['not-ascii', 'zwölf.example:4433', 'A host that is not ASCII.'],
] as const;

const badCosts = [
  ['memory-below-19-mib', 'memory_kib', 19 * MIB - 1],
  ['memory-above-1-gib', 'memory_kib', 1024 * MIB + 1],
  ['iterations-zero', 'iterations', 0],
  ['iterations-17', 'iterations', 17],
  ['parallelism-zero', 'parallelism', 0],
  ['parallelism-17', 'parallelism', 17],
  ['work-below-38-mib', 'iterations', 1],
] as const;

export function inviteParseFile(): Draft {
  const draft = new Draft('pairing/invite-parse', 'invite.parse');
  for (const [slug, comment, make] of invites) {
    const invite = make(draft.id(slug));
    draft.positive(slug, {
      req: ['PA-01', 'PA-03', 'PA-04', 'PA-05', ...(slug.startsWith('pass') ? ['PA-07', 'PA-08'] : [])],
      comment,
      in: { link: linkOf(inviteBytes(invite)) },
      now_ms: NOW,
      ok: { invite },
    });
  }
  spellings(draft);
  times(draft);
  typing(draft);
  contents(draft);
  return draft;
}

function spellings(draft: Draft): void {
  const same = (slug: string, change: readonly [string, string, Json?], comment: string) =>
    draft.variant(slug, 'node-id-only', change, { req: ['PA-01'], flags: ['CaseSensitive'], comment });
  same('upper-case', ['text-upper-case', 'in.link'], 'Reading ignores case, also of the prefix.');
  same('space-around', ['text-prepend', 'in.link', '  '], 'White space in front.');
  same('newline-behind', ['text-extend', 'in.link', '\n'], 'A newline behind.');
  same('crlf-and-tab-behind', ['text-extend', 'in.link', '\t\r\n'], 'Other white space behind.');
}

function times(draft: Draft): void {
  const at = (slug: string, now: number, comment: string) =>
    draft.variant(slug, 'node-id-only', ['set', 'now_ms', now], { req: ['PA-05'], comment });
  at('at-its-time', EXPIRES, 'The moment at which it expires.');
  at('within-the-skew', EXPIRES + SKEW, 'Past by the tolerated skew of clocks.');
  at('long-before', 1, 'A clock that is far behind.');
  for (const [slug, now, comment] of [
    ['expired', EXPIRES + SKEW + 1, 'Past by a millisecond more than the tolerated skew.'],
    ['expired-long-ago', EXPIRES + 86_400_000, 'A day later.'],
  ] as const) {
    draft.negative(slug, {
      of: 'node-id-only',
      req: ['PA-05'],
      flags: ['ExpiryUnchecked'],
      comment,
      reject: 'invite.expired',
      change: ['set', 'now_ms', now],
    });
  }
  const json = { ...(invites[0]?.[2](draft.id('node-id-only')) ?? {}) };
  const { expires_at_ms: _, ...without } = json;
  draft.negative('expires-never-said', {
    of: 'node-id-only',
    req: ['PA-05'],
    flags: ['ExpiryUnchecked'],
    comment: 'No time: it expired in 1970.',
    reject: 'invite.expired',
    change: { remade: 'expires_at_ms left out', in: { link: linkOf(inviteBytes(without)) } },
  });
}

function typing(draft: Draft): void {
  const refuse = (slug: string, req: string, comment: string, change: readonly [string, string, Json?]) =>
    draft.negative(slug, {
      of: 'node-id-only',
      req: [req],
      flags: ['LinkUnchecked'],
      comment,
      reject: 'invite.parse',
      change,
    });
  const link = String(draft.case('node-id-only').in['link']);
  const other = (at: number) => (link.charAt(at) === 'y' ? 'b' : 'y');
  for (const at of [7, 40, link.length - 4]) {
    refuse(`typo-at-${at}`, 'PA-04', 'One wrong character.', ['text-overwrite', 'in.link', { at, with: other(at) }]);
  }
  const swapAt = [...link].findIndex((character, index) => index > 20 && character !== link.charAt(index + 1));
  refuse('characters-swapped', 'PA-04', 'Two characters change places.', ['text-swap', 'in.link', swapAt]);
  refuse('empty', 'PA-01', 'No text.', ['set', 'in.link', '']);
  refuse('prefix-only', 'PA-01', 'Only the prefix.', ['text-truncate', 'in.link', 7]);
  refuse('prefix-missing', 'PA-01', 'No prefix.', ['set', 'in.link', link.slice(7)]);
  refuse('prefix-of-another', 'PA-01', 'Another prefix.', ['text-overwrite', 'in.link', { at: 0, with: 'http://' }]);
  refuse('prefix-with-slashes', 'PA-01', 'The prefix as of a URL.', ['set', 'in.link', `0ksync://${link.slice(7)}`]);
  refuse('one-character-less', 'PA-04', 'The last character is missing.', [
    'text-truncate',
    'in.link',
    link.length - 1,
  ]);
  refuse('half', 'PA-04', 'Half of a link.', ['text-truncate', 'in.link', Math.floor(link.length / 2)]);
  refuse('one-character-more', 'PA-01', 'A character too many.', ['text-extend', 'in.link', 'y']);
  refuse('eight-characters-more', 'PA-04', 'Five bytes behind the checksum.', ['text-extend', 'in.link', 'yyyyyyyy']);
  refuse('character-not-in-the-alphabet', 'PA-01', 'l is not in the alphabet.', [
    'text-overwrite',
    'in.link',
    { at: 30, with: 'l' },
  ]);
  refuse('space-inside', 'PA-01', 'White space inside is not ignored.', [
    'text-overwrite',
    'in.link',
    { at: 30, with: ' ' },
  ]);
  refuse('newline-inside', 'PA-01', 'A link that was wrapped.', ['text-overwrite', 'in.link', { at: 60, with: '\n' }]);
  refuse('too-long', 'PA-02', 'A link of more than 1,024 characters.', ['text-extend', 'in.link', 'y'.repeat(1024)]);
  refuse('text-behind', 'PA-01', 'Words behind the link.', ['text-extend', 'in.link', ' see you']);
}

/** Links of other bytes with a right checksum, and a wrong checksum over right bytes. */
function contents(draft: Draft): void {
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
  edited('version-absent', 'PA-03', 'No version.', [], { remove: 1 });
  edited('relay-absent', 'PA-03', 'No relay.', [], { remove: 2 });
  edited('relay-without-address', 'PA-03', 'A relay without an address.', [2], { remove: 1 });
  for (const [slug, address, comment] of badAddresses) {
    const value = hex(utf8ToBytes(address));
    edited(`address-${slug}`, 'PA-03', comment, [2], { value: 1, with: value });
  }
  edited('relay-without-node-id', 'PA-03', 'A relay without a NodeId.', [2], { remove: 2 });
  edited('node-id-short', 'PA-03', 'A NodeId of 31 bytes.', [2], { value: 2, with: '00'.repeat(31) });
  edited('kem-hash-short', 'PA-03', 'A KEM hash of 31 bytes.', [2], { add: `1a1f${'00'.repeat(31)}` });
  edited('mailbox-id-absent', 'PA-03', 'No mailbox id.', [], { remove: 3 });
  edited('mailbox-id-long', 'PA-03', 'A mailbox id of 17 bytes.', [], { value: 3, with: '00'.repeat(17) });
  edited('invite-key-absent', 'PA-03', 'No key.', [], { remove: 4 });
  edited('invite-key-short', 'PA-03', 'A key of 31 bytes.', [], { value: 4, with: '00'.repeat(31) });
  edited('salt-short', 'PA-07', 'A salt of 15 bytes.', [6], { value: 1, with: '00'.repeat(15) });
  edited('salt-absent', 'PA-07', 'No salt.', [6], { remove: 1 });
  edited('unknown-field', 'PA-03', 'An unknown field: an Invite is canonical.', [], { add: 'f80105' });
  edited('reordered', 'PA-03', 'The version comes last.', [], { last: 1 });
  edited('key-twice', 'PA-03', 'Two keys.', [], { duplicate: 4 });
  edited('version-not-minimal', 'PA-03', 'The version takes two bytes.', [], { longValue: 1 });
  edited('expires-2-pow-53', 'PA-03', 'A time of 2^53.', [], { replace: 5, with: '288080808080808010' });
  edited('costs-default-written', 'PA-03', 'A default is written out.', [2], { add: '1a00' });
  edited('address-263-bytes', 'PA-03', 'An address of 263 bytes.', [2], { value: 1, with: '61'.repeat(263) });
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
