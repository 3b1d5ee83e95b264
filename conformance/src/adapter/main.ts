import { serve } from '../zkcp/serve.ts';
import { clientCapabilities, openClient } from './client.ts';
import { referencePorts } from './client-ports.ts';
import { evaluate, opNames } from './eval.ts';
import { infoOf } from './info.ts';
import { openRelay, relayCapabilities } from './relay.ts';
import { Roles } from './roles.ts';

const PROFILES = ['vectors', 'core-client', 'core-relay', 'hybrid', 'pairing'];

/** The TypeScript implementation as an adapter. */
const ports = await referencePorts();
const roles = new Roles({ client: (request) => openClient(request, ports), relay: openRelay });

const info = infoOf([...opNames, ...clientCapabilities, ...relayCapabilities], PROFILES);

await serve({ info, handlers: { eval: evaluate, ...roles.handlers } }, process.stdin, process.stdout);
await roles.close();
