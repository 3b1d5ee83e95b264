import { requiring } from '../../acts.ts';
import { comes, event, expect } from '../../expect.ts';
import { amid, type ClientActs } from '../scene.ts';
import { REQUIRES } from './misbehaviour.ts';

/** Frames that a client must bear out of turn; those that end the session stand in faults/frames.md. */
export const outOfTurnActs: ClientActs = requiring(REQUIRES, {
  'client/frames/ack-refused': {
    title: 'an Error that refuses an Ack, which has no answer, ends nothing',
    requirements: ['SE-04', 'SE-08', 'ER-02'],
    run: amid(async (scene) => {
      const refused = event();
      /** Sessions since the first refusal: an Ack of a later session must not start the count again. */
      let sessionsLater: number | undefined;
      scene.relay.behaviour = {
        request: (request) => {
          if (request.$case !== 'ack') return undefined;
          sessionsLater ??= 0;
          refused.happened();
          return { error: 'CURSOR_OUT_OF_RANGE' };
        },
        hello: (ack) => {
          if (sessionsLater !== undefined) sessionsLater += 1;
          return ack;
        },
      };
      scene.publish('one');
      await scene.client.act('pull');
      await comes('an Ack', refused.seen);
      // The refusal and the first Page may come together, and a session ends behind both.
      for (const text of ['two', 'three']) {
        scene.publish(text);
        await scene.client.act('pull');
      }
      expect('sessions since the Ack was refused', sessionsLater, 0);
      return ['one', 'two', 'three'];
    }),
  },
});
