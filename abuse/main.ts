import { attacks } from './attacks/index.ts';
import { killedRelay } from './attacks/killed-relay.ts';
import { memberFloods } from './attacks/member-floods.ts';
import { strangersInPlace } from './attacks/strangers-in-place.ts';
import { measurementLine } from './client-case.ts';
import { type Measured, measure } from './measure.ts';
import { broken, table } from './table.ts';

const [only] = process.argv.slice(2);
const measured: Measured[] = [];
for (const attack of attacks) {
  if (only !== undefined && attack.finding !== only) continue;
  process.stderr.write(`${attack.finding}: ${attack.title}\n`);
  measured.push(await measure(attack));
}
if (measured.length > 0) console.log(table(measured));
const limits = measured.flatMap(broken);
for (const { finding, title, run } of [memberFloods, strangersInPlace, killedRelay]) {
  if (only !== undefined && finding !== only) continue;
  process.stderr.write(`${finding}: ${title}\n`);
  for (const measurement of await run()) {
    console.log(measurementLine(finding, measurement));
  }
}
for (const limit of limits) console.log(`over the limit: ${limit}`);
process.exitCode = limits.length > 0 ? 1 : 0;
