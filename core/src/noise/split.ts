import { redact } from '../redact.ts';
import type { CipherState } from './cipher-state.ts';

/** The ciphers of both directions, from one end's view. Noise §5.2. */
export class Split {
  readonly send: CipherState;
  readonly receive: CipherState;
  /** The third output of Split's HKDF, 32 bytes. HS-14. */
  readonly exporter: Uint8Array;

  constructor(send: CipherState, receive: CipherState, exporter: Uint8Array) {
    this.send = send;
    this.receive = receive;
    this.exporter = exporter;
  }
}
redact(Split);
