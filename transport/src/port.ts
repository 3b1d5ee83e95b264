/**
 * The port between 0k-sync and whatever carries its bytes. An adapter gives reliable, ordered, bidirectional byte streams
 * over connections (RFC 9000 sections 2 and 5 are the model); it knows nothing of frames, keys or sessions.
 *
 * Data moves by callbacks, never by promises. A callback is never called from inside a call that its owner makes, with one
 * exception: `receive` and `onStream` replay what came before.
 */

/** What the owner of a stream is told. */
export interface StreamHandler {
  /** Bytes in order, at least one. The handler owns the array. Writing from inside is allowed. */
  data(bytes: Uint8Array): void;
  /** The peer finished its sending side. The own sending side stays open until `end`. */
  end(): void;
  /**
   * The last call, exactly once: nothing moves in either direction any more.
   * @param code application error number of the reset or of the connection's close (either side's), 0 when both sides
   * ended or the connection was lost.
   */
  closed(code: number): void;
  /** Everything written was taken by the network: `bufferedBytes` is 0 again. */
  drain?(): void;
}

/** Reliable, ordered, bidirectional byte stream. */
export interface ByteStream {
  /**
   * Queues bytes; the array belongs to the stream from now on. Everything written in one turn of the event loop leaves as
   * one write. Ignored after `end`, `reset` or the connection's close.
   */
  write(bytes: Uint8Array): void;
  /** Bytes written and not yet taken by the network. */
  readonly bufferedBytes: number;
  /** Attaches the one handler; what came before is replayed to it before this returns. A second call throws. */
  receive(handler: StreamHandler): void;
  /** Finishes the sending side after everything written was handed over. Idempotent. */
  end(): void;
  /** Aborts both directions at once with an application error number (0 to 2^32 - 1); what is not sent yet is lost. */
  reset(code: number): void;
}

/** How a connection ended. */
export interface ConnectionEnd {
  /** Application error number given with the close, 0 if none was. */
  readonly code: number;
  /** A few words for logs; whatever the peer sent, so never trusted. */
  readonly reason: string;
  /** Whether the peer closed it. */
  readonly remote: boolean;
  /** Whether it vanished without a close from either side (idle timeout, network gone). */
  readonly lost: boolean;
}

export interface Connection {
  readonly remote: Address;
  /** Opens a stream; the peer sees it with the first bytes or the end. Throws TransportError `closed` or `limit`. */
  openStream(): ByteStream;
  /**
   * Attaches the one handler for streams the peer opens; those that came before are replayed to it. The handler should
   * call `receive` before it returns: what arrives until then counts as unread.
   */
  onStream(handler: (stream: ByteStream) => void): void;
  /**
   * Closes gracefully: hands over what was written, waits a bounded time until the network took it, then closes with the
   * application error number (0 to 2^32 - 1, 0 = none) and a short ASCII reason. Handlers get no more data from now on, only `closed`.
   * Idempotent: the first call decides. Resolves when the connection is gone; never rejects.
   */
  close(code: number, reason?: string): Promise<void>;
  /** Resolves once, when the connection is gone; never rejects. */
  readonly closed: Promise<ConnectionEnd>;
  /** Bytes of stream data received so far, all streams together. */
  readonly receivedBytes: number;
}

export interface Address {
  /** Name or address literal, IPv6 without brackets. */
  readonly host: string;
  /** UDP port where the adapter has ports, 0 to 65535; 0 asks `listen` for any free one. */
  readonly port: number;
}

/** What a peer may do to this end before its streams are refused or its connection is closed. */
export interface PeerLimits {
  /** Streams the peer may have open at the same time; those above are reset with `code`. */
  readonly streamsMax: number;
  /** Bytes that may wait, all streams together, for a handler to be attached; beyond, the connection closes with `code`. */
  readonly unreadBytesMax: number;
  /** Connections a listener holds at the same time; those above are refused. */
  readonly connectionsMax: number;
  /** Application error number given to a peer over `streamsMax` or `unreadBytesMax`. */
  readonly code: number;
}

export interface ConnectOptions {
  /** Application protocol offered (RFC 7301). */
  readonly alpn: string;
  readonly signal?: AbortSignal;
  /** Longest time until the connection stands, ms. */
  readonly timeoutMs?: number;
  readonly limits?: Partial<PeerLimits>;
}

export interface ListenOptions extends Address {
  /** Application protocols accepted (RFC 7301). */
  readonly alpns: readonly string[];
  readonly limits?: Partial<PeerLimits>;
}

export interface Transport {
  /** Rejects with TransportError, see its kinds. */
  connect(target: Address, options: ConnectOptions): Promise<Connection>;
  /** Rejects with TransportError. `accept` gets each connection once it stands. */
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener>;
}

/** Where a listener listens, with the real port. */
export interface Listener extends Address {
  /** Stops accepting, closes every connection gracefully with number 0, then frees the port. Idempotent, never rejects. */
  close(): Promise<void>;
}
