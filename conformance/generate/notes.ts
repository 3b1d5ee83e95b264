import type { Note } from './model.ts';

/** What each flag finds: `[bug, effect, requirements]`. */
const notes: Readonly<Record<string, readonly [bug: string, effect: string, links: readonly string[]]>> = {
  AllocatesByDeclaration: [
    'Memory is set aside for a declared length before its bytes are there.',
    'A few bytes of an attacker take the memory of a process.',
    ['WI-11', 'SC-22'],
  ],
  AssociatedDataUnbound: [
    'The associated data is not given to the AEAD.',
    'A ciphertext can be moved under another header, mailbox or place.',
    ['EN-11', 'PA-10'],
  ],
  AuthSignatureUnchecked: [
    'The countersignature of the auth key is not verified.',
    'Any device makes itself a member.',
    ['GR-09', 'GR-14'],
  ],
  BitOrder: [
    'z-base-32 is read least significant bit first, or its last character is shifted.',
    'Two implementations show different names for one relay.',
    ['OV-03'],
  ],
  BodyNotCanonical: [
    'A member record body is decoded leniently.',
    'Two byte strings stand for one member: records are compared as bytes.',
    ['GR-08', 'OV-04'],
  ],
  ByteOrder: [
    'An integer inside a derivation is little-endian.',
    'Keys of every epoch above 0 differ from those of others.',
    ['OV-01', 'GR-05'],
  ],
  CaseSensitive: [
    'Text that people copy is compared with its case, or with the white space around it.',
    'A good invite or key is refused.',
    ['PA-01', 'OV-03'],
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
  CofactoredVerification: [
    'Ed25519 is verified by the cofactored equation.',
    'Some signatures verify here and not elsewhere: devices disagree on what was accepted.',
    ['SC-20'],
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
  CounterReused: [
    'The counter of a direction wraps.',
    'A nonce is used twice: keystream and authentication are lost.',
    ['HS-09'],
  ],
  CursorTrusted: [
    'A segment is believed without accounting for every cursor.',
    'A relay withholds envelopes unnoticed, or keeps a client asking for ever.',
    ['CL-02', 'CL-04', 'RL-41'],
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
  EnvelopeJudgedByFrame: [
    'A frame is refused for what is inside an envelope.',
    'One bad envelope ends the session, and blocks all that come behind it.',
    ['WI-18', 'EN-04'],
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
  EpochsUnordered: [
    'The epoch secrets of a Welcome may come in any order, or twice.',
    'Devices that joined by one Welcome hold different secrets for one epoch.',
    ['PA-12'],
  ],
  ExpiryUnchecked: [
    'The time of an invite is not read.',
    'Old links stay usable wherever the relay is careless.',
    ['PA-05'],
  ],
  FieldLengthUnchecked: [
    'A field of fixed or greatest length is taken at another length.',
    'Keys and hashes of the wrong size reach the code behind the parser.',
    ['WI-18'],
  ],
  FieldTwice: [
    'A field that may come once is merged, or the last one wins.',
    'Two parsers see two messages in the same bytes.',
    ['WI-14'],
  ],
  ForkUnseen: [
    'A second envelope of an accepted place is taken, or passed over silently.',
    'A copied device, or a forging relay’s accomplice, goes unnoticed.',
    ['EN-23'],
  ],
  FrameLengthUnchecked: [
    'Impossible lengths of frames are read on.',
    'The stream loses its frame boundaries.',
    ['WI-10'],
  ],
  FrameWithoutBody: [
    'A frame without a known body is passed over.',
    'A request that nobody understood looks as if it had been answered.',
    ['WI-15'],
  ],
  GapDropped: [
    'An envelope above head + 1 is dropped, or accepted at once.',
    'Reordering by a relay loses messages, or tears the chain.',
    ['EN-24'],
  ],
  GroupIdInDerivation: [
    'The group id is missing in a derivation, or stands in that of epoch 0’s auth key.',
    'Keys differ from those of others; with one seed two groups share keys.',
    ['GR-05'],
  ],
  GroupIdUnproven: [
    'The group id of a Welcome is believed instead of computed.',
    'A joiner is put into a group whose auth key somebody else holds.',
    ['PA-12', 'GR-02'],
  ],
  GroupUnbound: [
    'The header’s group is not compared with the session’s.',
    'An envelope of one group is accepted in another.',
    ['EN-07'],
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
  IntegerCutOff: [
    'An integer that does not fit is cut off.',
    'Huge numbers turn into small ones that pass every check.',
    ['WI-16'],
  ],
  InviteNotCanonical: [
    'The content of a link is decoded leniently.',
    'Two links stand for one invite, and unknown parts are dropped silently.',
    ['PA-03'],
  ],
  InviteUnreadable: [
    'A link is made that no reader takes.',
    'Pairing fails on the other device, where nobody can mend it.',
    ['PA-02', 'PA-03', 'PA-08'],
  ],
  ItemsUncounted: [
    'Items are counted after they were decoded, or not at all.',
    'One frame takes the memory of thousands of objects.',
    ['WI-17'],
  ],
  JudgedOutOfOrder: [
    'An envelope’s checks run in another order.',
    'Devices report different classes, and secrets are used on what is not authentic.',
    ['EN-20', 'EN-27'],
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
  KeyUnbound: [
    'The key of the group, epoch, direction or invite does not enter the AEAD.',
    'Content opens for those who should not read it.',
    ['EN-11', 'PA-11'],
  ],
  LabelLeftOut: [
    'A label is not part of what is signed, or the parts change places.',
    'A signature made for one purpose serves another.',
    ['OV-25', 'OV-26'],
  ],
  LaxText: [
    'A text is read leniently.',
    'Two spellings stand for one relay, and mistakes dial another one.',
    ['OV-03', 'CL-34'],
  ],
  LaxWireWalk: [
    'The decoder of Protocol Buffers is used without the strict walk.',
    'Two parsers see two messages in the same bytes.',
    ['WI-14'],
  ],
  LinkUnchecked: [
    'The checksum of a link is not verified before the link is used.',
    'A typing mistake burns a claim, or goes to another mailbox.',
    ['PA-04'],
  ],
  LinkableDevice: ['Device keys do not depend on the group.', 'A relay links one device across groups.', ['GR-10']],
  LowOrderPoint: [
    'An all-zero X25519 result is used.',
    'An attacker fixes the shared secret without knowing a key.',
    ['HS-05'],
  ],
  MessageAbsent: [
    'A message that has to be given is missing and taken as empty.',
    'Code behind the parser meets what it does not expect.',
    ['WI-20'],
  ],
  ModulusUnchecked: [
    'An encapsulation key with coefficients of q or more is taken.',
    'FIPS 203’s input check is skipped; two keys stand for one.',
    ['HS-06'],
  ],
  NonceByteOrder: ['The counter stands in the nonce big-endian.', 'Records of others do not open.', ['HS-09', 'WI-05']],
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
  PassphraseCostUnchecked: [
    'Argon2id costs from a link are computed as they come.',
    'A link takes all memory or time, or makes guessing cheap.',
    ['PA-08'],
  ],
  PassphraseEmpty: ['An empty passphrase is taken.', 'An invite looks protected and is not.', ['PA-09']],
  PassphraseIgnored: ['The passphrase does not enter the key.', 'The link alone opens the Welcome.', ['PA-11']],
  PassphraseNotNormalised: [
    'A passphrase is not normalised.',
    'The same passphrase fails on another keyboard.',
    ['PA-09'],
  ],
  PinUnchecked: [
    'The relay’s statics are not held against the pin, or only one of them.',
    'Somebody in the middle is taken for the relay.',
    ['HS-12', 'CL-30'],
  ],
  PlaintextLax: [
    'The plaintext is decoded without the strict walk or its limits.',
    'A member crashes or deceives the others with what only they can read.',
    ['EN-15'],
  ],
  PointNotCanonical: [
    'Encodings of points that are not canonical are taken.',
    'Two byte strings stand for one key or signature.',
    ['SC-20'],
  ],
  PrefaceUnchecked: [
    'The preface is not read to its last byte.',
    'Another protocol, or another kind of stream, is taken for this one.',
    ['WI-01', 'WI-02'],
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
  RecordLengthUnchecked: [
    'Records too short for a byte of content are read.',
    'An endless row of empty records keeps an end busy.',
    ['WI-05'],
  ],
  RecordUnverified: [
    'Member records of a Welcome are believed.',
    'A joiner trusts devices that nobody countersigned.',
    ['PA-12', 'GR-14'],
  ],
  RelaysAbsent: [
    'A Welcome without relays is taken.',
    'The group of the new device has no anchor, and none to send to.',
    ['PA-12'],
  ],
  Reflection: ['Both directions use one key.', 'A record sent back to its sender opens.', ['HS-16']],
  RelayFieldsBound: [
    'Cursor or time of the relay are hashed or signed.',
    'Nothing that came through a relay verifies.',
    ['EN-12'],
  ],
  ReplayAccepted: ['What was seen before is taken again.', 'A message takes effect twice.', ['EN-22', 'HS-09']],
  SequenceZero: ['Sequence 0 names an envelope.', 'Chains begin at two places.', ['OV-02', 'EN-08']],
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
  SignatureUnchecked: [
    'A signature is not verified, or not over what it stands for.',
    'A relay forges what a device said.',
    ['EN-12', 'SE-10'],
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
  TranscriptUnbound: [
    'A part that travels in clear is not mixed into h.',
    'Ephemeral keys can be changed on the way.',
    ['HS-02', 'HS-03'],
  ],
  TruncationUnseen: [
    'The end of a stream inside something passes for its end.',
    'Whoever cuts a connection decides how much was said.',
    ['WI-12'],
  ],
  UnknownEnumAccepted: [
    'Enum values that the schema does not name are taken from clients.',
    'A relay stores and passes on what it does not understand.',
    ['WI-19'],
  ],
  UnknownEnumRefused: ['Enum values of newer relays end the session.', 'No error code can ever be added.', ['WI-19']],
  UnknownFieldRefused: ['Unknown fields are refused.', 'No field can ever be added.', ['WI-15']],
  Utf8Unchecked: [
    'Strings are not checked to be UTF-8, or are changed while they are read.',
    'What one device accepts another cannot show.',
    ['WI-14'],
  ],
  VarintNotMinimal: [
    'Varints that are longer than needed are read.',
    'Two byte strings stand for one message.',
    ['WI-10', 'WI-14'],
  ],
  VarintOverflow: ['Varints of more than 64 bits wrap.', 'Huge numbers turn into small ones.', ['WI-14']],
  VersionUnchecked: [
    'An unknown version is read as the known one.',
    'A newer format is misunderstood instead of refused.',
    ['EN-05', 'PA-12'],
  ],
  WireTypeUnchecked: [
    'A known field of another wire type is skipped as unknown.',
    'A field vanishes for one parser and not for another.',
    ['WI-14'],
  ],
};

export function noteOf(flag: string): Note {
  const note = notes[flag];
  if (note === undefined) throw new RangeError(`the flag ${flag} has no note`);
  const [bug, effect, links] = note;
  return { bug, effect, links };
}

export const noteNames: readonly string[] = Object.keys(notes);
