import { clientCapabilities, openClient } from '../../adapter/client.ts';
import { type ClientPorts, referencePorts } from '../../adapter/client-ports.ts';
import { infoOf } from '../../adapter/info.ts';
import { type Role, Roles } from '../../adapter/roles.ts';
import { serve } from '../../zkcp/serve.ts';
import type { ClientBehaviour } from './behaviours.ts';

/** Serves the TypeScript client, as wrong as its behaviour makes it, until the runner says bye. */
export async function serveClient({ ports: change, role: wrap, engine }: ClientBehaviour): Promise<void> {
  const honest = await referencePorts();
  const ports = change?.(honest) ?? honest;
  engine?.();
  const openWith = (given: ClientPorts): Role => {
    return (request) => openClient(request, given);
  };
  const roles = new Roles({ client: wrap?.(openWith, ports) ?? openWith(ports) });
  await serve({ info: infoOf(clientCapabilities), handlers: roles.handlers }, process.stdin, process.stdout);
  await roles.close();
}
