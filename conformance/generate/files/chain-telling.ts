import type { Sealed } from '../kit/envelope.ts';
import type { JsonObject } from '../model.ts';
import type { Sender } from './chain-sender.ts';

/** What senders put on a log, and what a receiver makes of it. */
export interface Story {
  readonly slug: string;
  readonly req: readonly string[];
  readonly flags?: readonly string[];
  readonly comment: string;
  readonly tell: (
    a: Sender,
    b: Sender,
    id: string,
  ) => {
    readonly envelopes: readonly Uint8Array[];
    readonly outcomes: readonly string[];
    readonly heads: readonly JsonObject[];
    readonly members?: readonly Sender[];
  };
}

export const FORK = ['ForkUnseen'];
export const CHAIN = ['ChainUnchecked'];

/** A log of one sender whose head is one of `sealed`, or of `chain` by its index. */
export function told(
  sender: Sender,
  sealed: readonly Sealed[],
  outcomes: readonly string[],
  sequence: number,
  head: Sealed | number,
  chain = sealed,
) {
  const last = typeof head === 'number' ? (chain[head] as Sealed) : head;
  return { envelopes: bytesOf(...sealed), outcomes, heads: [sender.head(sequence, last)] };
}

export function bytesOf(...sealed: readonly (Sealed | undefined)[]): Uint8Array[] {
  return sealed.flatMap((one) => (one === undefined ? [] : [one.envelope]));
}

export function sorted(...heads: readonly JsonObject[]): JsonObject[] {
  return [...heads].sort((first, second) => (String(first['sender_key']) < String(second['sender_key']) ? -1 : 1));
}
