import { serve } from '../zkcp/serve.ts';
import { clientCapabilities, openClient } from './client.ts';
import { referencePorts } from './client-ports.ts';
import { infoOf } from './info.ts';
import { Roles } from './roles.ts';

/** The TypeScript implementation as an adapter. */
const ports = await referencePorts();
const roles = new Roles({ client: (request) => openClient(request, ports) });

await serve({ info: infoOf(clientCapabilities), handlers: roles.handlers }, process.stdin, process.stdout);
await roles.close();
