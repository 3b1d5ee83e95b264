import { fromHex, toHex } from '@0k-sync/core/bytes';
import { noiseSuites } from '@0k-sync/core/noise';
import type { Role } from '@0k-sync/generated/patterns';
import fc from 'fast-check';
import t from 'tap';
import { Party } from '../../../spec/compile/reference.ts';
import { providers } from '../crypto/providers.ts';
import { other, type Secrets, startEnd, suiteKeys, write } from './ends.ts';

const hex32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);
const secrets = fc.record({
  e_x25519: hex32,
  e_mlkem_d: hex32,
  e_mlkem_z: hex32,
  ekem_m: hex32,
  skem_m: hex32,
  s_x25519: hex32,
  s_mlkem_d: hex32,
  s_mlkem_z: hex32,
});
const payloads = fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 4, maxLength: 4 });

/** The two suites of the protocol and the same patterns over SHA256. */
const variants = suiteKeys.flatMap((key) => [
  noiseSuites[key],
  {
    ...noiseSuites[key],
    hash: 'SHA256',
    protocolName: noiseSuites[key].protocolName.replace('BLAKE2s', 'SHA256'),
  } as const,
]);

function drawOf(values: Secrets): (name: string) => Uint8Array {
  return (name) => fromHex(values[name as keyof Secrets] ?? '') ?? new Uint8Array(0);
}

for (const suite of variants) {
  for (const [name, crypto] of providers) {
    t.test(`HS-02 ${suite.protocolName} with ${name}: same as the spec's own interpreter`, async (t) => {
      fc.assert(
        fc.property(
          secrets,
          secrets,
          fc.uint8Array({ maxLength: 64 }),
          payloads,
          (mine, theirs, prologue, payloads) => {
            const values = { initiator: mine, responder: theirs };
            for (const role of ['initiator', 'responder'] as const) {
              const peer = new Party(other(role), suite.protocolName, prologue, drawOf(values[other(role)]));
              const end = startEnd({ crypto, suite, role, prologue, secrets: values[role] });
              for (const [index, { from, tokens }] of suite.messages.entries()) {
                const payload = payloads[index] ?? new Uint8Array(0);
                exchange(role, from, { end, peer, tokens: [...tokens], payload });
              }
              t.strictSame(end.handshake.handshakeHash, peer.snapshot.h);
              t.strictSame(end.handshake.split().exporter, peer.split().exporter);
            }
          },
        ),
        { numRuns: 8 },
      );

      type Exchange = {
        end: ReturnType<typeof startEnd>;
        peer: Party;
        tokens: Parameters<Party['write']>[0];
        payload: Uint8Array;
      };
      function exchange(role: Role, from: Role, { end, peer, tokens, payload }: Exchange): void {
        if (from === role) {
          t.strictSame(peer.read(tokens, write(end, payload)).payload, payload);
        } else {
          t.strictSame(end.handshake.readMessage(peer.write(tokens, payload).bytes), { ok: true, payload });
        }
      }
    });
  }
}
