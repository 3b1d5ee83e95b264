import { concat } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { crypto } from '@0k-sync/testkit/crypto';
import { LOW_ORDER_POINTS, withLowOrderKey, withUnreducedKey } from '@0k-sync/testkit/raw';
import type { ScriptedRelay } from '@0k-sync/testkit/relay';
import { flip } from '@0k-sync/testkit/wire';
import type { ByteStream } from '@0k-sync/transport';
import type { Claim } from '../forged.ts';
import { READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { comes, expectSame, expectTrue } from '../verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'connect', 'disconnect'];
const LENGTH_BYTES = 2;
const HELLO_DEADLINE_STEP_MS = 11_000;

/** Each attack on the client's next handshake is refused as one of `classes`, and changes nothing. */
function refused(
  claim: Claim,
  classes: readonly string[],
  attacks: readonly ((stage: Stage) => void)[],
): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      const { relay, client } = stage;
      await stage.controlled('before');
      await client.act('disconnect');
      const state = await client.state();
      for (const attack of attacks) {
        attack(stage);
        await client.rejects('connect', classes);
        expectSame('the state', await client.state(), state);
      }
      relay.engineCrypto = crypto;
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  };
}

/** The relay's handshake message `message`, 2 or 4, is changed on its way. */
function mangled(
  claim: Claim,
  message: 2 | 4,
  classes: readonly string[],
  mangle: (bytes: Uint8Array) => Uint8Array,
): ClientScenario {
  const index = message / 2 - 1;
  const attack = (stage: Stage) =>
    stage.divert(
      async () => {},
      (bytes, at) => (at === index ? mangle(bytes) : bytes),
    );
  return refused(claim, classes, [attack]);
}

/** The relay has keys that nobody may take, and goes on with them: whoever takes them completes the handshake and is let in. */
function tempted(
  claim: Claim,
  classes: readonly string[],
  providers: readonly ((relay: ScriptedRelay) => CryptoProvider)[],
): ClientScenario {
  const attacks = providers.map((provider) => ({ relay }: Stage) => {
    relay.engineCrypto = provider(relay);
  });
  return refused(claim, classes, attacks);
}

/** A message behind the length that it has now. */
function resized(bytes: Uint8Array, length: number): Uint8Array {
  const message = concat(bytes.subarray(LENGTH_BYTES), new Uint8Array(1)).subarray(0, length);
  return concat(Uint8Array.of(length >> 8, length & 0xff), message);
}

/** Connections that get `answer` to their first bytes; the version of each preface that came. */
function prefaces(stage: Stage, answer: (stream: ByteStream) => void): number[] {
  const versions: number[] = [];
  stage.detour.taker = (connection) =>
    connection.onStream((stream) => {
      let isFirst = true;
      stream.receive({
        data: (bytes) => {
          if (!isFirst) return;
          isFirst = false;
          versions.push(bytes[2] ?? 0);
          stage.relay.sightings.note(`a connection that the scenario answers by itself, preface: version ${bytes[2]}`);
          answer(stream);
        },
        end: () => {},
        closed: () => {},
      });
    });
  return versions;
}

