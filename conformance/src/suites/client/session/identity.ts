import { equal, toHex, utf8 } from '@0k-sync/core/bytes';
import { keyPairs } from '@0k-sync/core/noise';
import { LABEL_HELLO, LABEL_RELAY_X25519 } from '@0k-sync/generated/labels';
import { crypto, random } from '@0k-sync/testkit/crypto';
import type { ScriptedRelay } from '@0k-sync/testkit/relay';
import { type RelayKeys, relayKeys } from '@0k-sync/testkit/relay';
import { type Claim, READS } from '../forged.ts';
import { onStage, type Stage, type StageOptions } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue } from '../verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'pair_create', 'connect', 'disconnect'];
const IDENTITY: readonly string[] = ['handshake.identity'];

/** All keys of another relay. */
function otherKeys(): RelayKeys {
  return relayKeys(crypto, random(32));
}

/** The known NodeId with another ML-KEM key. */
function otherKemKey({ state, keys }: ScriptedRelay): RelayKeys {
  const secret = crypto.hkdf(state.seed, new Uint8Array(0), utf8(LABEL_RELAY_X25519), 32);
  const noise = keyPairs(crypto, secret, random(64));
  return { ...keys, noise, kemHash: crypto.blake3(noise.publicKeys.mlkem768 ?? new Uint8Array()) };
}

/** A relay that shows other keys than the known ones is refused before it learns anything, and the known one is not. */
function refused(claim: Claim, options: StageOptions, keysOf: (relay: ScriptedRelay) => RelayKeys): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: REQUIRES,
    run: onStage(options, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      await refuses(stage, keysOf);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  };
}

async function refuses({ relay, client }: Stage, keysOf: (relay: ScriptedRelay) => RelayKeys): Promise<void> {
  const { keys } = relay;
  let hellos = 0;
  relay.behaviour = {
    authorize: (verdict) => {
      hellos += 1;
      return verdict;
    },
  };
  relay.keys = keysOf(relay);
  const state = await client.state();
  await client.rejects('connect', IDENTITY);
  expectSame('Hellos that another relay got', hellos, 0);
  expectSame('the state', await client.state(), state);
  relay.keys = keys;
}

/** The handshake hashes that Hellos were signed over, as the relay had them: one is added for each from now on. SE-10. */
function handshakeHashes({ relay, author }: Stage): readonly string[] {
  const hashes: string[] = [];
  const label = utf8(LABEL_HELLO);
  relay.engineCrypto = {
    ...crypto,
    ed25519Verify: (signature, message, key) => {
      const isHello = equal(message.subarray(0, label.length), label);
      if (isHello) hashes.push(toHex(message.subarray(label.length, -author.group.id.length)));
      return crypto.ed25519Verify(signature, message, key);
    },
  };
  return hashes;
}

