import { SyncError } from '../error.ts';
import type { Acknowledgement } from '../events.ts';

/** The receipt for a message that is queued durably. */
export interface PushReceipt {
  /** Message.id, 32 hexadecimal characters. */
  readonly id: string;
  /**
   * Resolves when a relay has stored the message. Rejects with SyncError when a relay refused it for good, when it was
   * dropped, or when the session was closed first; a message of a closed session (kind `closed`) stays queued.
   */
  readonly acknowledged: Promise<Acknowledgement>;
}

interface Pending extends PushReceipt {
  resolve(acknowledgement: Acknowledgement): void;
  reject(error: SyncError): void;
}

/** The receipts of this session that wait for their acknowledgement. */
export class Receipts {
  readonly #pending = new Map<string, Pending>();

  /** The receipt for a message id; the same one until it is settled. */
  receiptFor(id: string): PushReceipt {
    const known = this.#pending.get(id);
    if (known !== undefined) return { id, acknowledged: known.acknowledged };
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
    promise.catch(() => {}); // a receipt that the app ignores must not crash the process
    this.#pending.set(id, { id, acknowledged: promise, resolve, reject });
    return { id, acknowledged: promise };
  }

  resolve(id: string, acknowledgement: Acknowledgement): void {
    this.#takePending(id)?.resolve(acknowledgement);
  }

  reject(id: string, error: SyncError): void {
    this.#takePending(id)?.reject(error);
  }

  /** Rejects every pending receipt. The messages stay queued. */
  rejectAll(error: SyncError): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, error);
  }

  /** Rejects every pending receipt because the session closes. The messages stay queued. */
  close(): void {
    this.rejectAll(
      new SyncError('closed', 'The session was closed before a relay acknowledged the message.', {
        hint: 'The message stays queued; open a session again to send it.',
      }),
    );
  }

  #takePending(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
