import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { padme } from '../kit/padding.ts';
import { zBase32 } from '../kit/text.ts';

export function nodeIdFile(): Draft {
  const draft = new Draft('text/nodeid-parse', 'nodeid.parse');
  const keys: readonly (readonly [string, Uint8Array])[] = [
    ['any', labelled(draft.id('any'), 'nodeid')],
    ['other', labelled(draft.id('other'), 'nodeid')],
    ['zero', new Uint8Array(32)],
    ['ones', new Uint8Array(32).fill(255)],
  ];
  for (const [slug, key] of keys) {
    draft.positive(`z-base-32-${slug}`, {
      req: ['OV-03'],
      flags: ['BitOrder'],
      comment: '52 characters of z-base-32, most significant bit first.',
      in: { text: zBase32(key) },
      ok: { nodeid: hex(key) },
    });
  }
  for (const [slug, key] of keys.slice(0, 2)) {
    draft.positive(`hexadecimal-${slug}`, {
      req: ['OV-03'],
      comment: '64 characters of hexadecimal are read too.',
      in: { text: hex(key) },
      ok: { nodeid: hex(key) },
    });
  }
  draft.variant('hexadecimal-upper-case', 'hexadecimal-any', ['text-upper-case', 'in.text'], {
    req: ['OV-03'],
    flags: ['CaseSensitive'],
    comment: 'Hexadecimal is read in either case.',
  });
  const [, other] = keys;
  draft.positive('hexadecimal-mixed-case', {
    req: ['OV-03'],
    flags: ['CaseSensitive'],
    comment: 'Each digit may be in either case.',
    in: { text: hex(other?.[1] ?? new Uint8Array(0)).replace(/[ace]/g, (digit) => digit.toUpperCase()) },
    ok: { nodeid: hex(other?.[1] ?? new Uint8Array(0)) },
  });
  draft.negative('upper-case', {
    of: 'z-base-32-any',
    req: ['OV-03'],
    flags: ['LaxText'],
    comment: 'z-base-32 of keys is lower case.',
    reject: 'invite.parse',
    change: ['text-upper-case', 'in.text'],
  });
  for (const [slug, of, change, comment] of [
    ['empty', 'z-base-32-any', ['set', 'in.text', ''], 'No text.'],
    ['one-character-less', 'z-base-32-any', ['text-truncate', 'in.text', 51], '51 characters.'],
    ['one-character-more', 'z-base-32-any', ['text-extend', 'in.text', 'y'], '53 characters.'],
    [
      'trailing-bit-set',
      'z-base-32-zero',
      ['text-overwrite', 'in.text', { at: 51, with: 'b' }],
      'The lowest of the 4 trailing bits is set.',
    ],
    [
      'trailing-second-bit-set',
      'z-base-32-zero',
      ['text-overwrite', 'in.text', { at: 51, with: 'n' }],
      'The second of the 4 trailing bits is set.',
    ],
    [
      'trailing-third-bit-set',
      'z-base-32-zero',
      ['text-overwrite', 'in.text', { at: 51, with: 'r' }],
      'The third of the 4 trailing bits is set.',
    ],
    [
      'trailing-fourth-bit-set',
      'z-base-32-zero',
      ['text-overwrite', 'in.text', { at: 51, with: 'e' }],
      'The highest of the 4 trailing bits is set.',
    ],
    [
      'trailing-bits-set',
      'z-base-32-zero',
      ['text-overwrite', 'in.text', { at: 51, with: 'x' }],
      'The 4 trailing bits are not zero.',
    ],
    ['character-l', 'z-base-32-any', ['text-overwrite', 'in.text', { at: 3, with: 'l' }], 'l is not in the alphabet.'],
    ['character-0', 'z-base-32-any', ['text-overwrite', 'in.text', { at: 3, with: '0' }], '0 is not in the alphabet.'],
    ['character-2', 'z-base-32-any', ['text-overwrite', 'in.text', { at: 20, with: '2' }], '2 is not in the alphabet.'],
    ['character-v', 'z-base-32-any', ['text-overwrite', 'in.text', { at: 50, with: 'v' }], 'v is not in the alphabet.'],
    ['hyphen', 'z-base-32-any', ['text-overwrite', 'in.text', { at: 26, with: '-' }], 'No separators.'],
    ['padding-sign', 'z-base-32-any', ['text-extend', 'in.text', '===='], 'No padding signs.'],
    ['newline-behind', 'z-base-32-any', ['text-extend', 'in.text', '\n'], 'A newline is not ignored in a key.'],
    ['space-in-front', 'z-base-32-any', ['text-prepend', 'in.text', ' '], 'White space is not ignored in front.'],
    ['space-behind', 'z-base-32-any', ['text-extend', 'in.text', ' '], 'White space is not ignored behind.'],
    [
      'first-character-upper-case',
      'z-base-32-zero',
      ['text-overwrite', 'in.text', { at: 0, with: 'Y' }],
      'One character in upper case.',
    ],
    ['hexadecimal-newline-behind', 'hexadecimal-any', ['text-extend', 'in.text', '\n'], 'A newline behind.'],
    ['hexadecimal-space-in-front', 'hexadecimal-any', ['text-prepend', 'in.text', ' '], 'White space in front.'],
    ['hexadecimal-one-less', 'hexadecimal-any', ['text-truncate', 'in.text', 63], '63 characters.'],
    ['hexadecimal-one-more', 'hexadecimal-any', ['text-extend', 'in.text', '0'], '65 characters.'],
    ['hexadecimal-a-byte-more', 'hexadecimal-any', ['text-extend', 'in.text', '00'], '66 characters.'],
    ['hexadecimal-prefix', 'hexadecimal-any', ['text-prepend', 'in.text', '0x'], 'No prefix.'],
    [
      'hexadecimal-character-g',
      'hexadecimal-any',
      ['text-overwrite', 'in.text', { at: 10, with: 'g' }],
      'g is no hexadecimal digit.',
    ],
    [
      'hexadecimal-sign',
      'hexadecimal-any',
      ['text-overwrite', 'in.text', { at: 10, with: '+' }],
      'A number parser would read it.',
    ],
    [
      'hexadecimal-space',
      'hexadecimal-any',
      ['text-overwrite', 'in.text', { at: 0, with: ' ' }],
      'A space in the place of a digit.',
    ],
  ] as const) {
    draft.negative(slug, { of, req: ['OV-03'], flags: ['LaxText'], comment, reject: 'invite.parse', change });
  }
  return draft;
}

