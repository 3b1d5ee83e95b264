import { concat } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { crypto } from '@0k-sync/testkit/crypto';
import { LOW_ORDER_POINTS, withLowOrderKey, withUnreducedKey } from '@0k-sync/testkit/raw';
import type { ScriptedRelay } from '@0k-sync/testkit/relay';
import { flip } from '@0k-sync/testkit/wire';
import type { ByteStream } from '@0k-sync/transport';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { comes, event, expect, expectThat } from '../../expect.ts';
import { amid, type ClientActs, type ClientScene, READS, type SceneOptions, underAttack } from '../scene.ts';

const LENGTH_BYTES = 2;
const HELLO_DEADLINE_STEP_MS = 11_000;

type Attack = (scene: ClientScene) => void;

/** Attacks on a client's handshake, each in a handshake of its own. */
interface Attacked extends Claim {
  readonly refusal: readonly string[];
  readonly attacks: readonly Attack[];
}

/** The relay's handshake message `message`, 2 or 4, is changed on its way. */
function mangling(message: 2 | 4, mangle: (bytes: Uint8Array) => Uint8Array): Attack {
  const index = message / 2 - 1;
  return (scene) =>
    scene.divert(
      async () => {},
      (bytes, at) => (at === index ? mangle(bytes) : bytes),
    );
}

/** The relay has keys that nobody may take, and goes on with them: whoever takes them completes the handshake and is let in. */
function tempting(provider: (relay: ScriptedRelay) => CryptoProvider): Attack {
  return ({ relay }) => {
    relay.engineCrypto = provider(relay);
  };
}

/** A message behind the length that it has then: `by` bytes more. */
function lengthened(bytes: Uint8Array, by: 1 | -1): Uint8Array {
  const length = bytes.length - LENGTH_BYTES + by;
  const message = concat(bytes.subarray(LENGTH_BYTES), new Uint8Array(1)).subarray(0, length);
  return concat(Uint8Array.of(length >> 8, length & 0xff), message);
}

const mangledActs: ClientActs = actsOf<Attacked, ClientScene, SceneOptions>(
  {
    'client/handshake/message-2-flipped': {
      title: 'message 2 with a changed tag fails',
      requirements: ['HS-03', 'HS-37'],
      refusal: ['handshake.auth'],
      attacks: [mangling(2, (bytes) => flip(bytes))],
    },
    'client/handshake/message-2-ciphertext': {
      title: 'message 2 with another ML-KEM ciphertext fails at the next tag: the rejection is implicit',
      requirements: ['HS-07', 'HS-03'],
      refusal: ['handshake.auth'],
      attacks: [mangling(2, (bytes) => flip(bytes, LENGTH_BYTES))],
    },
    'client/handshake/message-2-low-order': {
      title: 'an ephemeral key of low order fails',
      requirements: ['HS-05'],
      refusal: ['handshake.auth'],
      attacks: LOW_ORDER_POINTS.map((point) => tempting(({ keys }) => withLowOrderKey(keys.noise, point))),
    },
    'client/handshake/message-2-kem-key': {
      title: 'an ephemeral encapsulation key that is not reduced fails',
      requirements: ['HS-06', 'HS-02'],
      refusal: ['handshake.kem'],
      attacks: [tempting(() => withUnreducedKey())],
    },
    'client/handshake/message-2-short': {
      title: 'message 2 of one byte less fails by its form',
      requirements: ['HS-04', 'WI-04'],
      refusal: ['handshake.parse'],
      attacks: [mangling(2, (bytes) => lengthened(bytes, -1))],
    },
    'client/handshake/message-2-long': {
      title: 'message 2 of one byte more fails by its form',
      requirements: ['HS-04', 'WI-04'],
      refusal: ['handshake.parse'],
      attacks: [mangling(2, (bytes) => lengthened(bytes, 1))],
    },
    'client/handshake/message-4-flipped': {
      title: 'message 4 with a changed tag fails',
      requirements: ['HS-03', 'HS-35', 'HS-37'],
      refusal: ['handshake.auth'],
      attacks: [mangling(4, (bytes) => flip(bytes))],
    },
    'client/handshake/message-4-short': {
      title: 'message 4 of one byte less fails by its form',
      requirements: ['HS-04', 'WI-04'],
      refusal: ['handshake.parse'],
      attacks: [mangling(4, (bytes) => lengthened(bytes, -1))],
    },
  },
  ({ refusal, attacks }) =>
    underAttack(async (scene) => {
      const { relay, client } = scene;
      await client.act('disconnect');
      for (const attack of attacks) {
        attack(scene);
        await client.rejects('connect', refusal);
      }
      relay.engineCrypto = crypto;
      return [];
    }),
);

