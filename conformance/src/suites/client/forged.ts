import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { Forgery } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { actsOf, type Claim, requiring } from '../acts.ts';
import { control, expect, expectThat, show } from '../expect.ts';
import { texts } from './client.ts';
import { type ClientActs, type ClientScene, READS } from './scene.ts';

const NONCE_BYTES = 24;
const AUTH: readonly string[] = ['envelope.auth'];

/** An envelope that the relay shows in the place of an author's next one. */
interface Forged extends Claim {
  /** Classes of its rejection; `envelope.auth` unless it says. */
  readonly refusal?: readonly string[];
  readonly forge: (honest: Envelope, scene: ClientScene) => Envelope;
}

/** A header with some fields changed, canonical as before. */
export function withHeader(envelope: Envelope, changes: Partial<EnvelopeHeader>): Envelope {
  const header = EnvelopeHeader.encode({ ...EnvelopeHeader.decode(envelope.header), ...changes }).finish();
  return { ...envelope, header };
}

/** An envelope that a member signs in the place of another one of its own, with its own keys. */
export function byMember({ author }: ClientScene, place: Envelope, forgery: Forgery): Envelope {
  const { sequence, previous } = EnvelopeHeader.decode(place.header);
  return author.forge({ sequence: Number(sequence), previous, ...forgery }).envelope;
}

/** As `byMember`, with a padded plaintext of its own under the group's key. */
export function sealedByMember(
  scene: ClientScene,
  place: Envelope,
  padded: Uint8Array,
  forgery: Forgery = {},
): Envelope {
  const headerBytes = byMember(scene, place, forgery).header;
  const nonce = random(NONCE_BYTES);
  const ciphertext = scene.author.group.epoch.seal(nonce, headerBytes, padded);
  return byMember(scene, place, { ...forgery, headerBytes, nonce, ciphertext });
}

/** The client reports each as one of its classes, delivers nothing of it, and delivers the true envelope behind it. */
export function forgeries(rows: Readonly<Record<string, Forged>>): ClientActs {
  const run = ({ refusal = AUTH, forge }: Forged) => {
    return async (scene: ClientScene): Promise<void> => {
      const { client } = scene;
      await scene.serves('before');
      const { envelope: honest } = scene.author.seal('true');
      const cursor = scene.inject(forge(structuredClone(honest), scene));
      await client.act('pull');
      await expectRejected(scene, refusal, cursor);
      await scene.delivered('before');
      expect('the cursor', await client.cursor(), cursor);
      await control('the true envelope behind it', async () => {
        scene.append(honest);
        const pulled = texts(await client.pull());
        if (!pulled.includes('true')) throw await client.unlike('messages pulled', 'true', show(pulled));
      });
      await scene.delivered('before', 'true');
    };
  };
  return requiring(READS, actsOf(rows, run));
}

/** The one `rejected` event so far is of one of these classes, and of that cursor where it names one. */
export async function expectRejected(
  { client }: ClientScene,
  classes: readonly string[],
  cursor: string,
): Promise<void> {
  const event = await client.event('rejected');
  expectThat('rejected', classes.includes(event.class ?? ''), classes.join(' or '), event);
  if (event.cursor !== undefined) expect('the rejected cursor', `${event.cursor}`, cursor);
}
