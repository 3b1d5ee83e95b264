import type { QuicStream } from '@currentspace/http3';
import { TransportError } from '../error.ts';
import { importPackage } from './packages.ts';

export type Http3 = typeof import('@currentspace/http3');
export type NativeStream = QuicStream;

export interface NativeMetrics {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly handshakeTimeMs: number;
  readonly rttMs: number;
}

export interface NativeClose {
  readonly errorCode: number;
  readonly reason: string;
}

/** What the sessions of both ends have in common. */
export interface NativeSession {
  on(event: 'stream', listener: (stream: NativeStream) => void): unknown;
  on(event: 'close', listener: (close: NativeClose) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  openStream(): NativeStream;
  close(code?: number, reason?: string): void | Promise<void>;
  /** A round trip to the worker thread, 20 to 80 µs. Null once the session is gone. */
  getMetrics(): NativeMetrics | null;
  ping(): boolean;
}

/** `auto` would pick io_uring, which stalls; the fallback policy only matters to `auto`. */
export const RUNTIME = { runtimeMode: 'portable', fallbackPolicy: 'error' } as const;

/** Loads the optional peer dependency. Rejects with TransportError `unavailable` where it is not installed. */
export async function loadHttp3(): Promise<Http3> {
  try {
    return await importPackage<Http3>('@currentspace/http3');
  } catch (error) {
    throw unavailable(error);
  }
}

export function unavailable(cause: unknown): TransportError {
  return new TransportError(
    'unavailable',
    'QUIC is not available: the package @currentspace/http3 0.9.0 does not load here',
    'npm install @currentspace/http3@0.9.0 (it runs on Linux with glibc, x64 or arm64, and on macOS arm64)',
    cause,
  );
}
