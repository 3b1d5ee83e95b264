import type { Mutant } from './mutant.ts';

const JUDGE = 'client/src/inbound/judge.ts';
const HELD = 'client/src/inbound/held.ts';
const PULLER = 'client/src/inbound/puller.ts';
const INTAKE = 'client/src/inbound/intake.ts';
const STREAM = 'client/src/inbound/message-stream.ts';
const READS = 'client/src/node/sqlite-reads.ts';
const ENTER = 'client/src/session/enter-group.ts';

/** Mistakes of a client with what it reads. */
export const clientLogMutants: readonly Mutant[] = [
  {
    name: 'segments-unchecked',
    what: 'takes a stretch of the log that does not account for every cursor',
    file: PULLER,
    from: "if (!accountsForEveryCursor(segment, BigInt(after))) throw new ProtocolViolation('CURSOR_GAP');",
    to: '',
    killedBy: ['client/segment/*'],
  },
  {
    name: 'unknown-epoch-rejected',
    what: 'rejects an envelope of an epoch whose secret it does not have',
    file: JUDGE,
    from: "return this.#hold(batch, arrival, outcome.signed, 'epoch');",
    to: "return this.reject(batch, arrival, 'envelope.auth');",
    killedBy: ['client/member/unknown-epoch-waits', 'client/member/behind-unknown-epoch'],
  },
  {
    name: 'message-ids-unchecked',
    what: 'delivers every message of a sender, whatever its id',
    file: JUDGE,
    from: "visible: content.type === 'message' && !isRepeat,",
    to: "visible: content.type === 'message',",
    killedBy: ['client/member/repeated-message-id'],
  },
  {
    name: 'forks-unreported',
    what: 'passes over a second envelope of a place as over one that it has',
    file: JUDGE,
    from: 'return this.#reportFork(batch, arrival, outcome.signed, outcome.known);',
    to: 'return this.#place(batch, arrival, outcome.signed.hash);',
    killedBy: ['client/member/fork', 'client/own-chain/fork'],
  },
  {
    name: 'gaps-never-closed',
    what: 'waits for a missing envelope for ever',
    file: HELD,
    from: ' || heldAtMs + GAP_WAIT_MS <= now',
    to: '',
    killedBy: ['client/gap/withheld', 'client/gap/late'],
  },
  {
    name: 'one-held-in-a-place',
    what: 'holds the first of several envelopes that wait for one place',
    file: JUDGE,
    from: 'if (this.#held.at(senderKey, sequence).some((known) => equal(known.hash, hash))) return;',
    to: 'if (this.#held.at(senderKey, sequence).length > 0) return;',
    killedBy: ['client/gap/two-in-one-place'],
  },
  {
    name: 'expiry-from-the-cursor',
    what: 'reports the envelope that it has read last as expired too',
    file: INTAKE,
    from: 'from: after + 1, to: removedThrough',
    to: 'from: after, to: removedThrough',
    killedBy: ['client/expired/below-the-floor'],
  },
  {
    name: 'duplicates-of-a-batch',
    what: 'looks for an envelope that comes again only in what it reads at the moment',
    file: JUDGE,
    from: 'batch.entryAt(sender, place) ?? (await store.entryBySequence(sender, place))',
    to: 'batch.entryAt(sender, place) ?? (membership.isOwn(sender) ? await store.entryBySequence(sender, place) : undefined)',
    killedBy: [
      'client/durable/delivered-once-over-restart',
      'client/duplicate/over-pages',
      'client/duplicate/whole-log-again',
    ],
  },
  {
    name: 'last-message-again',
    what: 'gives the app its last message again when others have come',
    file: STREAM,
    from: 'if (page.length === 0) await wakeup.wait();',
    to: 'if (page.length === 0) { await wakeup.wait(); this.#consumed = Math.max(0, this.#consumed - 1); }',
    killedBy: [
      'client/duplicate/live-and-pulled',
      'client/duplicate/deliveries-repeated',
      'client/pages/has-more-denied',
    ],
  },
  {
    name: 'positions-as-text',
    what: 'sorts the positions of messages as texts, 10 before 9',
    file: READS,
    from: 'position > ? AND visible = 1 AND own = 0 ORDER BY position LIMIT',
    to: 'position > ? AND visible = 1 AND own = 0 ORDER BY CAST(position AS TEXT) LIMIT',
    killedBy: ['client/pages/many'],
  },
  {
    name: 'pulls-from-the-cursor',
    what: 'gives the message at a cursor to who asks for what is above it',
    file: READS,
    from: 'placement.cursor > ?',
    to: 'placement.cursor >= ?',
    killedBy: ['client/content/pull-after-cursor'],
  },
  {
    name: 'head-believed',
    what: 'takes a log that ends below the head of HelloAck for one with a gap',
    file: PULLER,
    from: 'await this.#receive(segment, cursor);\n      return hasMore;',
    to: "if (!hasMore && segment.next < this.#session.helloAck.head) throw new ProtocolViolation('CURSOR_GAP');\n      await this.#receive(segment, cursor);\n      return hasMore;",
    killedBy: ['client/claim/head-huge', 'client/claim/floor-huge'],
  },
  {
    name: 'head-not-above-cursor',
    what: 'reads nothing at first where HelloAck names no head above its cursor',
    file: PULLER,
    from: 'return this.#pulls.run(async () => {',
    to: 'return this.#pulls.run(async () => {\n      const { helloAck, relay } = this.#session;\n      const isFirst = this.#acknowledged === 0;\n      if (isFirst && Number(helloAck.head) <= this.#deps.intake.progressAt(relay.key).cursor) return;',
    killedBy: ['client/claim/head-zero'],
  },
  {
    name: 'relay-of-another-world',
    what: 'refuses a relay that names another epoch, or whose clock is far away',
    file: ENTER,
    from: "if (signingKey === 'changed')",
    to: "if (signingKey === 'changed' || helloAck.epoch !== 0 || helloAck.serverTimeMs < 1_000_000_000_000n)",
    killedBy: ['client/claim/epoch', 'client/claim/server-time'],
  },
  {
    name: 'limits-believed',
    what: 'takes the limits of a relay for granted',
    file: 'core/src/session/clamp-limits.ts',
    from: 'return claimed === undefined || claimed === 0 ? most : Math.min(claimed, most);',
    to: 'return claimed ?? most;',
    killedBy: ['client/claim/limits-huge', 'client/claim/limits-zero'],
  },
  {
    name: 'own-cursor-read',
    what: 'takes the log up to what it has pushed for read',
    file: 'client/src/outbound/push-lane.ts',
    from: 'this.#through = sequences.at(-1) ?? this.#through;',
    to: 'this.#through = sequences.at(-1) ?? this.#through;\n    await this.#deps.intake.jump(this.#session.relay.key, Number(results.at(-1)?.cursor ?? 0n), entries.at(-1)?.hash);',
    also: {
      file: INTAKE,
      from: '  /** Stores that a relay has this',
      to: '  async jump(relay, cursor, hash) {\n    if (cursor > this.progressAt(relay).cursor) this.#progress.set(relay, { ...this.progressAt(relay), cursor, hash });\n  }\n\n  /** Stores that a relay has this',
    },
    killedBy: ['client/claim/own-push-cursor'],
  },
  {
    name: 'strangers-not-looked-up',
    what: 'asks for no member list when it meets a sender that it does not know',
    file: PULLER,
    from: 'if (intake.hasStranger(segment)) await this.listDevices();',
    to: '',
    killedBy: ['pair/pairing/third-device', 'client/members/unknown-sender', 'client/members/no-record'],
  },
  {
    name: 'names-forgotten',
    what: 'tells who has joined without a name',
    file: JUDGE,
    from: "events.emit('member-joined', { device: zBase32(sender), name })",
    to: "events.emit('member-joined', { device: zBase32(sender), name: '' })",
    killedBy: ['client/members/joined'],
  },
];
