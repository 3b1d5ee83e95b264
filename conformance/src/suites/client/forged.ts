import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { Forgery } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { TestInfo } from '../../model.ts';
import { texts } from './client.ts';
import { sealMessage } from './contents.ts';
import { onStage, type Stage } from './stage.ts';
import type { ClientScenario } from './target.ts';
import { control, expectSame, expectTrue, show } from './verdict.ts';

/** What a scenario says of itself where everything else is alike. */
export type Claim = Pick<TestInfo, 'id' | 'title' | 'requirements'>;

/** What reading takes. */
export const READS: readonly string[] = ['client', 'pair_join', 'pull'];

const NONCE_BYTES = 24;

/** A header with some fields changed, canonical as before. */
export function withHeader(envelope: Envelope, changes: Partial<EnvelopeHeader>): Envelope {
  const header = EnvelopeHeader.encode({ ...EnvelopeHeader.decode(envelope.header), ...changes }).finish();
  return { ...envelope, header };
}

/** What a member signs in the place of another envelope of its own, with its own keys. */
export function byMember({ author }: Stage, place: Envelope, forgery: Forgery): Envelope {
  const { sequence, previous } = EnvelopeHeader.decode(place.header);
  return author.forge({ sequence: Number(sequence), previous, ...forgery }).envelope;
}

/** As `byMember`, with a padded plaintext of its own under the group's key. */
export function sealedByMember(stage: Stage, place: Envelope, padded: Uint8Array, forgery: Forgery = {}): Envelope {
  const headerBytes = byMember(stage, place, forgery).header;
  const nonce = random(NONCE_BYTES);
  const ciphertext = stage.author.group.epoch.seal(nonce, headerBytes, padded);
  return byMember(stage, place, { ...forgery, headerBytes, nonce, ciphertext });
}

/**
 * The relay shows `forge`'s envelope in the place of an author's next one: it is reported as one of `classes`, nothing of
 * it is delivered, and the true envelope behind it still is.
 */
export function forged(
  claim: Claim,
  classes: readonly string[],
  forge: (honest: Envelope, stage: Stage) => Envelope,
): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { envelope: honest } = sealMessage(stage.author, { content: 'true' });
      const cursor = stage.inject(forge(structuredClone(honest), stage));
      await stage.client.act('pull');
      await expectRejected(stage, classes, cursor);
      await stage.delivered(['before']);
      expectSame('the cursor', await stage.client.cursor(), cursor);
      await control('the true envelope behind it', async () => {
        stage.append(honest);
        const pulled = texts(await stage.client.pull());
        if (!pulled.includes('true')) throw await stage.client.unlike('messages pulled', 'true', show(pulled));
      });
      await stage.delivered(['before', 'true']);
    }),
  };
}

/** The one `rejected` event so far is of one of these classes, and of that cursor where it names one. */
export async function expectRejected(stage: Stage, classes: readonly string[], cursor: string): Promise<void> {
  const event = await stage.client.event('rejected');
  expectTrue(`rejected as ${classes.join(' or ')}`, classes.includes(event.class ?? ''), event);
  if (event.cursor !== undefined) expectSame('the rejected cursor', `${event.cursor}`, cursor);
}
