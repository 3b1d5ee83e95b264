import type { Mutant } from './mutant.ts';

/** Mistakes of the strict wire walk. */
export const wireMutants: readonly Mutant[] = [
  {
    name: 'wire-long-varints',
    what: 'takes varints that are not minimal',
    file: 'core/src/wire/varint.ts',
    from: 'byte !== 0 || index === 0',
    to: 'true',
    killedBy: ['relay/frame/varint-not-minimal', 'relay/frame/length-not-minimal', 'client/frames/length-not-minimal'],
  },
];
