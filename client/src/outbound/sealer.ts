import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import {
  bodyHash,
  type Content,
  encodeContent,
  type Sequences,
  sealEnvelope,
  wireSkipped,
} from '@0k-sync/core/envelope';
import { ContentType, type Envelope } from '@0k-sync/generated/wire/envelope';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { Change, Store } from '../store/port.ts';
import type { LogEntry, StoredOutboxEntry } from '../store/types.ts';
import type { Outbox } from './outbox.ts';
import { nameSkips, unnamedSkips } from './skipping.ts';
import { contentOf } from './stored-content.ts';

/** Collaborators of sealQueued. */
export interface SealerDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly store: Store;
  readonly membership: Membership;
  readonly chains: Chains;
  readonly outbox: Outbox;
}

/** An own log entry that waits for a relay, with its envelope if that was sealed just now. */
export interface Outgoing extends LogEntry {
  readonly envelope?: Envelope;
}

/**
 * Seals the queued entries in order and stores the sealed bytes before any of them is sent; they never change again.
 * Call it only within the serial that guards the chains. Resolves with the sealed entries. CL-22, CL-40.
 */
export async function sealQueued(deps: SealerDeps): Promise<readonly Outgoing[]> {
  const { membership, chains, outbox, store } = deps;
  const queued = await outbox.readQueued();
  const changes: Change[] = [];
  const sealed: { entry: StoredOutboxEntry; sequence: number }[] = [];
  const outgoing: Outgoing[] = [];
  let { head: sequence, headHash: hash } = chains.chainOf(membership.deviceKey);
  let skipped = queued.length === 0 ? [] : await unnamedSkips(store, membership.deviceKey);
  changes.push(...(await nameSkips(store, membership.deviceKey, skipped)));
  for (const entry of queued) {
    const { logEntry, envelope } = sealOne(deps, entry, { sequence: sequence + 1, previous: hash }, skipped);
    skipped = [];
    ({ sequence, hash } = logEntry);
    changes.push(
      { kind: 'accept', entry: logEntry },
      { kind: 'outbox-state', id: entry.id, state: 'sealed', sequence },
    );
    sealed.push({ entry, sequence });
    outgoing.push({ ...logEntry, envelope });
  }
  if (sealed.length === 0) return [];
  const chain = { sender: membership.deviceKey, sequence, hash };
  await store.commit([...changes, { kind: 'chain', chain }]);
  chains.setChain(chain);
  outbox.noteSealed(sealed);
  return outgoing;
}

function sealOne(
  { crypto, random, membership }: SealerDeps,
  entry: StoredOutboxEntry,
  place: { readonly sequence: number; readonly previous: Uint8Array },
  skipped: readonly Sequences[],
): { readonly logEntry: LogEntry; readonly envelope: Envelope } {
  const { id, contentType } = entry;
  const isMessage = contentType === ContentType.CONTENT_TYPE_MESSAGE;
  const content = naming(contentOf(entry), skipped);
  const keys = { device: membership.deviceKeys, epoch: membership.epoch };
  const { envelope, hash } = sealEnvelope(crypto, random, keys, place, content);
  const { nonce, signature } = envelope;
  const logEntry = {
    sender: membership.deviceKey,
    sequence: place.sequence,
    hash,
    previous: place.previous,
    epoch: membership.epoch.epoch,
    contentType,
    messageId: isMessage ? id : new Uint8Array(),
    topic: content.type === 'message' ? content.message.topic : '',
    plaintext: encodeContent(content),
    nonce,
    bodyHash: bodyHash(crypto, envelope),
    signature,
    receivedAtMs: 0,
    own: true,
    sealedHere: true,
    visible: isMessage,
  };
  return { logEntry, envelope };
}

/** The content with the sequences that it names as never to come. EN-29. */
function naming(content: Content, ranges: readonly Sequences[]): Content {
  const skipped = wireSkipped(ranges);
  return content.type === 'message'
    ? { type: 'message', message: { ...content.message, skipped } }
    : { type: 'announcement', announcement: { ...content.announcement, skipped } };
}
