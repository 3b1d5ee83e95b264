import { behaviours, serveFaulty } from './eval/main.ts';
import { faults } from './faults.ts';
import { faultNamed as relayFaultNamed } from './relay/faults.ts';
import { serveRelay } from './relay/serve.ts';

/** The reference with one deliberate mistake, as an adapter: `--fault NAME`. */
const [option, name = ''] = process.argv.slice(2);
const behaviour = option === '--fault' && Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
const relayFault = option === '--fault' ? relayFaultNamed(name) : undefined;

if (behaviour) await serveFaulty(behaviour);
else if (relayFault) await serveRelay(relayFault);
else {
  process.stderr.write(
    `error: there is no fault ${name}\nhint: write --fault with one of ${faults.map((fault) => fault.name).join(', ')}\n`,
  );
  process.exitCode = 2;
}
