import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

const LINK_LOCAL = /^fe[89ab]/i;

/** True for the address that stands for all addresses of a machine: `0.0.0.0`, or `::` for IPv4, too. */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || /^(0{0,4}:)+0{0,4}$/.test(address);
}

/**
 * The addresses of this machine that a wildcard stands for, those that others can dial first. Link-local IPv6 addresses
 * are left out, because they mean nothing without an interface.
 */
export function localAddresses(wildcard: string): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
  const meant = all.filter(({ address, family }) => {
    return family === 'IPv4' || (isIPv6(wildcard) && !LINK_LOCAL.test(address));
  });
  const order = [...meant.filter(({ internal }) => !internal), ...meant.filter(({ internal }) => internal)];
  return [...new Set(order.map(({ address }) => address))];
}
