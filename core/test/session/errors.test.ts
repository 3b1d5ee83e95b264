import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { frameSamples } from '@0k-sync/testkit/samples';
import t from 'tap';
import { Pair } from './harness.ts';

const names = Object.keys(errors) as ErrorName[];

t.test(
  'ER-02 after an Error of stream open the session goes on, after one of close it ends with its number',
  async (t) => {
    for (const name of names) {
      const pair = new Pair({ suite: 'classical' }).enter();
      const id = pair.client.request(frameSamples.full.push);
      pair.run();
      pair.relay.refuse(id, { error: name });
      pair.run();
      if (errors[name].stream === 'open') {
        t.match(pair.clientEvents.at(-1), { type: 'refused', requestId: id, error: name });
        t.strictSame([pair.client.state, pair.relay.state, pair.relayCloseCode], ['ready', 'ready', undefined], name);
      } else {
        t.match(pair.clientEvents.at(-1), { type: 'closed', error: name });
        t.strictSame([pair.client.state, pair.relay.state], ['closed', 'closed'], name);
        t.equal(pair.relayCloseCode, errors[name].number);
      }
    }
  },
);
