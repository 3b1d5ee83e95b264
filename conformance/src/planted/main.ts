import { mutantFaults } from './mutants.ts';
import { plant } from './plant.ts';

/** The reference with one deliberate mistake, as an adapter: `--fault NAME`. Faults of a role begin with its name. */
const [option, name = ''] = process.argv.slice(2);

const mutant = mutantFaults.find((fault) => fault.name === name);
if (mutant?.mutations) plant(mutant.mutations);

// Each part is loaded alone: pure functions need no network, and start faster without it.
if (option === '--fault' && /^(client|pair)-/.test(name)) await import('./client/main.ts');
else if (option === '--fault' && name.startsWith('relay-')) await import('./relay/main.ts');
else {
  const { behaviours, serveFaulty } = await import('./eval/main.ts');
  const behaviour = option === '--fault' && Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;
  if (behaviour) await serveFaulty(behaviour);
  else {
    const names = Object.keys(behaviours).join(', ');
    process.stderr.write(`error: there is no fault ${name}\nhint: write --fault with one of ${names}\n`);
    process.exitCode = 2;
  }
}