/** Pins, and what they forbid. */
export const identityScenarios: readonly ClientScenario[] = [
  refused(
    {
      id: 'client/identity/strict',
      title: 'strict refuses a relay whose keys changed, before message 3',
      requirements: ['CL-30', 'CL-31', 'HS-12'],
    },
    { creates: 'address', config: { tofu: 'strict' } },
    otherKeys,
  ),
  refused(
    {
      id: 'client/identity/pinned-by-node-id',
      title: 'a relay that was named with its NodeId is checked strictly in permissive mode too',
      requirements: ['CL-32', 'HS-12', 'HS-21'],
    },
    { creates: 'node id' },
    otherKeys,
  ),
  refused(
    {
      id: 'client/identity/pinned-by-invite',
      title: 'a relay that an invite named is checked strictly in permissive mode too',
      requirements: ['CL-32', 'HS-12'],
    },
    {},
    otherKeys,
  ),
  refused(
    {
      id: 'client/identity/pinned-kem',
      title: 'the known NodeId with another ML-KEM key is another relay',
      requirements: ['CL-30', 'CL-32', 'HS-21'],
    },
    { creates: 'node id and KEM hash' },
    otherKemKey,
  ),
  refused(
    {
      id: 'client/identity/completed-kem',
      title: 'a pin without KEM hash is completed by the first hybrid session, and fixed from then on',
      requirements: ['CL-33', 'CL-32'],
    },
    { creates: 'node id' },
    otherKemKey,
  ),
  {
    id: 'client/identity/permissive',
    title: 'permissive reports changed keys, goes on, and delivers nothing twice',
    level: 'must',
    requirements: ['CL-01', 'CL-31'],
    requires: REQUIRES,
    run: onStage({ creates: 'address' }, async (stage) => {
      const { relay, client } = stage;
      await stage.controlled('before');
      await client.act('disconnect');
      const { nodeId: known } = relay.keys;
      relay.changeKeys();
      const connected = await client.act('connect');
      expectSame('node_id', connected['node_id'], toHex(relay.keys.nodeId));
      const { before, after } = await client.event('relay-key-changed');
      expectSame('the keys that changed', [before, after], [toHex(known), toHex(relay.keys.nodeId)]);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/identity/signing-key',
    title: 'a HelloAck with another signing key than the pinned one is refused',
    level: 'must',
    requirements: ['CL-30', 'CL-32', 'CL-33'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      stage.relay.behaviour = { hello: (ack) => ({ ...ack, signingKey: random(32) }) };
      await stage.client.rejects('connect', IDENTITY);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/identity/other-relay-cursor',
    title: 'a cursor is never used at another relay: the first request there starts at 0',
    level: 'must',
    requirements: ['CL-01'],
    requires: REQUIRES,
    run: onStage({ creates: 'address' }, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      stage.relay.changeKeys();
      const asked = stage.requests('pull').length;
      await stage.client.act('pull');
      expectSame('after', stage.requests('pull')[asked]?.after, 0n);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/identity/restart-keeps-pins',
    title: 'what was pinned on first use is still pinned in another session',
    level: 'must',
    requirements: ['CL-30', 'CL-31'],
    requires: REQUIRES,
    run: onStage({ creates: 'address' }, async (stage) => {
      await stage.controlled('before');
      const { host, port } = stage.relay.address;
      await stage.reopen({ relay: `${host}:${port}`, tofu: 'strict' });
      await refuses(stage, otherKeys);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/identity/downgrade',
    title: 'a relay whose KEM key is known is not dialled in classical mode',
    level: 'must',
    requirements: ['HS-13', 'CL-35'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.reopen({ mode: 'classical' });
      const { connections } = stage.relay;
      await stage.client.rejects('connect', ['handshake.downgrade']);
      expectSame('connections', stage.relay.connections, connections);
      await stage.reopen({});
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/identity/classical',
    title: 'classical mode speaks version 1 where no KEM key is known',
    level: 'must',
    requirements: ['CL-35', 'HS-02'],
    requires: REQUIRES,
    run: onStage({ creates: 'address', config: { mode: 'classical' } }, async (stage) => {
      expectSame('version', (await stage.client.act('connect'))['version'], 1);
      await stage.exchanged('before');
    }),
  },
  {
    id: 'client/identity/hybrid',
    title: 'hybrid mode speaks version 2, and names the relay and the handshake that both ends had',
    level: 'must',
    requirements: ['CL-35', 'HS-02', 'SE-10'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.client.act('disconnect');
      const hashes = handshakeHashes(stage);
      const { node_id: nodeId, version, handshake_hash: hash } = await stage.client.act('connect');
      expectSame('node_id and version', [nodeId, version], [toHex(stage.relay.keys.nodeId), 2]);
      expectTrue('a Hello that is bound to the handshake', hashes.length > 0);
      expectSame('handshake_hash', hash, hashes.at(-1));
      await stage.client.act('disconnect');
      const again = await stage.client.act('connect');
      expectTrue('another hash in another session', again['handshake_hash'] !== hash, hash);
      await stage.exchanged('before');
    }),
  },
];
