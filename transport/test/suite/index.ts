import type { Test } from 'tap';
import type { Ends } from '../recorder.ts';
import { closeSuite } from './close.ts';
import { connectSuite, type SuiteOptions } from './connect.ts';
import { dataSuite } from './data.ts';
import { streamSuite } from './streams.ts';

/** What every adapter of the port has to do. */
export function transportSuite(t: Test, makeEnds: () => Ends, options: SuiteOptions): void {
  dataSuite(t, makeEnds);
  streamSuite(t, makeEnds);
  closeSuite(t, makeEnds);
  connectSuite(t, makeEnds, options);
}
