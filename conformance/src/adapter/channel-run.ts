import { type ChannelListener, lengthPrefixed } from '@0k-sync/core/channel';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { ErrorName } from '@0k-sync/generated/errors';
import { crypto, rejection } from './op.ts';

interface Channel {
  receive(bytes: Uint8Array): void;
  send(plaintext: Uint8Array): void;
  close(): void;
}

/** The result of a finished handshake at one end. */
interface ChannelRun {
  /** All messages that this end sent, in order. */
  readonly sent: readonly Uint8Array[];
  readonly handshakeHash: Uint8Array;
  readonly sendKey: Uint8Array;
  readonly receiveKey: Uint8Array;
}

const LENGTH_PREFIX_MAX = 65_535;
/** A record that is long enough to be opened and never authentic. */
const DUMMY_RECORD = lengthPrefixed(new Uint8Array(17));

/**
 * Runs one end of a handshake on the other end's messages. Throws the rejection of the first error; too few messages and
 * one too many are out of turn (HS-08).
 */
export function runChannel(
  receive: readonly Uint8Array[],
  start: (observed: CryptoProvider, listener: ChannelListener) => Channel,
): ChannelRun {
  const sent: Uint8Array[] = [];
  let handshakeHash: Uint8Array | undefined;
  let error: ErrorName | undefined;
  const keys = observedKeys();
  const channel = start(keys.provider, {
    send: (bytes) => sent.push(bytes),
    ready: (info) => (handshakeHash = info.handshakeHash),
    plaintext: () => false,
    failed: (reason) => (error ??= reason),
  });
  for (const message of receive) {
    if (handshakeHash !== undefined) throw rejection('HANDSHAKE_ORDER');
    if (message.length > LENGTH_PREFIX_MAX) throw rejection('HANDSHAKE_MALFORMED');
    channel.receive(lengthPrefixed(message));
    if (error !== undefined) throw rejection(error);
  }
  if (handshakeHash === undefined) throw rejection('HANDSHAKE_ORDER');
  const handshakeMessages = sent.slice();
  const { sendKey, receiveKey } = keys.afterwards(channel);
  channel.close();
  return { sent: handshakeMessages, handshakeHash, sendKey, receiveKey };
}

/** Observes the keys that a channel keeps private, when the first record of each direction uses them. */
function observedKeys() {
  let used = new Uint8Array();
  const provider: CryptoProvider = {
    ...crypto,
    chachaSeal: (key, ...rest) => {
      used = key.slice();
      return crypto.chachaSeal(key, ...rest);
    },
    chachaOpen: (key, ...rest) => {
      used = key.slice();
      return crypto.chachaOpen(key, ...rest);
    },
  };
  const afterwards = (channel: Channel) => {
    channel.send(new Uint8Array(1));
    const sendKey = used;
    channel.receive(DUMMY_RECORD);
    return { sendKey, receiveKey: used };
  };
  return { provider, afterwards };
}
