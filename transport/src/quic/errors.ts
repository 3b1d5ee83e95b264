import { getSystemErrorName } from 'node:util';
import { TransportError } from '../error.ts';
import type { Address } from '../port.ts';
import { type NativeClose, unavailable } from './http3.ts';

/** CRYPTO_ERROR (RFC 9001 section 4.8) is 0x100 plus the TLS alert; alert 120 is no_application_protocol (RFC 7301). */
const CRYPTO_ERROR_FIRST = 0x100;
const CRYPTO_ERROR_LAST = 0x1ff;
const NO_APPLICATION_PROTOCOL = CRYPTO_ERROR_FIRST + 120;

const STREAM_ERROR_CODE = /(?:StreamReset|StreamStopped)\((\d+)\)|stream reset: (\d+)/;
const NATIVE_ERRNO = /errno=(\d+)/;
const NATIVE_BINDING = /native binding/i;

/** Reads the application error number from the message of a stream's error, its only place; 0 if there is none. */
export function codeOfStreamError(error: Error): number {
  const match = STREAM_ERROR_CODE.exec(error.message);
  return Number(match?.[1] ?? match?.[2] ?? 0);
}

/** Explains a handshake that the peer or TLS ended. */
export function handshakeError(target: Address, alpn: string, close: NativeClose): TransportError {
  if (close.errorCode === NO_APPLICATION_PROTOCOL) {
    return new TransportError(
      'alpn',
      `${nameOf(target)} does not speak ${alpn}`,
      'update the older of both ends, or check that this is the right port',
    );
  }
  const isTls = close.errorCode >= CRYPTO_ERROR_FIRST && close.errorCode <= CRYPTO_ERROR_LAST;
  const why = isTls ? `TLS alert ${close.errorCode - CRYPTO_ERROR_FIRST}` : `error ${close.errorCode}`;
  return new TransportError('handshake', `${nameOf(target)} ended the handshake: ${why}`, 'check host and port');
}

/** Explains that a connection was not established in time. */
export function timeoutError(target: Address, timeoutMs: number): TransportError {
  return new TransportError(
    'timeout',
    `no answer from ${nameOf(target)} within ${timeoutMs} ms`,
    'check host and port, and that UDP passes the firewalls between',
  );
}

/** Explains that nothing listens at an address. */
export function refusedError(target: Address, cause?: unknown): TransportError {
  return new TransportError(
    'refused',
    `nothing listens at ${nameOf(target)}`,
    'check host and port, and start the listener',
    cause,
  );
}

/** Explains that the caller's signal aborted the attempt. */
export function abortedError(cause: unknown): TransportError {
  return new TransportError('aborted', 'connecting was aborted', 'connect again when the peer is wanted', cause);
}

/** Explains that a host name has no address. */
export function nameError(host: string, cause: unknown): TransportError {
  return new TransportError(
    'name-not-found',
    `${host} has no address`,
    'check the spelling and the name server',
    cause,
  );
}

/** Explains what the native package threw while connecting. */
export function connectError(target: Address, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = messageOf(error);
  if (NATIVE_BINDING.test(message)) return unavailable(error);
  return new TransportError('failed', `cannot connect to ${nameOf(target)}: ${message}`, 'check host and port', error);
}

/** Explains what the system or the native package threw while binding the port. */
export function listenError(address: Address, error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = messageOf(error);
  if (NATIVE_BINDING.test(message)) return unavailable(error);
  const where = `UDP ${nameOf(address)}`;
  switch (systemErrorName(error)) {
    case 'EADDRINUSE':
      return new TransportError(
        'address-in-use',
        `another program uses ${where}`,
        'stop that program, or choose another port',
        error,
      );
    case 'EADDRNOTAVAIL':
      return new TransportError(
        'address-unavailable',
        `${address.host} is no address of this machine`,
        'listen on 0.0.0.0, :: or an address of this machine',
        error,
      );
    case 'EMFILE':
    case 'ENFILE':
      return new TransportError(
        'failed',
        `cannot listen on ${where}: this process may open no more files (EMFILE)`,
        'raise the limit of open files',
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new TransportError(
        'forbidden',
        `this user may not listen on ${where}`,
        'choose a port from 1024 up',
        error,
      );
    default:
      return new TransportError('failed', `cannot listen on ${where}: ${message}`, 'check host and port', error);
  }
}

/** Returns the system error's name, such as EADDRINUSE; the native package has its number in the message. */
function systemErrorName(error: unknown): string {
  if (error instanceof Error && 'code' in error && 'syscall' in error) return String(error.code);
  const errno = Number(NATIVE_ERRNO.exec(messageOf(error))?.[1] ?? 0);
  return errno === 0 ? '' : getSystemErrorName(-errno);
}

function nameOf({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
