import { helloTranscript } from '@0k-sync/core/session';
import type { ErrorName } from '@0k-sync/generated/errors';
import { type Device, Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { type Arena, inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import { control, same, sameClass } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { refusedHello, UNAUTHORIZED } from './refused.ts';

/** What a stranger is told: the Error, and how the connection ended. */
async function answerToStranger(arena: Arena, device: Device, enrolment: boolean): Promise<string> {
  const client = await arena.connect();
  const request = client.send(arena.helloBody(client, device, { enrolment }));
  const answer = await client.answer(request);
  const { code } = await client.gone();
  const error = answer.$case === 'error' ? answer.value : undefined;
  sameClass('the refusal', error?.code, 'session.unauthorized');
  return [error?.code as number | ErrorName, error?.detail, error?.retryAfterMs, code, client.inbox.log.length].join(
    ' | ',
  );
}

/** Who is not: strangers, and Hellos signed for something else. */
export const strangerScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/hello/strangers-look-alike',
    title: 'A stranger is told the same, whether the group exists or not',
    level: 'must',
    requirements: ['SE-14', 'ER-03', 'SE-74'],
    requires: [],
    run: inArena(async (arena) => {
      const { device } = await arena.member();
      const ofGroup = await answerToStranger(arena, device.group.device(), false);
      const ofNone = await answerToStranger(arena, new Group().device(), false);
      same('the answer', ofNone, ofGroup);
    }),
  },
  {
    id: 'relay/hello/stranger-without-enrolment',
    title: 'A device that is not enrolled and brings no enrolment is not let in',
    level: 'must',
    requirements: ['SE-11'],
    requires: [],
    run: refusedHello((hello) => ({ ...hello, enrolment: undefined })),
  },
  {
    id: 'relay/hello/changed-signature',
    title: 'A Hello whose signature does not verify is refused',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: refusedHello((hello) => ({ ...hello, signature: random(64) })),
  },
  {
    id: 'relay/hello/signature-of-another-device',
    title: 'A Hello signed by another member is refused',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: refusedHello((hello, device, client) => {
      const other = device.group.device();
      return { ...hello, signature: other.keys.sign(helloTranscript(client.handshakeHash, hello.groupId)) };
    }),
  },
  {
    id: 'relay/hello/signature-of-another-group',
    title: 'A Hello whose signature covers another group id is refused',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: refusedHello((hello, device, client) => {
      const signature = device.keys.sign(helloTranscript(client.handshakeHash, new Group().id));
      return { ...hello, signature };
    }),
  },
  {
    id: 'relay/hello/replayed',
    title: 'A Hello that was accepted on one connection is refused on another',
    level: 'must',
    requirements: ['SE-10'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const spied = await arena.connect();
      const hello = arena.helloBody(spied, stage.attacker);
      await control('the Hello that is replayed', () => spied.ask(hello, 'helloAck'));
      await attack(stage, UNAUTHORIZED, async () => {
        const client = await arena.connect();
        client.send(hello);
        return client;
      });
    }),
  },
];
