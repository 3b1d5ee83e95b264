import { SyncError } from '../error.ts';
import type { Acknowledgement } from '../events.ts';

/** The receipt for a message that is queued durably. */
export interface PushReceipt {
  /** Message.id, 32 hexadecimal characters. */
  readonly id: string;
  /** The message's position in the local log: a later message has a higher one. */
  readonly position: number;
  /** True once a relay has stored the message. */
  readonly stored: boolean;
  /**
   * Resolves when a relay has stored the message. Rejects with SyncError when a relay refused it for good, when it was
   * dropped, or when the session was closed first; a message of a closed session (kind `closed`) stays queued.
   */
  readonly acknowledged: Promise<Acknowledgement>;
}

/** Settles a promise. */
type Settle = (promise: PromiseWithResolvers<Acknowledgement>) => void;

/** A receipt, and how it is settled. The promise is made for an app that asks for it. */
class Receipt implements PushReceipt {
  readonly id: string;
  readonly position: number;
  #promise: PromiseWithResolvers<Acknowledgement> | undefined;
  #settle: Settle | undefined;
  #isStored = false;

  constructor(id: string, position: number) {
    this.id = id;
    this.position = position;
  }

  get acknowledged(): Promise<Acknowledgement> {
    if (this.#promise === undefined) {
      this.#promise = Promise.withResolvers();
      this.#promise.promise.catch(() => {}); // a receipt that the app ignores must not crash the process
      this.#settle?.(this.#promise);
    }
    return this.#promise.promise;
  }

  get stored(): boolean {
    return this.#isStored;
  }

  resolve(acknowledgement: Acknowledgement): void {
    this.#isStored = true;
    this.#settleAs(({ resolve }) => resolve(acknowledgement));
  }

  reject(error: SyncError): void {
    this.#settleAs(({ reject }) => reject(error));
  }

  #settleAs(settle: Settle): void {
    this.#settle = settle;
    if (this.#promise !== undefined) settle(this.#promise);
  }
}

/** The receipts of this session that wait for their acknowledgement. */
export class Receipts {
  readonly #pending = new Map<string, Receipt>();

  /** The receipt for a message id; the same one until it is settled. */
  receiptFor(id: string, position: number): PushReceipt {
    const receipt = this.#pending.get(id) ?? new Receipt(id, position);
    this.#pending.set(id, receipt);
    return receipt;
  }

  /** The receipt that waits for a message; undefined for none. */
  pending(id: string): PushReceipt | undefined {
    return this.#pending.get(id);
  }

  /** Forgets a receipt that nothing would settle. */
  forget(id: string): void {
    this.#pending.delete(id);
  }

  /** The receipt for a message that a relay has stored already. */
  storedReceipt(id: string, position: number, acknowledgement: Acknowledgement): PushReceipt {
    const receipt = new Receipt(id, position);
    receipt.resolve(acknowledgement);
    return receipt;
  }

  /** Settles the receipt of a message as that of the newer one which took its place. */
  replace(id: string, newer: PushReceipt): void {
    const replaced = this.#takePending(id);
    newer.acknowledged.then(
      (acknowledgement) => replaced?.resolve(acknowledgement),
      (error) => replaced?.reject(error),
    );
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

  #takePending(id: string): Receipt | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
