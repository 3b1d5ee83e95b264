import type { SyncEvents, SyncSession } from '@0k-sync/client';
import t from 'tap';
import { reportEvents } from '../src/events.ts';
import { jsonReporter, textReporter } from '../src/reporter.ts';
import { Captured } from './support/io.ts';
import { objects } from './support/program.ts';

const SENDER = 'y'.repeat(52);

/** The program's lines about one event, as text or as JSON. */
function said<Name extends keyof SyncEvents>(name: Name, event: SyncEvents[Name], create = textReporter): string {
  const io = { stdout: new Captured(), stderr: new Captured(), environment: {}, colour: false };
  const on = ((each: string, listener: (event: unknown) => void) => {
    if (each === name) listener(event);
    return () => {};
  }) as SyncSession['on'];
  reportEvents({ on }, create(io));
  return io.stderr.text;
}

t.test('finding/T6 history of before this device joined is a note, what was lost later a warning', async (t) => {
  const relay = 'relay:4433';
  t.equal(
    said('expired', { relay, from: 1, to: 50 }),
    'note: relay relay:4433 keeps no messages from before cursor 51\n',
  );
  t.match(said('expired', { relay, from: 7, to: 9 }), /^warning: relay relay:4433 removed cursors 7 to 9 /);
  t.match(
    said('expired', { relay, sender: SENDER, from: 1, to: 9 }),
    /^warning: this device has lost its own messages/,
  );
  t.match(
    said('gap', { sender: SENDER, from: 1, to: 50 }),
    /^note: the messages of device yyyyyyyy before its message 51/,
  );
  t.match(
    said('gap', { sender: SENDER, from: 3, to: 4 }),
    /^warning: messages 3 to 4 of device yyyyyyyy are missing\n$/,
  );
  t.match(
    said('withheld', { relay, sender: SENDER, from: 3, to: 4 }),
    /^warning: relay .* does not deliver messages 3 to 4/,
  );
  t.strictSame(objects(said('expired', { relay, from: 1, to: 50 }, jsonReporter)), [
    { type: 'expired', relay, from: 1, to: 50 },
  ]);
});
