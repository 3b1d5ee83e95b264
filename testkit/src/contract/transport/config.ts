import type { TransportErrorKind } from '@0k-sync/transport';
import type { Ends } from '../../stream/index.ts';

/** The transport under test. */
export interface TransportContractConfig {
  /** Makes two transports that reach each other; called once or more for each test. */
  readonly makeEnds: () => Ends;
  /** The kind of the TransportError of a connect to a port where nothing listens. */
  readonly nobodyThere: TransportErrorKind;
  /** Longest wait of that connect, ms; 60,000 by default. Shorten it only where nothing answers. */
  readonly refusalMs?: number;
}