export function relayTextFile(): Draft {
  const draft = new Draft('text/relay-parse', 'relay.parse');
  const id = draft.id('keys');
  const [node, kem] = [labelled(id, 'nodeid'), labelled(id, 'kem_hash')];
  const [nodeText, kemText] = [zBase32(node), zBase32(kem)];
  const ok = { nodeid: hex(node), kem_hash: hex(kem) };
  for (const [slug, text, result, comment] of [
    ['host-and-port', 'relay.example:4433', { host: 'relay.example', port: 4433 }, 'host:port'],
    ['host-alone', 'relay.example', { host: 'relay.example', port: 4433 }, 'The port defaults to 4433.'],
    ['ipv4', '192.0.2.7:443', { host: '192.0.2.7', port: 443 }, 'An IPv4 address.'],
    ['ipv6', '[2001:db8::1]:4434', { host: '2001:db8::1', port: 4434 }, 'IPv6 stands in brackets.'],
    ['ipv6-default-port', '[::1]', { host: '::1', port: 4433 }, 'IPv6 without a port.'],
    ['ipv6-dotted-quad', '[::ffff:192.0.2.7]:1', { host: '::ffff:192.0.2.7', port: 1 }, 'IPv6 that ends in IPv4.'],
    [
      'host-with-digits',
      'relay-2.example',
      { host: 'relay-2.example', port: 4433 },
      'Digits and a hyphen in the host.',
    ],
    [
      'address-262-bytes',
      `${'a'.repeat(257)}:4433`,
      { host: 'a'.repeat(257), port: 4433 },
      'The longest address: 262 bytes.',
    ],
    [
      'address-of-257-bytes-without-a-port',
      'a'.repeat(257),
      { host: 'a'.repeat(257), port: 4433 },
      'The longest host that leaves room for the default port.',
    ],
    ['port-1', 'relay.example:1', { host: 'relay.example', port: 1 }, 'The lowest port.'],
    ['port-65535', 'relay.example:65535', { host: 'relay.example', port: 65_535 }, 'The highest port.'],
    [
      'node-id',
      `${nodeText}@relay.example:4433`,
      { host: 'relay.example', port: 4433, nodeid: ok.nodeid },
      'With a NodeId.',
    ],
    [
      'node-id-default-port',
      `${nodeText}@relay.example`,
      { host: 'relay.example', port: 4433, nodeid: ok.nodeid },
      'With a NodeId, without a port.',
    ],
    [
      'node-id-hexadecimal',
      `${hex(node)}@relay.example:4433`,
      { host: 'relay.example', port: 4433, nodeid: ok.nodeid },
      'The NodeId in hexadecimal.',
    ],
    [
      'both-keys',
      `${nodeText}.${kemText}@relay.example:4433`,
      { host: 'relay.example', port: 4433, ...ok },
      'With a NodeId and a KEM hash.',
    ],
    [
      'both-keys-mixed',
      `${nodeText}.${hex(kem)}@[::1]:1234`,
      { host: '::1', port: 1234, ...ok },
      'Each key in its own spelling, IPv6.',
    ],
  ] as const) {
    draft.positive(slug, { req: ['CL-34', 'OV-03'], comment, in: { text }, ok: result });
  }
  for (const [slug, of, change, comment] of [
    ['empty', 'host-and-port', ['set', 'in.text', ''], 'No text.'],
    ['port-only', 'host-and-port', ['set', 'in.text', ':4433'], 'No host.'],
    ['port-zero', 'host-and-port', ['set', 'in.text', 'relay.example:0'], 'Port 0.'],
    ['port-65536', 'port-65535', ['text-overwrite', 'in.text', { at: -1, with: '6' }], 'A port above 65,535.'],
    ['port-huge', 'host-and-port', ['text-extend', 'in.text', '00000'], 'A port that no integer of 16 bits holds.'],
    ['port-empty', 'host-alone', ['text-extend', 'in.text', ':'], 'A colon without a port.'],
    ['port-sign', 'host-alone', ['text-extend', 'in.text', ':+443'], 'A sign before the port.'],
    ['port-hexadecimal', 'host-alone', ['text-extend', 'in.text', ':0x10'], 'A port that is not decimal.'],
    ['port-text', 'host-alone', ['text-extend', 'in.text', ':https'], 'A port by name.'],
    ['port-two-turns', 'host-alone', ['text-extend', 'in.text', ':69969'], 'A port that is 4433 in 16 bits.'],
    ['port-full-width', 'host-alone', ['text-extend', 'in.text', ':４４３３'], 'Digits that are not ASCII.'],
    ['port-space', 'host-alone', ['text-extend', 'in.text', ': 4433'], 'A space before the port.'],
    ['newline-behind', 'host-and-port', ['text-extend', 'in.text', '\n'], 'A newline behind.'],
    ['space-in-front', 'host-and-port', ['text-prepend', 'in.text', ' '], 'A space in front.'],
    ['ipv4-in-brackets', 'ipv4', ['set', 'in.text', '[192.0.2.7]:443'], 'Brackets around an IPv4 address.'],
    ['ipv6-zone', 'ipv6', ['set', 'in.text', '[fe80::1%eth0]:4434'], 'A zone means something on one machine only.'],
    ['slash-in-the-host', 'host-and-port', ['text-overwrite', 'in.text', { at: 5, with: '/' }], 'A slash in the host.'],
    [
      'percent-in-the-host',
      'host-and-port',
      ['text-overwrite', 'in.text', { at: 5, with: '%' }],
      'A host is not escaped.',
    ],
    ['address-263-bytes', 'address-262-bytes', ['text-prepend', 'in.text', 'a'], 'An address of 263 bytes.'],
    [
      'address-263-bytes-with-the-default-port',
      'address-of-257-bytes-without-a-port',
      ['text-prepend', 'in.text', 'a'],
      'A port that is left out counts with its five bytes.',
    ],
    ['port-negative', 'host-alone', ['text-extend', 'in.text', ':-1'], 'A negative port.'],
    [
      'ipv6-no-brackets',
      'ipv6',
      ['set', 'in.text', '2001:db8::1'],
      'IPv6 without brackets cannot be told from host:port.',
    ],
    ['ipv6-open', 'ipv6', ['set', 'in.text', '[::1'], 'A bracket that does not close.'],
    ['ipv6-one-colon', 'ipv6-default-port', ['set', 'in.text', '[:1]'], 'A colon too few.'],
    ['ipv6-dot', 'ipv6', ['text-overwrite', 'in.text', { at: 8, with: '.' }], 'A dot among the groups.'],
    ['ipv6-three-colons', 'ipv6', ['set', 'in.text', '[2001:db8:::1]:4434'], 'Three colons in a row.'],
    ['ipv6-nine-groups', 'ipv6', ['set', 'in.text', '[1:2:3:4:5:6:7:8:9]:4434'], 'Nine groups.'],
    ['ipv6-name', 'ipv6', ['set', 'in.text', '[relay.example]:4434'], 'A name in brackets.'],
    ['space-within', 'host-and-port', ['text-overwrite', 'in.text', { at: 5, with: ' ' }], 'A space in the host.'],
    ['path-behind', 'host-and-port', ['text-extend', 'in.text', '/path'], 'A path is no part of it.'],
    ['scheme-before', 'host-and-port', ['text-prepend', 'in.text', 'https://'], 'A URL is not a relay.'],
    ['node-id-empty', 'host-and-port', ['text-prepend', 'in.text', '@'], 'An @ without a key.'],
    [
      'node-id-short',
      'node-id',
      ['set', 'in.text', `${nodeText.slice(1)}@relay.example:4433`],
      'A key of 51 characters.',
    ],
    [
      'node-id-typo',
      'node-id',
      ['text-overwrite', 'in.text', { at: 4, with: 'l' }],
      'A character that is not in the alphabet.',
    ],
    ['kem-hash-empty', 'node-id', ['set', 'in.text', `${nodeText}.@relay.example:4433`], 'A dot without a KEM hash.'],
    [
      'kem-hash-short',
      'both-keys',
      ['set', 'in.text', `${nodeText}.${kemText.slice(1)}@relay.example:4433`],
      'A KEM hash of 51 characters.',
    ],
    [
      'kem-hash-alone',
      'both-keys',
      ['set', 'in.text', `.${kemText}@relay.example:4433`],
      'A KEM hash without a NodeId.',
    ],
    ['three-keys', 'both-keys', ['text-prepend', 'in.text', `${nodeText}.`], 'Three keys.'],
    ['two-ats', 'node-id', ['text-prepend', 'in.text', `${nodeText}@`], 'Two keys with an @ each.'],
  ] as const) {
    draft.negative(slug, { of, req: ['CL-34'], flags: ['LaxText'], comment, reject: 'invite.parse', change });
  }
  return draft;
}

export function padmeFile(): Draft {
  const draft = new Draft('text/padme', 'padme.pad');
  for (const length of [
    2, 3, 4, 7, 8, 9, 15, 16, 17, 255, 256, 257, 260, 273, 1000, 1024, 1025, 65_535, 65_537, 196_612, 262_144,
  ]) {
    draft.positive(`length-${length}`, {
      req: ['EN-14'],
      flags: ['PaddingUnit'],
      comment: `Padmé of ${length}.`,
      in: { len: length },
      ok: { len: padme(length) },
    });
  }
  return draft;
}
