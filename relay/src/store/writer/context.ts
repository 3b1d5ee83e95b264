import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { GroupQuotas } from '../messages/messages.ts';
import type { Ledger } from './ledger.ts';
import type { Statements } from './statements.ts';

/** What every decision inside a transaction works with. */
export interface Context {
  readonly crypto: CryptoProvider;
  readonly statements: Statements;
  readonly ledger: Ledger;
  readonly quotas: GroupQuotas;
  /** The relay's clock at this batch. */
  readonly nowMs: number;
}

/** Adds a row to the audit log; the caller names no secret and no full id. RL-65. */
export function audit(
  { statements, quotas, nowMs }: Context,
  event: string,
  prefix: string | null,
  detail: string,
): void {
  if (quotas.auditRowsMax > 0) statements.insertNote.run(nowMs, event, prefix, detail);
}
