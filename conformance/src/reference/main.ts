import { serve } from '../zkcp/serve.ts';
import { clientCapabilities, openClient } from './client.ts';
import { referencePorts } from './client-ports.ts';
import { evaluate, opNames } from './eval.ts';
import { infoOf } from './info.ts';
import { Roles } from './roles.ts';

/** The TypeScript implementation as an adapter. */
const ports = await referencePorts();
const roles = new Roles({ client: (request) => openClient(request, ports) });

const info = infoOf([...opNames, ...clientCapabilities], ['vectors']);

await serve({ info, handlers: { eval: evaluate, ...roles.handlers } }, process.stdin, process.stdout);
await roles.close();
