import type { Connection } from '@0k-sync/transport';
import { actsOf, type Claim } from '../../acts.ts';
import { event } from '../../expect.ts';
import type { ClientActs, ClientScene, SceneOptions } from '../scene.ts';
import { noting, returns } from '../time.ts';

/** Somebody at the relay's address, and what becomes of a connection there. */
interface Stranger extends Claim {
  readonly stranger: (connection: Connection) => void;
}

/** Closes when the client has begun to speak: before that, a close may look like a transport that never stood. */
export function closes(code: number): Stranger['stranger'] {
  return (connection) =>
    connection.onStream((stream) => {
      stream.receive({ data: () => {}, end: () => {}, closed: () => {} });
      void connection.close(code);
    });
}

function answers(...bytes: readonly number[]): Stranger['stranger'] {
  return (connection) =>
    connection.onStream((stream) => {
      stream.receive({ data: () => {}, end: () => {}, closed: () => {} });
      stream.write(Uint8Array.from(bytes));
      stream.end();
    });
}

/** The client is live, and time stands for it. */
export async function live(scene: ClientScene): Promise<void> {
  const { client } = scene;
  await scene.serves('before');
  await client.act('subscribe');
  scene.publish('live');
  await scene.delivered('before', 'live');
  await client.advance(0);
}

/** The client comes back to the honest relay by itself, and is live again. */
async function isLiveAgain(scene: ClientScene): Promise<void> {
  const { relay, client } = scene;
  const { seen, happened } = event();
  relay.behaviour = {
    hello: noting(happened),
  };
  scene.undivert();
  await returns(client, seen);
  scene.publish('live again');
  await scene.delivered('before', 'live', 'live again');
}

const placeActs: ClientActs = actsOf<Stranger, ClientScene, SceneOptions>(
  {
    'client/links/stranger-closes-revoked': {
      title: 'a close with 1003 that nobody has signed stops no client',
      requirements: ['CL-37', 'ER-07'],
      stranger: closes(1003),
    },
    'client/links/stranger-closes-unauthorized': {
      title: 'a close with 1002 that nobody has signed stops no client',
      requirements: ['CL-37', 'ER-07'],
      stranger: closes(1002),
    },
    'client/links/stranger-closes-full': {
      title: 'a close with 2004 that nobody has signed stops no client',
      requirements: ['CL-37', 'ER-07'],
      stranger: closes(2004),
    },
    'client/links/stranger-closes-version': {
      title: 'a close with 1010 that nobody has signed stops no client',
      requirements: ['CL-37'],
      stranger: closes(1010),
    },
    'client/links/stranger-closes-unknown': {
      title: 'a close with a number of no row stops no client',
      requirements: ['CL-37', 'ER-07'],
      stranger: closes(1999),
    },
    'client/links/stranger-answers-version': {
      title: 'a version answer stops no client',
      requirements: ['CL-37', 'WI-02'],
      stranger: answers(0x30, 0x4b, 9, 0),
    },
    'client/links/stranger-answers-garbage': {
      title: 'bytes that are no handshake stop no client',
      requirements: ['CL-37'],
      stranger: answers(...new Uint8Array(4000).fill(0xff)),
    },
  },
  ({ stranger }) =>
    async (scene) => {
      await live(scene);
      const { seen, happened } = event();
      scene.replace((connection) => {
        happened();
        stranger(connection);
      });
      const { length: past } = await scene.client.events('disconnected');
      for (const { connection } of scene.relay.sessions) void connection.close(0);
      await scene.client.event('disconnected', past);
      await returns(scene.client, seen);
      // Idle again, the client knows what became of the attempt.
      await scene.client.advance(0);
      await isLiveAgain(scene);
    },
);

/** The relay, proven, ends the session with an Error frame that says nothing about the device. */
interface Harmless extends Claim {
  readonly error: 'RECORD_INVALID' | 'UNEXPECTED_FRAME' | 'CURSOR_GAP';
}

const harmlessActs: ClientActs = actsOf<Harmless, ClientScene, SceneOptions>(
  {
    'client/links/told-record-invalid': {
      title: 'an Error 1017 ends no reconnecting',
      requirements: ['CL-37'],
      error: 'RECORD_INVALID',
    },
    'client/links/told-unexpected': {
      title: 'an Error 1022 ends no reconnecting',
      requirements: ['CL-37'],
      error: 'UNEXPECTED_FRAME',
    },
    'client/links/told-cursor-gap': {
      title: 'an Error 1041 ends no reconnecting',
      requirements: ['CL-37'],
      error: 'CURSOR_GAP',
    },
  },
  ({ error }) =>
    async (scene) => {
      await live(scene);
      const { client, relay } = scene;
      const { length: past } = await client.events('disconnected');
      const { seen, happened } = event();
      relay.behaviour = {
        hello: () => {
          happened();
          return { error };
        },
      };
      for (const { connection } of relay.sessions) void connection.close(0);
      await client.event('disconnected', past);
      await returns(client, seen);
      await client.event('disconnected', past + 1);
      await isLiveAgain(scene);
    },
);

/** Ends that nobody has proven, and ends that say nothing about the device. */
export const strangerActs: ClientActs = { ...placeActs, ...harmlessActs };
