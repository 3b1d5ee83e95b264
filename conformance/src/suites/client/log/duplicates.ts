import { requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { amid, type ClientActs, READS } from '../scene.ts';

/** Envelopes that a relay gives twice reach the app once. */
export const duplicateActs: ClientActs = requiring(READS, {
  'client/duplicate/in-a-page': {
    title: 'an envelope that stands in one page twice is delivered once',
    requirements: ['EN-22', 'EN-13'],
    run: amid(async (scene) => {
      const envelope = scene.author.next('once');
      for (const _ of [1, 2]) scene.append(envelope);
      await scene.client.act('pull');
      return ['once'];
    }),
  },
  'client/duplicate/over-pages': {
    title: 'an envelope that comes again in a later page is delivered once',
    requirements: ['EN-22'],
    given: { settings: { pageBytesMax: 1 } },
    run: amid(async (scene) => {
      const envelope = scene.author.next('once');
      scene.append(envelope);
      scene.publish('between');
      scene.append(envelope);
      await scene.client.act('pull');
      return ['once', 'between'];
    }),
  },
  'client/duplicate/keeps-its-cursor': {
    title: 'an envelope that comes again at a second cursor stands at its first one',
    requirements: ['CL-17', 'EN-22'],
    run: amid(async (scene) => {
      const envelope = scene.author.next('once');
      const first = scene.append(envelope);
      await scene.client.act('pull');
      scene.append(envelope);
      expect('above the first cursor', await scene.client.pull(first), []);
      return ['once'];
    }),
  },
  'client/duplicate/after-reconnect': {
    title: 'an envelope that comes again in another session is delivered once',
    requirements: ['EN-22', 'CL-03'],
    requires: [...READS, 'disconnect'],
    run: amid(async (scene) => {
      const envelope = scene.author.next('once');
      scene.append(envelope);
      await scene.client.act('pull');
      await scene.client.act('disconnect');
      scene.append(envelope);
      return ['once'];
    }),
  },
  'client/duplicate/live-and-pulled': {
    title: 'what the subscription and a pull both bring is delivered once',
    requirements: ['CL-03', 'EN-22'],
    requires: [...READS, 'subscribe'],
    run: amid(async (scene) => {
      await scene.client.act('subscribe');
      scene.publish('live');
      await scene.client.act('pull');
      scene.publish('live too');
      await scene.delivered('before', 'live', 'live too');
      await scene.client.act('pull');
      return ['live', 'live too'];
    }),
  },
  'client/duplicate/whole-log-again': {
    title: 'a log whose envelopes all stand in it a second time is delivered once',
    requirements: ['EN-22'],
    run: amid(async (scene) => {
      const texts = ['one', 'two'];
      for (const text of texts) scene.publish(text);
      await scene.client.act('pull');
      for (const envelope of [...scene.log.envelopes]) scene.inject(envelope);
      await scene.client.act('pull');
      return texts;
    }),
  },
  'client/duplicate/deliveries-repeated': {
    title: 'a delivery that is sent twice ends the session, and is delivered once',
    requirements: ['CL-02', 'EN-22'],
    requires: [...READS, 'subscribe'],
    run: amid(async (scene) => {
      const { client, relay } = scene;
      await client.act('subscribe');
      relay.behaviour = {
        deliver: (segment, session) => {
          // Once, and not the empty first one: a client may be back, and subscribed, before the honest delivery.
          if (segment.envelopes.length > 0) relay.behaviour = {};
          session.engine.deliver({ segment });
          return segment;
        },
      };
      scene.publish('once');
      await client.event('disconnected');
      return ['once'];
    }),
  },
});
