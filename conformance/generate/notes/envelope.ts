import type { Written } from './written.ts';

/** Bugs of envelopes, chains and cursors. */
export const envelopeNotes: Written = {
  AssociatedDataUnbound: [
    'The associated data is not given to the AEAD.',
    'A ciphertext can be moved under another header, mailbox or place.',
    ['EN-11', 'PA-10'],
  ],
  ChainUnchecked: [
    'previous is not compared with H of the envelope before.',
    'A relay drops or reorders envelopes of a sender unnoticed.',
    ['EN-08', 'EN-20'],
  ],
  CiphertextMalleable: [
    'A ciphertext is used although its tag does not verify.',
    'What a sender wrote can be changed on the way.',
    ['EN-11', 'WI-06'],
  ],
  ContentTypeUnchecked: [
    'The content type of the header is not held against what the schema and the plaintext say.',
    'Reserved kinds get through, and a plaintext is read as what it is not.',
    ['EN-06', 'EN-15'],
  ],
  ContentUnlimited: [
    'Content beyond its limits is sealed.',
    'Every other device rejects what this one believes to have sent.',
    ['EN-15'],
  ],
  CursorTrusted: [
    'A segment is believed without accounting for every cursor.',
    'A relay withholds envelopes unnoticed, or keeps a client asking for ever.',
    ['CL-02', 'CL-04', 'RL-41'],
  ],
  EnvelopeSizeUnchecked: [
    'Sizes of an envelope’s parts are not checked.',
    'Envelopes circulate that others refuse, or that take more memory than allowed.',
    ['EN-04'],
  ],
  EpochGuessed: [
    'Another key is tried when the header’s epoch is not held.',
    'A removed member’s key opens what it must not.',
    ['EN-09', 'GR-06'],
  ],
  ForkUnseen: [
    'A second envelope of an accepted place is taken, or passed over silently.',
    'A copied device, or a forging relay’s accomplice, goes unnoticed.',
    ['EN-23'],
  ],
  GapDropped: [
    'An envelope above head + 1 is dropped, or accepted at once.',
    'Reordering by a relay loses messages, or tears the chain.',
    ['EN-24'],
  ],
  GroupUnbound: [
    'The header’s group is not compared with the session’s.',
    'An envelope of one group is accepted in another.',
    ['EN-07'],
  ],
  HeaderLengthUnbound: [
    'H does not cover the header’s length.',
    'The boundary between header and ciphertext can be moved.',
    ['EN-12'],
  ],
  HeaderNotCanonical: [
    'A header is decoded leniently or encoded again.',
    'Two byte strings stand for one envelope, with two hashes.',
    ['EN-03', 'OV-04'],
  ],
  HeaderUnbound: [
    'H or the AEAD leaves the header out.',
    'A relay rewrites sequence, sender or epoch.',
    ['EN-03', 'EN-12'],
  ],
  JudgedOutOfOrder: [
    'An envelope’s checks run in another order.',
    'Devices report different classes, and secrets are used on what is not authentic.',
    ['EN-20', 'EN-27'],
  ],
  KeyUnbound: [
    'The key of the group, epoch, direction or invite does not enter the AEAD.',
    'Content opens for those who should not read it.',
    ['EN-11', 'PA-11'],
  ],
  NonceUnbound: [
    'Not all of the nonce enters the AEAD or H.',
    'Nonces repeat sooner than they may, or can be changed.',
    ['EN-10', 'EN-12'],
  ],
  PaddingUnchecked: [
    'Padding is cut off unread.',
    'Padding becomes a hidden channel, and sizes tell what they must not.',
    ['EN-14'],
  ],
  PaddingUnit: [
    'Padmé is computed with rounding or off by one.',
    'Others refuse the envelope; the size shows more of the length.',
    ['EN-14'],
  ],
  PlaintextLax: [
    'The plaintext is decoded without the strict walk or its limits.',
    'A member crashes or deceives the others with what only they can read.',
    ['EN-15'],
  ],
  RelayFieldsBound: [
    'Cursor or time of the relay are hashed or signed.',
    'Nothing that came through a relay verifies.',
    ['EN-12'],
  ],
  ReplayAccepted: ['What was seen before is taken again.', 'A message takes effect twice.', ['EN-22', 'HS-09']],
  SignatureUnchecked: [
    'A signature is not verified, or not over what it stands for.',
    'A relay forges what a device said.',
    ['EN-12', 'SE-10'],
  ],
  StrangerAccepted: [
    'A sender without a verified record is accepted.',
    'The relay makes up devices.',
    ['EN-07', 'CL-09'],
  ],
  TagCutShort: [
    'Only a part of the tag is compared, or a short one is filled up.',
    'A forgery takes few guesses.',
    ['EN-11', 'WI-06'],
  ],
  VersionUnchecked: [
    'An unknown version is read as the known one.',
    'A newer format is misunderstood instead of refused.',
    ['EN-05', 'PA-12'],
  ],
};
