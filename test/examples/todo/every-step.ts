import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Environment, live, liveWhole } from './life.ts';

const LINE = 'line';

/** The step before which a device was killed, and how often each of its edits was applied then, which should be once. */
export interface Finding {
  readonly killAt: number;
  readonly edits: number;
  readonly applied: number;
}

/**
 * A device without network makes an edit in each life, and is killed before its first step, before its second in the next
 * one, and so on to the last; after each kill it lives once to its end. Gives what was applied after each kill.
 *
 * @param environment the variables of every life
 */
export async function* killAtEveryStep(t: Test, environment: Environment = {}): AsyncGenerator<Finding> {
  const folder = mkdtempSync(join(tmpdir(), '0k-todo-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const device = join(folder, 'device');
  await liveWhole(device, { edits: [], isOnline: false }, environment);
  for (let killAt = 1; ; killAt += 1) {
    const todo = { id: LINE, text: `text ${killAt}`, done: 0 };
    const task = { edits: [{ id: killAt.toString(16).padStart(32, '0'), todo }], isOnline: false };
    const report = await live(device, task, environment, killAt);
    if (report !== undefined) return;
    const { list } = await liveWhole(device, task, environment);
    yield { killAt, edits: killAt, applied: list.find(({ id }) => id === LINE)?.edits ?? 0 };
  }
}
