import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { GroupQuotas } from '../messages/messages.ts';
import type { AuditEvent, AuditTrail } from './audit.ts';
import type { Ledger } from './ledger.ts';
import type { Statements } from './statements.ts';

/** The collaborators of every decision inside a transaction. */
export interface Context {
  readonly crypto: CryptoProvider;
  readonly statements: Statements;
  readonly ledger: Ledger;
  readonly quotas: GroupQuotas;
  readonly trail: AuditTrail;
  /** The relay's clock at this batch, milliseconds since 1970. */
  readonly nowMs: number;
  /** The retention clock at this batch, milliseconds since 1970. RL-30. */
  readonly retentionMs: number;
}

/** Adds a row to the audit log. Callers name no secret and no full id. RL-65. */
export function audit(context: Context, event: AuditEvent, prefix: string | null, detail: string): void {
  context.trail.add(context, { event, prefix, detail });
}
