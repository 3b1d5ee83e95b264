import { readKey } from '@0k-sync/core/bytes';
import { readHostPort } from '@0k-sync/core/pairing';
import { RELAY_ADDRESS_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Address } from '@0k-sync/transport';
import { SyncError } from '../error.ts';
import type { StoredPin } from '../store/types.ts';

/** The port of a relay whose text names none. CL-34. */
const PORT_DEFAULT = 4433;

/** A relay as the user wrote it. */
export interface RelayAddress {
  /** `host:port`, IPv6 in brackets: the name under which everything of the relay is kept. */
  readonly address: string;
  readonly target: Address;
  /** Present when the text names the relay's keys. CL-32. */
  readonly pin?: StoredPin;
}

/**
 * Reads `host[:port]` or `<nodeid>[.<kem hash>]@host[:port]`. CL-34.
 * @throws SyncError kind `argument` with code 1050 when it is neither.
 */
export function parseRelay(text: string): RelayAddress {
  const at = text.lastIndexOf('@');
  const target = parseTarget(text, text.slice(at + 1));
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const address = `${host}:${target.port}`;
  if (address.length > RELAY_ADDRESS_BYTES_MAX) throw malformed(text, 'the address is too long');
  if (at < 0) return { address, target };
  const [nodeId, kemHash, ...more] = text.slice(0, at).split('.').map(readKey);
  if (nodeId === undefined || more.length > 0) throw malformed(text, 'the key before the @ is not readable');
  if (kemHash === undefined && text.slice(0, at).includes('.')) throw malformed(text, 'the KEM hash is not readable');
  return { address, target, pin: { address, nodeId, ...(kemHash && { kemHash }), fixed: true } };
}

function parseTarget(text: string, target: string): Address {
  const read = readHostPort(target);
  if (read === undefined) throw malformed(text, 'the host or the port is not readable');
  return { host: read.host, port: read.port ?? PORT_DEFAULT };
}

function malformed(text: string, why: string): SyncError {
  return new SyncError('argument', `"${text}" is not a relay: ${why}.`, {
    code: 1050,
    hint: 'Write host:port, or the relay’s key, an @ and host:port.',
  });
}
