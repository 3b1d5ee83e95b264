import type { Fault } from '../fault.ts';
import { faultsOf } from './mutant.ts';
import { wireMutants } from './wire.ts';

/** Every mistake in the source, as faults of the roles that have it. */
export const mutantFaults: readonly Fault[] = [...wireMutants].flatMap(faultsOf);
