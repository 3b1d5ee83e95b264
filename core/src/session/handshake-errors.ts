import type { ErrorName } from '@0k-sync/generated/errors';

/** The error of each class in which a handshake message can fail. HS-03 to HS-08. */
export const handshakeErrors = {
  'handshake.parse': 'HANDSHAKE_MALFORMED',
  'handshake.auth': 'HANDSHAKE_FAILED',
  'handshake.kem': 'HANDSHAKE_KEM_INVALID',
  'handshake.order': 'HANDSHAKE_ORDER',
} as const satisfies Record<string, ErrorName>;
