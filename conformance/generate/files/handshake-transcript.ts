import { patterns, type Role, type SuiteName } from '@0k-sync/generated/patterns';
import { hexToBytes } from '@noble/hashes/utils.js';
import { Party } from '../../../spec/compile/reference.ts';
import { sealRecord } from '../../../spec/compile/reference-state.ts';
import { Draft } from '../draft.ts';
import { Ends, prologueOf, runHandshake, staticsJson } from '../kit/handshake.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { published } from '../kit/published.ts';
import type { Json, JsonObject } from '../model.ts';

const ROLES = ['initiator', 'responder'] as const;
const EMPTY = new Uint8Array(0);

export function transcriptFile(): Draft {
  const draft = new Draft('handshake/transcript', 'hs.transcript');
  for (const suite of ['classical', 'hybrid'] as const) {
    own(draft, suite, 'empty-payloads', [], [0, 1, 32, 255]);
    own(draft, suite, 'no-records', [], []);
    own(draft, suite, 'with-payloads', [5, 0, 33, 1], [16, 16, 17]);
    own(draft, suite, 'other-prologue', [], [3], labelled(draft.id(`${suite}-other-prologue`), 'prologue', 19));
    own(draft, suite, 'empty-prologue', [], [3], EMPTY);
  }
  cacophony(draft);
  hybridPublished(draft);
  return draft;
}

/** A handshake of labelled draws, by the interpreter. */
function own(
  draft: Draft,
  suite: SuiteName,
  topic: string,
  payloadLengths: readonly number[],
  transportLengths: readonly number[],
  prologue = prologueOf(patterns[suite].version),
): void {
  const slug = `${suite}-${topic}`;
  const id = draft.id(slug);
  const ends = new Ends(id);
  const payloads = patterns[suite].messages.map((_, index) =>
    labelled(id, `payload-${index}`, payloadLengths[index] ?? 0),
  );
  const run = runHandshake(suite, ends, { prologue, payloads });
  const transport = transportLengths.map((length, index) => labelled(id, `record-${index}`, length));
  const keys = [run.initiatorToResponder, run.responderToInitiator];
  draft.positive(slug, {
    req: ['HS-01', 'HS-02', 'HS-16'],
    flags: ['HandshakeOrder', ...(suite === 'hybrid' ? ['KemSecretIgnored'] : [])],
    comment: `A whole handshake of ${patterns[suite].protocolName}, ${topic.replaceAll('-', ' ')}.`,
    in: {
      suite: patterns[suite].protocolName,
      prologue: hex(prologue),
      ...Object.fromEntries(ROLES.map((role) => [role, partyJson(suite, ends, role)])),
      payloads: payloads.map(hex),
      transport: transport.map(hex),
    },
    ok: {
      messages: run.messages.map(hex),
      handshake_hash: hex(run.handshakeHash),
      k_initiator_to_responder: hex(run.initiatorToResponder),
      k_responder_to_initiator: hex(run.responderToInitiator),
      transport: transport.map((plaintext, index) =>
        hex(sealRecord(keys[index % 2] ?? EMPTY, Math.floor(index / 2), plaintext)),
      ),
    },
  });
}

function partyJson(suite: SuiteName, ends: Ends, role: Role): JsonObject {
  const hybrid = {
    e_mlkem: hex(ends.mlkem(role, 'e')),
    skem_m: hex(ends.draw(role, 'skem_m')),
    ...(role === 'responder' && { ekem_m: hex(ends.draw(role, 'ekem_m')) }),
  };
  const party = { ...staticsJson(suite, ends, role), e_x25519: hex(ends.draw(role, 'e_x25519')) };
  return suite === 'hybrid' ? { ...party, ...hybrid } : party;
}

type Cacophony = {
  vectors: {
    source: string;
    protocol_name: string;
    init_prologue: string;
    init_static: string;
    init_ephemeral: string;
    resp_static: string;
    resp_ephemeral: string;
    handshake_hash?: string;
    messages: { payload: string; ciphertext: string }[];
  }[];
};

function cacophony(draft: Draft): void {
  const { vectors } = published<Cacophony>('noise/XX_25519_ChaChaPoly_BLAKE2s.json');
  for (const vector of vectors) {
    const slug = `published-${vector.source.split('.')[0]}`;
    const handshake = vector.messages.slice(0, 3);
    const secrets: Record<Role, JsonObject> = {
      initiator: { s_x25519: vector.init_static, e_x25519: vector.init_ephemeral },
      responder: { s_x25519: vector.resp_static, e_x25519: vector.resp_ephemeral },
    };
    const run = replay(
      'classical',
      vector.init_prologue,
      secrets,
      handshake.map(({ payload }) => payload),
    );
    mustBe(
      slug,
      run.messages,
      handshake.map(({ ciphertext }) => ciphertext),
    );
    const after = vector.messages.slice(3);
    const keys = after.length === 0 ? [] : [run.initiatorToResponder, run.responderToInitiator];
    const records = keys.map((key) => firstUnder(key, after));
    draft.positive(slug, {
      req: ['HS-02', 'HS-01'],
      comment: 'A vector of the Noise community, with the first record of each direction where it has some.',
      source: vector.source,
      in: {
        suite: vector.protocol_name,
        prologue: vector.init_prologue,
        ...secrets,
        payloads: handshake.map(({ payload }) => payload),
        transport: records.map((record) => record.payload),
      },
      ok: {
        messages: handshake.map(({ ciphertext }) => ciphertext),
        handshake_hash: vector.handshake_hash ?? run.handshakeHash,
        k_initiator_to_responder: run.initiatorToResponder,
        k_responder_to_initiator: run.responderToInitiator,
        transport: records.map((record) => record.ciphertext),
      },
    });
  }
}

