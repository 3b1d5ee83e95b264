import type { Edit } from './fixture.ts';

/** One defect of the good tree, and all that the compiler says of it. */
export type DefectCase = Edit & { readonly name: string; readonly expected: readonly string[] };

const errors = 'spec/errors.md';
const handshake = 'spec/handshake.md';
const limits = 'spec/limits.md';
const session = 'spec/session.md';

/** Defects of tables, rows, ids, limits, labels and errors. */
export const tableDefects: readonly DefectCase[] = [
  {
    name: 'unknown table',
    file: session,
    find: '| state | what it is |',
    replace: '<!-- table: stats -->\n| state | what it is |',
    expected: [`${session}:39: unknown table "stats"`],
  },
  {
    name: 'marker without a table',
    file: session,
    find: 'A table for readers:',
    replace: '<!-- table: limits -->',
    expected: [`${session}:36: no table follows the marker "limits"`],
  },
  {
    name: 'unmarked table with an id',
    file: session,
    find: '| fresh | before Hello |',
    replace: '| SE-04 | before Hello |',
    expected: [`${session}:40: "SE-04" stands in a table without a marker`],
  },
  {
    name: 'missing table',
    file: limits,
    find: '<!-- table: labels -->\n| id | label | use |\n|---|---|---|\n| LI-10 | 0k-sync/v1/group-id | prefix of the group id |\n| LI-11 | 0k-sync/v1/hello | prefix of what Hello signs |\n',
    replace: '',
    expected: ['spec:1: no chapter has a table of kind "labels"'],
  },
  {
    name: 'empty table',
    file: limits,
    find: '<!-- table: labels -->',
    replace: '<!-- table: classes -->\n| class | clause | meaning |\n|---|---|---|\n\n<!-- table: labels -->',
    expected: [`${limits}:11: the table "classes" is empty`],
  },
  {
    name: 'words after a marker that takes none',
    file: limits,
    find: '<!-- table: limits -->',
    replace: '<!-- table: limits of the relay -->',
    expected: [
      `spec:1: no chapter has a table of kind "limits"`,
      `${limits}:4: a table "limits" takes no "of the relay"`,
    ],
  },
  {
    name: 'wrong columns',
    file: handshake,
    find: '| token | effect |',
    replace: '| token | meaning |',
    expected: [
      `spec:1: no chapter has a table of kind "tokens"`,
      `${handshake}:25: a table "tokens" has the columns token | effect`,
    ],
  },
  {
    name: 'malformed row: too few cells',
    file: session,
    find: '| SE-04 | should | Nobody sees this. | — |',
    replace: '| SE-04 | should | Nobody sees this. |',
    expected: [`${session}:11: the row has 3 cells, the table 4 columns`],
  },
  {
    name: 'malformed row: a pipe without a backslash',
    file: session,
    find: '\\|\\| hash',
    replace: '\\|| hash',
    expected: [`${session}:9: the row has 5 cells, the table 4 columns`],
  },
  {
    name: 'malformed row: an empty cell',
    file: session,
    find: '| SE-04 | should | Nobody sees this. | — |',
    replace: '| SE-04 | should | | — |',
    expected: [`${session}:11: "requirement" is empty`],
  },
  {
    name: 'malformed id',
    file: session,
    find: '| SE-04 |',
    replace: '| SE-4 |',
    expected: [`${session}:11: the id "SE-4" is not two capitals, a hyphen and two or three digits`],
  },
  {
    name: 'duplicate id',
    file: session,
    find: '| SE-04 |',
    replace: '| SE-03 |',
    expected: [`${session}:11: the id SE-03 stands at ${session}:10 already`],
  },
  {
    name: 'foreign prefix in a chapter',
    file: session,
    find: '| SE-04 |',
    replace: '| XX-04 |',
    expected: [`${session}:11: XX-04 stands in a chapter whose prefix is SE`],
  },
  {
    name: 'prefix of another chapter',
    file: errors,
    find: '# Errors\n',
    replace:
      '# Errors\n\n<!-- table: requirements -->\n| id | level | requirement | violation |\n|---|---|---|---|\n| LI-90 | must | x | — |\n',
    expected: [`${limits}:6: LI-01 has the prefix of ${errors}`],
  },
  {
    name: 'unknown level',
    file: session,
    find: '| SE-04 | should |',
    replace: '| SE-04 | shall |',
    expected: [`${session}:11: "shall" is none of must, should, may`],
  },
  {
    name: 'unknown violation class',
    file: session,
    find: 'Nobody sees this. | — |',
    replace: 'Nobody sees this. | frame.colour |',
    expected: [`${session}:11: the violation "frame.colour" of SE-04 is not in the list of reject classes`],
  },
  {
    name: 'violation class of no error',
    file: session,
    find: 'Nobody sees this. | — |',
    replace: 'Nobody sees this. | session.size |',
    expected: [`${session}:11: the violation "session.size" of SE-04 is the class of no error`],
  },
  {
    name: 'malformed class',
    file: errors,
    find: '| session.size | LI-01 |',
    replace: '| session-size | LI-01 |',
    expected: [`${errors}:16: the class "session-size" is not <stage>.<reason>`],
  },
  {
    name: 'duplicate class',
    file: errors,
    find: '| session.size | LI-01 |',
    replace: '| session.rate | LI-01 |',
    expected: [`${errors}:16: the class "session.rate" stands at ${errors}:15 already`],
  },
  {
    name: 'clause that is no id',
    file: errors,
    find: '| session.size | LI-01 |',
    replace: '| session.size | LI-09 |',
    expected: [`${errors}:16: LI-09 is defined nowhere`, `${errors}:16: the clause "LI-09" of session.size is no id`],
  },
  {
    name: 'error of an unknown class',
    file: errors,
    find: '| RATE_LIMITED | session.rate |',
    replace: '| RATE_LIMITED | session.speed |',
    expected: [
      `${errors}:8: the class "session.speed" of RATE_LIMITED is not in the list of reject classes`,
      `${session}:10: the violation "session.rate" of SE-03 is the class of no error`,
    ],
  },
  {
    name: 'unknown retry',
    file: errors,
    find: '| later | open |',
    replace: '| never | open |',
    expected: [`${errors}:8: "never" is none of no, same, later`],
  },
  {
    name: 'unknown fate of the stream',
    file: errors,
    find: '| later | open |',
    replace: '| later | reset |',
    expected: [`${errors}:8: "reset" is none of open, close`],
  },
  {
    name: 'hint that is no sentence',
    file: errors,
    find: 'Wait a little.',
    replace: 'Wait',
    expected: [`${errors}:8: the hint of RATE_LIMITED is not a sentence`],
  },
  {
    name: 'duplicate error number',
    file: errors,
    find: '| 2000 |',
    replace: '| 1022 |',
    expected: [`${errors}:8: the error number "1022" stands at ${errors}:7 already`],
  },
  {
    name: 'wrong unit suffix: bytes',
    file: limits,
    find: '| 16 | items |',
    replace: '| 16 | bytes |',
    expected: [`${limits}:8: the limit name ITEMS_MAX does not end in the unit BYTES`],
  },
  {
    name: 'wrong unit suffix: a count called milliseconds',
    file: limits,
    find: '| 60_000 | ms |',
    replace: '| 60_000 | items |',
    expected: [`${limits}:7: the limit name IDLE_TIMEOUT_MS ends in MS, but its unit is "items"`],
  },
  {
    name: 'count without MAX or MIN',
    file: limits,
    find: '| ITEMS_MAX |',
    replace: '| ITEMS_PUSHED |',
    expected: [`${limits}:8: the limit name ITEMS_PUSHED does not end in MAX or MIN`],
  },
  {
    name: 'limit that is no number',
    file: limits,
    find: '| 16 | items |',
    replace: '| 2 + 2 | items |',
    expected: [`${limits}:8: "2 + 2" is not a whole number or a product of whole numbers`],
  },
  {
    name: 'limit above 2^53-1',
    file: limits,
    find: '| 16 | items |',
    replace: '| 9_007_199_254_740_991 * 2 | items |',
    expected: [`${limits}:8: "9_007_199_254_740_991 * 2" is above 2^53-1`],
  },
  {
    name: 'label of another form',
    file: limits,
    find: '| 0k-sync/v1/group-id |',
    replace: '| 0k-sync/v2/group-id |',
    expected: [`${limits}:13: the label "0k-sync/v2/group-id" is not 0k-sync/v1/<purpose>`],
  },
  {
    name: 'duplicate label',
    file: limits,
    find: '| 0k-sync/v1/group-id |',
    replace: '| 0k-sync/v1/hello |',
    expected: [`${limits}:14: the label "0k-sync/v1/hello" stands at ${limits}:13 already`],
  },
];
