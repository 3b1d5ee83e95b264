import type { Written } from './written.ts';

/** Bugs of parsers: frames, records, texts. */
export const wireNotes: Written = {
  AllocatesByDeclaration: [
    'Memory is set aside for a declared length before its bytes are there.',
    'A few bytes of an attacker take the memory of a process.',
    ['WI-11', 'SC-22'],
  ],
  BitOrder: [
    'z-base-32 is read least significant bit first, or its last character is shifted.',
    'Two implementations show different names for one relay.',
    ['OV-03'],
  ],
  ByteOrder: [
    'An integer inside a derivation is little-endian.',
    'Keys of every epoch above 0 differ from those of others.',
    ['OV-01', 'GR-05'],
  ],
  EnvelopeJudgedByFrame: [
    'A frame is refused for what is inside an envelope.',
    'One bad envelope ends the session, and blocks all that come behind it.',
    ['WI-18', 'EN-04'],
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
  IntegerCutOff: [
    'An integer that does not fit is cut off.',
    'Huge numbers turn into small ones that pass every check.',
    ['WI-16'],
  ],
  ItemsUncounted: [
    'Items are counted after they were decoded, or not at all.',
    'One frame takes the memory of thousands of objects.',
    ['WI-17'],
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
  MessageAbsent: [
    'A message that has to be given is missing and taken as empty.',
    'Code behind the parser meets what it does not expect.',
    ['WI-20'],
  ],
  PrefaceUnchecked: [
    'The preface is not read to its last byte.',
    'Another protocol, or another kind of stream, is taken for this one.',
    ['WI-01', 'WI-02'],
  ],
  RecordLengthUnchecked: [
    'Records too short for a byte of content are read.',
    'An endless row of empty records keeps an end busy.',
    ['WI-05'],
  ],
  SequenceZero: ['Sequence 0 names an envelope.', 'Chains begin at two places.', ['OV-02', 'EN-08']],
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
  WireTypeUnchecked: [
    'A known field of another wire type is skipped as unknown.',
    'A field vanishes for one parser and not for another.',
    ['WI-14'],
  ],
};
