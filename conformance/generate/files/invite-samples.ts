import { hex, labelled } from '../kit/labelled.ts';
import { encodeJson } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';

export const MIB = 1024;
export const NOW = 1_770_000_000_000;
export const EXPIRES = NOW + 600_000;
export const SKEW = 300_000;

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
  ['address-longest', 'An address of 262 bytes.', (id) => inviteJson(id, { address: `${'a'.repeat(257)}:4433` })],
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

export const badAddresses = [
  ['without-port', 'relay.example', 'An address without a port.'],
  ['with-node-id', `${'y'.repeat(52)}@relay.example:4433`, 'An address with a key: it has a field of its own.'],
  ['port-zero', 'relay.example:0', 'Port 0.'],
  ['port-65536', 'relay.example:65536', 'A port above 65,535.'],
  ['port-text', 'relay.example:https', 'A port that is no number.'],
  ['ipv6-open', '[::1:4433', 'A bracket that does not close.'],
  ['ipv6-bare', '::1:4433', 'IPv6 without brackets.'],
  ['ipv6-malformed', '[:1:]:4433', 'Brackets around what is no IPv6 address.'],
  ['space', 'relay example:4433', 'A space in the host.'],
  ['not-ascii', 'zwölf.example:4433', 'A host that is not ASCII.'],
] as const;

export const badCosts = [
  ['memory-below-19-mib', 'memory_kib', 19 * MIB - 1],
  ['memory-above-1-gib', 'memory_kib', 1024 * MIB + 1],
  ['iterations-zero', 'iterations', 0],
  ['iterations-17', 'iterations', 17],
  ['parallelism-zero', 'parallelism', 0],
  ['parallelism-17', 'parallelism', 17],
  ['work-below-38-mib', 'iterations', 1],
] as const;
