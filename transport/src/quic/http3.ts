import type { QuicStream } from '@currentspace/http3';
import { TransportError } from '../error.ts';
import { importPackage } from './packages.ts';

/** The native package. */
export type Http3 = typeof import('@currentspace/http3');
/** A stream of the native package. */
export type NativeStream = QuicStream;

/** The part of the native metrics that the adapter reads. */
export interface NativeMetrics {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly handshakeTimeMs: number;
  readonly rttMs: number;
}

/** The native side's event of a connection's end. */
export interface NativeClose {
  readonly errorCode: number;
  readonly reason: string;
}

/** The native connection, alike at both ends. */
export interface NativeSession {
  on(event: 'stream', listener: (stream: NativeStream) => void): unknown;
  on(event: 'close', listener: (close: NativeClose) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  openStream(): NativeStream;
  close(code?: number, reason?: string): void | Promise<void>;
  /** Asks the worker thread, which takes 20 to 80 µs. Null when the connection is gone. */
  getMetrics(): NativeMetrics | null;
  ping(): boolean;
}

/** Portable, because `auto` picks io_uring, which stalls. The fallback policy matters only to `auto`. */
export const RUNTIME = { runtimeMode: 'portable', fallbackPolicy: 'error' } as const;

/** Loads the optional peer dependency. Rejects with TransportError `unavailable` if it is not installed. */
export async function loadHttp3(): Promise<Http3> {
  try {
    return await importPackage<Http3>('@currentspace/http3');
  } catch (error) {
    throw unavailable(error);
  }
}

/** Explains that the native package is missing. */
export function unavailable(cause: unknown): TransportError {
  return new TransportError(
    'unavailable',
    'QUIC is not available: the package @currentspace/http3 0.9.0 does not load here',
    'run: npm install @currentspace/http3@0.9.0 (for Linux with glibc, x64 or arm64, and macOS arm64)',
    cause,
  );
}
