import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { exitCodes } from './exit.ts';
import { Failure, interrupted } from './failure.ts';
import type { Io } from './io.ts';

function tooLarge(name: string, limit: number): Failure {
  return new Failure({
    exit: exitCodes.usage,
    code: 'too-large',
    message: `${name} is larger than ${limit} bytes`,
    hint: 'send it in parts',
  });
}

async function collect(stream: Readable, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > limit) throw tooLarge('the standard input', limit);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

/** Everything that comes on stdin, at most `limit` bytes; what is beyond is never kept in memory. */
export async function readInput({ stdin, interrupted: signal }: Io, limit: number): Promise<Uint8Array> {
  try {
    return await collect(addAbortSignal(signal, stdin), limit);
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  }
}

function unreadable(path: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'not readable';
  return new Failure({
    exit: exitCodes.usage,
    code: 'file',
    message: `cannot read ${path}: ${code}`,
    hint: 'check the path and its permissions',
  });
}

/** A file's bytes and mode. At most `limit` bytes, whatever the file says of its size. */
export function readFile(path: string, limit: number): { readonly bytes: Uint8Array; readonly mode: number } {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const buffer = Buffer.alloc(limit + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limit; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (length > limit) throw tooLarge(path, limit);
    return { bytes: buffer.subarray(0, length), mode: fstatSync(descriptor).mode };
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(path, error);
  } finally {
    closeSync(descriptor);
  }
}
