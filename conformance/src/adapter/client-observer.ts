import type {
  Completeness,
  LinkState,
  Message,
  RelayRetention,
  SessionStatus,
  SyncError,
  SyncSession,
} from '@0k-sync/client/node';
import { readZBase32, toHex } from '@0k-sync/core/bytes';
import { classOf, errorNameOf } from '@0k-sync/core/wire';
import type { Members } from '../zkcp/protocol.ts';

/** The conditions that `observe` can wait for. */
export interface Until {
  readonly messages?: number;
  readonly event?: string;
}

/** Collects the events of one handle's sessions since `open`, and wakes those that wait for more. */
export class ClientObserver {
  readonly events: Members[] = [];
  readonly messages: Members[] = [];
  readonly #waiting = new Set<() => void>();

  /** Records what a session reports. */
  watch(session: SyncSession): void {
    session.on('received', () => this.#notify());
    session.on('rejected', ({ rejectClass, cursor }) =>
      this.#add({ type: 'rejected', class: rejectClass, cursor: `${cursor}` }),
    );
    session.on('gap', ({ sender, from, to }) =>
      this.#add({ type: 'gap', sender: hexOf(sender), from: `${from}`, to: `${to}` }),
    );
    session.on('fork', ({ sender, sequence }) =>
      this.#add({ type: 'fork', sender: hexOf(sender), sequence: `${sequence}` }),
    );
    session.on('rolled-back', () => this.#add({ type: 'rolled-back' }));
    session.on('expired', ({ sender, from, to }) =>
      this.#add({
        type: 'expired',
        ...(sender !== undefined && { sender: hexOf(sender) }),
        from: `${from}`,
        to: `${to}`,
      }),
    );
    session.on('expiring', ({ what, atMs }) => this.#add({ type: 'expiring', what, at: atMs }));
    session.on('withheld', ({ sender, from, to }) =>
      this.#add({ type: 'withheld', sender: hexOf(sender), from: `${from}`, to: `${to}` }),
    );
    session.on('relay-key-changed', ({ before, after }) =>
      this.#add({ type: 'relay-key-changed', before: nodeIdOf(before), after: nodeIdOf(after) }),
    );
    session.on('refused', ({ code, willRetry }) => {
      if (!willRetry) this.#add({ type: 'refused', code });
    });
    session.on('member-joined', ({ device, name }) =>
      this.#add({ type: 'member-joined', device: hexOf(device), name }),
    );
    let before: LinkState = 'idle';
    session.on('status', (status) => {
      const { state = 'idle', error } = status.relays[0] ?? {};
      const ended = disconnection(before, state, error as SyncError | undefined);
      before = state;
      if (ended !== undefined) this.#add(ended);
      else this.#notify();
    });
  }

  delivered(message: Message): void {
    this.messages.push(messageOf(message));
    this.#notify();
  }

  /** Resolves when something has changed. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  async until({ messages, event }: Until): Promise<void> {
    const isThere = () =>
      (messages === undefined || this.messages.length >= messages) &&
      (event === undefined || this.events.some(({ type }) => type === event));
    while (!isThere()) await this.changed();
  }

  #add(event: Members): void {
    this.events.push(event);
    this.#notify();
  }

  #notify(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** A message as ZKCP writes it. */
export function messageOf({ sender, id, content, cursor }: Message): Members {
  return {
    sender: hexOf(sender),
    id,
    ...contentJson(content),
    ...(cursor !== undefined && { cursor: `${cursor}` }),
  };
}

/** Text, or bytes in hexadecimal. */
export function contentJson(content: string | Uint8Array): Members {
  return typeof content === 'string' ? { text: content } : { data: toHex(content) };
}

/** The missing messages, as ZKCP writes them. */
export function completenessOf({ missing, expired }: Completeness): Members {
  return {
    missing: missing.map(({ sender, from, to }) => ({ sender: hexOf(sender), from: `${from}`, to: `${to}` })),
    expired: expired.map(({ relay, from, to }) => ({ relay: hexOf(relay), from: `${from}`, to: `${to}` })),
  };
}

/** The status of a session as ZKCP writes it. */
export function statusOf({ connected, unsynced, refused, relays }: SessionStatus): Members {
  const shown = refused.map(({ id, code }) => ({ id, code }));
  const { retention } = relays[0] ?? {};
  return {
    connected,
    unsynced,
    ...(shown.length > 0 && { refused: shown }),
    ...(retention && { retention: retentionOf(retention) }),
  };
}

function retentionOf({ expiresAfterMs, bytesMax }: RelayRetention): Members {
  return {
    ...(expiresAfterMs !== undefined && { expires_after_ms: expiresAfterMs }),
    ...(bytesMax !== undefined && { bytes_max: `${bytesMax}` }),
  };
}

/** z-base-32 as the library writes keys, in the hexadecimal of ZKCP. */
export function hexOf(key: string): string {
  return toHex(readZBase32(key) ?? new Uint8Array());
}

/** Takes the NodeId out of `<nodeid>[.<kem hash>]`. */
function nodeIdOf(keys: string): string {
  return hexOf(keys.split('.')[0] ?? '');
}

/** The event of a link that went from one state to another, when a connection ended or came to nothing by an error. */
function disconnection(before: LinkState, now: LinkState, error: SyncError | undefined): Members | undefined {
  const code = error?.code;
  const isDown = now === 'waiting' || now === 'stopped' || (now === 'connecting' && code !== undefined);
  if (!isDown || !(before === 'connected' || (before === 'connecting' && code !== undefined))) return undefined;
  return { type: 'disconnected', ...(code !== undefined && { code, class: classOf(errorNameOf(code)) }) };
}
