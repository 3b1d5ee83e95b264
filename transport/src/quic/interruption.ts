import type { Address } from '../port.ts';
import { abortedError, timeoutError } from './errors.ts';

/** The ways in which an attempt to connect is cut short. */
export interface Interruption {
  /** Rejects with TransportError `timeout` or `aborted`; stays pending after `stop`. */
  readonly interrupted: Promise<never>;
  stop(): void;
}

/** Watches the clock and the caller's signal while connecting to `target`. */
export function interruptAfter(target: Address, timeoutMs: number, signal: AbortSignal | undefined): Interruption {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const onAbort = () => reject(abortedError(signal?.reason));
  const timer = setTimeout(() => reject(timeoutError(target, timeoutMs)), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  return {
    interrupted: promise,
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
