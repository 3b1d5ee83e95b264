import type { Device } from '@0k-sync/testkit/author';
import { RawClient } from '@0k-sync/testkit/raw';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { Test } from 'tap';
import type { RelayProcess } from './process.ts';

const transport = new QuicTransport();

/** Connects to a relay program; the connection closes with the test at the latest. */
export async function connect(t: Test, { address }: Pick<RelayProcess, 'address'>): Promise<RawClient> {
  const client = await RawClient.connect(transport, address, { patienceMs: Number.POSITIVE_INFINITY });
  t.teardown(() => client.close());
  return client;
}

/** Connects and says Hello with an Enrolment. */
export async function member(t: Test, relay: Pick<RelayProcess, 'address'>, device: Device): Promise<RawClient> {
  const client = await connect(t, relay);
  await client.hello(device);
  return client;
}
