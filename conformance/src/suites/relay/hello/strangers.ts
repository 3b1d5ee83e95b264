import { helloTranscript } from '@0k-sync/core/session';
import { STRANGER_FRAME_BYTES_MAX, STRANGER_RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import { type Device, Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { varint } from '@0k-sync/testkit/wire';
import { control, expect, expectClass } from '../../expect.ts';
import { Encounter } from '../attack.ts';
import type { RelayActs, RelayScene } from '../scene.ts';
import { refusedHellos, UNAUTHORIZED } from './refused.ts';

/** The Error that a stranger without an enrolment gets, and the end of its connection. */
async function answerToStranger(scene: RelayScene, device: Device): Promise<readonly unknown[]> {
  const client = await scene.connect();
  const answer = await client.answer(client.send(scene.helloBody(client, device, { enrolment: false })));
  const error = answer.$case === 'error' ? answer.value : undefined;
  expectClass('the refusal', error?.code, 'session.unauthorized');
  const { code } = await client.gone();
  return [error?.code, error?.detail, error?.retryAfterMs, code, client.inbox.log.length];
}

/** A stranger sends too much at once: it is refused before the rest has come. */
function refusedLength(act: (client: RawClient) => void) {
  return async (scene: RelayScene): Promise<void> => {
    const encounter = await Encounter.begin(scene);
    await encounter.attack({ classes: ['frame.length'] }, async () => {
      const client = await scene.connect();
      await control('an honest Ping', () => client.ping());
      act(client);
      return client;
    });
  };
}

/** Hellos that a relay refuses: those of strangers, and those signed for something else. */
export const strangerActs: RelayActs = {
  'relay/hello/strangers-look-alike': {
    title: 'A stranger is told the same, whether the group exists or not',
    requirements: ['SE-14', 'ER-03', 'SE-74'],
    run: async (scene) => {
      const { device } = await scene.member();
      const ofGroup = await answerToStranger(scene, device.group.device());
      expect('the answer', await answerToStranger(scene, new Group().device()), ofGroup);
    },
  },
  'relay/hello/strangers-frame': {
    title: 'Before Hello a frame above STRANGER_FRAME_BYTES_MAX is refused when its length is read',
    requirements: ['RL-70'],
    run: refusedLength((client) => client.sendPlaintext(varint(STRANGER_FRAME_BYTES_MAX + 1))),
  },
  'relay/hello/strangers-record': {
    title: 'Before Hello a record above STRANGER_RECORD_BYTES_MAX is refused when its length is read',
    requirements: ['RL-70'],
    run: refusedLength((client) => {
      const length = STRANGER_RECORD_BYTES_MAX + 1;
      client.sendRaw(Uint8Array.of(length >> 8, length & 0xff));
    }),
  },
  ...refusedHellos({
    'relay/hello/stranger-without-enrolment': {
      title: 'A device that is not enrolled and brings no enrolment is not let in',
      requirements: ['SE-11'],
      hello: (hello) => ({ ...hello, enrolment: undefined }),
    },
    'relay/hello/changed-signature': {
      title: 'A Hello whose signature does not verify is refused',
      requirements: ['SE-10'],
      hello: (hello) => ({ ...hello, signature: random(64) }),
    },
    'relay/hello/signature-of-another-device': {
      title: 'A Hello signed by another member is refused',
      requirements: ['SE-10'],
      hello: (hello, device, client) => {
        const other = device.group.device();
        return { ...hello, signature: other.keys.sign(helloTranscript(client.handshakeHash, hello.groupId)) };
      },
    },
    'relay/hello/signature-of-another-group': {
      title: 'A Hello whose signature covers another group id is refused',
      requirements: ['SE-10'],
      hello: (hello, device, client) => {
        const signature = device.keys.sign(helloTranscript(client.handshakeHash, new Group().id));
        return { ...hello, signature };
      },
    },
  }),
  'relay/hello/replayed': {
    title: 'A Hello that was accepted on one connection is refused on another',
    requirements: ['SE-10'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      const spied = await scene.connect();
      const hello = scene.helloBody(spied, encounter.attacker);
      await control('the Hello that is replayed', () => spied.ask(hello, 'helloAck'));
      await encounter.attack(UNAUTHORIZED, async () => {
        const client = await scene.connect();
        client.send(hello);
        return client;
      });
    },
  },
};
