import type { DefectCase } from './defects-tables.ts';

const session = 'spec/session.md';
const errors = 'spec/errors.md';
const frameProto = 'proto/zerok/sync/v1/frame.proto';
const errorProto = 'proto/zerok/sync/v1/error.proto';

/** Defects between the chapters and the schemas. */
export const referenceDefects: readonly DefectCase[] = [
  {
    name: 'unknown id in prose',
    file: session,
    find: '(SE-02)',
    replace: '(SE-77)',
    expected: [`${session}:3: SE-77 is defined nowhere`],
  },
  {
    name: 'unknown limit in prose',
    file: session,
    find: 'IDLE_TIMEOUT_MS',
    replace: 'IDLE_PATIENCE_MS',
    expected: [`${session}:3: the limit IDLE_PATIENCE_MS is defined nowhere`],
  },
  {
    name: 'unknown label in prose',
    file: session,
    find: '0k-sync/v1/hello',
    replace: '0k-sync/v1/greeting',
    expected: [`${session}:9: the label 0k-sync/v1/greeting is defined nowhere`],
  },
  {
    name: 'unknown id in a schema comment',
    file: frameProto,
    find: 'SE-01.',
    replace: 'SE-55.',
    expected: [`${frameProto}:5: SE-55 is defined nowhere`],
  },
  {
    name: 'unknown limit in a schema comment',
    file: frameProto,
    find: 'FRAME_BYTES_MAX',
    replace: 'FRAME_SIZE_MAX',
    expected: [`${frameProto}:5: the limit FRAME_SIZE_MAX is defined nowhere`],
  },
  {
    name: 'schema that does not parse',
    file: frameProto,
    find: 'HelloAck hello_ack = 3;',
    replace: 'HelloAck hello_ack = ;',
    expected: [`${frameProto}:10: illegal id ';'`],
  },
  {
    name: 'schema with an unknown type',
    file: frameProto,
    find: 'HelloAck hello_ack = 3;',
    replace: 'HelloAgain hello_again = 3;',
    expected: [`${frameProto}:10: no such Type or Enum 'HelloAgain' in Type .zerok.sync.v1.Frame`],
  },
  {
    name: 'schema without Frame',
    file: frameProto,
    find: 'message Frame {',
    replace: 'message Packet {',
    expected: [`${errorProto}:1: the schema has no zerok.sync.v1.Frame with a oneof "body"`],
  },
  {
    name: 'error that the schema lacks',
    file: errorProto,
    find: '  ERROR_CODE_RATE_LIMITED = 2000;\n',
    replace: '',
    expected: [`${errors}:8: ErrorCode has no ERROR_CODE_RATE_LIMITED`],
  },
  {
    name: 'error that the table lacks',
    file: errorProto,
    find: '  ERROR_CODE_RATE_LIMITED = 2000;\n',
    replace: '  ERROR_CODE_RATE_LIMITED = 2000;\n  ERROR_CODE_OVERLOADED = 3000;\n',
    expected: [`${errorProto}:10: ERROR_CODE_OVERLOADED has no row in the errors table`],
  },
  {
    name: 'error with another number in the schema',
    file: errorProto,
    find: 'RATE_LIMITED = 2000',
    replace: 'RATE_LIMITED = 2001',
    expected: [`${errors}:8: RATE_LIMITED is 2000 here and 2001 at ${errorProto}:9`],
  },
  {
    name: 'frame that the schema lacks',
    file: session,
    find: '| Bye | client |',
    replace: '| Goodbye | client |',
    expected: [
      `${frameProto}:11: the message Bye of Frame has no row in the frames table`,
      `${session}:17: Frame has no message Goodbye`,
    ],
  },
  {
    name: 'frame from nobody',
    file: session,
    find: '| HelloAck | relay |',
    replace: '| HelloAck | server |',
    expected: [`${session}:18: "server" is none of client, relay`],
  },
  {
    name: 'frame twice',
    file: session,
    find: '| HelloAck | relay | greeting | hello-ack | — | lets in |\n',
    replace:
      '| HelloAck | relay | greeting | hello-ack | — | lets in |\n| HelloAck | relay | ready | hello-ack | — | lets in |\n',
    expected: [`${session}:19: the frame "HelloAck" stands at ${session}:18 already`],
  },
  {
    name: 'frame without a machine that receives it',
    file: session,
    find: 'machine client-session ',
    replace: 'machine peer-session ',
    expected: [`${session}:18: the frame HelloAck needs a machine client-session`],
  },
  {
    name: 'frame accepted in an unknown state',
    file: session,
    find: '| fresh, ready | bye |',
    replace: '| fresh, raedy | bye |',
    expected: [`${session}:17: relay-session has no state "raedy" that could accept Bye`],
  },
  {
    name: 'frame that is no event',
    file: session,
    find: '| fresh, ready | bye |',
    replace: '| fresh, ready | leave |',
    expected: [`${session}:17: relay-session has no event "leave" for Bye`],
  },
  {
    name: 'frame accepted in a final state',
    file: session,
    find: '| fresh, ready | bye |',
    replace: '| fresh, closed | bye |',
    expected: [`${session}:17: relay-session has no state "closed" that could accept Bye`],
  },
  {
    name: 'frame accepted in no state',
    file: session,
    find: '| fresh, ready | bye |',
    replace: '| — | bye |',
    expected: [`${session}:17: the frame Bye is accepted in no state`],
  },
  {
    name: 'answer that is no frame',
    file: session,
    find: '| fresh | hello | HelloAck |',
    replace: '| fresh | hello | Welcome |',
    expected: [`${session}:16: the answer "Welcome" to Hello is no frame`],
  },
  {
    name: 'answer from the asker',
    file: session,
    find: '| fresh | hello | HelloAck |',
    replace: '| fresh | hello | Bye |',
    expected: [`${session}:16: the answer "Bye" to Hello comes from the client too`],
  },
];
