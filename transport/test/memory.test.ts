import { transportContract } from '@0k-sync/testkit/contract/transport';
import t from 'tap';
import { MemoryNetwork } from '../src/memory/index.ts';

const VARIANTS = {
  'memory, whole': () => new MemoryNetwork(),
  'memory, split': () => new MemoryNetwork({ segmentBytes: 997 }),
  'memory, one turn of the event loop per delivery': () => new MemoryNetwork({ schedule: setImmediate }),
};

for (const [name, makeNetwork] of Object.entries(VARIANTS)) {
  t.test(name, async (t) => {
    const makeEnds = () => {
      const network = makeNetwork();
      return { dialer: network.transport('phone'), acceptor: network.transport('relay'), host: 'relay' };
    };
    transportContract((title, body) => t.test(title, body), { makeEnds, nobodyThere: 'refused' });
  });
}
