import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { ClientCase, Measurement } from '../client-case.ts';
import { secondsUntilSynced, type TwoDevices, withTwoDevices } from '../two-devices.ts';

const ATTACK_MS = 4000;
const LIMIT_S = 30;
const ALPNS = ['/0k-sync/1', '/0k-sync/2'];

type Stranger = (connection: Connection) => void;

const STRANGERS: Readonly<Record<string, Stranger>> = {
  ...Object.fromEntries(
    [0, 1003, 1010, 1015, 1022, 1041, 2004, 3000].map((code) => [
      `closes with ${code}`,
      (connection: Connection) => void connection.close(code),
    ]),
  ),
  'answers another version': answers(Uint8Array.of(0x30, 0x4b, 9, 0)),
  'answers garbage': answers(new Uint8Array(4000).fill(0xff)),
};

function answers(bytes: Uint8Array): Stranger {
  return (connection) =>
    connection.onStream((stream) => {
      stream.receive({ data: () => {}, end: () => {}, closed: () => {} });
      stream.write(bytes.slice());
    });
}

/** A stranger has the relay's address for a while; both devices are synced soon after the relay is back. */
export const strangersInPlace: ClientCase = {
  finding: 'C1',
  title: 'a stranger in the place of the relay',
  run: () => {
    const cases = Object.entries({ ...STRANGERS, 'refuses the ALPN': () => {} });
    return Promise.all(cases.map(([what, stranger]) => withTwoDevices((devices) => measure(devices, what, stranger))));
  },
};

async function measure(devices: TwoDevices, what: string, stranger: Stranger): Promise<Measurement> {
  const { relay } = devices;
  const [host = '', port] = relay.address.split(':');
  await relay.kill();
  const alpns = what === 'refuses the ALPN' ? ['other/1'] : ALPNS;
  const listener = await new QuicTransport().listen({ host, port: Number(port), alpns }, stranger);
  await delay(ATTACK_MS);
  await listener.close();
  await relay.restart();
  return { what, seconds: await secondsUntilSynced(devices, what), limit: LIMIT_S };
}
