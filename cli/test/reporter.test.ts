import t from 'tap';
import { CommandError } from '../src/command-error.ts';
import { jsonReporter, textReporter } from '../src/reporter.ts';
import { wantsColour } from '../src/terminal.ts';
import { Captured } from './support/io.ts';

function outputs(terminal: boolean) {
  return { stdout: new Captured(terminal), stderr: new Captured(terminal), environment: {}, colour: true };
}

const DETAILS = { exit: 4, kind: 'unreachable', message: 'no\x1b answer', hint: 'try', relay: 'r:1' } as const;

t.test('error: and hint: on stderr, nothing on stdout', async (t) => {
  const io = outputs(false);
  textReporter(io).error(DETAILS);
  t.equal(io.stderr.text, 'error: no\\e answer\nhint: try\n');
  t.equal(io.stdout.text, '');
});

t.test('--json gives one object a line', async (t) => {
  const io = outputs(true);
  const reporter = jsonReporter(io);
  reporter.error(DETAILS);
  reporter.result({ type: 'x', text: 'a\nb\x1b' }, () => ['no text is made']);
  t.strictSame(JSON.parse(io.stderr.text), { type: 'error', ...DETAILS });
  t.equal(io.stdout.text, '{"type":"x","text":"a\\nb\\u001b"}\n');
});

t.test('colours are for terminals, unless somebody said no', async (t) => {
  const terminal = new Captured(true);
  t.equal(wantsColour(terminal, {}, false), true);
  t.equal(wantsColour(new Captured(false), {}, false), false);
  t.equal(wantsColour(terminal, {}, true), false);
  t.equal(wantsColour(terminal, { NO_COLOR: '1' }, false), false);
  t.equal(wantsColour(terminal, { NO_COLOR: '' }, false), true, 'no-color.org: present and not empty');
  t.equal(wantsColour(terminal, { TERM: 'dumb' }, false), false);
  const io = outputs(true);
  textReporter(io).error(DETAILS);
  t.match(io.stderr.text, '\x1b[31merror:\x1b[39m');
});

t.test('a failure is an error with its message', async (t) => {
  const error = new CommandError(DETAILS);
  t.equal(error.message, DETAILS.message);
  t.equal(error.details.exit, 4);
});
