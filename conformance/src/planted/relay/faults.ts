import { admissionFaults } from './admission.ts';
import type { RelayFault } from './fault.ts';
import { readingFaults } from './reading.ts';
import { storingFaults } from './storing.ts';

export type { RelayFault } from './fault.ts';

/** Faulty relays as data. */
export const faults: readonly RelayFault[] = [...readingFaults, ...storingFaults, ...admissionFaults];

export function faultNamed(name: string): RelayFault | undefined {
  return faults.find((fault) => fault.name === name);
}
