import { attacks } from './attacks/index.ts';
import { type Measured, measure } from './measure.ts';
import { broken, table } from './table.ts';

const [only] = process.argv.slice(2);
const measured: Measured[] = [];
for (const attack of attacks) {
  if (only !== undefined && attack.finding !== only) continue;
  process.stderr.write(`${attack.finding}: ${attack.title}\n`);
  measured.push(await measure(attack));
}
console.log(table(measured));
const limits = measured.flatMap(broken);
for (const limit of limits) console.log(`over the limit: ${limit}`);
process.exitCode = limits.length > 0 ? 1 : 0;