/** The initiator's side of the handshake. */
export const handshakeScenarios: readonly ClientScenario[] = [
  mangled(
    {
      id: 'client/handshake/message-2-flipped',
      title: 'message 2 with a changed tag fails',
      requirements: ['HS-03', 'HS-37'],
    },
    2,
    ['handshake.auth'],
    (bytes) => flip(bytes),
  ),
  mangled(
    {
      id: 'client/handshake/message-2-ciphertext',
      title: 'message 2 with another ML-KEM ciphertext fails at the next tag: the rejection is implicit',
      requirements: ['HS-07', 'HS-03'],
    },
    2,
    ['handshake.auth'],
    (bytes) => flip(bytes, LENGTH_BYTES),
  ),
  tempted(
    {
      id: 'client/handshake/message-2-low-order',
      title: 'an ephemeral key of low order fails',
      requirements: ['HS-05'],
    },
    ['handshake.auth'],
    LOW_ORDER_POINTS.map((point) => (relay) => withLowOrderKey(relay.keys.noise, point)),
  ),
  tempted(
    {
      id: 'client/handshake/message-2-kem-key',
      title: 'an ephemeral encapsulation key that is not reduced fails',
      requirements: ['HS-06', 'HS-02'],
    },
    ['handshake.kem'],
    [() => withUnreducedKey()],
  ),
  mangled(
    {
      id: 'client/handshake/message-2-short',
      title: 'message 2 of one byte less fails by its form',
      requirements: ['HS-04', 'WI-04'],
    },
    2,
    ['handshake.parse'],
    (bytes) => resized(bytes, bytes.length - LENGTH_BYTES - 1),
  ),
  mangled(
    {
      id: 'client/handshake/message-2-long',
      title: 'message 2 of one byte more fails by its form',
      requirements: ['HS-04', 'WI-04'],
    },
    2,
    ['handshake.parse'],
    (bytes) => resized(bytes, bytes.length - LENGTH_BYTES + 1),
  ),
  mangled(
    {
      id: 'client/handshake/message-4-flipped',
      title: 'message 4 with a changed tag fails',
      requirements: ['HS-03', 'HS-35', 'HS-37'],
    },
    4,
    ['handshake.auth'],
    (bytes) => flip(bytes),
  ),
  mangled(
    {
      id: 'client/handshake/message-4-short',
      title: 'message 4 of one byte less fails by its form',
      requirements: ['HS-04', 'WI-04'],
    },
    4,
    ['handshake.parse'],
    (bytes) => resized(bytes, bytes.length - LENGTH_BYTES - 1),
  ),
  {
    id: 'client/handshake/message-2-replayed',
    title: 'message 2 of an earlier handshake fails in another one',
    level: 'must',
    requirements: ['HS-10', 'HS-03'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      let recorded: Uint8Array | undefined;
      stage.relay.behaviour = {
        send: (bytes) => {
          recorded ??= bytes.slice();
          return bytes;
        },
      };
      await stage.client.act('disconnect');
      await stage.client.act('connect');
      await stage.client.act('disconnect');
      stage.divert(
        async () => {},
        (bytes, at) => (at === 0 ? (recorded ?? bytes).slice() : bytes),
      );
      await stage.client.rejects('connect', ['handshake.auth']);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/handshake/version-answer',
    title: 'a relay that says it speaks version 1 only is not followed there',
    level: 'must',
    requirements: ['WI-02', 'HS-13', 'HS-36'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      const versions = prefaces(stage, (stream) => {
        stream.write(Uint8Array.of(0x30, 0x4b, 1, 0));
        stream.end();
      });
      await stage.client.rejects('connect', ['transport.version']);
      expectTrue('version 2 in every preface', versions.length > 0 && versions.every((v) => v === 2), versions);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/handshake/closed-at-once',
    title: 'a relay that ends every handshake makes nobody try version 1',
    level: 'must',
    requirements: ['HS-13', 'HS-38', 'WI-12'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      const versions = prefaces(stage, (stream) => stream.end());
      for (const _ of [1, 2]) await stage.client.rejects('connect', ['frame.length', 'resource.limit']);
      expectTrue('version 2 in every preface', versions.length > 1 && versions.every((v) => v === 2), versions);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/handshake/silence',
    title: 'a relay that says nothing is given up after HELLO_DEADLINE_MS',
    level: 'must',
    requirements: ['HS-15', 'HS-39', 'LI-23'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      const heard = Promise.withResolvers<void>();
      prefaces(stage, () => heard.resolve());
      await stage.client.advance(0);
      const connected = stage.client.attempt('connect');
      await comes('the preface', heard.promise);
      await stage.client.advance(HELLO_DEADLINE_STEP_MS);
      const answer = await connected;
      expectTrue('reject resource.limit', 'reject' in answer && answer.reject.class === 'resource.limit', answer);
      await stage.controlled('after');
    }),
  },
];
