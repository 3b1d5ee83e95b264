import { parseArgs } from 'node:util';
import { mutantFaults } from '../mutants.ts';
import { faultNamed, faults } from './faults.ts';
import { serveRelay } from './serve.ts';

/** The kit relay as an adapter: `--fault NAME` makes it wrong in that way, without it is honest. */
const { fault: name } = parseArgs({ options: { fault: { type: 'string' } } }).values;
const fault = name === undefined ? undefined : faultNamed(name);
const isMutant = mutantFaults.some((each) => each.name === name);

if (name === undefined || fault !== undefined || isMutant) await serveRelay(fault);
else {
  const names = faults.map((each) => each.name).join(', ');
  process.stderr.write(`error: there is no relay fault ${name}\nhint: write --fault with one of ${names}\n`);
  process.exitCode = 2;
}
