import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { nameError } from './errors.ts';

/** The address of a host, IPv4 first. Address literals, IPv6 without brackets, are passed on. Rejects `name-not-found`. */
export async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    const { address } = await lookup(host, { order: 'ipv4first' });
    return address;
  } catch (error) {
    throw nameError(host, error);
  }
}
