import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../relay/bin/0k-relay.js', import.meta.url));

/** A relay process of this tree. */
export interface Relay {
  /** The address for clients: `<nodeid>.<kem hash>@host:port`. */
  readonly address: string;
  /** Stops it; what it has acknowledged is on its disk. */
  stop(): Promise<void>;
}

/** Starts a relay on the loopback. `port` 0 takes any free one. */
export async function startRelay(directory: string, port = 0): Promise<Relay> {
  const env = {
    ...process.env,
    ZEROK_RELAY_SERVER_ADDRESS: '127.0.0.1',
    ZEROK_RELAY_SERVER_PORT: String(port),
    ZEROK_RELAY_HTTP_ENABLED: 'false',
    ZEROK_RELAY_STORAGE_DIRECTORY: directory,
    ZEROK_RELAY_LOG_LEVEL: 'silent',
  };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { address: line.replace('relay ', ''), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
