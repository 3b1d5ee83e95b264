import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import {
  type ChainPlace,
  type Content,
  encodeContent,
  type Sequences,
  sealPlaintext,
  wireSkipped,
} from '@0k-sync/core/envelope';
import { ContentType, type Envelope } from '@0k-sync/generated/wire/envelope';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import type { Change, Store } from '../store/port.ts';
import type { LogEntry, OutboxEntry, StoredChain } from '../store/types.ts';
import type { Outbox } from './outbox.ts';
import { cutToPushes, type PushLimits } from './push-size.ts';
import { nameSkips, unnamedSkips } from './skipping.ts';
import { contentOf } from './stored-content.ts';

/** Collaborators of the sealer. */
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

/** Entries that are sealed and not stored yet. */
interface Sealed {
  readonly entries: readonly LogEntry[];
  readonly envelopes: readonly Envelope[];
  readonly chain: StoredChain;
  /** The names of skipped sequences, and the chain. */
  readonly changes: readonly Change[];
}

/**
 * Seals the first queued entries, as many as some Pushes take, and stores the sealed bytes before any of them is sent; they
 * never change again. Call it only within the serial that guards the chains. Resolves with the sealed entries. CL-22, CL-40.
 */
export async function sealQueued(deps: SealerDeps, limits: PushLimits, pushes: number): Promise<readonly Outgoing[]> {
  const { store, outbox } = deps;
  const queued = cutToPushes(await outbox.readQueued(), limits, pushes);
  if (queued.length === 0) return [];
  const sealed = await seal(deps, queued);
  const changes = queued.flatMap(({ id }, index): Change[] => {
    const entry = sealed.entries[index] as LogEntry;
    const state = { kind: 'outbox-state', id, state: 'sealed', sequence: entry.sequence } as const;
    return [{ kind: 'accept', entry }, state];
  });
  await store.commit([...changes, ...sealed.changes]);
  return noteSealed(deps, queued, sealed);
}

/**
 * Queues entries durably, the first `count` of them sealed, in one transaction. Call it only within the serial that guards
 * the chains, and while nothing is queued. CL-20, CL-22, CL-40.
 */
export async function sealAdditions(
  deps: SealerDeps,
  additions: readonly OutboxEntry[],
  count: number,
): Promise<{ readonly positions: readonly number[]; readonly outgoing: readonly Outgoing[] }> {
  const [first, later] = [additions.slice(0, count), additions.slice(count)];
  const sealed = await seal(deps, first);
  const changes: Change[] = [
    ...sealed.entries.map((entry) => ({ kind: 'enqueue-sealed', entry }) as const),
    ...later.map((entry) => ({ kind: 'enqueue', entry }) as const),
  ];
  const positions = await deps.store.commit([...changes, ...sealed.changes]);
  if (later.length > 0) deps.outbox.noteQueued();
  return { positions, outgoing: noteSealed(deps, first, sealed) };
}

/** Seals entries behind the head of this device's chain. */
async function seal(deps: SealerDeps, queued: readonly OutboxEntry[]): Promise<Sealed> {
  const { membership, chains, store } = deps;
  const sender = membership.deviceKey;
  const skipped = await unnamedSkips(store, sender);
  const names = await nameSkips(store, sender, skipped);
  let { head: sequence, headHash: hash } = chains.chainOf(sender);
  const entries: LogEntry[] = [];
  const envelopes: Envelope[] = [];
  for (const [index, one] of queued.entries()) {
    const place = { sequence: sequence + 1, previous: hash };
    const { entry, envelope } = sealOne(deps, one, place, index === 0 ? skipped : []);
    ({ sequence, hash } = entry);
    entries.push(entry);
    envelopes.push(envelope);
  }
  const chain = { sender, sequence, hash };
  return { entries, envelopes, chain, changes: [...names, { kind: 'chain', chain }] };
}

function noteSealed(
  { chains, outbox }: SealerDeps,
  queued: readonly (OutboxEntry & { readonly number?: number })[],
  { entries, envelopes, chain }: Sealed,
): readonly Outgoing[] {
  chains.setChain(chain);
  return entries.map((entry, index) => {
    const { id, number } = queued[index] as OutboxEntry & { readonly number?: number };
    outbox.noteSealed(id, entry.sequence, number);
    return { ...entry, envelope: envelopes[index] as Envelope };
  });
}

function sealOne(
  { crypto, random, membership }: SealerDeps,
  { id, contentType, topic = '', plaintext: queued }: OutboxEntry,
  place: ChainPlace,
  skipped: readonly Sequences[],
): { readonly entry: LogEntry; readonly envelope: Envelope } {
  const isMessage = contentType === ContentType.CONTENT_TYPE_MESSAGE;
  const plaintext =
    skipped.length === 0 ? queued : encodeContent(naming(contentOf({ contentType, plaintext: queued }), skipped));
  const keys = { device: membership.deviceKeys, epoch: membership.epoch };
  const type = isMessage ? ContentType.CONTENT_TYPE_MESSAGE : ContentType.CONTENT_TYPE_INVITE;
  const { envelope, hash, bodyHash } = sealPlaintext(crypto, random, keys, place, { contentType: type, plaintext });
  const { nonce, signature } = envelope;
  const entry = {
    sender: membership.deviceKey,
    sequence: place.sequence,
    hash,
    previous: place.previous,
    epoch: keys.epoch.epoch,
    contentType,
    messageId: isMessage ? id : new Uint8Array(),
    topic,
    plaintext,
    nonce,
    bodyHash,
    signature,
    receivedAtMs: 0,
    own: true,
    sealedHere: true,
    visible: isMessage,
  };
  return { entry, envelope };
}

/** The content with the sequences that it names as never to come. EN-29. */
function naming(content: Content, ranges: readonly Sequences[]): Content {
  const skipped = wireSkipped(ranges);
  return content.type === 'message'
    ? { type: 'message', message: { ...content.message, skipped } }
    : { type: 'announcement', announcement: { ...content.announcement, skipped } };
}
