import type { Mutant } from './mutant.ts';

const PARSE = 'core/src/envelope/parse.ts';
const RECORD = 'core/src/group/member-record.ts';

/** Mistakes in reading envelopes and member records, which relays and clients have in common. */
export const envelopeMutants: readonly Mutant[] = [
  {
    name: 'envelopes-of-any-group',
    what: 'takes an envelope that names another group',
    file: PARSE,
    from: "if (!equal(header.groupId, groupId)) return fail('ENVELOPE_BINDING', 'The envelope is of another group.');",
    to: '',
    killedBy: ['relay/push/other-group'],
  },
  {
    name: 'envelopes-of-any-version',
    what: 'takes an envelope of any version',
    file: PARSE,
    from: 'header.version !== ENVELOPE_VERSION',
    to: 'header.version === 0',
    killedBy: ['relay/push/unknown-version', 'client/envelope/version'],
  },
  {
    name: 'content-of-any-type',
    what: 'takes an envelope of any content type',
    file: PARSE,
    from: 'if (contentType !== ContentType.CONTENT_TYPE_MESSAGE && contentType !== ContentType.CONTENT_TYPE_INVITE) {',
    to: 'if (contentType < 0) {',
    killedBy: [
      'relay/push/content-type-unspecified',
      'relay/push/content-type-welcome',
      'client/envelope/reserved-content-type',
    ],
  },
  {
    name: 'sequence-zero',
    what: 'takes sequence 0',
    file: PARSE,
    from: 'sequence === 0',
    to: 'sequence < 0',
    killedBy: ['relay/push/sequence-zero'],
  },
  {
    name: 'any-form-is-canonical',
    what: 'takes bytes that are not the canonical ones of their message',
    file: 'core/src/wire/decode.ts',
    from: 'read.ok && read.isCanonical',
    to: 'read.ok',
    killedBy: [
      'relay/push/header-not-canonical',
      'relay/push/header-reordered',
      'relay/hello/record-not-canonical',
      'client/envelope/header-not-canonical',
      'client/members/body-not-canonical',
    ],
  },
  {
    name: 'wrong-lengths-as-too-large',
    what: 'refuses a part of a wrong length as if the envelope were too large',
    file: PARSE,
    from: "fail('ENVELOPE_MALFORMED', 'A part",
    to: "fail('ENVELOPE_TOO_LARGE', 'A part",
    killedBy: [
      'relay/push/header-empty',
      'relay/push/header-too-long',
      'relay/push/ciphertext-too-short',
      'client/envelope/header-empty',
      'client/envelope/header-too-long',
      'client/envelope/ciphertext-too-short',
    ],
  },
  {
    name: 'ciphertexts-without-limit',
    what: 'takes a ciphertext of any length',
    file: PARSE,
    from: 'ciphertext.length > CIPHERTEXT_BYTES_MAX',
    to: 'ciphertext.length < 0',
    killedBy: ['relay/push/ciphertext-too-long', 'client/envelope/ciphertext-too-long'],
  },
  {
    name: 'largest-ciphertext-refused',
    what: 'refuses a ciphertext of exactly the largest length',
    file: PARSE,
    from: 'ciphertext.length > CIPHERTEXT_BYTES_MAX',
    to: 'ciphertext.length >= CIPHERTEXT_BYTES_MAX',
    killedBy: ['relay/push/largest'],
  },
  {
    name: 'records-unsigned',
    what: 'takes a member record whose signatures do not verify',
    file: RECORD,
    from: 'return isVerified ? body : undefined;',
    to: 'return isVerified || body.epoch === 0 ? body : undefined;',
    killedBy: [
      'relay/hello/record-not-countersigned',
      'relay/hello/record-not-self-signed',
      'client/members/auth-signature',
      'client/members/device-signature',
    ],
  },
];
