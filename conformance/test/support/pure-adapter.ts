/** The pure functions of the reference as an adapter that starts fast. */
import { evaluate, opNames } from '../../src/adapter/eval.ts';
import { infoOf } from '../../src/adapter/info.ts';
import { serve } from '../../src/zkcp/serve.ts';

const info = infoOf(opNames, []);
/** Another name than its own, for what a name may do to a report. */
const [name = info.impl.name] = process.argv.slice(2);

await serve(
  { info: { ...info, impl: { ...info.impl, name } }, handlers: { eval: evaluate } },
  process.stdin,
  process.stdout,
);
