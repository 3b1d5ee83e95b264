// Names in the rows of handshakes, and handshakes with a forging end.
import { patterns, type Role, type SuiteName } from '@0k-sync/generated/patterns';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { Bytes, toHex } from '../../src/faults/evaluate.ts';
import type { DraftOptions } from '../draft.ts';
import { type Alter, bytesOf, type Names } from '../rows.ts';
import { Ends, messagesOf, prologueOf, runHandshake } from './handshake.ts';
import { LOW_ORDER, zeroMessages } from './handshake-zeros.ts';
import { hex, labelled } from './labelled.ts';

const SUITE = /^(?:classical|hybrid)-/;

const names: Names = {
  low_order: () => new Bytes(hex(LOW_ORDER)),
  /** A public key of which the forger has no secret. */
  stranger: ({ twin }) => new Bytes(hex(x25519.getPublicKey(labelled(twin.id, 'stranger')))),
  ciphertext_for_another: ({ twin }) => {
    const { publicKey } = ml_kem768.keygen(labelled(twin.id, 'other', 64));
    return new Bytes(hex(ml_kem768.encapsulate(publicKey, labelled(twin.id, 'm')).cipherText));
  },
  blake3: (_, bytes = null) => new Bytes(hex(blake3(bytesOf(toHex(bytes))))),
};

/** Rows of the file in which one role reads: the other one forges, in the first `count` messages. */
export function forgedFor(reader: Role, count: number): DraftOptions {
  const forger = reader === 'initiator' ? 'responder' : 'initiator';
  return {
    names,
    remadeAs: (slug) => slug.replace(SUITE, ''),
    remake: ({ id, in: input }, alter, slug) => {
      const ends = new Ends(id);
      if (slug.endsWith('all-secrets-zero')) return { receive: zeroMessages(ends, reader).map(hex) };
      const suite: SuiteName = input['version'] === patterns.hybrid.version ? 'hybrid' : 'classical';
      const prologue = alter('prologue', prologueOf(patterns[suite].version));
      const run = runHandshake(suite, ends, { prologue, forger, forge: asForge(alter), count });
      const forged = messagesOf(suite, run, forger).map(hex);
      const honest = input['receive'] as readonly string[];
      return { receive: [...forged, ...honest.slice(forged.length)] };
    },
  };
}

function asForge(alter: Alter): Alter {
  return (name, honest) => (name === 'prologue' ? honest : alter(name, honest));
}
