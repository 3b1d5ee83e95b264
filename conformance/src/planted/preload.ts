import type { Mutation } from './mutation.ts';
import { plant } from './plant.ts';

/** The variable that names the mistake, as JSON of a Mutation. A process that is started with `--import` of this module has it. */
export const MISTAKE = 'ZEROK_MISTAKE';

plant([JSON.parse(process.env[MISTAKE] ?? 'null') as Mutation]);
