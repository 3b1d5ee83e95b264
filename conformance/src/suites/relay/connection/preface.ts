import { preface } from '@0k-sync/core/channel';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { crypto } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { holds, same, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { begun, raw, refused, shake } from './handshakes.ts';

function honest(suite: SuiteName): (target: RelayTarget) => Promise<void> {
  return inArena(async (arena) => {
    const { nodeId, kemHash } = arena.target;
    const clients = await Promise.all([shake(arena, suite), shake(arena, suite)]);
    for (const client of clients) {
      same('NodeId', client.nodeId, nodeId);
      if (suite === 'hybrid' && kemHash !== undefined) same('KEM hash', crypto.blake3(client.mlkemKey), kemHash);
    }
    const [first, second] = clients;
    holds('handshake hashes', String(first?.handshakeHash) !== String(second?.handshakeHash), 'two', 'the same twice');
  });
}

/** How a connection begins: the suite and its preface. */
export const openingScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/handshake/hybrid',
    title: 'The hybrid handshake proves the NodeId and the KEM key of the relay, every time',
    level: 'must',
    requirements: ['WI-01', 'WI-04', 'HS-01', 'HS-02', 'HS-21', 'HS-50', 'HS-53', 'HS-55', 'SE-70'],
    requires: [],
    run: honest('hybrid'),
  },
  {
    id: 'relay/handshake/classical',
    title: 'The classical handshake proves the same NodeId',
    level: 'must',
    requirements: ['WI-01', 'WI-04', 'HS-01', 'HS-02', 'HS-21', 'HS-50', 'HS-53', 'HS-54'],
    requires: [],
    run: honest('classical'),
  },
  {
    id: 'relay/preface/unknown-version',
    title: 'An unknown version is answered with one preface of the highest version, and a close',
    level: 'must',
    requirements: ['WI-02', 'HS-51'],
    requires: [],
    run: inArena(async (arena) => {
      for (const version of [0, 3, 255]) {
        const client = await raw(Uint8Array.of(0x30, 0x4b, version, 0))(arena);
        same('the answer', await client.receivedRaw(5), preface(2));
        sameClass('the close', (await client.gone()).code, 'transport.version');
      }
      await shake(arena, 'hybrid');
    }),
  },
  {
    id: 'relay/preface/wrong-magic',
    title: 'Another first byte is refused',
    level: 'must',
    requirements: ['WI-01', 'HS-52'],
    requires: [],
    run: refused('hybrid', ['handshake.parse'], raw(Uint8Array.of(0x31, 0x4b, 2, 0))),
  },
  {
    id: 'relay/preface/wrong-kind',
    title: 'A kind other than 0 is refused',
    level: 'must',
    requirements: ['WI-01'],
    requires: [],
    run: refused('hybrid', ['handshake.parse'], raw(Uint8Array.of(0x30, 0x4b, 2, 1))),
  },
  {
    id: 'relay/preface/other-protocol',
    title: 'A TLS ClientHello or an HTTP request instead of the preface is refused',
    level: 'must',
    requirements: ['WI-01'],
    requires: [],
    run: refused('hybrid', ['handshake.parse'], raw(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))),
  },
  {
    id: 'relay/preface/alpn-disagrees',
    title: 'The preface decides the version; an ALPN of the other one is ignored or refused as such',
    level: 'must',
    requirements: ['WI-03'],
    requires: [],
    run: inArena(async (arena) => {
      const client = await begun('classical', { alpn: patterns.hybrid.alpn })(arena);
      const works = await client.ready().then(
        () => true,
        () => false,
      );
      if (works) await client.ping();
      else sameClass('the close', (await client.gone()).code, 'transport.version', 'transport.alpn');
    }),
  },
];
