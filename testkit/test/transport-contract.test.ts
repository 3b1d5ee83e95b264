import type { Transport } from '@0k-sync/transport';
import { TransportError } from '@0k-sync/transport';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import t from 'tap';
import { transportContract } from '../src/contract/transport/index.ts';

/** The titles of the contract's tests that a transport fails which `spoil` made of an honest one. */
async function failuresOf(spoil: (honest: Transport) => Transport): Promise<string[]> {
  const failures: string[] = [];
  const running: Promise<void>[] = [];
  const makeEnds = () => {
    const network = new MemoryNetwork();
    return { dialer: spoil(network.transport('phone')), acceptor: network.transport('relay'), host: 'relay' };
  };
  transportContract(
    (title, body) => {
      running.push(body().catch(() => void failures.push(title)));
    },
    { makeEnds, nobodyThere: 'refused' },
  );
  await Promise.all(running);
  return failures.sort();
}

const withoutReasons = (honest: Transport): Transport => ({
  listen: honest.listen.bind(honest),
  connect: async (target, options) => {
    const connection = await honest.connect(target, options);
    const close = connection.close.bind(connection);
    return Object.assign(connection, { close: (code: number) => close(code) });
  },
});

const vague = (honest: Transport): Transport => ({
  listen: honest.listen.bind(honest),
  connect: (target, options) =>
    honest.connect(target, options).catch((error: TransportError) => {
      throw error.kind === 'alpn' ? new TransportError('refused', error.message, error.hint) : error;
    }),
});

t.test('the contract passes the memory transport, and fails a transport for what it does wrong', async (t) => {
  t.same(await failuresOf((honest) => honest), []);
  t.same(await failuresOf(withoutReasons), ['WI-23 the number and reason of a close arrive, at either end']);
  t.same(await failuresOf(vague), ['WI-21 an unknown protocol is refused by name']);
});
