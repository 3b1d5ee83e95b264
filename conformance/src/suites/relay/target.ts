import { equal, zBase32 } from '@0k-sync/core/bytes';
import { crypto } from '@0k-sync/testkit/crypto';
import { RawClient } from '@0k-sync/testkit/raw';
import { type Address, type Transport, TransportError } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { Adapter } from '../../zkcp/adapter.ts';

/** The part of an adapter that the scenarios need. */
export type RelayAdapter = Pick<Adapter, 'ask' | 'supports' | 'wholeStderr'>;

/** A relay under test. */
export interface RelayTarget {
  readonly address: Address;
  /** X25519 static, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** BLAKE3 of the ML-KEM encapsulation key, 32 bytes. */
  readonly kemHash?: Uint8Array | undefined;
  /** It must create groups for anybody: an adapter opened it so. Any other relay may refuse to. SE-13. */
  readonly createsGroups?: boolean | undefined;
  /** For a relay that creates groups by token. SE-13. */
  readonly accessToken?: string | undefined;
  /** Opens relays of the same implementation with other settings, and restarts them. */
  readonly adapter?: RelayAdapter | undefined;
  /** QUIC when left out. */
  readonly transport?: Transport | undefined;
}

/** The target is no relay, or not the one that was named. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  /** A hint for the reader. */
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

const quic = new QuicTransport();

export function transportOf(target: RelayTarget): Transport {
  return target.transport ?? quic;
}

/** Longest time until a target has shown that it is the relay, ms. */
const CONNECT_MS = 5000;

/** Shakes hands with the target once. Rejects with TargetError when it is no relay, or another one. */
export async function connectTarget(target: RelayTarget): Promise<RelayTarget> {
  const client = await dial(target);
  try {
    await client.handshake();
  } catch (error) {
    const what = `what listens at ${nameOf(target)} speaks QUIC but does not shake hands as a 0k-sync relay`;
    throw new TargetError(what, 'check the address, and that the relay speaks protocol version 2', error);
  } finally {
    await client.close();
  }
  const { nodeId, kemHash } = target;
  if (!equal(client.nodeId, nodeId)) {
    const what = `the relay at ${nameOf(target)} is another one: its NodeId is ${zBase32(client.nodeId)}`;
    throw new TargetError(what, 'give this NodeId if you trust it, or the address of the relay you mean');
  }
  if (kemHash !== undefined && !equal(crypto.blake3(client.mlkemKey), kemHash)) {
    const what = `the relay at ${nameOf(target)} has another KEM key than the one named`;
    throw new TargetError(what, 'give the pin that the relay shows when it starts, or omit the KEM hash');
  }
  return target;
}

async function dial(target: RelayTarget): Promise<RawClient> {
  try {
    return await RawClient.dial(transportOf(target), target.address, { timeoutMs: CONNECT_MS });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const what = `no relay can be reached at ${nameOf(target)}: ${error.message}`;
    throw new TargetError(what, 'check host and UDP port, and that the relay runs', error);
  }
}

function nameOf({ address: { host, port } }: RelayTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
