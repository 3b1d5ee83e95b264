import t from 'tap';
import { QuicTransport } from '../src/quic/index.ts';
import { transportSuite } from './suite/index.ts';

const transport = new QuicTransport();
const makeEnds = () => ({ dialer: transport, acceptor: transport, host: '127.0.0.1' });

transportSuite(t, makeEnds, { nobodyThere: 'refused' });
