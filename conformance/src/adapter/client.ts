import type { Members } from '../zkcp/protocol.ts';
import { Unsupported } from '../zkcp/serve.ts';
import { clientActions, cursorOf } from './client-actions.ts';
import { toReject, withDeadline } from './client-failure.ts';
import { type ClientConfig, ClientHandle } from './client-handle.ts';
import { completenessOf, statusOf, type Until } from './client-observer.ts';
import type { ClientPorts } from './client-ports.ts';
import type { RoleHandle } from './roles.ts';

/** Names that an adapter of this client claims. */
export const clientCapabilities: readonly string[] = ['client', ...Object.keys(clientActions), 'expiring'];

/** Longest wait of a moved clock for an idle client, unless the request names another, ms. */
const IDLE_MS = 5000;

/** Opens a device of the TypeScript client as ZKCP drives it. */
export async function openClient(request: Members, ports: ClientPorts): Promise<RoleHandle> {
  const { dir, config = {}, now_ms: nowMs } = request;
  const time = nowMs === undefined ? undefined : Number(nowMs);
  const handle = await ClientHandle.open(String(dir), config as ClientConfig, ports, time);
  return {
    opened: {},
    do: (name, args, deadlineMs) => act(handle, name, args, deadlineMs),
    observe: (members) => observe(handle, members),
    env: (members) => changeEnvironment(handle, members),
    close: () => handle.close(),
  };
}

async function act(handle: ClientHandle, name: string, args: Members, deadlineMs: number): Promise<Members> {
  const action = Object.hasOwn(clientActions, name) ? clientActions[name] : undefined;
  if (action === undefined) throw new Unsupported(name);
  try {
    return await withDeadline(action(handle, args), deadlineMs);
  } catch (error) {
    throw toReject(error);
  }
}

async function observe(handle: ClientHandle, { what, until, deadline_ms: deadlineMs }: Members): Promise<Members> {
  const { observer, session } = handle;
  if (until !== undefined) await withDeadline(observer.until(until as Until), Number(deadlineMs)).catch(() => {});
  const values: Record<string, () => unknown> = {
    completeness: async () => completenessOf(await session.completeness()),
    messages: () => observer.messages,
    events: () => observer.events,
    cursor: () => cursorOf(session),
    status: () => statusOf(session.status),
  };
  const names = what as readonly string[];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(values, name)])));
}

function read(values: Readonly<Record<string, () => unknown>>, name: string): unknown {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new Unsupported(name);
  return value();
}

async function changeEnvironment(handle: ClientHandle, members: Members): Promise<Members> {
  const { set_now_ms: nowMs, advance_ms: advanceMs, net, deadline_ms: deadlineMs = IDLE_MS } = members;
  if (net !== undefined) await handle.setNetwork(net === 'online');
  if (nowMs === undefined && advanceMs === undefined) return {};
  if (nowMs !== undefined) handle.clock.set(Number(nowMs));
  if (advanceMs !== undefined) handle.clock.advance(Number(advanceMs));
  const idle = await withDeadline(handle.idle(), Number(deadlineMs)).then(
    () => true,
    () => false,
  );
  return { idle };
}
