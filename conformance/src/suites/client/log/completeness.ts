import { toHex } from '@0k-sync/core/bytes';
import { requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import type { ShownCompleteness } from '../results.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';

/** The client lacks exactly this, also after it was opened again. */
async function lacks(scene: ClientScene, expected: ShownCompleteness): Promise<void> {
  expect('completeness', await scene.client.completeness(), expected);
  await scene.reopen();
  expect('completeness after a restart', await scene.client.completeness(), expected);
}

/** Sequences of the author. */
function ofAuthor({ author }: ClientScene, from: number, to: number): ShownCompleteness['missing'] {
  return [{ sender: toHex(author.keys.deviceKey), from: `${from}`, to: `${to}` }];
}

/** A client can tell what it lacks. */
export const completenessActs: ClientActs = requiring(READS, {
  'client/completeness/withheld': {
    title: 'sequences that never came are missing, also after a restart, until they come',
    requirements: ['CL-14', 'EN-24'],
    run: async (scene) => {
      await scene.serves('before');
      expect('completeness', await scene.client.completeness(), { missing: [], expired: [] });
      const late = ['late', 'late too'].map((text) => scene.author.next(text));
      scene.publish('later');
      await scene.client.act('pull');
      const { sequence } = scene.author;
      await lacks(scene, { missing: ofAuthor(scene, sequence - 2, sequence - 1), expired: [] });
      for (const envelope of late) scene.inject(envelope);
      await scene.client.act('pull');
      await lacks(scene, { missing: [], expired: [] });
      await scene.serves('after');
    },
  },
  'client/completeness/expired': {
    title: 'cursors that were removed before they were read are named, also after a restart',
    requirements: ['CL-14', 'CL-08'],
    run: async (scene) => {
      const { relay, log } = scene;
      await scene.serves('before');
      const read = log.head;
      for (const text of ['gone', 'gone too']) scene.publish(text);
      log.expireThrough(log.head);
      scene.publish('there');
      await scene.client.act('pull');
      const { sequence } = scene.author;
      await lacks(scene, {
        missing: ofAuthor(scene, sequence - 2, sequence - 1),
        expired: [{ relay: toHex(relay.keys.nodeId), from: `${read + 1}`, to: `${read + 2}` }],
      });
      await scene.serves('after');
    },
  },
});
