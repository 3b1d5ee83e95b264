import { nobleCrypto } from '@0k-sync/core/crypto';
import { nodeRandom } from '@0k-sync/core/crypto/node';
import { type DrawName, HandshakeState, keyPairs, noiseSuites, randomDraws } from '@0k-sync/core/noise';
import type { Role } from '@0k-sync/generated/patterns';
import t from 'tap';
import { nodeCrypto } from '../crypto/providers.ts';
import { other } from './ends.ts';

t.test('HS-02 hybrid: an end that draws from the platform and one that does not understand each other', async (t) => {
  for (const onPlatform of ['initiator', 'responder'] as const) {
    const drawn: DrawName[] = [];
    const start = (role: Role) => {
      const crypto = role === onPlatform ? nodeCrypto : nobleCrypto;
      const draws = randomDraws(nodeRandom);
      const drawAndNote = (name: DrawName) => {
        drawn.push(name);
        return draws(name);
      };
      const counted = Object.assign(drawAndNote, { source: nodeRandom });
      return new HandshakeState({
        crypto,
        suite: noiseSuites.hybrid,
        role,
        prologue: new Uint8Array(0),
        staticKeys: keyPairs(crypto, nodeRandom(32), nodeRandom(64)),
        draws: counted,
      });
    };
    const ends = { initiator: start('initiator'), responder: start('responder') };
    for (const { from } of noiseSuites.hybrid.messages) {
      const written = ends[from].writeMessage(new Uint8Array(0));
      if (!written.ok) throw new Error(written.class);
      t.ok(ends[other(from)].readMessage(written.message).ok);
    }
    t.strictSame(ends.initiator.handshakeHash, ends.responder.handshakeHash);
    t.equal(drawn.filter((name) => name.endsWith('_m')).length, onPlatform === 'responder' ? 1 : 2);
    t.strictSame(
      drawn.filter((name) => name.startsWith('e_')),
      onPlatform === 'responder'
        ? ['e_x25519', 'e_mlkem_d', 'e_mlkem_z', 'e_x25519']
        : ['e_x25519', 'e_x25519', 'e_mlkem_d', 'e_mlkem_z'],
    );
  }
});

t.test('HS-06 the platform refuses an encapsulation key that is not reduced', async (t) => {
  const { encapsulationKey } = nodeCrypto.mlkemKeys(new Uint8Array(64));
  const { stackTraceLimit } = Error;
  t.ok(nodeCrypto.mlkemEncapsulateFresh?.(encapsulationKey));
  for (const value of [3329, 4095]) {
    const unreduced = encapsulationKey.slice();
    unreduced[0] = value & 0xff;
    unreduced[1] = ((unreduced[1] ?? 0) & 0xf0) | (value >> 8);
    t.equal(nodeCrypto.mlkemEncapsulateFresh?.(unreduced), undefined);
  }
  t.equal(nodeCrypto.mlkemEncapsulateFresh?.(encapsulationKey.subarray(1)), undefined);
  t.equal(Error.stackTraceLimit, stackTraceLimit, 'errors have their stack traces again');
});
