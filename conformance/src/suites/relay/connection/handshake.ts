import { concat } from '@0k-sync/core/bytes';
import { preface } from '@0k-sync/core/channel';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { keyPairs } from '@0k-sync/core/noise';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { LOW_ORDER_POINTS, withLowOrderKey } from '@0k-sync/testkit/raw';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { same, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { begun, raw, refused, shake } from './handshakes.ts';

const NOTHING = new Uint8Array(0);
const ENCAPSULATION_KEY_BYTES = 1184;

/** A handshake message with its u16 length, made longer or shorter at its end. */
function resized(bytes: Uint8Array, by: number): Uint8Array {
  const message = by < 0 ? bytes.slice(2, by) : concat(bytes.slice(2), new Uint8Array(by));
  return concat(Uint8Array.of(message.length >> 8, message.length & 0xff), message);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ 1);
}

const onMessage =
  (wanted: number, change: (bytes: Uint8Array) => Uint8Array) =>
  (bytes: Uint8Array, index: number): Uint8Array =>
    index === wanted ? change(bytes) : bytes;

/** Encapsulates to the other end's key and sends another ciphertext. HS-07. */
const wrongCiphertext: CryptoProvider = {
  ...crypto,
  mlkemEncapsulateFresh: (key) => {
    const sealed = crypto.mlkemEncapsulateFresh?.(key);
    return sealed && { ...sealed, ciphertext: flipped(sealed.ciphertext, 7) };
  },
};

/** Statics whose encapsulation key has a coefficient that is not reduced. HS-06. */
function unreducedStatics() {
  const pairs = keyPairs(crypto, random(32), random(64));
  const mlkem768 = pairs.publicKeys.mlkem768?.slice() ?? NOTHING;
  mlkem768.set([0xff, 0xff, 0xff]);
  return Object.assign(pairs, { publicKeys: { ...pairs.publicKeys, mlkem768 } });
}

