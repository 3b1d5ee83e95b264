import type { Fault } from '../fault.ts';

function fault(name: string, what: string, killedBy: readonly string[]): Fault {
  return { name, level: 'vectors', what, killedBy };
}

/** Faults 1 to 8 and 10 to 12 of the design, in their parts. */
export const evalFaults: readonly Fault[] = [fault('rejects-everything', 'refuses what is valid too', ['**'])];
