import type { Context } from './context.ts';

/** The kinds of rows. */
export const AUDIT_EVENTS = [
  'group-created',
  'device-enrolled',
  'invite-put',
  'invite-claimed',
  'invite-used',
  'invite-cancelled',
  'invite-expired',
  'envelopes-removed',
] as const;

/** The contents of a row of the audit log. */
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

/** One row of the audit log. */
export interface AuditRow {
  readonly event: AuditEvent;
  /** The first 4 bytes of the group id in hexadecimal; null for an event without a group. */
  readonly prefix: string | null;
  readonly detail: string;
}

/** Rows of one group and kind that are kept, and that are added in a minute. */
const GROUP_ROWS_MAX = 100;
const ROWS_PER_MINUTE = 10;
const MINUTE_MS = 60_000;
/** Rows that are removed with each row that is added, for each of the bounds. */
const TRIM_ROWS = 2;
const RATES_MAX = 4096;

/** The rows of one group and kind in the current minute. */
interface Rate {
  readonly sinceMs: number;
  added: number;
  /** Events that left no row since the last one that did. */
  omitted: number;
}

/**
 * Adds rows to the audit log, so that nobody washes out what others did: a bounded rate for each group and kind, bounded
 * rows of each kind, and of each group and kind. RL-87.
 */
export class AuditTrail {
  readonly #rates = new Map<string, Rate>();
  /** Rows of each kind as of this transaction, where they were counted. */
  readonly #rows = new Map<AuditEvent, number>();

  add({ statements, quotas, nowMs }: Context, { event, prefix, detail }: AuditRow): void {
    if (quotas.auditRowsMax === 0) return;
    const rate = this.#rateOf(`${event} ${prefix}`, nowMs);
    if (rate.added >= ROWS_PER_MINUTE) {
      rate.omitted += 1;
      return;
    }
    const text = rate.omitted === 0 ? detail : `${detail} omitted=${rate.omitted}`;
    rate.added += 1;
    rate.omitted = 0;
    const before = this.#rows.get(event) ?? statements.countNotes.get(event)?.count ?? 0;
    statements.insertNote.run(nowMs, event, prefix, text);
    const ofGroup = statements.trimNotesOfGroup.run(event, prefix, TRIM_ROWS, GROUP_ROWS_MAX).changes;
    const rows = before + 1 - ofGroup;
    const keep = Math.max(1, Math.floor(quotas.auditRowsMax / AUDIT_EVENTS.length));
    const excess = Math.min(TRIM_ROWS, rows - keep);
    this.#rows.set(event, excess > 0 ? rows - statements.trimNotes.run(event, excess).changes : rows);
  }

  /** Forgets what it counted; called after a rollback. */
  forget(): void {
    this.#rows.clear();
  }

  #rateOf(key: string, nowMs: number): Rate {
    const known = this.#rates.get(key);
    const isCurrent = known !== undefined && nowMs >= known.sinceMs && nowMs - known.sinceMs < MINUTE_MS;
    if (isCurrent) return known;
    this.#rates.delete(key);
    const [oldest] = this.#rates.keys();
    if (this.#rates.size >= RATES_MAX && oldest !== undefined) this.#rates.delete(oldest);
    const rate = { sinceMs: nowMs, added: 0, omitted: known?.omitted ?? 0 };
    this.#rates.set(key, rate);
    return rate;
  }
}
