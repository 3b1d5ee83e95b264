import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import type { Test } from 'tap';
import { ROOT } from './pages.ts';

/** The relay's program in this tree. */
export const RELAY = join(ROOT, 'relay/bin/0k-relay.js');

export interface RunningRelay {
  /** `<nodeid>.<kem hash>@host:port`, as its first line has it. */
  readonly pin: string;
  /** Port of its admin interface. */
  readonly adminPort: number;
}

/** Starts a relay on free ports of the loopback; the test ends it. */
export async function startRelay(t: Test, directory: string): Promise<RunningRelay> {
  const adminPort = await freeTcpPort();
  const environment = {
    ...process.env,
    ZEROK_RELAY_SERVER_ADDRESS: '127.0.0.1',
    ZEROK_RELAY_SERVER_PORT: '0',
    ZEROK_RELAY_SERVER_DRAIN_MS: '200',
    ZEROK_RELAY_HTTP_PORT: String(adminPort),
    ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'relay'),
    ZEROK_RELAY_LOG_LEVEL: 'silent',
  };
  const child = spawn(process.execPath, [RELAY], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { pin: line.replace('relay ', ''), adminPort };
}
