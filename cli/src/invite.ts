import { parseRelay } from '@0k-sync/client';
import { nobleCrypto } from '@0k-sync/core/crypto';
import { parseInvite } from '@0k-sync/core/pairing';
import { exitCodes } from './exit.ts';
import { Failure } from './failure.ts';

/** What a person has to know of an invite before it is used or given away. No secrets. */
export interface InviteSummary {
  /** `host:port` of the relay that has the mailbox. */
  readonly relay: string;
  readonly expiresAtMs: number;
  readonly needsPassphrase: boolean;
}

/** Reads a link without using it, so that a typing mistake burns no claim and a passphrase is asked for only if needed. */
export function summarise(link: string, now: number): InviteSummary {
  const read = parseInvite(nobleCrypto, link, now);
  if (!read.ok)
    throw new Failure({
      exit: exitCodes.invite,
      code: read.error,
      message: read.detail.replace(/\.$/, ''),
      hint: read.error === 'INVITE_EXPIRED' ? 'ask for a new invite' : 'copy the whole invite again',
    });
  const { relay, expiresAtMs, passphrase, key } = read.value;
  key.wipe();
  return { relay: parseRelay(relay.address).address, expiresAtMs, needsPassphrase: passphrase !== undefined };
}
