import type { Behaviour } from '@0k-sync/testkit/relay';
import type { Fault } from '../fault.ts';

/** A relay that is wrong in one way, and the scenarios that have to notice. */
export interface RelayFault extends Fault {
  readonly level: 'relay';
  /** Made new for every relay, so that none remembers another's sessions. */
  behaviour(): Behaviour;
}
