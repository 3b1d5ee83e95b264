import { toHex } from '@0k-sync/core/bytes';
import { noiseSuites } from '@0k-sync/core/noise';
import type { Role } from '@0k-sync/generated/patterns';
import t from 'tap';
import { bytes, providers, readVectors } from '../crypto/providers.ts';
import { other, read, type Secrets, startEnd, write } from './ends.ts';

type Message = { payload: string; ciphertext: string };
type ClassicalVector = Record<`${'init' | 'resp'}_${'prologue' | 'static' | 'ephemeral'}`, string> & {
  source: string;
  handshake_hash?: string;
  messages: Message[];
};
type State = { h: string; ck: string; k: string | null; n: number };
type HybridSecrets = Readonly<Record<string, string>>;
type HybridVector = {
  protocol_name: string;
  prologue: string;
  init: HybridSecrets;
  resp: HybridSecrets;
  messages: (Message & { from: Role; len: number; h_after: string; writer_steps: State[] })[];
  handshake_hash: string;
  k_initiator_to_responder: string;
  k_responder_to_initiator: string;
  transport: (Message & { from: Role; nonce: number })[];
};

const xx = readVectors<{ vectors: ClassicalVector[] }>('noise/XX_25519_ChaChaPoly_BLAKE2s');
const hybrid = readVectors<HybridVector>('noise/hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s');

/** The number of symmetric operations of each token; the vector lists the state after each operation. */
const OPERATIONS: Readonly<Record<string, number>> = { e: 2, s: 2, ee: 1, es: 1, se: 1, ekem: 2, skem: 2, payload: 1 };

function hybridSecrets(secrets: HybridSecrets): Secrets {
  return {
    s_x25519: secrets['s_dh_secret'],
    s_mlkem_d: secrets['s_kem_seed_dz']?.slice(0, 64),
    s_mlkem_z: secrets['s_kem_seed_dz']?.slice(64),
    e_x25519: secrets['e_dh'],
    e_mlkem_d: secrets['e_kem_d'],
    e_mlkem_z: secrets['e_kem_z'],
    ekem_m: secrets['ekem_m'],
    skem_m: secrets['skem_m'],
  };
}

for (const [name, crypto] of providers) {
  for (const vector of xx.vectors) {
    t.test(`HS-02 classical with ${name}: the published vector of ${vector.source}`, async (t) => {
      const common = { crypto, suite: noiseSuites.classical };
      const initiatorSecrets = { s_x25519: vector.init_static, e_x25519: vector.init_ephemeral };
      const responderSecrets = { s_x25519: vector.resp_static, e_x25519: vector.resp_ephemeral };
      const [initiatorPrologue, responderPrologue] = [bytes(vector.init_prologue), bytes(vector.resp_prologue)];
      const ends = {
        initiator: startEnd({ ...common, role: 'initiator', prologue: initiatorPrologue, secrets: initiatorSecrets }),
        responder: startEnd({ ...common, role: 'responder', prologue: responderPrologue, secrets: responderSecrets }),
      };
      for (const [index, { from }] of noiseSuites.classical.messages.entries()) {
        const { payload, ciphertext } = vector.messages[index] ?? {};
        t.equal(toHex(write(ends[from], bytes(payload))), ciphertext);
        t.equal(toHex(read(ends[other(from)], bytes(ciphertext))), payload);
      }
      if (vector.handshake_hash !== undefined) {
        t.equal(toHex(ends.initiator.handshake.handshakeHash), vector.handshake_hash);
      }
      const keys = { initiator: ends.initiator.handshake.split(), responder: ends.responder.handshake.split() };
      for (const [index, { payload, ciphertext }] of vector.messages.slice(3).entries()) {
        const from = index % 2 === 0 ? 'responder' : 'initiator';
        t.equal(toHex(keys[from].send.seal(bytes(payload))), ciphertext);
        t.strictSame(keys[other(from)].receive.open(bytes(ciphertext)), bytes(payload));
      }
    });
  }

  t.test(`HS-02 hybrid with ${name}: the published vector, its state after each operation`, async (t) => {
    t.equal(noiseSuites.hybrid.protocolName, hybrid.protocol_name);
    const common = { crypto, suite: noiseSuites.hybrid, prologue: bytes(hybrid.prologue) };
    const ends = {
      initiator: startEnd({ ...common, role: 'initiator', secrets: hybridSecrets(hybrid.init) }),
      responder: startEnd({ ...common, role: 'responder', secrets: hybridSecrets(hybrid.resp) }),
    };
    for (const { from, len, payload, ciphertext, h_after, writer_steps } of hybrid.messages) {
      t.equal(toHex(write(ends[from], bytes(payload))), ciphertext);
      t.equal(bytes(ciphertext).length, len);
      t.equal(toHex(read(ends[other(from)], bytes(ciphertext))), payload);
      for (const end of Object.values(ends)) {
        t.equal(toHex(end.handshake.handshakeHash), h_after);
        let operations = 0;
        for (const { token, ...state } of end.steps.splice(0)) {
          operations += OPERATIONS[token] ?? 0;
          const { h, ck, k, n } = writer_steps[operations - 1] ?? {};
          t.strictSame(state, { h, ck, k, n }, `after ${token} of ${from}`);
        }
        t.equal(operations, writer_steps.length);
      }
    }
    t.equal(toHex(ends.initiator.handshake.handshakeHash), hybrid.handshake_hash);
    t.equal(toHex(ends.initiator.handshake.remoteStatic.x25519), hybrid.resp['s_dh_public']);
    t.equal(toHex(ends.responder.handshake.remoteStatic.x25519), hybrid.init['s_dh_public']);
    for (const [role, secrets] of [['initiator', hybrid.resp] as const, ['responder', hybrid.init] as const]) {
      const { mlkem768 } = ends[role].handshake.remoteStatic;
      t.equal(toHex(crypto.hash('SHA256', mlkem768 ?? new Uint8Array(0))), secrets['s_kem_ek_sha256']);
    }
    const keys = { initiator: ends.initiator.handshake.split(), responder: ends.responder.handshake.split() };
    t.equal(toHex(keys.responder.receive.key), hybrid.k_initiator_to_responder);
    t.equal(toHex(keys.responder.send.key), hybrid.k_responder_to_initiator);
    for (const { from, nonce, payload, ciphertext } of hybrid.transport) {
      t.equal(keys[from].send.n, BigInt(nonce));
      t.equal(toHex(keys[from].send.seal(bytes(payload))), ciphertext);
      t.strictSame(keys[other(from)].receive.open(bytes(ciphertext)), bytes(payload));
    }
  });
}
