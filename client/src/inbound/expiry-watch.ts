import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import { readRetention } from '../relay/retention.ts';
import type { Store } from '../store/port.ts';
import type { StoredVisit } from '../store/types.ts';

interface ExpiryWatchDeps {
  readonly store: Pick<Store, 'placed' | 'commit'>;
  readonly events: Emitter<SyncEvents>;
  readonly clock: Clock;
}

/** The state of one relay that expires by age; times are monotonic, ms. */
interface Expiring {
  readonly ageMs: number;
  readonly floor: number;
  /** The relay's clock when the monotonic clock shows 0, milliseconds since 1970. */
  readonly relayEpochMs: number;
  /** The first failure since the last session, or the end of a session of an earlier process; undefined during a session. */
  goneSince: number | undefined;
  /** The absence was reported. */
  toldUnread: boolean;
  /** Time before which nothing of the history is about to expire; Infinity once that was reported. */
  historyAt: number;
}

/** Part of the retention's age that is left when the app is told. */
const WARNING_SHARE = 1 / 4;
/** Part of the age after which a session that goes on is noted, so that a crash makes no long absence of it. */
const NOTE_SHARE = 1 / 16;

/** Tells the app before a relay removes what this device has not read, or what a device that joins later needs. CL-29. */
export class ExpiryWatch {
  readonly #deps: ExpiryWatchDeps;
  /** By the relay's address. */
  readonly #relays = new Map<string, Expiring>();
  /** Ends the noting of a session, by the relay's address. */
  readonly #cancels = new Map<string, () => void>();

  /** @param visits the last sessions of earlier processes; an absence goes on over a restart */
  constructor(deps: ExpiryWatchDeps, visits: readonly StoredVisit[]) {
    this.#deps = deps;
    const now = deps.clock.monotonic();
    for (const { relay, expiresAfterMs: ageMs, seenAtMs, told: toldUnread } of visits) {
      if (ageMs === 0) continue;
      const goneSince = now - Math.max(0, deps.clock.now() - seenAtMs); // OV-07
      this.#relays.set(relay, { ageMs, floor: 0, relayEpochMs: 0, goneSince, toldUnread, historyAt: now });
    }
  }

  /** The relay has let this device in. */
  entered(relay: string, helloAck: HelloAck): void {
    const { expiresAfterMs: ageMs } = readRetention(helloAck);
    const before = this.#relays.get(relay);
    this.#relays.delete(relay);
    if (ageMs === undefined && before !== undefined) this.#note(relay, 0, false);
    if (ageMs === undefined) return;
    this.#noteSession(relay, ageMs);
    const now = this.#deps.clock.monotonic();
    this.#relays.set(relay, {
      ageMs,
      floor: Number(helloAck.floor),
      relayEpochMs: Number(helloAck.serverTimeMs) - now,
      goneSince: undefined,
      toldUnread: false,
      historyAt: before?.historyAt ?? now,
    });
  }

  /** A session with the relay has ended, or an attempt has failed. */
  missed(relay: string): void {
    const known = this.#relays.get(relay);
    if (known === undefined || known.toldUnread) return;
    const now = this.#deps.clock.monotonic();
    if (known.goneSince === undefined) this.#endSession(relay, known.ageMs);
    known.goneSince ??= now;
    const leftMs = known.ageMs - (now - known.goneSince);
    if (leftMs > known.ageMs * WARNING_SHARE) return;
    known.toldUnread = true;
    this.#note(relay, known.ageMs, true, now - known.goneSince);
    this.#tell(relay, 'unread', leftMs);
  }

  /** The relay was read to its head. Looks at the oldest message that it still serves, when that may be due. */
  async read({ address, key }: ProvenRelay): Promise<void> {
    const known = this.#relays.get(address);
    const now = this.#deps.clock.monotonic();
    if (known === undefined || now < known.historyAt) return;
    const [oldest] = await this.#deps.store.placed(key, known.floor, 1);
    if (oldest === undefined) return;
    const leftMs = known.ageMs - (now + known.relayEpochMs - oldest.receivedAtMs);
    const aheadMs = leftMs - known.ageMs * WARNING_SHARE;
    known.historyAt = aheadMs > 0 ? now + aheadMs : Number.POSITIVE_INFINITY;
    if (aheadMs <= 0) this.#tell(address, 'history', leftMs);
  }

  /** Ends the noting of sessions. */
  close(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  /** Notes a session that has begun or goes on, and again after a while. */
  #noteSession(relay: string, ageMs: number): void {
    this.#cancels.get(relay)?.();
    this.#note(relay, ageMs, false);
    const cancel = this.#deps.clock.after(ageMs * NOTE_SHARE, () => this.#noteSession(relay, ageMs));
    this.#cancels.set(relay, cancel);
  }

  #endSession(relay: string, ageMs: number): void {
    this.#cancels.get(relay)?.();
    this.#cancels.delete(relay);
    this.#note(relay, ageMs, false);
  }

  /** Stores when this device was last in a session with the relay, `agoMs` before now. */
  #note(relay: string, expiresAfterMs: number, told: boolean, agoMs = 0): void {
    const visit = { relay, expiresAfterMs, seenAtMs: Math.floor(this.#deps.clock.now() - agoMs), told };
    // A store that fails here also fails for the next segment, and is reported there.
    this.#deps.store.commit([{ kind: 'visit', visit }]).catch(() => {});
  }

  #tell(relay: string, what: 'unread' | 'history', leftMs: number): void {
    this.#deps.events.emit('expiring', { relay, what, atMs: Math.floor(this.#deps.clock.now() + leftMs) });
  }
}
