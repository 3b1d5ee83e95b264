import { zBase32 } from '@0k-sync/core/bytes';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { PairTarget } from '../suites/pair/index.ts';
import { OpenRelay } from '../suites/relay/index.ts';
import type { Adapter } from '../zkcp/adapter.ts';

/** A relay of one pair scenario, which may end and restart it. */
export interface PairRelay {
  readonly relay: PairTarget['relay'];
  close(): Promise<void>;
}

interface Named {
  readonly address: { readonly host: string; readonly port: number };
  readonly nodeId: Uint8Array;
  readonly kemHash?: Uint8Array | undefined;
}

/** The text of CL-34. Who speaks classical may pin no KEM key (HS-13). */
function textOf({ address: { host, port }, nodeId, kemHash }: Named, mode: PairTarget['mode']): string {
  const pin = mode === 'hybrid' && kemHash ? `.${zBase32(kemHash)}` : '';
  return `${zBase32(nodeId)}${pin}@${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The relay of this package, in this process. */
export async function openKitRelay(mode: PairTarget['mode']): Promise<PairRelay> {
  const kit = new ScriptedRelay({ crypto, random, transport: new QuicTransport() });
  await kit.listen();
  const { address, keys } = kit;
  const restart = async (signal: 'KILL' | 'TERM') => {
    await kit.restart(signal);
  };
  return { relay: { address: textOf({ address, ...keys }, mode), restart }, close: () => kit.stop() };
}

/** A relay that an adapter opens. */
export async function openAdapterRelay(adapter: Adapter, mode: PairTarget['mode']): Promise<PairRelay> {
  const open = await OpenRelay.open(adapter);
  return {
    relay: { address: textOf(open.target, mode), restart: (signal) => open.restart(signal) },
    close: () => open.close(),
  };
}
