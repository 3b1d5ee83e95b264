import type { Level } from '../model.ts';
import { exitCodes } from './exit.ts';
import type { Done, LevelRunOptions } from './level-run.ts';
import { SuiteError } from './suite-error.ts';

/** Runs a level on one adapter, with everything of this package. */
export async function runAnyLevel(level: Level, options: LevelRunOptions): Promise<Done> {
  switch (level) {
    case 'vectors': {
      const [{ runVectors }, { loadVectors }] = await Promise.all([
        import('./vectors.ts'),
        import('../vectors/load.ts'),
      ]);
      return runVectors(await loadVectors(), options);
    }
    case 'client': {
      const [{ runClient }, { scenarios }] = await Promise.all([
        import('./client.ts'),
        import('../suites/client/index.ts'),
      ]);
      return runClient(scenarios, options);
    }
    case 'relay': {
      const [{ runRelayOfAdapter }, { scenarios }] = await Promise.all([
        import('./relay.ts'),
        import('../suites/relay/index.ts'),
      ]);
      return runRelayOfAdapter(scenarios, options);
    }
    case 'pair':
      throw new SuiteError('a pair needs two adapters', 'use: 0k-conformance pair --a CMD --b CMD', exitCodes.usage);
  }
}