/** Connections that get `answer` to their first bytes; the version of each preface that came. */
function prefaces(scene: ClientScene, answer: (stream: ByteStream) => void): number[] {
  const versions: number[] = [];
  scene.intercept((first, stream) => {
    versions.push(first[2] ?? 0);
    scene.relay.sightings.note(`a connection that the scenario answers by itself, preface: version ${first[2]}`);
    answer(stream);
  });
  return versions;
}

/** Every preface asked for version 2; at least so many came. */
function expectVersion2(versions: readonly number[], count = 1): void {
  expectThat('prefaces', versions.length >= count, `at least ${count}`, versions);
  expect(
    'their versions',
    versions,
    versions.map(() => 2),
  );
}

/** The initiator's side of the handshake. */
export const handshakeActs: ClientActs = requiring([...READS, 'connect', 'disconnect'], {
  ...mangledActs,
  'client/handshake/message-2-replayed': {
    title: 'message 2 of an earlier handshake fails in another one',
    requirements: ['HS-10', 'HS-03'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.serves('before');
      let recorded: Uint8Array | undefined;
      relay.behaviour = {
        send: (bytes) => {
          recorded ??= bytes.slice();
          return bytes;
        },
      };
      await client.act('disconnect');
      await client.act('connect');
      await client.act('disconnect');
      mangling(2, (bytes) => (recorded ?? bytes).slice())(scene);
      await client.rejects('connect', ['handshake.auth']);
      await scene.serves('after');
    },
  },
  'client/handshake/version-answer': {
    title: 'a relay that says it speaks version 1 only is not followed there',
    requirements: ['WI-02', 'HS-13', 'HS-36'],
    run: amid(async (scene) => {
      await scene.client.act('disconnect');
      const versions = prefaces(scene, (stream) => {
        stream.write(Uint8Array.of(0x30, 0x4b, 1, 0));
        stream.end();
      });
      await scene.client.rejects('connect', ['transport.version']);
      expectVersion2(versions);
      return [];
    }),
  },
  'client/handshake/closed-at-once': {
    title: 'a relay that ends every handshake makes nobody try version 1',
    requirements: ['HS-13', 'HS-38', 'WI-12'],
    run: amid(async (scene) => {
      await scene.client.act('disconnect');
      const versions = prefaces(scene, (stream) => stream.end());
      for (const _ of [1, 2]) await scene.client.rejects('connect', ['frame.length', 'resource.limit']);
      expectVersion2(versions, 2);
      return [];
    }),
  },
  'client/handshake/silence': {
    title: 'a relay that says nothing is given up after HELLO_DEADLINE_MS',
    requirements: ['HS-15', 'HS-39', 'LI-23'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.client.act('disconnect');
      const heard = event();
      prefaces(scene, () => heard.happened());
      await scene.client.advance(0);
      const connected = scene.client.attempt('connect');
      await comes('the preface', heard.seen);
      await scene.client.advance(HELLO_DEADLINE_STEP_MS);
      const answer = await connected;
      expectThat(
        'connect',
        'reject' in answer && answer.reject.class === 'resource.limit',
        'reject resource.limit',
        answer,
      );
      await scene.serves('after');
    },
  },
});
