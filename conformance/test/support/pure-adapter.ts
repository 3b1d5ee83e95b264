/** The pure functions of the reference as an adapter that starts fast. */
import { evaluate, opNames } from '../../src/reference/eval.ts';
import { infoOf } from '../../src/reference/info.ts';
import { serve } from '../../src/zkcp/serve.ts';

await serve({ info: infoOf(opNames, []), handlers: { eval: evaluate } }, process.stdin, process.stdout);
