import { readFileSync } from 'node:fs';
import { toHex } from '@0k-sync/core/bytes';
import { noiseSuites } from '@0k-sync/core/noise';
import type { Role } from '@0k-sync/generated/patterns';
import t from 'tap';
import { bytes, providers } from '../crypto/providers.ts';
import { other, read, type Secrets, type Step, startEnd, suiteKeys, write } from './ends.ts';

type Transcript = {
  protocol_name: string;
  prologue: string;
  draws: Record<Role, Secrets>;
  messages: { from: Role; payload: string; message: string; initiator: Step[]; responder: Step[] }[];
  handshake_hash: string;
  k_initiator_to_responder: string;
  k_responder_to_initiator: string;
  exporter: string;
  transport: { from: Role; n: number; payload: string; ciphertext: string }[];
};

for (const suite of suiteKeys) {
  const url = new URL(`../../../generated/transcripts/${suite}.json`, import.meta.url);
  const transcript = JSON.parse(readFileSync(url, 'utf8')) as Transcript;
  for (const [name, crypto] of providers) {
    t.test(`HS-02 ${suite} with ${name}: every value of the generated transcript`, async (t) => {
      t.equal(noiseSuites[suite].protocolName, transcript.protocol_name);
      const start = (role: Role) => {
        const common = { crypto, suite: noiseSuites[suite], role, prologue: bytes(transcript.prologue) };
        return startEnd({ ...common, secrets: transcript.draws[role] });
      };
      const ends = { initiator: start('initiator'), responder: start('responder') };
      for (const { from, payload, message, ...steps } of transcript.messages) {
        t.equal(toHex(write(ends[from], bytes(payload))), message);
        t.equal(toHex(read(ends[other(from)], bytes(message))), payload);
        for (const role of ['initiator', 'responder'] as const) t.strictSame(ends[role].steps.splice(0), steps[role]);
      }
      for (const { handshake } of Object.values(ends)) {
        t.ok(handshake.isComplete);
        t.equal(toHex(handshake.handshakeHash), transcript.handshake_hash);
      }
      const keys = { initiator: ends.initiator.handshake.split(), responder: ends.responder.handshake.split() };
      for (const { exporter } of Object.values(keys)) t.equal(toHex(exporter), transcript.exporter);
      t.equal(toHex(keys.initiator.send.key), transcript.k_initiator_to_responder);
      t.equal(toHex(keys.initiator.receive.key), transcript.k_responder_to_initiator);
      for (const { from, n, payload, ciphertext } of transcript.transport) {
        t.equal(keys[from].send.n, BigInt(n));
        t.equal(toHex(keys[from].send.seal(bytes(payload))), ciphertext);
        t.strictSame(keys[other(from)].receive.open(bytes(ciphertext)), bytes(payload));
      }
    });
  }
}
