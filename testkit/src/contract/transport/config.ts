import type { TransportErrorKind } from '@0k-sync/transport';
import type { Ends } from '../../stream/index.ts';

export interface TransportContractConfig {
  /** Makes two transports that reach each other; called once or more for each test. */
  readonly makeEnds: () => Ends;
  /** The kind of the TransportError of a connect to a port where nothing listens. */
  readonly nobodyThere: TransportErrorKind;
  /** How long that connect waits for an answer, ms; short only where there is none. */
  readonly refusalMs?: number;
}
