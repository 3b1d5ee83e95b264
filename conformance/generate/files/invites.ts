import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { checksumOf, linkOf } from '../kit/pairing.ts';
import { encodeJson } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';
import type { Alter } from '../rows.ts';

const MIB = 1024;
const NOW = 1_770_000_000_000;
const EXPIRES = NOW + 600_000;
/** Hosts of so many characters leave each number of trailing bits unused. */
const HOST_LENGTHS = [1, 2, 3, 4, 5];
const CHARACTER_BITS = 5;

interface Shape {
  readonly address?: string;
  readonly kemHash?: true;
  readonly signingKey?: true;
  /** Memory in MiB, iterations, parallelism. */
  readonly costs?: readonly [number, number, number];
}

const shapes: readonly (readonly [slug: string, comment: string, shape: Shape])[] = [
  ['node-id-only', 'A relay of which only the NodeId is known.', {}],
  ['whole-pin', 'A relay of which everything is known.', { kemHash: true, signingKey: true }],
  ['signing-key-only', 'NodeId and signing key.', { signingKey: true }],
  ['address-longest', 'An address of 262 bytes.', { address: `${'a'.repeat(257)}:4433` }],
  ['ipv6', 'An IPv6 address.', { address: '[2001:db8::7]:4433' }],
  ['passphrase', 'A passphrase is needed too, with the default costs.', { costs: [64, 3, 1] }],
  ['passphrase-floor', 'The lowest costs: 19 MiB, t = 2.', { costs: [19, 2, 1] }],
  ['passphrase-ceiling', 'The highest costs; nobody computes them here.', { costs: [1024, 16, 16] }],
  ['passphrase-once', '38 MiB once.', { costs: [38, 1, 1] }],
];

/** Everything else is labelled by the id of the case. */
function inviteJson(id: string, { address = 'relay.example:4433', kemHash, signingKey, costs }: Shape): JsonObject {
  const [memory = 0, iterations = 0, parallelism = 0] = costs ?? [];
  const salt = hex(labelled(id, 'salt', 16));
  return {
    relay: {
      address,
      node_id: hex(labelled(id, 'node_id')),
      ...(kemHash && { kem_hash: hex(labelled(id, 'kem_hash')) }),
      ...(signingKey && { signing_key: hex(labelled(id, 'signing_key')) }),
    },
    mailbox_id: hex(labelled(id, 'mailbox_id', 16)),
    invite_key: hex(labelled(id, 'invite_key')),
    expires_at_ms: String(EXPIRES),
    ...(costs && { passphrase: { salt, memory_kib: memory * MIB, iterations, parallelism } }),
  };
}

/** The canonical bytes of an Invite. PA-03. */
function inviteBytes(json: JsonObject): Uint8Array {
  return encodeJson('Invite', { version: 1, ...json });
}

export function inviteMakeFile(): Draft {
  const draft = new Draft('pairing/invite-make', 'invite.make');
  for (const [slug, comment, shape] of shapes) {
    const invite = inviteJson(draft.id(slug), shape);
    draft.positive(slug, {
      req: ['PA-01', 'PA-03', 'PA-04', ...(shape.costs ? ['PA-07', 'PA-08'] : [])],
      comment,
      in: { invite },
      ok: { link: linkOf(inviteBytes(invite)) },
    });
  }
  return draft;
}

/** The rows of conformance/faults/invites.md. PA-23. */
export function passphraseFile(): Draft {
  return new Draft('pairing/passphrase-new', 'passphrase.new');
}

export function inviteParseFile(): Draft {
  const draft = new Draft('pairing/invite-parse', 'invite.parse', { remake });
  for (const [slug, comment, shape] of shapes) {
    const invite = inviteJson(draft.id(slug), shape);
    draft.positive(slug, {
      req: ['PA-01', 'PA-03', 'PA-04', 'PA-05', ...(shape.costs ? ['PA-07', 'PA-08'] : [])],
      comment,
      in: { link: linkOf(inviteBytes(invite)) },
      now_ms: NOW,
      ok: { invite },
    });
  }
  for (const length of HOST_LENGTHS) trailing(draft, length);
  return draft;
}

/** The link of the twin, written anew. */
function remake({ expect }: Case, alter: Alter): JsonObject {
  const { invite } = ('ok' in expect ? expect.ok : {}) as { readonly invite: JsonObject };
  const bytes = alter('invite', inviteBytes(invite));
  return { link: linkOf(bytes, alter('checksum', checksumOf(bytes))) };
}

function trailing(draft: Draft, length: number): void {
  const slug = `host-of-${length}`;
  const invite = inviteJson(draft.id(slug), { address: `${'h'.repeat(length)}:4433` });
  const bytes = inviteBytes(invite);
  const link = linkOf(bytes);
  const digits = link.length - link.indexOf(':') - 1;
  draft.positive(slug, {
    req: ['PA-01', 'PA-03', 'PA-04'],
    flags: ['BitOrder'],
    comment: `A link of which ${digits * CHARACTER_BITS - (bytes.length + 4) * 8} trailing bits are unused.`,
    in: { link },
    now_ms: NOW,
    ok: { invite },
  });
}
