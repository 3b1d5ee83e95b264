import { parseRelay } from '@0k-sync/client';
import { nobleCrypto } from '@0k-sync/core/crypto';
import { parseInvite } from '@0k-sync/core/pairing';
import { ProtocolError } from '@0k-sync/core/wire';
import { CommandError } from './command-error.ts';
import { exitCodes } from './exit.ts';
import { withoutFullStop } from './explain-error.ts';

/** The public parts of an invite: no secrets. */
export interface InviteSummary {
  /** Address of the relay that has the mailbox, `host:port`. */
  readonly relay: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly needsPassphrase: boolean;
}

/**
 * Reads an invite without using it, so that a typing mistake burns no claim and a needless passphrase is not asked for.
 * PA-04.
 */
export function summariseInvite(link: string, nowMs: number): InviteSummary {
  const read = parseInvite(nobleCrypto, link, nowMs);
  if (!read.ok) {
    const { code, name: errorName, detail } = ProtocolError.from(read);
    const isExpired = errorName === 'INVITE_EXPIRED';
    throw new CommandError({
      exit: exitCodes.invite,
      kind: 'invite',
      message: withoutFullStop(detail),
      hint: isExpired
        ? 'ask for a new invite; if it is new, set the clock of the device that is wrong'
        : 'copy the whole invite again',
      code,
      errorName,
    });
  }
  const { relay, expiresAtMs, passphrase, key } = read.value;
  key.wipe();
  return { relay: parseRelay(relay.address).address, expiresAtMs, needsPassphrase: passphrase !== undefined };
}
