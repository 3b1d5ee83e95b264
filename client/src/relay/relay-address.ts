import { readKey } from '@0k-sync/core/bytes';
import { readHostPort } from '@0k-sync/core/pairing';
import { errors } from '@0k-sync/generated/errors';
import { RELAY_ADDRESS_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Address } from '@0k-sync/transport';
import { checkText } from '../arguments.ts';
import { SyncError } from '../error.ts';
import type { StoredPin } from '../store/types.ts';

/** The port of a relay whose text names none. CL-34. */
const PORT_DEFAULT = 4433;

/** The parts of a relay's text form. */
export interface RelayAddress {
  /** `host:port`, IPv6 in brackets; the relay's pin is kept under it. At most RELAY_ADDRESS_BYTES_MAX bytes. */
  readonly address: string;
  /** The host without brackets and the port, for the transport. */
  readonly target: Address;
  /** Present when the text names the relay's keys; always fixed. CL-32. */
  readonly pin?: StoredPin;
}

/**
 * Reads `host[:port]` or `<nodeid>[.<kem hash>]@host[:port]`, each key 32 bytes in z-base-32 or hexadecimal; the port
 * defaults to 4433. CL-34.
 * @throws SyncError kind `argument` with code 1050 (INVITE_MALFORMED) when the text has neither form.
 */
export function parseRelay(text: string): RelayAddress {
  checkText('relay', text);
  const at = text.lastIndexOf('@');
  const target = parseTarget(text, text.slice(at + 1));
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const address = `${host}:${target.port}`;
  if (address.length > RELAY_ADDRESS_BYTES_MAX)
    throw malformedError(text, `the address is longer than ${RELAY_ADDRESS_BYTES_MAX} bytes`);
  if (at < 0) return { address, target };
  const [nodeId, kemHash, ...more] = text.slice(0, at).split('.').map(readKey);
  if (nodeId === undefined || more.length > 0) throw malformedError(text, 'the key before the @ is not readable');
  if (kemHash === undefined && text.slice(0, at).includes('.'))
    throw malformedError(text, 'the KEM hash is not readable');
  return { address, target, pin: { address, nodeId, ...(kemHash && { kemHash }), fixed: true } };
}

function parseTarget(text: string, target: string): Address {
  const read = readHostPort(target);
  if (read === undefined) throw malformedError(text, 'the host or the port is not readable');
  return { host: read.host, port: read.port ?? PORT_DEFAULT };
}

function malformedError(text: string, why: string): SyncError {
  return new SyncError('argument', `"${text}" is not a relay: ${why}.`, {
    code: errors.INVITE_MALFORMED.number,
    hint: 'Write host:port, or <nodeid>@host:port.',
  });
}
