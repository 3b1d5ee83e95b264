import { HELLO_DEADLINE_MS } from '@0k-sync/generated/limits';
import { helloAck } from '@0k-sync/testkit/harness';
import { frameSamples } from '@0k-sync/testkit/samples';
import t from 'tap';
import { helloCommand, Pair } from './harness.ts';

const { mailboxClaim, mailboxItem } = frameSamples.full;

t.test('SE-75 SE-77 SE-72 SE-33 SE-35 PA-19 a stranger claims, acknowledges and then says Hello', async (t) => {
  const pair = new Pair().open();
  const claim = pair.client.request(mailboxClaim);
  pair.run();
  t.match(pair.requests(), [{ type: 'mailbox', requestId: claim, body: mailboxClaim }]);
  pair.relay.claimAccepted(pair.now + 600_000);
  pair.relay.answer(claim, mailboxItem);
  pair.run();
  t.equal(pair.relay.state, 'claimed');
  t.match(pair.clientEvents.at(-1), { type: 'answer', requestId: claim, body: mailboxItem });
  pair.advanceTo(pair.now + HELLO_DEADLINE_MS + 1);
  t.strictSame([pair.client.state, pair.relay.state], ['fresh', 'claimed'], 'it has the mailbox’s time');
  const ack = pair.client.request(frameSamples.full.mailboxAck);
  pair.run();
  pair.relay.answer(ack, mailboxItem);
  pair.run();
  pair.client.hello(helloCommand);
  pair.run();
  pair.relay.acceptHello(helloAck);
  pair.run();
  t.strictSame([pair.client.state, pair.relay.state], ['ready', 'ready']);
});

t.test('SE-36 a claim that is answered while Hello is under way', async (t) => {
  const pair = new Pair().open();
  const claim = pair.client.request(mailboxClaim);
  pair.client.hello(helloCommand);
  pair.run();
  pair.relay.answer(claim, mailboxItem);
  pair.relay.acceptHello(helloAck);
  pair.run();
  t.strictSame(pair.clientTypes(), ['channel', 'answer', 'ready']);
});

t.test('SE-41 a claim that is refused leaves the stranger where it was', async (t) => {
  const pair = new Pair().open();
  const claim = pair.client.request(mailboxClaim);
  pair.run();
  pair.relay.refuse(claim, { error: 'INVITE_UNAVAILABLE' });
  pair.run();
  t.match(pair.clientEvents.at(-1), { type: 'refused', requestId: claim, error: 'INVITE_UNAVAILABLE' });
  t.equal(pair.relay.nextDeadline(), pair.now + HELLO_DEADLINE_MS);
});
