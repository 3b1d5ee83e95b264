import { isDeepStrictEqual } from 'node:util';
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Output } from './emit-module.ts';
import { jsonOf } from './emit-package.ts';
import type { PatternMessage, Role, Suite } from './model.ts';
import { type Draw, Party, type Step } from './reference.ts';
import { openRecord, type Snapshot, type SplitKeys, sealRecord } from './reference-state.ts';

const NOTE = 'generated, do not edit: `make generate` writes this file with spec/compile/reference.ts';
const CONTROL_KIND = 0;
const EMPTY = new Uint8Array(0);
/** Plaintext lengths of the records; sent by initiator and responder in turn. */
const RECORD_LENGTHS = [0, 1, 32, 255, 1024];

/** `transcripts/<suite>.json`: a whole handshake with empty payloads, the state after every token, and some records. */
export function emitTranscript(suite: Suite): Output {
  const draws: Record<Role, Record<string, string>> = { initiator: {}, responder: {} };
  const prologue = concatBytes(
    utf8ToBytes(`0k-sync/${suite.version}`),
    Uint8Array.of(0x30, 0x4b, suite.version, CONTROL_KIND),
  );
  const makeParty = (role: Role): Party =>
    new Party(role, suite.protocolName, prologue, recordedDraw(suite.suite, role, draws[role]));
  const parties = { initiator: makeParty('initiator'), responder: makeParty('responder') };
  const start = describeSnapshot(parties.initiator.snapshot);
  const messages = suite.messages.map((message) => runMessage(message, parties));
  const keys = parties.initiator.split();
  return jsonOf(`transcripts/${suite.suite}.json`, {
    note: NOTE,
    license: 'CC0-1.0',
    suite: suite.suite,
    protocol_name: suite.protocolName,
    draw: 'BLAKE3("0k-sync/transcript/<suite>/<party>/<draw name>"), 32 bytes',
    prologue: bytesToHex(prologue),
    draws,
    after_prologue: start,
    messages,
    handshake_hash: bytesToHex(parties.initiator.snapshot.h),
    k_initiator_to_responder: bytesToHex(keys.initiatorToResponder),
    k_responder_to_initiator: bytesToHex(keys.responderToInitiator),
    exporter: bytesToHex(keys.exporter),
    transport: RECORD_LENGTHS.map((length, index) => runRecord(suite.suite, keys, length, index)),
  });
}

/** A labelled hash for every draw, kept in `record` in the order drawn. */
function recordedDraw(suite: string, role: Role, record: Record<string, string>): Draw {
  return (name) => {
    const value = blake3(utf8ToBytes(`0k-sync/transcript/${suite}/${role}/${name}`));
    record[name] = bytesToHex(value);
    return value;
  };
}

/** Writes at one end and reads at the other; both log their state after every token. */
function runMessage({ number, from, tokens }: PatternMessage, parties: Readonly<Record<Role, Party>>) {
  const to: Role = from === 'initiator' ? 'responder' : 'initiator';
  const written = parties[from].write(tokens, EMPTY);
  const read = parties[to].read(tokens, written.bytes);
  const steps = written.steps.map((step) => describeStep(step));
  if (
    !isDeepStrictEqual(
      steps,
      read.steps.map((step) => describeStep(step)),
    )
  ) {
    throw new Error(`the ends differ after message ${number} of ${from}`);
  }
  return {
    from,
    tokens: tokens.join(' '),
    payload: '',
    message: bytesToHex(written.bytes),
    initiator: steps,
    responder: steps,
  };
}

function runRecord(suite: string, keys: SplitKeys, length: number, index: number) {
  const from: Role = index % 2 === 0 ? 'initiator' : 'responder';
  const key = from === 'initiator' ? keys.initiatorToResponder : keys.responderToInitiator;
  const n = Math.floor(index / 2);
  const payload = blake3(utf8ToBytes(`0k-sync/transcript/${suite}/${from}/record-${n}`), {
    dkLen: Math.max(length, 1),
  }).slice(0, length);
  const ciphertext = sealRecord(key, n, payload);
  openRecord(key, n, ciphertext);
  return { from, n, payload: bytesToHex(payload), ciphertext: bytesToHex(ciphertext) };
}

function describeStep({ token, ...snapshot }: Step) {
  return { token, ...describeSnapshot(snapshot) };
}

function describeSnapshot({ h, ck, k, n }: Snapshot) {
  return { h: bytesToHex(h), ck: bytesToHex(ck), k: k === null ? null : bytesToHex(k), n };
}
