import { cp } from 'node:fs/promises';
import { fromHex } from '@0k-sync/core/bytes';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { random } from '@0k-sync/testkit/crypto';
import { Client } from '../client.ts';
import { type Claim, READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { control, expectSame } from '../verdict.ts';
import { readWritten } from './push.ts';

const REQUIRES: readonly string[] = [...READS, 'push', 'sync', 'disconnect'];

/** The relay claims a head of the client's own chain that the client never made: nothing is pushed upon it. */
function inventedHead(claim: Claim, headOf: (ack: HelloAck) => Partial<HelloAck>): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      await stage.client.act('disconnect');
      const pushes = stage.requests('push').length;
      stage.relay.behaviour = { hello: (ack) => ({ ...ack, ...headOf(ack) }) };
      await stage.client.rejects('push', ['envelope.chain'], { text: 'not upon that', wait: true });
      expectSame('pushes', stage.requests('push').length, pushes);
      await stage.client.act('disconnect');
      stage.relay.behaviour = {};
      await control('an honest head', () => stage.client.act('sync'));
      expectSame('written', readWritten(stage), ['answer to before', 'not upon that']);
      await stage.exchanged('after');
    }),
  };
}

/** The client's directory as it is now, in a second one; the first stays open. */
async function copied(stage: Stage): Promise<string> {
  await stage.reopen({});
  await stage.client.close();
  const directory = await stage.target.directory();
  await cp(stage.client.directory, directory, { recursive: true });
  stage.client = await Client.open(stage.client.adapter, stage.client.directory);
  return directory;
}

/** The device's own chain, and what a relay or a copy makes of it. */
export const ownChainScenarios: readonly ClientScenario[] = [
  inventedHead(
    {
      id: 'client/own-chain/invented-sequence',
      title: 'a head above what this device ever sealed is not pushed upon',
      requirements: ['CL-21', 'SE-16'],
    },
    ({ ownSequence }) => ({ ownSequence: ownSequence + 3n, ownHash: random(32) }),
  ),
  inventedHead(
    {
      id: 'client/own-chain/invented-hash',
      title: 'the right sequence with another H is not pushed upon',
      requirements: ['CL-21', 'EN-13'],
    },
    () => ({ ownHash: random(32) }),
  ),
  {
    id: 'client/own-chain/behind',
    title: 'a device that was restored from a copy reads what it had sealed since, and goes on behind it',
    level: 'must',
    requirements: ['CL-21'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      const copy = await copied(stage);
      await stage.client.act('push', { text: 'since then', wait: true });
      await stage.client.close();
      stage.client = await Client.open(stage.client.adapter, copy);
      await stage.client.act('push', { text: 'from the copy', wait: true });
      expectSame('written', readWritten(stage), ['answer to before', 'since then', 'from the copy']);
      expectSame('forks', await stage.client.events('fork'), []);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/own-chain/ahead',
    title: 'what the relay lost of this device’s own is pushed again before anything new',
    level: 'must',
    requirements: ['CL-21', 'CL-06'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      const kept = stage.log.head;
      for (const text of ['lost', 'lost too']) await stage.client.act('push', { text, wait: true });
      await stage.client.act('disconnect');
      stage.log.rollBackTo(kept);
      await stage.client.act('push', { text: 'new', wait: true });
      await stage.client.act('sync');
      expectSame('written', readWritten(stage), ['answer to before', 'lost', 'lost too', 'new']);
    }),
  },
  {
    id: 'client/own-chain/fork',
    title: 'another envelope of this device’s own in its place is reported as a fork, and pushing stops',
    level: 'must',
    requirements: ['CL-26', 'RL-27'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      const copy = await copied(stage);
      const head = stage.log.headOf(fromHex(stage.deviceKey) ?? new Uint8Array());
      await stage.client.act('push', { text: 'the first', wait: true });
      await stage.client.close();
      stage.client = await Client.open(stage.client.adapter, copy);
      // Without this claim the copy would find out before it seals anything.
      stage.relay.behaviour = {
        hello: (ack) => ({ ...ack, ownSequence: BigInt(head.sequence), ownHash: head.hash }),
        request: ({ $case }) => ($case === 'pull' ? { error: 'RATE_LIMITED' } : undefined),
      };
      await stage.client.rejects('push', ['envelope.chain'], { text: 'the second', wait: true });
      const fork = await stage.client.event('fork');
      expectSame('the fork', [fork.sender, `${fork.sequence}`], [stage.deviceKey, `${head.sequence + 1}`]);
      const pushes = stage.requests('push').length;
      await stage.client.act('push', { text: 'not sent', wait: false });
      // What was asked behind it was answered.
      for (const text of ['after', 'after that']) await stage.controlled(text);
      expectSame('pushes', stage.requests('push').length, pushes);
      expectSame('written', readWritten(stage), ['answer to before', 'the first']);
    }),
  },
];
