import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { quicWire, Setting } from './support/setting.ts';

const SCRIPT = join(import.meta.dirname, 'fixtures', 'joiner.ts');

interface Ended {
  /** The group that it is a member of; empty for one that was killed. */
  readonly group: string;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a joiner in a process of its own, which is killed at a step. */
async function joiner(directory: string, invite: string, kind = 'none', step = 0): Promise<Ended> {
  const flags = ['--conditions=@0k-sync/source', SCRIPT, directory, kind, String(step)];
  const child = spawn(process.execPath, flags, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}).end(invite);
  const [group, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { group, signal };
}

t.test('PA-20 finding/C10 a joiner that is killed at any step joins with the same invite', async (test) => {
  const setting = await Setting.create(test, quicWire());
  const ann = await setting.device('ann');
  await ann.pair();
  const outcomes: string[] = [];
  for (const kind of ['before-commit', 'write']) {
    for (let step = 1; ; step += 1) {
      const invite = await ann.pair();
      const directory = join(test.testdirName, `${kind}-${step}`);
      const killed = await joiner(directory, invite, kind, step);
      if (killed.signal === null) break;
      const again = await joiner(directory, invite);
      test.equal(again.group, ann.groupId, `killed at ${kind} ${step}`);
      outcomes.push(`${kind} ${step}`);
      await ann.cancelInvite(invite).catch(() => {});
      // A group has at most DEVICES_MAX members; a joiner writes fewer times than that.
      if (kind === 'write' && step === 12) break;
    }
  }
  test.ok(outcomes.length >= 10, outcomes.join(', '));
});
