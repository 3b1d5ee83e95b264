import type { Level, TestInfo } from './model.ts';
import { loadVectors } from './vectors/load.ts';

export const LEVELS: readonly Level[] = ['vectors', 'relay', 'client', 'pair'];

/** The tests of a level. A level is loaded when it is asked for: most commands need no network. */
export async function testsOf(level: Level, vectorsDir?: string): Promise<readonly TestInfo[]> {
  switch (level) {
    case 'vectors':
      return (await loadVectors(vectorsDir)).tests;
    case 'client':
      return (await import('./suites/client/index.ts')).scenarios;
    case 'relay':
      return (await import('./suites/relay/index.ts')).scenarios;
    case 'pair':
      return (await import('./suites/pair/index.ts')).scenarios;
  }
}
