import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { comes, expectSame } from '../verdict.ts';
import { REQUIRES } from './misbehaviour.ts';

/** What a client must bear out of turn; what ends the session stands in faults/frames.md. */
export const outOfTurnScenarios: readonly ClientScenario[] = [
  {
    id: 'client/frames/ack-refused',
    title: 'an Error that refuses an Ack, which has no answer, ends nothing',
    level: 'must',
    requirements: ['SE-04', 'SE-08', 'ER-02'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const refused = Promise.withResolvers<void>();
      let sessionsLater = 0;
      stage.relay.behaviour = {
        request: (request) => {
          if (request.$case !== 'ack') return undefined;
          sessionsLater = 0;
          refused.resolve();
          return { error: 'CURSOR_OUT_OF_RANGE' };
        },
        hello: (ack) => {
          sessionsLater += 1;
          return ack;
        },
      };
      stage.publish('one');
      await stage.client.act('pull');
      await comes('an Ack', refused.promise);
      stage.publish('two');
      await stage.client.act('pull');
      expectSame('sessions since the Ack was refused', sessionsLater, 0);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'two', 'after']);
    }),
  },
];
