import t from 'tap';
import { brokenAdapter, FIXTURE_VECTORS, runHere, runProgram } from '../support/commands.ts';

const FIXTURES = ['--vectors', FIXTURE_VECTORS];

t.test('3: an adapter that cannot be started, says nothing, or has no toolchain', async (t) => {
  for (const [adapter, message] of [
    ['/nonexistent/adapter', /exited with 127[\s\S]*not found/],
    ['true', /exited with 0/],
    ['echo hello', /not JSON: "hello"/],
    [brokenAdapter('no-toolchain'), /exited with 3[\s\S]*toolchain is missing/],
    [brokenAdapter('old-protocol'), /protocol is 0, not 1/],
  ] as const) {
    const { exit, stderr } = await runHere(['vectors', ...FIXTURES, '--adapter', adapter]);
    t.equal(exit, 3, adapter);
    t.match(stderr, message);
    t.match(stderr, /\nhint: /);
  }
});

t.test('3: an adapter that never says hello is bounded in time', async (t) => {
  const args = ['vectors', ...FIXTURES, '--adapter', 'sleep 1000', '--start-deadline', '200'];
  const { exit, stderr } = await runProgram(args);
  t.equal(exit, 3);
  t.match(stderr, /hang: no answer to hello \(request 1\) within 200 ms/);
});

t.test('3: a target that is no relay', async (t) => {
  const { exit, stderr } = await runProgram(['relay', '--target', '127.0.0.1:9', '--relay', '0'.repeat(64)]);
  t.equal(exit, 3);
  t.match(stderr, /error: no relay can be reached at 127.0.0.1:9/);
});
