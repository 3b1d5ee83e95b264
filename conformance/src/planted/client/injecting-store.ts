import type { Change, Store, StoredMessage } from '@0k-sync/client/node';
import { toHex } from '@0k-sync/core/bytes';
import { decodeContent, unpad } from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { ContentType, Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { crypto } from '@0k-sync/testkit/crypto';
import { WrappedStore } from './wrapped-store.ts';

/** The entries between two positions of the log. */
const STEP = 1 / 1024;

/** Gives the app what is not in the log, behind what is. */
abstract class InjectingStore extends WrappedStore {
  readonly #injected: StoredMessage[] = [];

  override async commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    return await this.inner.commit(
      changes.map((change) =>
        change.kind === 'consumed' ? { ...change, position: Math.floor(change.position) } : change,
      ),
    );
  }

  override async unconsumed(position: number, limit: number): Promise<readonly StoredMessage[]> {
    const entries = [...(await this.inner.unconsumed(Math.floor(position), limit)), ...this.#injected];
    return entries
      .filter((entry) => entry.position > position)
      .sort((a, b) => a.position - b.position)
      .slice(0, limit);
  }

  protected async inject(entry: StoredMessage): Promise<void> {
    const last = (await this.inner.unconsumed(0, Number.MAX_SAFE_INTEGER)).at(-1)?.position ?? 0;
    this.#injected.push({ ...entry, position: last + STEP * (this.#injected.length + 1) });
  }
}

/** Gives the app an envelope again whenever a relay does. */
export class RepeatingStore extends InjectingStore {
  override async commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    const placed = changes.flatMap((change) => (change.kind === 'place' ? [change.placement.hash] : []));
    const accepted = new Set(changes.flatMap((change) => (change.kind === 'accept' ? [toHex(change.entry.hash)] : [])));
    const repeated = placed.filter((hash) => !accepted.delete(toHex(hash)));
    const positions = await super.commit(changes);
    for (const hash of repeated) {
      const entry = await this.inner.entryByHash(hash);
      if (entry?.visible === true && !entry.own) await this.inject(entry);
    }
    return positions;
  }
}

/** Gives the app what it could decrypt, though the envelope was rejected. */
export class CredulousStore extends InjectingStore {
  override async commit(changes: readonly Change[]): ReturnType<Store['commit']> {
    const positions = await super.commit(changes);
    for (const change of changes) {
      if (change.kind !== 'quarantine' || change.envelope.rejectClass !== 'envelope.auth') continue;
      const entry = await decrypt(this.inner, Envelope.decode(change.envelope.envelope));
      if (entry !== undefined) await this.inject(entry);
    }
    return positions;
  }
}

async function decrypt(store: Store, { header, nonce, ciphertext }: Envelope): Promise<StoredMessage | undefined> {
  const { group } = await store.load();
  const [secret] = group?.epochSecrets ?? [];
  if (group === undefined || secret === undefined) return undefined;
  const padded = new EpochKeys(crypto, secret.secret.slice(), 0).open(nonce, header, ciphertext);
  const plaintext = padded && unpad(padded);
  const content = plaintext && decodeContent(ContentType.CONTENT_TYPE_MESSAGE, plaintext);
  if (plaintext === undefined || content?.type !== 'message') return undefined;
  const { id: messageId, topic } = content.message;
  const sender = EnvelopeHeader.decode(header).senderKey;
  return { position: 0, sender, messageId, topic, plaintext, receivedAtMs: 0, own: false };
}