/** Handshakes that a relay refuses, and what it keeps apart. */
export const handshakeScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/handshake/message-1-short',
    title: 'A first message that is one byte short is refused by its length',
    level: 'must',
    requirements: ['HS-04', 'WI-04'],
    requires: [],
    run: refused(
      'hybrid',
      ['handshake.parse'],
      begun('hybrid', { mangle: onMessage(1, (bytes) => resized(bytes, -1)) }),
    ),
  },
  {
    id: 'relay/handshake/message-1-long',
    title: 'A first message that is one byte long, a payload, is refused by its length',
    level: 'must',
    requirements: ['HS-04', 'HS-11', 'WI-04'],
    requires: [],
    run: refused(
      'hybrid',
      ['handshake.parse'],
      begun('hybrid', { mangle: onMessage(1, (bytes) => resized(bytes, 1)) }),
    ),
  },
  {
    id: 'relay/handshake/message-3-short',
    title: 'A third message that is one byte short is refused by its length',
    level: 'must',
    requirements: ['HS-04', 'WI-04'],
    requires: [],
    run: refused(
      'classical',
      ['handshake.parse'],
      begun('classical', { mangle: onMessage(2, (bytes) => resized(bytes, -1)) }),
    ),
  },
  {
    id: 'relay/handshake/length-max',
    title: 'A handshake message of 65,535 bytes is refused before it comes',
    level: 'must',
    requirements: ['HS-04', 'WI-04'],
    requires: [],
    run: refused('hybrid', ['handshake.parse'], raw(concat(preface(2), Uint8Array.of(0xff, 0xff)))),
  },
  {
    id: 'relay/handshake/changed-static',
    title: 'A static key that does not open is refused',
    level: 'must',
    requirements: ['HS-03', 'HS-56'],
    requires: [],
    run: refused(
      'classical',
      ['handshake.auth'],
      begun('classical', { mangle: onMessage(2, (bytes) => flipped(bytes, 10)) }),
    ),
  },
  {
    id: 'relay/handshake/changed-payload-tag',
    title: 'A third message whose last tag is changed is refused, in both suites',
    level: 'must',
    requirements: ['HS-03'],
    requires: [],
    run: async (target) => {
      for (const suite of ['classical', 'hybrid'] as const) {
        const mangle = onMessage(2, (bytes) => flipped(bytes, bytes.length - 1));
        await refused(suite, ['handshake.auth'], begun(suite, { mangle }))(target);
      }
    },
  },
  {
    id: 'relay/handshake/low-order-ephemeral',
    title: 'An ephemeral key of low order, whose shared secret is all zero, is refused',
    level: 'must',
    requirements: ['HS-05'],
    requires: [],
    run: async (target) => {
      for (const suite of ['classical', 'hybrid'] as const) {
        for (const point of LOW_ORDER_POINTS) {
          const staticKeys = keyPairs(crypto, random(32), random(64));
          const lowOrder = { staticKeys, crypto: withLowOrderKey(staticKeys, point) };
          await refused(suite, ['handshake.auth'], begun(suite, lowOrder))(target);
        }
      }
    },
  },
  {
    id: 'relay/handshake/unreduced-ephemeral-key',
    title: 'An ephemeral encapsulation key with a coefficient that is not reduced is refused',
    level: 'must',
    requirements: ['HS-06'],
    requires: [],
    run: refused(
      'hybrid',
      ['handshake.kem'],
      begun('hybrid', {
        mangle: onMessage(1, (bytes) => {
          const changed = bytes.slice();
          changed.fill(0xff, 34, 34 + ENCAPSULATION_KEY_BYTES - 32);
          return changed;
        }),
      }),
    ),
  },
  {
    id: 'relay/handshake/unreduced-static-key',
    title: 'A static encapsulation key with a coefficient that is not reduced is refused',
    level: 'must',
    requirements: ['HS-06'],
    requires: [],
    run: (target) => refused('hybrid', ['handshake.kem'], begun('hybrid', { staticKeys: unreducedStatics() }))(target),
  },
  {
    id: 'relay/handshake/wrong-ciphertext',
    title: 'A ciphertext for another key shows only as a tag that does not open',
    level: 'must',
    requirements: ['HS-07'],
    requires: [],
    run: refused('hybrid', ['handshake.auth'], begun('hybrid', { crypto: wrongCiphertext })),
  },
  {
    id: 'relay/handshake/message-1-twice',
    title: 'The first message instead of the third is refused',
    level: 'must',
    requirements: ['HS-08'],
    requires: [],
    run: inArena(async (arena) => {
      let first = NOTHING;
      const keep = (bytes: Uint8Array, index: number): Uint8Array => {
        if (index === 1) first = bytes.slice();
        return index === 2 ? first : bytes;
      };
      const client = await begun('classical', { mangle: keep })(arena);
      sameClass('the close', (await client.gone()).code, 'handshake.parse', 'handshake.order', 'handshake.auth');
    }),
  },
  {
    id: 'relay/handshake/message-after-completion',
    title: 'A handshake message after the last one is no record and ends the connection',
    level: 'must',
    requirements: ['HS-08', 'WI-06'],
    requires: [],
    run: inArena(async (arena) => {
      let third = NOTHING;
      const keep = (bytes: Uint8Array, index: number): Uint8Array => {
        if (index === 2) third = bytes.slice();
        return bytes;
      };
      const client = await arena.connect({ suite: 'hybrid', mangle: keep });
      client.sendRaw(third);
      sameClass('the close', (await client.gone()).code, 'handshake.order', 'frame.parse');
      await shake(arena, 'hybrid');
    }),
  },
  {
    id: 'relay/handshake/cut-short',
    title: 'A stream that ends inside a handshake message is truncated',
    level: 'must',
    requirements: ['WI-12', 'HS-57'],
    requires: [],
    run: inArena(async (arena) => {
      const client = await arena.dial();
      client.sendRaw(concat(preface(1), Uint8Array.of(0, 32), random(20)));
      client.stream.end();
      sameClass('the close', (await client.gone()).code, 'frame.length');
      await shake(arena, 'classical');
    }),
  },
  {
    id: 'relay/handshake/records-are-not-shared',
    title: 'Records of one connection do not open on another',
    level: 'must',
    requirements: ['HS-10', 'WI-06'],
    requires: [],
    run: inArena(async (arena) => {
      const [one, other] = await Promise.all([shake(arena, 'hybrid'), arena.connect()]);
      const record = one.seal(Uint8Array.of(4, 8, 9, 0x6a, 0));
      other.sendRaw(record);
      sameClass('the close', (await other.gone()).code, 'frame.parse');
      one.sendRaw(record);
      same('the answer on its own connection', (await one.answer(9)).$case, 'pong');
    }),
  },
];
