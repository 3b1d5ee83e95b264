import { blake3 } from '@noble/hashes/blake3.js';
import type { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';

/** HS-12, HS-13: what a client knows of its relay beforehand. */
export function pinFaults(draft: Draft): void {
  const refuse = (
    slug: string,
    of: string,
    req: string[],
    reject: string,
    comment: string,
    change: readonly [string, string, (string | object)?],
  ) =>
    draft.negative(slug, {
      of,
      req,
      flags: ['PinUnchecked'],
      comment,
      reject,
      change: change as readonly [string, string, string],
    });
  for (const suite of ['classical', 'hybrid'] as const) {
    refuse(
      `${suite}-pin-of-another-node`,
      `${suite}-pinned-node`,
      ['HS-12', 'CL-30'],
      'handshake.identity',
      'Another NodeId is pinned.',
      ['flip', 'in.pin.node_id', { at: 31 }],
    );
  }
  draft.negative('hybrid-pin-before-message-4', {
    of: 'hybrid-pinned-node',
    req: ['HS-12'],
    flags: ['PinUnchecked'],
    comment: 'Another NodeId is pinned, and message 4 never comes: the pin is checked before message 3.',
    reject: 'handshake.identity',
    change: ['flip', 'in.pin.node_id', { at: 31 }],
    and: ['remove', 'in.receive.1'],
  });
  draft.negative('hybrid-pin-before-a-bad-message-4', {
    of: 'hybrid-pinned-node',
    req: ['HS-12'],
    flags: ['PinUnchecked'],
    comment: 'Another NodeId is pinned, and message 4 does not open: nobody gets that far.',
    reject: 'handshake.identity',
    change: ['flip', 'in.pin.node_id', { at: 31 }],
    and: ['flip', 'in.receive.1', { at: -1 }],
  });
  refuse(
    'hybrid-pin-of-another-kem-key',
    'hybrid-pinned-both',
    ['HS-12', 'CL-30', 'HS-21'],
    'handshake.identity',
    'The NodeId matches, the KEM hash does not.',
    ['flip', 'in.pin.kem_hash', { at: 0 }],
  );
  refuse(
    'hybrid-pin-other-node-same-kem',
    'hybrid-pinned-both',
    ['HS-12', 'CL-30'],
    'handshake.identity',
    'The KEM hash matches, the NodeId does not.',
    ['flip', 'in.pin.node_id', { at: 0 }],
  );
  refuse(
    'hybrid-pin-kem-hash-alone',
    'hybrid-pinned-both',
    ['HS-12', 'CL-30'],
    'handshake.identity',
    'Only a KEM hash is known, and it is another.',
    ['set', 'in.pin', { kem_hash: '00'.repeat(32) }],
  );
  refuse(
    'hybrid-pin-is-the-key-itself',
    'hybrid-pinned-node',
    ['HS-12', 'HS-21'],
    'handshake.identity',
    'The hash of the X25519 key is not the hash of the encapsulation key.',
    ['set', 'in.pin.kem_hash', hex(blake3(Buffer.from(pinOf(draft), 'hex')))],
  );
  draft.negative('classical-downgrade', {
    of: 'classical-pinned-node',
    req: ['HS-13'],
    flags: ['Downgrade'],
    comment: 'A relay with a pinned KEM key is not dialled without it.',
    reject: 'handshake.downgrade',
    change: ['set', 'in.pin.kem_hash', '00'.repeat(32)],
  });
  draft.negative('classical-downgrade-kem-hash-alone', {
    of: 'classical-plain',
    req: ['HS-13'],
    flags: ['Downgrade'],
    comment: 'A pinned KEM hash without a NodeId is enough.',
    reject: 'handshake.downgrade',
    change: ['set', 'in.pin', { kem_hash: '11'.repeat(32) }],
  });
}

function pinOf(draft: Draft): string {
  return (draft.case('hybrid-pinned-node').in['pin'] as { node_id: string }).node_id;
}