/** The published records do not say who sends them: the first that a key seals is the one. */
function firstUnder(key: string, records: Cacophony['vectors'][number]['messages']) {
  const first = records.find(
    ({ payload, ciphertext }) => hex(sealRecord(hexToBytes(key), 0, hexToBytes(payload))) === ciphertext,
  );
  if (first === undefined) throw new Error('no published record is sealed under this key');
  return first;
}

type HybridEnd = {
  s_dh_secret: string;
  s_kem_seed_dz: string;
  e_dh: string;
  e_kem_d: string;
  e_kem_z: string;
  skem_m: string;
  ekem_m?: string;
};
type Hybrid = {
  source: string;
  protocol_name: string;
  prologue: string;
  init: HybridEnd;
  resp: HybridEnd;
  messages: { payload: string; ciphertext: string }[];
  handshake_hash: string;
  k_initiator_to_responder: string;
  k_responder_to_initiator: string;
  transport: { from: Role; nonce: number; payload: string; ciphertext: string }[];
};

function hybridPublished(draft: Draft): void {
  const vector = published<Hybrid>('noise/hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s.json');
  const party = (end: HybridEnd): JsonObject => ({
    s_x25519: end.s_dh_secret,
    s_mlkem: end.s_kem_seed_dz,
    e_x25519: end.e_dh,
    e_mlkem: end.e_kem_d + end.e_kem_z,
    skem_m: end.skem_m,
    ...(end.ekem_m !== undefined && { ekem_m: end.ekem_m }),
  });
  const secrets = { initiator: party(vector.init), responder: party(vector.resp) };
  const payloads = vector.messages.map(({ payload }) => payload);
  const run = replay('hybrid', vector.prologue, secrets, payloads);
  mustBe(
    'published-hybrid',
    run.messages,
    vector.messages.map(({ ciphertext }) => ciphertext),
  );
  const alternating = vector.transport.filter(
    ({ from, nonce }, index) => from === ROLES[index % 2] && nonce === Math.floor(index / 2),
  );
  draft.positive('published-hybrid', {
    req: ['HS-01', 'HS-02'],
    flags: ['KemSecretIgnored'],
    comment: 'The hybrid handshake as computed apart from this project’s code.',
    source: vector.source,
    in: {
      suite: vector.protocol_name,
      prologue: vector.prologue,
      ...secrets,
      payloads,
      transport: alternating.map(({ payload }) => payload),
    },
    ok: {
      messages: vector.messages.map(({ ciphertext }) => ciphertext),
      handshake_hash: vector.handshake_hash,
      k_initiator_to_responder: vector.k_initiator_to_responder,
      k_responder_to_initiator: vector.k_responder_to_initiator,
      transport: alternating.map(({ ciphertext }) => ciphertext),
    },
  });
}

/** The interpreter on given secrets. */
function replay(suite: SuiteName, prologue: string, secrets: Record<Role, JsonObject>, payloads: readonly string[]) {
  const { protocolName, messages } = patterns[suite];
  const [initiator, responder] = ROLES.map(
    (role) => new Party(role, protocolName, hexToBytes(prologue), (name) => secretOf(secrets[role], name)),
  ) as [Party, Party];
  const sent = messages.map(({ from, tokens }, index) => {
    const [writer, reader] = from === 'initiator' ? [initiator, responder] : [responder, initiator];
    const { bytes } = writer.write(tokens, hexToBytes(payloads[index] ?? ''));
    reader.read(tokens, bytes);
    return hex(bytes);
  });
  const keys = initiator.split();
  return {
    messages: sent,
    handshakeHash: hex(initiator.snapshot.h),
    initiatorToResponder: hex(keys.initiatorToResponder),
    responderToInitiator: hex(keys.responderToInitiator),
  };
}

function secretOf(party: JsonObject, name: string): Uint8Array {
  const half = /^(.*_mlkem)_([dz])$/.exec(name);
  const bytes = hexToBytes(String((party as { [name: string]: Json })[half?.[1] ?? name]));
  return half === null ? bytes : half[2] === 'd' ? bytes.slice(0, 32) : bytes.slice(32);
}

function mustBe(slug: string, actual: readonly string[], expected: readonly string[]): void {
  if (actual.join() !== expected.join())
    throw new Error(`${slug}: the interpreter does not give the published messages`);
}
