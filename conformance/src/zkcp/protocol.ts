/** ZKCP/1, the words of it: conformance/zkcp.md. */

/** The version that hello names. */
export const ZKCP_VERSION = 1;

/** Bytes of a line before hello has agreed on another bound, and the most that the runner ever takes. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Bytes in lowercase hexadecimal, u64 as decimal string, absent values omitted. */
export type Members = Readonly<Record<string, unknown>>;

/** The commands of ZKCP/1. */
export type Command = 'hello' | 'eval' | 'open' | 'do' | 'observe' | 'env' | 'close' | 'ping' | 'bye';

/** A refusal of bad input, which is an answer and no failure. */
export interface Rejection {
  /** A reject class of spec/errors.md. */
  readonly class: string;
  /** The wire number where one was sent or received. */
  readonly code?: number;
  readonly detail?: string;
}

/** An answer without its id: exactly one of the four members. */
export type Answer =
  | { readonly ok: Members }
  | { readonly reject: Rejection }
  | { readonly unsupported: { readonly what: string; readonly issue?: string } }
  | { readonly error: { readonly detail: string } };

/** A claimed capability, or the reason why the adapter disclaims it. */
export type Capability = true | { readonly unsupported: string; readonly issue?: string };

/** An adapter's answer to `hello`. */
export interface AdapterInfo {
  readonly protocol: number;
  readonly impl: { readonly name: string; readonly version: string; readonly language: string; readonly url: string };
  readonly profiles: readonly string[];
  readonly capabilities: Readonly<Record<string, Capability>>;
  readonly limits: { readonly max_in_flight: number; readonly max_line: number };
}

/** True for a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
