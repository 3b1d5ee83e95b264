import { concat } from '@0k-sync/core/bytes';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { delimited, field, lengthField, requestIdField, varint } from '@0k-sync/testkit/wire';
import { type IllFormed, NOTHING, ping, pull, refusedFrames } from './ill-formed.ts';

const illFormed: readonly IllFormed[] = [
  {
    id: 'relay/frame/length-zero',
    title: 'A frame of length 0 is refused',
    requirements: ['WI-10'],
    class: 'frame.length',
    bytes: () => Uint8Array.of(0),
  },
  {
    id: 'relay/frame/length-above-max',
    title: 'A declared length one above the largest is refused before the frame comes',
    requirements: ['WI-10', 'WI-11'],
    class: 'frame.length',
    bytes: () => varint(FRAME_BYTES_MAX + 1),
  },
  {
    id: 'relay/frame/length-huge',
    title: 'A declared length of 4 GiB is refused at once',
    requirements: ['WI-10', 'WI-11'],
    class: 'frame.length',
    bytes: () => varint(0xffff_ffff),
  },
  {
    id: 'relay/frame/length-not-minimal',
    title: 'A length that is no minimal varint is refused',
    requirements: ['WI-10'],
    class: 'frame.length',
    bytes: () => concat(varint(ping(7).length, 2), ping(7)),
  },
  {
    id: 'relay/frame/length-six-bytes',
    title: 'A length of more than five bytes is refused',
    requirements: ['WI-10'],
    class: 'frame.length',
    bytes: () => Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  },
  {
    id: 'relay/frame/field-number-zero',
    title: 'Field number 0 is refused',
    requirements: ['WI-13', 'WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(ping(7), field(0, 0, varint(1)))),
  },
  {
    id: 'relay/frame/group-start',
    title: 'A group is refused, also in an unknown field',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(ping(7), field(100, 3, NOTHING), field(100, 4, NOTHING))),
  },
  {
    id: 'relay/frame/group-end',
    title: 'The end of a group is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(ping(7), field(100, 4, NOTHING))),
  },
  {
    id: 'relay/frame/wire-type-six',
    title: 'Wire type 6 is refused, also in an unknown field',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(ping(7), field(100, 6, NOTHING))),
  },
  {
    id: 'relay/frame/wire-type-seven',
    title: 'Wire type 7 is refused, also in an unknown field',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(ping(7), field(100, 7, NOTHING))),
  },
  {
    id: 'relay/frame/other-wire-type',
    title: "A wire type other than the schema's is refused",
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => pull(field(1, 5, Uint8Array.of(0, 0, 0, 0))),
  },
  {
    id: 'relay/frame/field-twice',
    title: 'A singular field given twice is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(requestIdField(7), ping(7))),
  },
  {
    id: 'relay/frame/two-bodies',
    title: 'Two members of the oneof are refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(ping(7), lengthField(17, NOTHING))),
  },
  {
    id: 'relay/frame/varint-not-minimal',
    title: 'A varint that is not minimal is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => pull(concat(field(1, 0, varint(0, 2)), field(3, 0, varint(1)))),
  },
  {
    id: 'relay/frame/varint-above-64-bits',
    title: 'A varint above 64 bits is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => pull(field(1, 0, varint(2n ** 64n))),
  },
  {
    id: 'relay/frame/length-beyond-message',
    title: 'A length beyond the enclosing message is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => delimited(concat(requestIdField(7), field(13, 2, varint(5)))),
  },
  {
    id: 'relay/frame/cut-varint',
    title: 'A varint that the end of its message cuts is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: () => pull(field(1, 0, Uint8Array.of(0x80))),
  },
];

/** Lengths, field numbers and wire types that no frame has. */
export const frameFormScenarios = refusedFrames(illFormed);
