import type { StreamHandler } from './port.ts';

/**
 * The receiving side of a stream. It keeps what arrives until a handler is attached, and keeps the promises of
 * StreamHandler (only `closed` follows `end`; `closed` comes once and last) whatever the adapter below does.
 */
export class Inbox {
  #handler: StreamHandler | undefined;
  #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #hasEnded = false;
  #isMuted = false;
  #closeCode: number | undefined;

  /** Bytes that wait for a handler. */
  get unreadBytes(): number {
    return this.#unreadBytes;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isClosed(): boolean {
    return this.#closeCode !== undefined;
  }

  attach(handler: StreamHandler): void {
    if (this.#handler) throw new TypeError('receive: this stream has a handler already');
    const unread = this.#unread;
    const hasEnded = this.#hasEnded;
    const closeCode = this.#closeCode;
    this.#handler = handler;
    this.#unread = [];
    this.#unreadBytes = 0;
    for (const bytes of unread) {
      if (this.#isMuted) break;
      handler.data(bytes);
    }
    if (hasEnded && !this.#isMuted) handler.end();
    if (closeCode !== undefined) handler.closed(closeCode);
  }

  data(bytes: Uint8Array): void {
    if (this.#hasEnded || this.#isMuted || this.isClosed || bytes.length === 0) return;
    if (this.#handler) {
      this.#handler.data(bytes);
      return;
    }
    this.#unread.push(bytes);
    this.#unreadBytes += bytes.length;
  }

  end(): void {
    if (this.#hasEnded || this.isClosed) return;
    this.#hasEnded = true;
    if (!this.#isMuted) this.#handler?.end();
  }

  drain(): void {
    if (!this.#isMuted && !this.isClosed) this.#handler?.drain?.();
  }

  /** Passes on only `closed` from now on. */
  mute(): void {
    this.#isMuted = true;
    this.#unread = [];
    this.#unreadBytes = 0;
  }

  closed(code: number): void {
    if (this.isClosed) return;
    this.#closeCode = code;
    this.#handler?.closed(code);
  }
}
