import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { shellCommand, shellWord } from '../../src/run/shell.ts';
import { AdapterSupply, againOptions } from '../../src/run/supply.ts';
import { brokenAdapter } from '../support/commands.ts';

const OPTIONS = { deadlineMs: 20_000, startDeadlineMs: 60_000 };

async function askOnce(supply: AdapterSupply): Promise<void> {
  await (await supply.take())?.ask('eval', { op: 'x', in: {} }, OPTIONS.deadlineMs);
}

t.test('an adapter that does not start again is given up after three times, with both reasons', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'supply-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const starts = join(dir, 'starts');
  // It starts once, crashes when it is asked, and says nonsense from then on.
  const command = `echo >> ${shellWord(starts)}; [ $(wc -l < ${shellWord(starts)}) = 1 ] || exec echo hello; exec ${brokenAdapter('crash')}`;
  const supply = await AdapterSupply.start(shellCommand(command), OPTIONS, 1000);
  await t.rejects(askOnce(supply), /exited with 7/);
  t.equal(await supply.take(), undefined);
  t.match(
    supply.whyGone,
    /cannot be started again: protocol: .*not JSON: "hello"; what ended it: crash: .*exited with 7/,
  );
  t.equal(await supply.take(), undefined, 'and not tried again');
  t.equal((await stat(starts)).size, 4, 'one start and three more');
});

t.test('only the first start has time to build', async (t) => {
  t.equal(againOptions({ deadlineMs: 5000, startDeadlineMs: 300_000 }).startDeadlineMs, 60_000);
  t.equal(againOptions({ deadlineMs: 90_000, startDeadlineMs: 300_000 }).startDeadlineMs, 90_000);
  t.equal(againOptions({ deadlineMs: 30_000, startDeadlineMs: 2000 }).startDeadlineMs, 2000);
});

t.test('restarts that are used up are the reason, and the last failure', async (t) => {
  const supply = await AdapterSupply.start(shellCommand(brokenAdapter('crash')), OPTIONS, 0);
  await t.rejects(askOnce(supply), /exited with 7/);
  t.equal(await supply.take(), undefined);
  t.match(supply.whyGone, /restarts are used up, last by crash: .*exited with 7/);
});
