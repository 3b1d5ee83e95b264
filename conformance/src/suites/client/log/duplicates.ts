import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { sealMessage } from '../contents.ts';
import { READS } from '../forged.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';

/** Whatever a relay gives again, the app is given once. */
export const duplicateScenarios: readonly ClientScenario[] = [
  {
    id: 'client/duplicate/in-a-page',
    title: 'an envelope that stands in one page twice is delivered once',
    level: 'must',
    requirements: ['EN-22', 'EN-13'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { envelope } = sealMessage(stage.author, { content: 'once' });
      stage.append(envelope);
      stage.append(envelope);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'once', 'after']);
    }),
  },
  {
    id: 'client/duplicate/over-pages',
    title: 'an envelope that comes again in a later page is delivered once',
    level: 'must',
    requirements: ['EN-22'],
    requires: READS,
    run: onStage({ settings: { pageBytesMax: 1 } }, async (stage) => {
      await stage.controlled('before');
      const { envelope } = sealMessage(stage.author, { content: 'once' });
      stage.append(envelope);
      stage.publish('between');
      stage.append(envelope);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'once', 'between', 'after']);
    }),
  },
  {
    id: 'client/duplicate/after-reconnect',
    title: 'an envelope that comes again in another session is delivered once',
    level: 'must',
    requirements: ['EN-22', 'CL-03'],
    requires: [...READS, 'disconnect'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { envelope } = sealMessage(stage.author, { content: 'once' });
      stage.append(envelope);
      await stage.client.act('pull');
      await stage.client.act('disconnect');
      stage.append(envelope);
      await stage.controlled('after');
      await stage.delivered(['before', 'once', 'after']);
    }),
  },
  {
    id: 'client/duplicate/live-and-pulled',
    title: 'what the subscription and a pull both bring is delivered once',
    level: 'must',
    requirements: ['CL-03', 'EN-22'],
    requires: [...READS, 'subscribe'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('subscribe');
      stage.publish('live');
      await stage.client.act('pull');
      stage.publish('live too');
      await stage.delivered(['before', 'live', 'live too']);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'live', 'live too', 'after']);
    }),
  },
  {
    id: 'client/duplicate/whole-log-again',
    title: 'a log whose envelopes all stand in it a second time is delivered once',
    level: 'must',
    requirements: ['EN-22'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      for (const text of ['one', 'two']) stage.publish(text);
      await stage.client.act('pull');
      const again: readonly Envelope[] = [...stage.log.envelopes];
      for (const envelope of again) stage.inject(envelope);
      await stage.client.act('pull');
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'two', 'after']);
    }),
  },
  {
    id: 'client/duplicate/deliveries-repeated',
    title: 'a delivery that is sent twice ends the session, and is delivered once',
    level: 'must',
    requirements: ['CL-02', 'EN-22'],
    requires: [...READS, 'subscribe'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('subscribe');
      stage.relay.behaviour = {
        deliver: (segment, session) => {
          // Once, and not the empty first one: a client may be back, and subscribed, before the honest delivery.
          if (segment.envelopes.length > 0) stage.relay.behaviour = {};
          session.engine.deliver({ segment });
          return segment;
        },
      };
      stage.publish('once');
      await stage.client.event('disconnected');
      await stage.controlled('after');
      await stage.delivered(['before', 'once', 'after']);
    }),
  },
];
