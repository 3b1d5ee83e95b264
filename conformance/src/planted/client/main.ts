import { parseArgs } from 'node:util';
import { mutantFaults } from '../mutants.ts';
import { behaviours } from './behaviours.ts';
import { faults, isClientFault } from './faults.ts';
import { serveClient } from './serve.ts';

/** The TypeScript client with one deliberate mistake, as an adapter: `--fault NAME`. */
const { fault: name = '' } = parseArgs({ options: { fault: { type: 'string' } } }).values;

if (isClientFault(name)) await serveClient(behaviours[name]);
else if (mutantFaults.some((fault) => fault.name === name)) await serveClient({});
else {
  const names = faults.map((fault) => fault.name).join(', ');
  process.stderr.write(`error: there is no client fault ${name}\nhint: write --fault with one of ${names}\n`);
  process.exitCode = 2;
}
