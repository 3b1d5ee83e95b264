import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { nameError } from './errors.ts';

/** Resolves a host name, IPv4 first; an address literal is returned as it is. Rejects with `name-not-found`. */
export async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    const { address } = await lookup(host, { order: 'ipv4first' });
    return address;
  } catch (error) {
    throw nameError(host, error);
  }
}
