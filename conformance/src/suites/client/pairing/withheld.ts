import { toHex } from '@0k-sync/core/bytes';
import { stubOf } from '@0k-sync/core/envelope';
import { crypto } from '@0k-sync/testkit/crypto';
import { giving, requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { invitation } from '../invitation.ts';
import type { ClientActs, ClientScene } from '../scene.ts';
import { REQUIRES } from './joining.ts';

/** The author has written two messages, of which the Welcome names the second; the relay has so many of them. */
async function joinsWith(scene: ClientScene, kept: number): Promise<number> {
  const [one, two] = [scene.author.next('one'), scene.author.next('two')];
  for (const envelope of [one, two].slice(0, kept)) scene.append(envelope);
  const heads = [stubOf(crypto, two)];
  const invite = invitation(scene.relay, scene.author, { state: (state) => ({ ...state, heads }) });
  await scene.client.act('pair_join', { invite });
  await scene.client.act('pull');
  return scene.author.sequence;
}

/** Heads that the Welcome proves, and that the relay does not give. */
export const withheldActs: ClientActs = giving(
  { unpaired: true },
  requiring(REQUIRES, {
    'client/withheld/head-of-the-welcome': {
      title: 'a relay that keeps back what the Welcome proves is named, with sender and sequences',
      requirements: ['CL-11', 'PA-12'],
      run: async (scene) => {
        const last = await joinsWith(scene, 1);
        const { sender, from, to } = await scene.client.event('withheld');
        expect('withheld', [sender, from, to], [toHex(scene.author.keys.deviceKey), `${last}`, `${last}`]);
        await scene.delivered('one');
        await scene.client.act('pull');
        expect('reports', (await scene.client.events('withheld')).length, 1);
      },
    },
    'client/withheld/nothing': {
      title: 'a relay that gives what the Welcome proves is not suspected',
      requirements: ['CL-11'],
      run: async (scene) => {
        await joinsWith(scene, 2);
        expect('reports', await scene.client.events('withheld'), []);
        await scene.delivered('one', 'two');
        await scene.serves('after');
      },
    },
  }),
);
