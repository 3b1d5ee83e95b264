import { transportContract } from '@0k-sync/testkit/contract/transport';
import t from 'tap';
import { QuicTransport } from '../src/quic/index.ts';

const transport = new QuicTransport();
const makeEnds = () => ({ dialer: transport, acceptor: transport, host: '127.0.0.1' });

transportContract((title, body) => t.test(title, body), { makeEnds, nobodyThere: 'refused' });
