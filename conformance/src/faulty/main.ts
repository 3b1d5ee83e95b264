import { behaviours, serveFaulty } from './eval/main.ts';

/** The reference with one deliberate mistake, as an adapter: `--fault NAME`. */
const [option, name = ''] = process.argv.slice(2);
const behaviour = option === '--fault' && Object.hasOwn(behaviours, name) ? behaviours[name] : undefined;

if (behaviour) await serveFaulty(behaviour);
else {
  process.stderr.write(
    `error: there is no fault ${name}\nhint: write --fault with one of ${Object.keys(behaviours).join(', ')}\n`,
  );
  process.exitCode = 2;
}
