import { preface } from '@0k-sync/core/channel';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { crypto } from '@0k-sync/testkit/crypto';
import { expect, expectClass, expectThat } from '../../expect.ts';
import type { RelayActs, RelayScene } from '../scene.ts';
import { begun, refusedHandshakes, shake } from './handshakes.ts';

function honest(suite: SuiteName) {
  return async (scene: RelayScene): Promise<void> => {
    const { nodeId, kemHash } = scene.target;
    const clients = await Promise.all([shake(scene, suite), shake(scene, suite)]);
    for (const client of clients) {
      expect('NodeId', client.nodeId, nodeId);
      if (suite === 'hybrid' && kemHash !== undefined) expect('KEM hash', crypto.blake3(client.mlkemKey), kemHash);
    }
    const hashes = new Set(clients.map(({ handshakeHash }) => String(handshakeHash)));
    expectThat('handshake hashes', hashes.size === 2, 'two', 'the same twice');
  };
}

/** The beginning of a connection: the suite and its preface. */
export const openingActs: RelayActs = {
  'relay/handshake/hybrid': {
    title: 'The hybrid handshake proves the NodeId and the KEM key of the relay, every time',
    requirements: ['WI-01', 'WI-04', 'HS-01', 'HS-02', 'HS-21', 'HS-50', 'HS-53', 'HS-55', 'SE-70'],
    run: honest('hybrid'),
  },
  'relay/handshake/classical': {
    title: 'The classical handshake proves the same NodeId',
    requirements: ['WI-01', 'WI-04', 'HS-01', 'HS-02', 'HS-21', 'HS-50', 'HS-53', 'HS-54'],
    run: honest('classical'),
  },
  'relay/preface/unknown-version': {
    title: 'An unknown version is answered with one preface of the highest version, and a close',
    requirements: ['WI-02', 'HS-51'],
    run: async (scene) => {
      for (const version of [0, 3, 255]) {
        const client = await begun(scene, 'hybrid', Uint8Array.of(0x30, 0x4b, version, 0));
        expect('the answer', await client.receivedRaw(5), preface(2));
        expectClass('the close', (await client.gone()).code, 'transport.version');
      }
      await shake(scene, 'hybrid');
    },
  },
  ...refusedHandshakes({
    'relay/preface/wrong-magic': {
      title: 'Another first byte is refused',
      requirements: ['WI-01', 'HS-52'],
      refusal: 'handshake.parse',
      attempts: () => [Uint8Array.of(0x31, 0x4b, 2, 0)],
    },
    'relay/preface/wrong-kind': {
      title: 'A kind other than 0 is refused',
      requirements: ['WI-01'],
      refusal: 'handshake.parse',
      attempts: () => [Uint8Array.of(0x30, 0x4b, 2, 1)],
    },
    'relay/preface/other-protocol': {
      title: 'A TLS ClientHello or an HTTP request instead of the preface is refused',
      requirements: ['WI-01'],
      refusal: 'handshake.parse',
      attempts: () => [new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')],
    },
  }),
  'relay/preface/alpn-disagrees': {
    title: 'The preface decides the version; an ALPN of the other one is ignored or refused as such',
    requirements: ['WI-03'],
    run: async (scene) => {
      const client = await begun(scene, 'classical', { alpn: patterns.hybrid.alpn });
      const works = await client.ready().then(
        () => true,
        () => false,
      );
      if (works) await client.ping();
      else expectClass('the close', (await client.gone()).code, 'transport.version', 'transport.alpn');
    },
  },
};
