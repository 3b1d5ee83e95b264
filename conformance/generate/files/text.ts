import { Bytes } from '../../src/faults/evaluate.ts';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { padme } from '../kit/padding.ts';
import { zBase32 } from '../kit/text.ts';
import type { Names } from '../rows.ts';

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
  const [, other] = keys;
  draft.positive('hexadecimal-mixed-case', {
    req: ['OV-03'],
    flags: ['CaseSensitive'],
    comment: 'Each digit may be in either case.',
    in: { text: hex(other?.[1] ?? new Uint8Array(0)).replace(/[ace]/g, (digit) => digit.toUpperCase()) },
    ok: { nodeid: hex(other?.[1] ?? new Uint8Array(0)) },
  });
  return draft;
}

export function relayTextFile(): Draft {
  const [node, kem] = [labelled('text/relay-parse/keys', 'nodeid'), labelled('text/relay-parse/keys', 'kem_hash')];
  const names: Names = {
    node_id: () => new Bytes(hex(node)),
    node_hex: () => hex(node),
    node_text: () => zBase32(node),
    kem_hash: () => new Bytes(hex(kem)),
    kem_hex: () => hex(kem),
    kem_text: () => zBase32(kem),
  };
  return new Draft('text/relay-parse', 'relay.parse', { names });
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
