import { faults as clientFaults } from './client/faults.ts';
import { evalFaults } from './eval/faults.ts';
import type { Fault } from './fault.ts';
import { mutantFaults } from './mutants.ts';
import { faults as relayFaults } from './relay/faults.ts';

/** Every faulty implementation, and which tests must find it. */
export const faults: readonly Fault[] = [...evalFaults, ...relayFaults, ...clientFaults, ...mutantFaults];
