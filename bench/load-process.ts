import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Address } from '@0k-sync/transport';
import type { LoadResult, Task } from './load.ts';

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url));

type Message = { readonly ready?: true; readonly result?: LoadResult };

/** Runs one task in each of several processes that start together, and adds their results up. */
export async function runLoad(
  address: Address,
  tasks: readonly Task[],
  measured: { readonly started?: () => void; readonly finished?: () => void } = {},
): Promise<LoadResult> {
  const children = tasks.map((task) => fork(LOAD, [JSON.stringify(task), address.host, String(address.port)]));
  try {
    await Promise.all(children.map((child) => messageOf(child, (message) => message.ready)));
    measured.started?.();
    const results = Promise.all(children.map((child) => messageOf(child, (message) => message.result)));
    for (const child of children) child.send('start');
    const all = await results;
    measured.finished?.();
    return {
      operations: all.reduce((sum, { operations }) => sum + operations, 0),
      seconds: Math.max(...all.map(({ seconds }) => seconds)),
      latencies: all.flatMap(({ latencies }) => latencies),
      cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** The first message of a child in which `pick` finds something. */
function messageOf<Value>(child: ChildProcess, pick: (message: Message) => Value | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Message) => {
      const value = pick(message);
      if (value !== undefined) resolve(value);
    });
    child.once('exit', (code) => reject(new Error(`a load process ended early with ${code}`)));
  });
}
