import { concat } from '@0k-sync/core/bytes';
import { preface } from '@0k-sync/core/channel';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { keyPairs } from '@0k-sync/core/noise';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { LOW_ORDER_POINTS, type RawClientConfig, withLowOrderKey } from '@0k-sync/testkit/raw';
import { flip } from '@0k-sync/testkit/wire';
import { expect, expectClass } from '../../expect.ts';
import type { RelayActs } from '../scene.ts';
import { begun, refusedHandshakes, shake } from './handshakes.ts';

const NOTHING = new Uint8Array(0);
const ENCAPSULATION_KEY_BYTES = 1184;

/** A handshake message with its u16 length, made longer or shorter at its end. */
function resized(bytes: Uint8Array, by: number): Uint8Array {
  const message = by < 0 ? bytes.slice(2, by) : concat(bytes.slice(2), new Uint8Array(by));
  return concat(Uint8Array.of(message.length >> 8, message.length & 0xff), message);
}

/** Changes one message of the handshake; 0 is the preface. */
function onMessage(wanted: number, change: (bytes: Uint8Array) => Uint8Array): RawClientConfig {
  return { mangle: (bytes, index) => (index === wanted ? change(bytes) : bytes) };
}

function lowOrder(point: Uint8Array): RawClientConfig {
  const staticKeys = keyPairs(crypto, random(32), random(64));
  return { staticKeys, crypto: withLowOrderKey(staticKeys, point) };
}

/** Encapsulates to the other end's key and sends another ciphertext. HS-07. */
const wrongCiphertext: CryptoProvider = {
  ...crypto,
  mlkemEncapsulateFresh: (key) => {
    const sealed = crypto.mlkemEncapsulateFresh?.(key);
    return sealed && { ...sealed, ciphertext: flip(sealed.ciphertext, 7) };
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
export const handshakeActs: RelayActs = {
  ...refusedHandshakes({
    'relay/handshake/message-1-short': {
      title: 'A first message that is one byte short is refused by its length',
      requirements: ['HS-04', 'WI-04'],
      refusal: 'handshake.parse',
      attempts: () => [onMessage(1, (bytes) => resized(bytes, -1))],
    },
    'relay/handshake/message-1-long': {
      title: 'A first message that is one byte long, a payload, is refused by its length',
      requirements: ['HS-04', 'HS-11', 'WI-04'],
      refusal: 'handshake.parse',
      attempts: () => [onMessage(1, (bytes) => resized(bytes, 1))],
    },
    'relay/handshake/message-3-short': {
      title: 'A third message that is one byte short is refused by its length',
      requirements: ['HS-04', 'WI-04'],
      refusal: 'handshake.parse',
      suites: ['classical'],
      attempts: () => [onMessage(2, (bytes) => resized(bytes, -1))],
    },
    'relay/handshake/length-max': {
      title: 'A handshake message of 65,535 bytes is refused before it comes',
      requirements: ['HS-04', 'WI-04'],
      refusal: 'handshake.parse',
      attempts: () => [concat(preface(2), Uint8Array.of(0xff, 0xff))],
    },
    'relay/handshake/changed-static': {
      title: 'A static key that does not open is refused',
      requirements: ['HS-03', 'HS-56'],
      refusal: 'handshake.auth',
      suites: ['classical'],
      attempts: () => [onMessage(2, (bytes) => flip(bytes, 10))],
    },
    'relay/handshake/changed-payload-tag': {
      title: 'A third message whose last tag is changed is refused, in both suites',
      requirements: ['HS-03'],
      refusal: 'handshake.auth',
      suites: ['classical', 'hybrid'],
      attempts: () => [onMessage(2, (bytes) => flip(bytes, bytes.length - 1))],
    },
    'relay/handshake/low-order-ephemeral': {
      title: 'An ephemeral key of low order, whose shared secret is all zero, is refused',
      requirements: ['HS-05'],
      refusal: 'handshake.auth',
      suites: ['classical', 'hybrid'],
      attempts: () => LOW_ORDER_POINTS.map(lowOrder),
    },
    'relay/handshake/unreduced-ephemeral-key': {
      title: 'An ephemeral encapsulation key with a coefficient that is not reduced is refused',
      requirements: ['HS-06'],
      refusal: 'handshake.kem',
      attempts: () => [onMessage(1, (bytes) => bytes.slice().fill(0xff, 34, 34 + ENCAPSULATION_KEY_BYTES - 32))],
    },
    'relay/handshake/unreduced-static-key': {
      title: 'A static encapsulation key with a coefficient that is not reduced is refused',
      requirements: ['HS-06'],
      refusal: 'handshake.kem',
      attempts: () => [{ staticKeys: unreducedStatics() }],
    },
    'relay/handshake/wrong-ciphertext': {
      title: 'A ciphertext for another key shows only as a tag that does not open',
      requirements: ['HS-07'],
      refusal: 'handshake.auth',
      attempts: () => [{ crypto: wrongCiphertext }],
    },
  }),
  'relay/handshake/message-1-twice': {
    title: 'The first message instead of the third is refused',
    requirements: ['HS-08'],
    run: async (scene) => {
      let first = NOTHING;
      const keep = (bytes: Uint8Array, index: number): Uint8Array => {
        if (index === 1) first = bytes.slice();
        return index === 2 ? first : bytes;
      };
      const client = await begun(scene, 'classical', { mangle: keep });
      expectClass('the close', (await client.gone()).code, 'handshake.parse', 'handshake.order', 'handshake.auth');
    },
  },
  'relay/handshake/message-after-completion': {
    title: 'A handshake message after the last one is no record and ends the connection',
    requirements: ['HS-08', 'WI-06'],
    run: async (scene) => {
      let third = NOTHING;
      const keep = (bytes: Uint8Array, index: number): Uint8Array => {
        if (index === 2) third = bytes.slice();
        return bytes;
      };
      const client = await scene.connect({ suite: 'hybrid', mangle: keep });
      client.sendRaw(third);
      expectClass('the close', (await client.gone()).code, 'handshake.order', 'frame.parse');
      await shake(scene, 'hybrid');
    },
  },
  'relay/handshake/cut-short': {
    title: 'A stream that ends inside a handshake message is truncated',
    requirements: ['WI-12', 'HS-57'],
    run: async (scene) => {
      const client = await scene.dial();
      client.sendRaw(concat(preface(1), Uint8Array.of(0, 32), random(20)));
      client.stream.end();
      expectClass('the close', (await client.gone()).code, 'frame.length');
      await shake(scene, 'classical');
    },
  },
  'relay/handshake/records-are-not-shared': {
    title: 'Records of one connection do not open on another',
    requirements: ['HS-10', 'WI-06'],
    run: async (scene) => {
      const [one, other] = await Promise.all([shake(scene, 'hybrid'), scene.connect()]);
      const record = one.seal(Uint8Array.of(4, 8, 9, 0x6a, 0));
      other.sendRaw(record);
      expectClass('the close', (await other.gone()).code, 'frame.parse');
      one.sendRaw(record);
      expect('the answer on its own connection', (await one.answer(9)).$case, 'pong');
    },
  },
};
