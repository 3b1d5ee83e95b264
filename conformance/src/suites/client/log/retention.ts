import { expect } from '../../expect.ts';
import type { ClientActs } from '../scene.ts';

const MONTH_SECONDS = 30 * 24 * 3600;
const U32_MAX = 0xffffffff;

/** The retention that a relay names, and the client's status. */
export const retentionActs: ClientActs = {
  'client/retention/status': {
    title: 'the status says what the last HelloAck said of the relay’s retention',
    requirements: ['CL-19', 'SE-18'],
    requires: ['client', 'pair_join', 'reconnect'],
    run: async ({ client, relay }) => {
      const claims = [
        [{ retentionSeconds: MONTH_SECONDS, retentionBytes: 0n }, { expires_after_ms: MONTH_SECONDS * 1000 }],
        [{ retentionSeconds: 0, retentionBytes: 2n ** 40n }, { bytes_max: `${2n ** 40n}` }],
        [
          { retentionSeconds: U32_MAX, retentionBytes: 1n },
          { expires_after_ms: U32_MAX * 1000, bytes_max: '1' },
        ],
        [{ retentionSeconds: 0, retentionBytes: 0n }, {}],
      ] as const;
      for (const [claim, shown] of claims) {
        relay.behaviour = { hello: (ack) => ({ ...ack, ...claim }) };
        await client.act('reconnect');
        expect('retention', await client.retention(), shown);
      }
    },
  },
};
