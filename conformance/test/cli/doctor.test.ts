import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { shellWord } from '../../src/run/shell.ts';
import { SECTIONS } from '../../src/zkcp/sections.ts';
import { FIXTURE_VECTORS, runHere } from '../support/commands.ts';

const SMALL = fileURLToPath(new URL('../support/client-adapter.ts', import.meta.url));

/** Doctor's report on an adapter that answers as the reference does but for `changes`. */
function doctor(changes: Readonly<Record<string, string>>) {
  const adapter = `${process.execPath} ${SMALL} ${shellWord(JSON.stringify(changes))}`;
  return runHere(['doctor', '--adapter', adapter, '--vectors', FIXTURE_VECTORS, '--deadline', '5000']);
}

t.test('a sound client is opened, observed, moved, closed and left', async (t) => {
  const { exit, stdout } = await doctor({});
  t.equal(exit, 0, stdout);
  t.match(stdout, /\nok open\nok observe\nok env advance_ms\nok env offline\nok env online\nok close\nok bye\n$/);
});

const HELLO = '"impl": {"name": "", "version": "", "language": "", "url": ""}, "profiles": [], "capabilities": {}';

/** The changed answer, and what doctor says in the step that it belongs to. */
const MISTAKES: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  'noise on stdout': [
    { hello: 'starting' },
    /protocol hello\n.*not JSON: "starting"\n {2}hint: stdout carries answers only/,
  ],
  'an id that is a text': [
    { hello: '{"id": "1", "ok": {}}' },
    /no integer.*\n {2}hint: id is the number of the request/,
  ],
  'no id': [{ ping: '{"ok": {}}' }, /protocol ping\n.*no id.*\n {2}hint: id is the number/],
  'a protocol that is a text': [
    { hello: `{"id": 1, "ok": {"protocol": "1", ${HELLO}, "limits": {"max_in_flight": 1, "max_line": 9}}}` },
    /protocol is "1", not 1\n {2}hint: hello needs protocol \(the number 1\)/,
  ],
  'an empty hello': [{ hello: '{"id": 1, "ok": {}}' }, /hello: it is empty\n {2}hint: hello needs .*zkcp.md, Commands/],
  'two members': [{ ping: '{"id": ID, "ok": {}, "error": {"detail": ""}}' }, /hint: an answer is \{"id": 7/],
  'a second answer': [{ ping: '{"id": 1, "ok": {}}' }, /answered twice\n {2}hint: answer each request once/],
  'a bye that does not end it': [
    { bye: 'stays' },
    /hang bye\n.*\n.*no exit within 15000 ms of bye.*\n {2}hint: answer bye/,
  ],
  'an open without handle': [
    { open: '{"id": ID, "ok": {}}' },
    /fail open\n {2}expected: ok with a handle\n.*\n {2}hint: open a device.*A client\nnot-run observe/,
  ],
  'a cursor that is a number': [
    { observe: '{"id": ID, "ok": {"messages": [], "events": [], "cursor": 0, "status": {}}}' },
    /fail observe\n {2}expected: .*cursor "0".*\n {2}actual: .*"cursor":0.*\n {2}hint: answer with one member/,
  ],
  'a network that cannot be switched': [
    { 'env offline': '{"id": ID, "error": {"detail": "no"}}' },
    /fail env offline\n/,
  ],
  'a close that fails': [
    { close: '{"id": ID, "error": {"detail": "no"}}' },
    /fail close\n.*\n.*\n {2}hint: close the device/,
  ],
};

for (const [name, [changes, said]] of Object.entries(MISTAKES)) {
  t.test(`doctor has a hint of its own for ${name}`, async (t) => {
    const { exit, stdout } = await doctor(changes);
    t.equal(exit, 3);
    t.match(stdout, said);
    t.notMatch(stdout, /0k-conformance doctor/, 'no hint sends back to where it came from');
  });
}

t.test('every section that a hint names is one of zkcp.md', async (t) => {
  const page = await readFile(new URL('../../zkcp.md', import.meta.url), 'utf8');
  for (const section of SECTIONS) t.match(page, new RegExp(`^## ${section}\\b`, 'm'), section);
});
