/**
 * The port between 0k-sync and what carries its bytes. An adapter gives reliable, ordered, bidirectional byte streams
 * over connections, modelled on RFC 9000 sections 2 and 5. Of three layers it is the lowest: a connection carries
 * bytes, a channel (core) makes them secret, a session (core) speaks frames over the channel.
 *
 * Data moves by callbacks, never by promises. A callback never runs inside a call of its owner, with one exception:
 * `receive` and `onStream` replay what arrived earlier.
 */

/** Receives what happens on a stream. */
export interface StreamHandler {
  /** Gives bytes in order, at least one. The handler owns the array and may write to the stream. */
  data(bytes: Uint8Array): void;
  /** The peer finished its sending side. This end's sending side stays open until `end`. */
  end(): void;
  /**
   * The stream is over in both directions. This is the last call, and it comes exactly once.
   * @param code the application error number of the reset or of the connection's close, from either side; 0 when both
   * sides ended or the connection was lost
   */
  closed(code: number): void;
  /** The network took everything that was written: `bufferedBytes` is 0 again. */
  drain?(): void;
}

/** A reliable, ordered, bidirectional byte stream. */
export interface ByteStream {
  /**
   * Queues bytes; the stream owns the array. Everything written in one turn of the event loop leaves as one write.
   * After `end`, `reset` or the connection's close nothing is written.
   */
  write(bytes: Uint8Array): void;
  /** Bytes written and not yet taken by the network. */
  readonly bufferedBytes: number;
  /** Attaches the one handler, and replays what arrived earlier before it returns. A second call throws. */
  receive(handler: StreamHandler): void;
  /** Finishes the sending side after everything written has left. Idempotent. */
  end(): void;
  /** Aborts both directions with an application error number, 0 to 2^32−1; bytes that are not sent yet are lost. */
  reset(code: number): void;
}

/** The end of a connection. */
export interface ConnectionEnd {
  /** The application error number of the close; 0 for none. */
  readonly code: number;
  /** A few words for logs. The peer chooses them, so never trust them. */
  readonly reason: string;
  /** True when the peer closed the connection. */
  readonly remote: boolean;
  /** True when the connection vanished without a close from either side (idle timeout, network gone). */
  readonly lost: boolean;
}

/** A connection: streams in both directions, until it is closed or lost. */
export interface Connection {
  readonly remote: Address;
  /** Opens a stream; the peer learns of it by the first bytes or the end. Throws TransportError `closed` or `limit`. */
  openStream(): ByteStream;
  /**
   * Attaches the one handler for streams that the peer opens, and replays those that came earlier. The handler should
   * call `receive` before it returns, because bytes that arrive until then count as unread.
   */
  onStream(handler: (stream: ByteStream) => void): void;
  /**
   * Closes gracefully: hands over what was written, waits a bounded time until the network took it, then closes with an
   * application error number (0 to 2^32−1; 0 is none) and a short ASCII reason. Handlers get only `closed` from now on.
   * Idempotent: the first call decides. Resolves when the connection is gone, and never rejects.
   */
  close(code: number, reason?: string): Promise<void>;
  /** Resolves when the connection is gone, and never rejects. */
  readonly closed: Promise<ConnectionEnd>;
  /** Bytes of stream data received so far, over all streams. */
  readonly receivedBytes: number;
}

/** A place to connect to or to listen at. */
export interface Address {
  /** A name or an address literal; IPv6 without brackets. */
  readonly host: string;
  /** The port, 0 to 65535, of an adapter that has ports; `listen` takes any free port for 0. */
  readonly port: number;
}

/** Bounds on what a peer may take of this end. */
export interface PeerLimits {
  /** Streams that the peer may have open at the same time; further ones are reset with `code`. */
  readonly streamsMax: number;
  /** Bytes that may wait for handlers, over all streams; with more, the connection closes with `code`. */
  readonly unreadBytesMax: number;
  /** Connections that a listener holds at the same time; further ones are refused. */
  readonly connectionsMax: number;
  /** The application error number for a peer that exceeds `streamsMax` or `unreadBytesMax`. */
  readonly code: number;
}

/** The options of `connect`. */
export interface ConnectOptions {
  /** The application protocol to offer (RFC 7301). */
  readonly alpn: string;
  readonly signal?: AbortSignal;
  /** The longest time until the connection is established, ms. */
  readonly timeoutMs?: number;
  readonly limits?: Partial<PeerLimits>;
}

/** The options of `listen`. */
export interface ListenOptions extends Address {
  /** The application protocols to accept (RFC 7301). */
  readonly alpns: readonly string[];
  readonly limits?: Partial<PeerLimits>;
}

/** An adapter: makes connections and listeners. */
export interface Transport {
  /** Connects to a listener. Rejects with TransportError. */
  connect(target: Address, options: ConnectOptions): Promise<Connection>;
  /** Listens; `accept` gets each connection when it is established. Rejects with TransportError. */
  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener>;
}

/** A listener, with the real address and port. */
export interface Listener extends Address {
  /** Stops accepting, closes every connection gracefully with 0, and frees the port. Idempotent; never rejects. */
  close(): Promise<void>;
}
