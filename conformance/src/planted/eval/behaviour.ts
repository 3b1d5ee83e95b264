import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { AdapterInfo, Members } from '../../zkcp/protocol.ts';

/** One pure function call on its way to the reference. */
export interface Call {
  readonly op: string;
  readonly input: Members;
  /** Asks the reference, perhaps for something else; throws `Reject` and `Unsupported` as it does. */
  readonly ask: (input?: Members) => Members;
}

/** The calls that a faulty adapter answers instead of the reference; the reference answers the others. */
export interface Behaviour {
  readonly info?: (info: AdapterInfo) => AdapterInfo;
  readonly evaluate?: (call: Call) => Members | Promise<Members>;
  /** Changes one line on its way to stdout, its newline included. */
  readonly line?: (line: string) => string;
  /** Replaces primitives. `op` says which function is being evaluated. */
  readonly crypto?: (sound: CryptoProvider, op: () => string) => Partial<CryptoProvider>;
}
