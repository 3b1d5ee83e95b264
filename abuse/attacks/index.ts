import type { Attack } from '../attack.ts';
import { conflictBombs } from './conflict-bombs.ts';
import { halfFrames } from './half-frames.ts';
import { pullBombs } from './pull-bombs.ts';
import { pushers } from './pushers.ts';
import { credits, oneByteRecords, pings } from './small-frames.ts';
import { stalledReaders } from './stalled-readers.ts';

/** The attacks on a relay, in the order in which they run. */
export const attacks: readonly Attack[] = [
  stalledReaders,
  conflictBombs,
  halfFrames,
  pullBombs,
  pings,
  credits,
  oneByteRecords,
  pushers,
];
