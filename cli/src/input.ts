import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { CommandError, interruptedError, systemCodeOf, usageError } from './command-error.ts';
import type { Io } from './io.ts';

function tooLargeError(name: string, limit: number): CommandError {
  return usageError(`${name} is larger than ${limit} bytes`, 'check that it is the right input, or send it in parts');
}

async function collect(stream: Readable, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > limit) throw tooLargeError('the standard input', limit);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

/** Reads stdin to its end. @throws CommandError when it has more than `limit` bytes; no more are kept in memory. */
export async function readInput({ stdin, interrupted: signal }: Io, limit: number): Promise<Uint8Array> {
  try {
    return await collect(addAbortSignal(signal, stdin), limit);
  } catch (error) {
    throw signal.aborted ? interruptedError() : error;
  }
}

function unreadableError(path: string, error: unknown): CommandError {
  return usageError(`cannot read ${path}: ${systemCodeOf(error)}`, 'check the path and its permissions');
}

/** Reads a file's bytes and mode. @throws CommandError when it is not readable or has more than `limit` bytes. */
export function readFile(path: string, limit: number): { readonly bytes: Uint8Array; readonly mode: number } {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw unreadableError(path, error);
  }
  try {
    const buffer = Buffer.alloc(limit + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limit; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (length > limit) throw tooLargeError(path, limit);
    return { bytes: buffer.subarray(0, length), mode: fstatSync(descriptor).mode };
  } catch (error) {
    throw error instanceof CommandError ? error : unreadableError(path, error);
  } finally {
    closeSync(descriptor);
  }
}
