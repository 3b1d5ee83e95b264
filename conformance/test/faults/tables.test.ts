// Defects of the fault tables have the file and the line.
import t from 'tap';
import { makeDrafts } from '../../generate/drafts.ts';
import { nodeIdFile } from '../../generate/files/text.ts';
import { packageTables } from '../../src/faults/package-tables.ts';
import { readTables } from '../../src/faults/tables.ts';

const COLUMNS = '| slug | of | change | class | requirements | bug | says |';
const RULE = '|---|---|---|---|---|---|---|';
const BUGS = `
<!-- table: bugs -->
| bug | mistake | effect | requirements |
|---|---|---|---|
| LaxText | A text is read leniently. | Two spellings stand for one relay. | OV-03 |
`;

/** Tables of one file: the bugs, and what is given behind them, from line 7 on. */
function read(text: string) {
  return readTables([{ file: 'faults/x.md', text: `${BUGS}\n${text}` }]);
}

/** A table of faults whose only row, in line 10, has some cells changed. */
function withRow(cells: { readonly [column: string]: string } = {}, marker = 'faults text/nodeid-parse'): string {
  const row = {
    slug: 'short',
    of: 'z-base-32-any',
    change: '`text-truncate in.text 51`',
    class: 'invite.parse',
    requirements: 'OV-03, CL-34',
    bug: 'LaxText',
    says: 'One \\| less.',
    ...cells,
  };
  return `<!-- table: ${marker} -->\n${COLUMNS}\n${RULE}\n| ${Object.values(row).join(' | ')} |\n`;
}

t.test('a row is read with its place', async (t) => {
  const { faults } = read(withRow());
  t.match(faults, [
    {
      path: 'text/nodeid-parse',
      place: { file: 'faults/x.md', line: 10 },
      slug: 'short',
      class: 'invite.parse',
      requirements: ['OV-03', 'CL-34'],
      bug: 'LaxText',
      says: 'One | less.',
    },
  ]);
  t.match(read(withRow({ bug: '—' })).faults, [{ bug: undefined }]);
});

t.test('every defect is named by file and line', async (t) => {
  for (const [text, ...defects] of [
    [withRow({}, 'mistakes text/nodeid-parse'), '7: there is no table of the kind "mistakes"'],
    [withRow({}, 'faults'), '7: the marker is "faults area/topic"'],
    [withRow({}, 'faults text/nodeid-parse twice'), '7: the marker is "faults area/topic"'],
    ['<!-- table: faults text/nodeid-parse -->\n\nNothing.', '7: no table follows the marker'],
    [withRow().replace(/^.*\n/, ''), '7: the table has no marker'],
    [
      withRow().replace('| bug |', '| flag |'),
      '7: the columns are slug | of | change | class | requirements | bug | says',
    ],
    [withRow().replace(/\n\| short.*\n/, '\n'), '7: the table is empty'],
    [
      withRow().replace('| LaxText |', '|'),
      '10: the row has 6 cells, the table 7 columns',
      '10: bug: "One | less." is no name of a bug, such as FieldTwice',
      '10: says: the cell is empty',
    ],
    [withRow({ slug: 'Short' }), '10: slug: "Short" is not lower-case words with hyphens'],
    [withRow({ change: 'truncate in.text 1' }), '10: change: "truncate in.text 1" does not stand in backticks'],
    [withRow({ change: '`shorten in.text 1`' }), '10: change: nothing does "shorten" to in.text'],
    [withRow({ change: '`text-truncate in.text`' }), '10: change: text-truncate takes 1 values'],
    [withRow({ change: '`flip in.text 1 2 3`' }), '10: change: flip takes 1 to 2 values'],
    [withRow({ change: '`set frame.pull.hash 0x00`' }), '10: change: Pull has no field hash'],
    [withRow({ change: '`set frame.pull.after.more 0`' }), '10: change: a field without fields has no field more'],
    [withRow({ change: '`extend frame.pull 0x00`' }), '10: change: nothing does "extend" to frame.pull'],
    [withRow({ change: '`set frame 0x00`' }), '10: change: nothing does "set" to frame'],
    [withRow({ change: '`set in.text 0x0`' }), '10: change: column 13: 0x0 stands in the place of a value'],
    [withRow({ class: 'invite.perse' }), '10: class: there is no class "invite.perse"'],
    [withRow({ requirements: 'OV-03 CL-34' }), '10: requirements: there is no requirement "OV-03 CL-34"'],
    [withRow({ bug: 'LaxTexts' }), '10: no table of bugs has LaxTexts'],
    [withRow() + withRow(), '14: text/nodeid-parse/short stands at faults/x.md:10 already'],
    [BUGS, '11: LaxText stands at faults/x.md:5 already'],
  ] as const) {
    const message = defects.map((defect) => `faults/x.md:${defect}`).join('\n');
    t.throws(() => read(text), { name: 'DefectiveTables', message }, message);
  }
});

t.test('what only the generator can tell is named by file and line too', async (t) => {
  const made = (text: string) => nodeIdFile().addRows(read(text));
  for (const [text, defect] of [
    [withRow({ of: 'nobody' }), 'there is no case text/nodeid-parse/nobody yet'],
    [withRow({ change: '`set in.text nobody`' }), 'nothing is called nobody here'],
    [withRow({ change: '`set in.text in.link`' }), 'the positive case has no link'],
    [withRow({ slug: 'z-base-32-any' }), 'there are two cases text/nodeid-parse/z-base-32-any'],
    [withRow({ change: '`set checksum 0x00`' }), 'nothing here is made of "checksum"'],
    [withRow({ change: '`remove frame.ping`' }), 'the case has no in.bytes'],
    [withRow({ change: '`flip in.pin.node_id 0`' }), 'the case has no pin with node_id'],
  ] as const) {
    t.throws(() => made(text), { name: 'DefectiveTables', message: `faults/x.md:10: ${defect}` }, defect);
  }
});

t.test('rows of no vector file are named by file and line', async (t) => {
  const { faults } = read(withRow({}, 'faults text/nodeids'));
  const message = 'faults/x.md:10: no vector file is text/nodeids';
  t.throws(() => makeDrafts({ ...packageTables(), faults }), { name: 'DefectiveTables', message });
});
