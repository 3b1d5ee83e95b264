import { OperatorFailure } from '../operator/failure.ts';
import type { Config } from './sections.ts';

/** Refuses values that are valid alone but not together. Throws OperatorFailure. */
export function checkTogether(config: Config, origin: string): void {
  const { http, groups } = config;
  if (http.enabled && http.token === '' && !isLoopback(http.address)) {
    throw new OperatorFailure(
      `${origin}: http.address is ${http.address}, which others can reach, and http.token is empty`,
      'set http.token, or leave http.address at "127.0.0.1"',
    );
  }
  if (groups.creation === 'token' && groups.access_tokens.length === 0) {
    throw new OperatorFailure(
      `${origin}: groups.creation is "token" and groups.access_tokens is empty, so nobody could create a group`,
      'list a token in groups.access_tokens, or set groups.creation to "open" or "closed"',
    );
  }
}

/** True for a literal loopback address only, because a name may resolve to anything. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(address);
}
