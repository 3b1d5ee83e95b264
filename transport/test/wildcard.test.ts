import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import t from 'tap';
import { type Address, type Listener, TransportError } from '../src/index.ts';
import { localAddresses, QuicTransport } from '../src/quic/index.ts';
import { WildcardListener } from '../src/quic/wildcard-listener.ts';

const LIMITS = { streamsMax: 1, unreadBytesMax: 1_000_000, connectionsMax: 16, code: 2008 };
const ALPN = '/test/1';

/** An Initial packet without a token: the listener answers with a Retry (RFC 9000 sections 17.2.2 and 8.1.2). */
function initialPacket(): Buffer {
  const packet = Buffer.alloc(1200);
  packet.writeUInt8(0xc3, 0);
  packet.writeUInt32BE(1, 1);
  packet.writeUInt8(8, 5);
  packet.write('dialled!', 6);
  packet.writeUInt8(8, 14);
  packet.write('dialling', 15);
  // No token, and the length of the rest.
  packet.writeUInt8(0, 23);
  packet.writeUInt16BE(0x4000 | (packet.length - 26), 24);
  return packet;
}

/** The address that answers a datagram from `source` to `target`. */
async function answersFrom(source: string, target: Address): Promise<string> {
  const socket = createSocket(isIPv6(source) ? 'udp6' : 'udp4');
  try {
    socket.bind(0, source);
    await once(socket, 'listening');
    const answered = once(socket, 'message');
    const again = setInterval(() => socket.send(initialPacket(), target.port, target.host), 500);
    socket.send(initialPacket(), target.port, target.host);
    const [, from] = await answered.finally(() => clearInterval(again));
    return from.address;
  } finally {
    socket.close();
  }
}

for (const host of ['0.0.0.0', '::']) {
  t.test(`RL-77 finding/R12 on ${host} answers leave from the address that was dialled`, async (t) => {
    const transport = new QuicTransport();
    const listener = await transport.listen({ host, port: 0, alpns: [ALPN], limits: LIMITS }, () => {});
    t.teardown(() => listener.close());
    const addresses = localAddresses(host);
    t.ok(addresses.includes('127.0.0.1'));
    for (const dialled of addresses) {
      const sources = addresses.filter((each) => isIPv6(each) === isIPv6(dialled));
      for (const source of sources) {
        const from = await answersFrom(source, { host: dialled, port: listener.port });
        t.equal(from, dialled, `${source} to ${dialled}`);
      }
      const connection = await transport.connect({ host: dialled, port: listener.port }, { alpn: ALPN });
      await connection.close(0);
    }
  });
}

/** A machine whose addresses change, and whose listeners are only counted. */
class Machine {
  addresses: string[] = [];
  readonly open = new Set<string>();
  readonly refusals = new Map<string, TransportError>();
  #port = 4433;

  readonly deps = {
    addresses: () => this.addresses,
    listen: async ({ host, port }: Address): Promise<Listener> => {
      const refusal = this.refusals.get(`${host}:${port}`) ?? this.refusals.get(host);
      if (refusal !== undefined) throw refusal;
      const at = { host, port: port === 0 ? this.#port++ : port };
      this.open.add(`${at.host}:${at.port}`);
      return { ...at, close: async () => void this.open.delete(`${at.host}:${at.port}`) };
    },
  };
}

t.test('RL-77 finding/R12 addresses that come and go are followed', async (t) => {
  const machine = new Machine();
  machine.addresses = ['192.0.2.1', '127.0.0.1'];
  const listener = await WildcardListener.open(machine.deps, { host: '0.0.0.0', port: 4433 });
  t.teardown(() => listener.close());
  t.strictSame([...machine.open], ['192.0.2.1:4433', '127.0.0.1:4433']);
  machine.addresses = ['127.0.0.1', '192.0.2.7'];
  machine.refusals.set('192.0.2.7', new TransportError('address-unavailable', 'not ready', 'wait'));
  await listener.rescan();
  t.strictSame([...machine.open], ['127.0.0.1:4433']);
  machine.refusals.clear();
  await listener.rescan();
  t.strictSame([...machine.open], ['127.0.0.1:4433', '192.0.2.7:4433']);
  await listener.close();
  t.strictSame([...machine.open], []);
});

t.test('RL-77 port 0 is one port that is free on every address', async (t) => {
  const machine = new Machine();
  machine.addresses = ['192.0.2.1', '127.0.0.1'];
  const taken = new TransportError('address-in-use', 'taken', 'choose another');
  machine.refusals.set('127.0.0.1:4433', taken);
  const listener = await WildcardListener.open(machine.deps, { host: '0.0.0.0', port: 0 });
  t.equal(listener.port, 4434);
  t.strictSame([...machine.open], ['192.0.2.1:4434', '127.0.0.1:4434']);
  await listener.close();
  await t.rejects(WildcardListener.open(machine.deps, { host: '0.0.0.0', port: 4433 }), taken);
  t.strictSame([...machine.open], [], 'what was open is closed');
});
