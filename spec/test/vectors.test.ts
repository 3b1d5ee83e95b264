import { readFileSync } from 'node:fs';
import { x25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import t from 'tap';
import { check } from '../compile/compile.ts';
import type { Role, Suite } from '../compile/model.ts';
import { Party, type Step } from '../compile/reference.ts';
import { type SplitKeys, sealRecord } from '../compile/reference-state.ts';
import { good } from './fixture.ts';

type PublishedMessage = { payload: string; ciphertext: string };
type ClassicalVector = {
  source: string;
  init_prologue: string;
  init_static: string;
  init_ephemeral: string;
  resp_prologue: string;
  resp_static: string;
  resp_ephemeral: string;
  handshake_hash?: string;
  messages: PublishedMessage[];
};
type PublishedState = { h: string; ck: string; k: string | null; n: number };
type HybridSecrets = Readonly<Record<string, string>>;
type HybridVector = {
  pattern: string[];
  prologue: string;
  h_initial_from_name: string;
  h_after_prologue: string;
  init: HybridSecrets;
  resp: HybridSecrets;
  messages: (PublishedMessage & { from: Role; len: number; h_after: string; writer_steps: PublishedState[] })[];
  handshake_hash: string;
  chaining_key_final: string;
  k_initiator_to_responder: string;
  k_responder_to_initiator: string;
  transport: (PublishedMessage & { from: Role; nonce: number })[];
};

function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/noise/${name}.json`, import.meta.url), 'utf8')) as T;
}

function suiteOf(name: string): Suite {
  const suite = check(good).checked?.model.suites.find((candidate) => candidate.suite === name);
  if (suite === undefined) throw new RangeError(`the good tree has no suite ${name}`);
  return suite;
}

/** Draws from a table of hexadecimal values. */
function drawFrom(values: Readonly<Record<string, string | undefined>>): (name: string) => Uint8Array {
  return (name) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`the vector has no draw ${name}`);
    return hexToBytes(value);
  };
}

type Run = {
  readonly messages: readonly {
    readonly bytes: Uint8Array;
    readonly written: readonly Step[];
    readonly read: readonly Step[];
  }[];
  readonly payloads: readonly string[];
  readonly keys: SplitKeys;
};

/** Runs a handshake with these payloads, written at one end and read at the other. */
function runHandshake(suite: Suite, parties: Readonly<Record<Role, Party>>, payloads: readonly string[]): Run {
  const payloadsRead: string[] = [];
  const messages = suite.messages.map(({ from, tokens }, index) => {
    const written = parties[from].write(tokens, hexToBytes(payloads[index] ?? ''));
    const read = parties[from === 'initiator' ? 'responder' : 'initiator'].read(tokens, written.bytes);
    payloadsRead.push(bytesToHex(read.payload));
    return { bytes: written.bytes, written: written.steps, read: read.steps };
  });
  return { messages, payloads: payloadsRead, keys: parties.initiator.split() };
}

const published = readVectors<{ vectors: ClassicalVector[] }>('XX_25519_ChaChaPoly_BLAKE2s');

for (const [index, vector] of published.vectors.entries()) {
  t.test(`HS-02 the reference gives the published XX vector ${index + 1} (${vector.source})`, async (t) => {
    const suite = suiteOf('classical');
    const start = (role: Role, prologue: string, s_x25519: string, e_x25519: string): Party =>
      new Party(role, suite.protocolName, hexToBytes(prologue), drawFrom({ s_x25519, e_x25519 }));
    const parties = {
      initiator: start('initiator', vector.init_prologue, vector.init_static, vector.init_ephemeral),
      responder: start('responder', vector.resp_prologue, vector.resp_static, vector.resp_ephemeral),
    };
    const payloads = vector.messages.map(({ payload }) => payload);
    const run = runHandshake(suite, parties, payloads);
    t.strictSame(run.payloads, payloads.slice(0, 3));
    if (vector.handshake_hash !== undefined) {
      t.equal(bytesToHex(parties.initiator.snapshot.h), vector.handshake_hash);
    }
    t.same(parties.responder.split(), run.keys);
    const keys = [run.keys.responderToInitiator, run.keys.initiatorToResponder];
    const records = payloads.slice(3).map((payload, record) => {
      const key = keys[record % 2] ?? new Uint8Array(32);
      return sealRecord(key, Math.floor(record / 2), hexToBytes(payload));
    });
    const sent = [...run.messages.map(({ bytes }) => bytes), ...records].map((bytes) => bytesToHex(bytes));
    t.strictSame(
      sent,
      vector.messages.map(({ ciphertext }) => ciphertext),
    );
  });
}

/** The draws of one side of the hybrid vector under the names of the reference. */
function hybridDraws(secrets: HybridSecrets): Readonly<Record<string, string | undefined>> {
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

function describeState({ h, ck, k, n }: Step): PublishedState {
  return { h: bytesToHex(h), ck: bytesToHex(ck), k: k === null ? null : bytesToHex(k), n };
}

/** The number of operations of the vector that a token stands for. */
const OPERATIONS: Readonly<Record<Step['token'], number>> = {
  e: 2,
  s: 2,
  ee: 1,
  es: 1,
  se: 1,
  ekem: 2,
  skem: 2,
  payload: 1,
};

t.test('HS-02 the reference gives every value of the hybridXX vector', async (t) => {
  const vector = readVectors<HybridVector>('hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s');
  const suite = suiteOf('hybrid');
  t.strictSame(
    suite.messages.map(({ tokens }) => tokens.join(' ')),
    vector.pattern,
  );
  const start = (role: Role, secrets: HybridSecrets): Party =>
    new Party(role, suite.protocolName, hexToBytes(vector.prologue), drawFrom(hybridDraws(secrets)));
  const parties = { initiator: start('initiator', vector.init), responder: start('responder', vector.resp) };
  t.equal(bytesToHex(parties.initiator.snapshot.ck), vector.h_initial_from_name);
  t.equal(bytesToHex(parties.initiator.snapshot.h), vector.h_after_prologue);
  const run = runHandshake(
    suite,
    parties,
    vector.messages.map(({ payload }) => payload),
  );
  for (const [index, message] of vector.messages.entries()) {
    const { bytes, written, read } = run.messages[index] ?? { bytes: new Uint8Array(0), written: [], read: [] };
    t.equal(bytesToHex(bytes), message.ciphertext, `bytes of message ${index + 1}`);
    let operations = 0;
    for (const [position, step] of written.entries()) {
      operations += OPERATIONS[step.token];
      const { h, ck, k, n } = message.writer_steps[operations - 1] ?? {};
      t.strictSame(describeState(step), { h, ck, k, n }, `state after ${step.token} of message ${index + 1}`);
      t.strictSame(read[position], step, `the reader's state after ${step.token} of message ${index + 1}`);
    }
    t.equal(operations, message.writer_steps.length, `all operations of message ${index + 1}`);
  }
  t.equal(bytesToHex(parties.responder.snapshot.h), vector.handshake_hash);
  t.equal(bytesToHex(parties.responder.snapshot.ck), vector.chaining_key_final);
  t.equal(bytesToHex(run.keys.initiatorToResponder), vector.k_initiator_to_responder);
  t.equal(bytesToHex(run.keys.responderToInitiator), vector.k_responder_to_initiator);
  for (const { from, nonce, payload, ciphertext } of vector.transport) {
    const key = from === 'initiator' ? run.keys.initiatorToResponder : run.keys.responderToInitiator;
    t.equal(bytesToHex(sealRecord(key, nonce, hexToBytes(payload))), ciphertext, `record ${nonce} of ${from}`);
  }
});

t.test('the public keys of the hybridXX vector come from its secrets', async (t) => {
  const vector = readVectors<HybridVector>('hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s');
  for (const secrets of [vector.init, vector.resp]) {
    t.equal(bytesToHex(x25519.getPublicKey(hexToBytes(secrets['s_dh_secret'] ?? ''))), secrets['s_dh_public']);
    const { publicKey } = ml_kem768.keygen(hexToBytes(secrets['s_kem_seed_dz'] ?? ''));
    t.equal(bytesToHex(sha256(publicKey)), secrets['s_kem_ek_sha256']);
  }
});
