import type { Written } from './written.ts';

/** Bugs of keys, handshakes and signatures. */
export const cryptoNotes: Written = {
  AuthSignatureUnchecked: [
    'The countersignature of the auth key is not verified.',
    'Any device makes itself a member.',
    ['GR-09', 'GR-14'],
  ],
  BodyNotCanonical: [
    'A member record body is decoded leniently.',
    'Two byte strings stand for one member: records are compared as bytes.',
    ['GR-08', 'OV-04'],
  ],
  CofactoredVerification: [
    'Ed25519 is verified by the cofactored equation.',
    'Some signatures verify here and not elsewhere: devices disagree on what was accepted.',
    ['SC-20'],
  ],
  CounterReused: [
    'The counter of a direction wraps.',
    'A nonce is used twice: keystream and authentication are lost.',
    ['HS-09'],
  ],
  DeviceSignatureUnchecked: [
    'The record’s own signature is not verified.',
    'A member enrols a key that nobody holds, or that is another’s.',
    ['GR-09', 'GR-14'],
  ],
  Downgrade: [
    'A relay with a pinned KEM key is dialled without it.',
    'Sessions of today can be read by a quantum computer of tomorrow.',
    ['HS-13', 'CL-35'],
  ],
  GroupIdInDerivation: [
    'The group id is missing in a derivation, or stands in that of epoch 0’s auth key.',
    'Keys differ from those of others; with one seed two groups share keys.',
    ['GR-05'],
  ],
  HandshakeLengthUnchecked: [
    'A handshake message of another length is read.',
    'Payloads and trailing bytes get into an unauthenticated place.',
    ['HS-04', 'HS-11'],
  ],
  HandshakeOrder: [
    'Handshake messages out of turn, or of another session, are taken.',
    'The state machine can be driven past authentication.',
    ['HS-02', 'HS-08'],
  ],
  HandshakeTagUnchecked: [
    'A sealed part of a handshake message is used before its tag verified.',
    'An attacker chooses the static key or KEM ciphertext.',
    ['HS-03'],
  ],
  HelloUnbound: [
    'The Hello signature does not bind connection, group or device.',
    'A relay uses a Hello that it got to log in elsewhere.',
    ['SE-10'],
  ],
  ImplicitRejectionVisible: [
    'A wrong KEM ciphertext is answered with an error.',
    'Whoever sees the answer decapsulates with the relay’s key, one guess at a time.',
    ['HS-07'],
  ],
  KemLengthUnchecked: [
    'ML-KEM input of another length is taken or crashes.',
    'A short message ends a process, or reads memory behind it.',
    ['HS-06'],
  ],
  KemSecretIgnored: [
    'The KEM’s secret is not mixed, or not as the tokens say.',
    'Both ends agree, and the hybrid handshake protects nothing: only transcripts show it.',
    ['HS-02', 'HS-07'],
  ],
  KeyLengthUnchecked: [
    'A public key of another length is cut off or filled up.',
    'Other keys than the signed ones are used.',
    ['GR-14'],
  ],
  LinkableDevice: ['Device keys do not depend on the group.', 'A relay links one device across groups.', ['GR-10']],
  LowOrderPoint: [
    'An all-zero X25519 result is used.',
    'An attacker fixes the shared secret without knowing a key.',
    ['HS-05'],
  ],
  ModulusUnchecked: [
    'An encapsulation key with coefficients of q or more is taken.',
    'FIPS 203’s input check is skipped; two keys stand for one.',
    ['HS-06'],
  ],
  NonceByteOrder: ['The counter stands in the nonce big-endian.', 'Records of others do not open.', ['HS-09', 'WI-05']],
  PinUnchecked: [
    'The relay’s statics are not held against the pin, or only one of them.',
    'Somebody in the middle is taken for the relay.',
    ['HS-12', 'CL-30'],
  ],
  PointNotCanonical: [
    'Encodings of points that are not canonical are taken.',
    'Two byte strings stand for one key or signature.',
    ['SC-20'],
  ],
  PrologueUnbound: [
    'The prologue is not mixed, or another one.',
    'The version can be changed on the way unnoticed.',
    ['HS-01'],
  ],
  RecordGroupUnchecked: [
    'The group of a member record is not compared.',
    'A member of one group is a member of another.',
    ['GR-14'],
  ],
  Reflection: ['Both directions use one key.', 'A record sent back to its sender opens.', ['HS-16']],
  SignatureLengthUnchecked: [
    'A key or signature of another length is cut off or filled up.',
    'Two byte strings stand for one signature, or memory behind it is read.',
    ['SC-20'],
  ],
  SignatureMalleable: [
    'S is not checked to be below L.',
    'Anybody makes a second signature of a signed message.',
    ['SC-20'],
  ],
  SmallOrderSigner: [
    'Keys and points of small order are taken.',
    'One signature verifies for many messages.',
    ['SC-20'],
  ],
  StaticUnproven: [
    'A static key counts before the Diffie-Hellman of it was mixed.',
    'An end is taken for whoever it names.',
    ['HS-03'],
  ],
  TranscriptUnbound: [
    'A part that travels in clear is not mixed into h.',
    'Ephemeral keys can be changed on the way.',
    ['HS-02', 'HS-03'],
  ],
};
