import type { CryptoProvider } from '@0k-sync/core/crypto';
import type Database from 'better-sqlite3';
import type { Batch, BatchResult, GroupQuotas } from '../messages/messages.ts';
import { PackedReader } from '../messages/push-pack.ts';
import { packResults } from '../messages/result-pack.ts';
import type { Command, Outcomes, PushResult } from '../port.ts';
import { AuditTrail } from './audit.ts';
import { acknowledge, authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { Ledger } from './ledger.ts';
import { acknowledgeMailbox, cancelMailbox, claimMailbox, putMailbox } from './mailbox.ts';
import { push } from './push.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { sweep } from './sweep.ts';

/** Carries out batches on the writing connection, each in one transaction. RL-21, RL-29, RL-30. */
export class BatchWriter {
  readonly #statements: Statements;
  readonly #ledger: Ledger;
  readonly #trail = new AuditTrail();
  readonly #quotas: GroupQuotas;
  readonly #database: Database.Database;
  readonly #crypto: CryptoProvider;
  #changes = 0;

  constructor(database: Database.Database, quotas: GroupQuotas, crypto: CryptoProvider) {
    this.#crypto = crypto;
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#ledger = new Ledger(this.#statements, quotas);
    this.#quotas = quotas;
  }

  /**
   * Writes a batch and returns when its transaction is durable.
   * @throws SqliteError after undoing the whole batch
   */
  write(batch: Batch): { readonly result: BatchResult; readonly hasChanged: boolean } {
    this.#ledger.trim();
    this.#statements.begin.run();
    try {
      const result = this.#decide(batch);
      this.#ledger.write();
      const before = this.#changes;
      this.#countChanges();
      this.#statements.commit.run();
      return { result, hasChanged: this.#changes !== before };
    } catch (error) {
      this.#ledger.forget();
      this.#trail.forget();
      if (this.#database.inTransaction) this.#statements.rollback.run();
      this.#countChanges();
      throw error;
    }
  }

  /** SQLite counts what a transaction changed, also one that it undid. */
  #countChanges(): void {
    this.#changes = this.#statements.changes.get()?.changes ?? 0;
  }

  /** Runs one batch in its transaction, so that no reader sees a cursor before the one in front of it. RL-43. */
  #decide({ nowMs, retentionMs, commands, pushes }: Batch): BatchResult {
    const context: Context = {
      crypto: this.#crypto,
      statements: this.#statements,
      ledger: this.#ledger,
      quotas: this.#quotas,
      trail: this.#trail,
      nowMs,
      retentionMs,
    };
    const packed = new PackedReader(pushes);
    const outcomes: Outcomes[Command['kind']][] = [];
    const results: PushResult[][] = [];
    for (const command of commands) {
      if (command === null) results.push(push(context, packed.next()));
      else outcomes.push(run(context, command));
    }
    return { outcomes, pushes: packResults(results) };
  }
}

type Handler<Kind extends Command['kind']> = (
  context: Context,
  command: Extract<Command, { kind: Kind }>,
) => Outcomes[Kind];

/** One row for each command: it carries the command out inside the transaction. */
const HANDLERS: { readonly [Kind in Command['kind']]: Handler<Kind> } = {
  authorize,
  acknowledge,
  'mailbox-put': putMailbox,
  'mailbox-claim': claimMailbox,
  'mailbox-acknowledge': acknowledgeMailbox,
  'mailbox-cancel': cancelMailbox,
  sweep,
};

function run(context: Context, command: Command): Outcomes[Command['kind']] {
  const handle = HANDLERS[command.kind] as Handler<Command['kind']>;
  return handle(context, command);
}
