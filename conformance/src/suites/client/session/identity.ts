import { equal, toHex, utf8 } from '@0k-sync/core/bytes';
import { keyPairs } from '@0k-sync/core/noise';
import { LABEL_HELLO, LABEL_RELAY_X25519 } from '@0k-sync/generated/labels';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { type RelayKeys, relayKeys, type ScriptedRelay } from '@0k-sync/testkit/relay';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { amid, type ClientActs, type ClientScene, READS, type SceneOptions, underAttack } from '../scene.ts';

const IDENTITY: readonly string[] = ['handshake.identity'];

/** The relay shows other keys than those that the client knows. */
interface Impostor extends Claim {
  readonly given: SceneOptions;
  readonly keysOf: (relay: ScriptedRelay) => RelayKeys;
}

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

/** The client refuses the relay with these keys before it learns anything. */
async function refuses({ relay, client }: ClientScene, keysOf: Impostor['keysOf']): Promise<void> {
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
  expect('Hellos that another relay got', hellos, 0);
  expect('the state', await client.state(), state);
  relay.keys = keys;
}

/** The handshake hashes that Hellos were signed over, as the relay had them: one is added for each from now on. SE-10. */
function handshakeHashes({ relay, author }: ClientScene): readonly string[] {
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

const impostorActs: ClientActs = actsOf<Impostor, ClientScene, SceneOptions>(
  {
    'client/identity/strict': {
      title: 'strict refuses a relay whose keys changed, before message 3',
      requirements: ['CL-30', 'CL-31', 'HS-12'],
      given: { creates: 'address', config: { tofu: 'strict' } },
      keysOf: otherKeys,
    },
    'client/identity/pinned-by-node-id': {
      title: 'a relay that was named with its NodeId is checked strictly in permissive mode too',
      requirements: ['CL-32', 'HS-12', 'HS-21'],
      given: { creates: 'node id' },
      keysOf: otherKeys,
    },
    'client/identity/pinned-by-invite': {
      title: 'a relay that an invite named is checked strictly in permissive mode too',
      requirements: ['CL-32', 'HS-12'],
      given: {},
      keysOf: otherKeys,
    },
    'client/identity/pinned-kem': {
      title: 'the known NodeId with another ML-KEM key is another relay',
      requirements: ['CL-30', 'CL-32', 'HS-21'],
      given: { creates: 'node id and KEM hash' },
      keysOf: otherKemKey,
    },
    'client/identity/completed-kem': {
      title: 'a pin without KEM hash is completed by the first hybrid session, and fixed from then on',
      requirements: ['CL-33', 'CL-32'],
      given: { creates: 'node id' },
      keysOf: otherKemKey,
    },
  },
  ({ keysOf }) =>
    amid(async (scene) => {
      await scene.client.act('disconnect');
      await refuses(scene, keysOf);
      return [];
    }),
);

/** Pins, and what they forbid. */
export const identityActs: ClientActs = requiring([...READS, 'pair_create', 'connect', 'disconnect'], {
  ...impostorActs,
  'client/identity/permissive': {
    title: 'permissive reports changed keys, goes on, and delivers nothing twice',
    requirements: ['CL-01', 'CL-31'],
    given: { creates: 'address' },
    run: amid(async ({ relay, client }) => {
      await client.act('disconnect');
      const { nodeId: known } = relay.keys;
      relay.changeKeys();
      const connected = await client.act('connect');
      expect('node_id', connected['node_id'], toHex(relay.keys.nodeId));
      const { before, after } = await client.event('relay-key-changed');
      expect('the keys that changed', [before, after], [toHex(known), toHex(relay.keys.nodeId)]);
      return [];
    }),
  },
  'client/identity/signing-key': {
    title: 'a HelloAck with another signing key than the pinned one is refused',
    requirements: ['CL-30', 'CL-32', 'CL-33'],
    run: underAttack(async ({ relay, client }) => {
      await client.act('disconnect');
      relay.behaviour = { hello: (ack) => ({ ...ack, signingKey: random(32) }) };
      await client.rejects('connect', IDENTITY);
      return [];
    }),
  },
  'client/identity/other-relay-cursor': {
    title: 'a cursor is never used at another relay: the first request there starts at 0',
    requirements: ['CL-01'],
    given: { creates: 'address' },
    run: amid(async (scene) => {
      await scene.client.act('disconnect');
      scene.relay.changeKeys();
      const asked = scene.requests('pull').length;
      await scene.client.act('pull');
      expect('after', scene.requests('pull')[asked]?.after, 0n);
      return [];
    }),
  },
  'client/identity/restart-keeps-pins': {
    title: 'what was pinned on first use is still pinned in another session',
    requirements: ['CL-30', 'CL-31'],
    given: { creates: 'address' },
    run: async (scene) => {
      await scene.serves('before');
      const { host, port } = scene.relay.address;
      await scene.reopen({ relay: `${host}:${port}`, tofu: 'strict' });
      await refuses(scene, otherKeys);
      await scene.serves('after');
    },
  },
  'client/identity/downgrade': {
    title: 'a relay whose KEM key is known is not dialled in classical mode',
    requirements: ['HS-13', 'CL-35'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.reopen({ mode: 'classical' });
      const { connections } = scene.relay;
      await scene.client.rejects('connect', ['handshake.downgrade']);
      expect('connections', scene.relay.connections, connections);
      await scene.reopen();
      await scene.serves('after');
    },
  },
  'client/identity/classical': {
    title: 'classical mode speaks version 1 where no KEM key is known',
    requirements: ['CL-35', 'HS-02'],
    given: { creates: 'address', config: { mode: 'classical' } },
    run: async (scene) => {
      expect('version', (await scene.client.act('connect'))['version'], 1);
      await scene.exchanges('before');
    },
  },
  'client/identity/hybrid': {
    title: 'hybrid mode speaks version 2, and names the relay and the handshake that both ends had',
    requirements: ['CL-35', 'HS-02', 'SE-10'],
    run: async (scene) => {
      const { client, relay } = scene;
      await client.act('disconnect');
      const hashes = handshakeHashes(scene);
      const { node_id: nodeId, version, handshake_hash: hash } = await client.act('connect');
      expect('node_id and version', [nodeId, version], [toHex(relay.keys.nodeId), 2]);
      expectThat('Hellos bound to a handshake', hashes.length > 0, 'one at least', hashes);
      expect('handshake_hash', hash, hashes.at(-1));
      await client.act('disconnect');
      const again = await client.act('connect');
      expectThat('handshake_hash', again['handshake_hash'] !== hash, 'another in another session', hash);
      await scene.exchanges('before');
    },
  },
});
