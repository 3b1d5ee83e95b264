import { concat } from '@0k-sync/core/bytes';
import { CIPHERTEXT_BYTES_MAX, CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { ContentType, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { byMember, forgeries, withHeader } from '../forged.ts';

/** Order of Ed25519's group, little-endian: added to S it makes another signature of the same point. SC-20. */
const L = Uint8Array.from(Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex'));

function plusL(s: Uint8Array): Uint8Array {
  let carry = 0;
  return s.map((byte, index) => {
    const sum = byte + (L[index] ?? 0) + carry;
    carry = sum >> 8;
    return sum & 0xff;
  });
}

/** Envelopes that a relay can forge: it can do everything but sign. */
export const envelopeActs = forgeries({
  'client/envelope/ciphertext-first-byte': {
    title: 'a ciphertext whose first byte was changed is rejected, and nothing of it is delivered',
    requirements: ['EN-11', 'EN-12', 'EN-26', 'EN-27'],
    forge: (e) => ({ ...e, ciphertext: flip(e.ciphertext, 0) }),
  },
  'client/envelope/ciphertext-tag': {
    title: 'a ciphertext whose tag was changed in its last byte is rejected',
    requirements: ['EN-11', 'EN-12', 'EN-26', 'EN-27'],
    forge: (e) => ({ ...e, ciphertext: flip(e.ciphertext) }),
  },
  'client/envelope/nonce': {
    title: 'a changed nonce is rejected',
    requirements: ['EN-12', 'EN-26'],
    forge: (e) => ({ ...e, nonce: flip(e.nonce) }),
  },
  'client/envelope/signature': {
    title: 'a changed signature is rejected',
    requirements: ['EN-12', 'EN-26'],
    forge: (e) => ({ ...e, signature: flip(e.signature, 0) }),
  },
  'client/envelope/signature-zero': {
    title: 'an envelope without a signature, 64 zero bytes in its place, is rejected',
    requirements: ['EN-12', 'EN-26'],
    forge: (e) => ({ ...e, signature: new Uint8Array(64) }),
  },
  'client/envelope/signature-malleable': {
    title: 'a signature whose S has the order added to it is rejected',
    requirements: ['EN-12', 'SC-20'],
    forge: (e) => ({ ...e, signature: concat(e.signature.subarray(0, 32), plusL(e.signature.subarray(32))) }),
  },
  'client/envelope/header-sequence': {
    title: 'a header with another sequence does not verify',
    requirements: ['EN-03', 'EN-12'],
    forge: (e) => withHeader(e, { sequence: EnvelopeHeader.decode(e.header).sequence + 1n }),
  },
  'client/envelope/header-previous': {
    title: 'a header with another previous does not verify',
    requirements: ['EN-03', 'EN-12'],
    forge: (e) => withHeader(e, { previous: random(32) }),
  },
  'client/envelope/header-epoch': {
    title: 'a header with another epoch does not verify: it does not wait for a key',
    requirements: ['EN-03', 'EN-12', 'EN-20'],
    forge: (e) => withHeader(e, { epoch: 1 }),
  },
  'client/envelope/header-content-type': {
    title: 'a message that is passed off as an announcement does not verify',
    requirements: ['EN-03', 'EN-12'],
    forge: (e) => withHeader(e, { contentType: ContentType.CONTENT_TYPE_INVITE }),
  },
  'client/envelope/header-truncated': {
    title: 'a header that is cut short is rejected by its form',
    requirements: ['EN-03', 'EN-20'],
    refusal: ['envelope.parse'],
    forge: (e) => ({ ...e, header: e.header.subarray(0, -1) }),
  },
  'client/envelope/header-not-canonical': {
    title: 'a header with a field that nobody knows is rejected by its form',
    requirements: ['EN-03', 'OV-04'],
    refusal: ['envelope.parse'],
    forge: (e) => ({ ...e, header: concat(e.header, Uint8Array.of(0x78, 0x01)) }),
  },
  'client/envelope/header-empty': {
    title: 'an envelope without a header is rejected by its form',
    requirements: ['EN-04'],
    refusal: ['envelope.parse'],
    forge: (e) => ({ ...e, header: new Uint8Array() }),
  },
  'client/envelope/header-too-long': {
    title: 'a header of 257 bytes is rejected by its form',
    requirements: ['EN-04', 'LI-04'],
    refusal: ['envelope.parse'],
    forge: (e) => ({ ...e, header: new Uint8Array(257) }),
  },
  'client/envelope/ciphertext-too-short': {
    title: 'a ciphertext of 271 bytes is rejected by its form',
    requirements: ['EN-04', 'LI-06'],
    refusal: ['envelope.parse'],
    forge: (e) => ({ ...e, ciphertext: e.ciphertext.subarray(0, CIPHERTEXT_BYTES_MIN - 1) }),
  },
  'client/envelope/ciphertext-too-long': {
    title: 'a ciphertext of 262,161 bytes is rejected by its size',
    requirements: ['EN-04', 'LI-05'],
    refusal: ['session.size'],
    forge: (e) => ({ ...e, ciphertext: new Uint8Array(CIPHERTEXT_BYTES_MAX + 1) }),
  },
  'client/envelope/version': {
    title: 'an envelope of version 2 is rejected as that, before its signature matters',
    requirements: ['EN-05', 'EN-20'],
    refusal: ['envelope.version'],
    forge: (e) => withHeader(e, { version: 2 }),
  },
  'client/envelope/reserved-content-type': {
    title: 'the reserved content type WELCOME is rejected, also when a member signs it',
    requirements: ['EN-06'],
    refusal: ['envelope.parse'],
    forge: (e, scene) =>
      byMember(scene, e, { contentType: ContentType.CONTENT_TYPE_WELCOME, ciphertext: e.ciphertext }),
  },
  'client/envelope/other-group': {
    title: 'an envelope of another group is rejected, whole and honest as it is there',
    requirements: ['EN-07', 'EN-20'],
    refusal: ['envelope.binding'],
    forge: () => new Group().device().seal('elsewhere').envelope,
  },
  'client/envelope/splice-sender': {
    title: 'what a stranger signed under the name of a member is rejected',
    requirements: ['EN-07', 'EN-12'],
    forge: (e, { author }) => {
      const { header: headerBytes, nonce, ciphertext } = e;
      return author.group.device().forge({ headerBytes, nonce, ciphertext }).envelope;
    },
  },
  'client/envelope/splice-ciphertext': {
    title: 'the ciphertext of one envelope under the header of another does not verify',
    requirements: ['EN-11', 'EN-12'],
    forge: (e, { author }) => {
      const { nonce, ciphertext } = author.twin('another', author.previous);
      return { ...e, nonce, ciphertext };
    },
  },
});
