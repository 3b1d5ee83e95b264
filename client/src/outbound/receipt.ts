import { SyncError } from '../error.ts';

/** What a relay said when it stored a message. */
export interface Acknowledgement {
  /** Address of the relay. */
  readonly relay: string;
  /** Its cursor there; absent when the relay had it and has removed it since. */
  readonly cursor?: number;
  /** It survives a power cut of that relay. */
  readonly durable: boolean;
}

/** A message that is durably queued. */
export interface PushReceipt {
  /** Message.id, 32 hexadecimal characters. */
  readonly id: string;
  /**
   * Resolves when a relay has acknowledged it. Rejects with SyncError when it was refused for good or dropped, or when
   * the session is closed before (kind `closed`: it stays queued).
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

  /** The receipt for an id; the same one until it is settled. */
  receipt(id: string): PushReceipt {
    const known = this.#pending.get(id);
    if (known !== undefined) return { id, acknowledged: known.acknowledged };
    const { promise, resolve, reject } = Promise.withResolvers<Acknowledgement>();
    promise.catch(() => {}); // an app that does not wait for it is not told by a crash
    this.#pending.set(id, { id, acknowledged: promise, resolve, reject });
    return { id, acknowledged: promise };
  }

  resolve(id: string, acknowledgement: Acknowledgement): void {
    this.#take(id)?.resolve(acknowledgement);
  }

  reject(id: string, error: SyncError): void {
    this.#take(id)?.reject(error);
  }

  /** Nothing more will be heard of any of them for now; all stay queued. */
  rejectAll(error: SyncError): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, error);
  }

  /** Nothing more will be heard in this session. */
  close(): void {
    this.rejectAll(
      new SyncError('closed', 'The session was closed before a relay had acknowledged the message.', {
        hint: 'It stays queued and is sent when a session is opened again.',
      }),
    );
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
