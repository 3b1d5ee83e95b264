import { toHex } from '@0k-sync/core/bytes';
import { errors } from '@0k-sync/generated/errors';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { refused } from '@0k-sync/testkit/relay';
import { requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { readWritten } from '../contents.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';

/** The client's status names this message, and no other, with this error. */
async function names({ client }: ClientScene, id: unknown, code: number): Promise<void> {
  await client.refuses(1);
  expect('refused', await client.refused(), [{ id, code }]);
}

function headerOf(envelope: Envelope | undefined): string {
  return toHex(envelope?.header ?? new Uint8Array());
}

/** Messages that a relay refuses, and what waits behind them. */
export const refusedActs: ClientActs = requiring([...READS, 'push', 'disconnect', 'queue_drop'], {
  'client/refused/quota-dropped': {
    title: 'a message that a quota holds up is named, also after a restart, and can be dropped and pushed again',
    requirements: ['CL-60', 'CL-61', 'CL-64', 'CL-25', 'CL-70'],
    run: async (scene) => {
      await scene.exchanges('before');
      scene.relay.behaviour = { push: () => refused({ error: 'GROUP_QUOTA_EXCEEDED', retryAfterMs: 3_600_000 }) };
      const { id } = await scene.client.act('push', { text: 'too much', wait: false });
      await scene.client.act('connect');
      await names(scene, id, errors.GROUP_QUOTA_EXCEEDED.number);
      await scene.reopen();
      await names(scene, id, errors.GROUP_QUOTA_EXCEEDED.number);
      const { text } = await scene.client.act('queue_drop', { id });
      expect('what comes back', text, 'too much');
      expect('refused', await scene.client.refused(), []);
      expect('unsynced', await scene.client.unsynced(), 0);
      scene.relay.behaviour = {};
      await scene.client.act('push', { text: 'behind it', wait: true });
      await scene.client.act('push', { text, id, wait: true });
      expect('written', readWritten(scene), ['answer to before', 'behind it', 'too much']);
      await scene.serves('after');
    },
  },
  'client/refused/final-dropped': {
    title: 'a message that was refused for good is named, also after a restart, and what waits goes when it is dropped',
    requirements: ['CL-60', 'CL-48', 'CL-25'],
    run: async (scene) => {
      await scene.exchanges('before');
      scene.relay.behaviour = { push: () => refused({ error: 'ENVELOPE_TOO_LARGE' }) };
      await scene.client.rejects('push', ['session.size'], { text: 'refused', wait: true });
      scene.relay.behaviour = {};
      await scene.client.act('push', { text: 'behind it', wait: false });
      await scene.reopen();
      const [entry, ...more] = await scene.client.refused();
      expect('the number', entry?.code, errors.ENVELOPE_TOO_LARGE.number);
      expectThat('refused', more.length === 0, 'one message', more);
      await scene.client.act('queue_drop', { id: entry?.id });
      await scene.client.act('push', { text: 'last', wait: true });
      expect('written', readWritten(scene), ['answer to before', 'behind it', 'last']);
      await scene.serves('after');
    },
  },
  'client/refused/acknowledged-before': {
    title: 'a message that the relay had acknowledged, lost and then refuses holds nothing up',
    requirements: ['CL-62', 'CL-06'],
    run: async (scene) => {
      const { client, log } = scene;
      await scene.exchanges('before');
      const { head } = log;
      for (const text of ['one', 'two']) await client.act('push', { text, wait: true });
      await client.act('disconnect');
      const lost = new Set(scene.written.slice(-2).map(headerOf));
      log.rollBackTo(head);
      scene.relay.behaviour = {
        push: (carryOut, { envelope }) =>
          lost.has(headerOf(envelope)) ? refused({ error: 'ENVELOPE_TOO_LARGE' }) : carryOut(),
      };
      await client.act('push', { text: 'new', wait: true });
      expect('refused', await client.refused(), []);
      expect('written', readWritten(scene), ['answer to before', 'new']);
      await scene.serves('after');
    },
  },
});
