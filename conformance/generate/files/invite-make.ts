import { Draft } from '../draft.ts';
import { linkOf } from '../kit/pairing.ts';
import type { Json } from '../model.ts';

import { badAddresses, badCosts, inviteBytes, invites } from './invite-samples.ts';

export function inviteMakeFile(): Draft {
  const draft = new Draft('pairing/invite-make', 'invite.make');
  for (const [slug, comment, make] of invites) {
    const invite = make(draft.id(slug));
    draft.positive(slug, {
      req: ['PA-01', 'PA-03', 'PA-04', ...(slug.startsWith('pass') ? ['PA-07', 'PA-08'] : [])],
      comment,
      in: { invite },
      ok: { link: linkOf(inviteBytes(invite)) },
    });
  }
  const refuse = (slug: string, of: string, req: string, comment: string, change: readonly [string, string, Json?]) =>
    draft.negative(slug, { of, req: [req], flags: ['InviteUnreadable'], comment, reject: 'invite.parse', change });
  refuse('address-empty', 'node-id-only', 'PA-03', 'A relay without an address.', [
    'set',
    'in.invite.relay.address',
    '',
  ]);
  for (const [slug, address, comment] of badAddresses) {
    refuse(`address-${slug}`, 'node-id-only', 'PA-03', comment, ['set', 'in.invite.relay.address', address]);
  }
  refuse('address-263-bytes', 'node-id-only', 'PA-03', 'An address of 263 bytes.', [
    'set',
    'in.invite.relay.address',
    `${'a'.repeat(258)}:4433`,
  ]);
  refuse('node-id-empty', 'node-id-only', 'PA-03', 'A relay without a NodeId.', ['set', 'in.invite.relay.node_id', '']);
  refuse('node-id-short', 'node-id-only', 'PA-03', 'A NodeId of 31 bytes.', [
    'truncate',
    'in.invite.relay.node_id',
    31,
  ]);
  refuse('kem-hash-short', 'whole-pin', 'PA-03', 'A KEM hash of 31 bytes.', [
    'truncate',
    'in.invite.relay.kem_hash',
    31,
  ]);
  refuse('mailbox-id-short', 'node-id-only', 'PA-03', 'A mailbox id of 15 bytes.', [
    'truncate',
    'in.invite.mailbox_id',
    15,
  ]);
  refuse('invite-key-long', 'node-id-only', 'PA-03', 'A key of 33 bytes.', ['extend', 'in.invite.invite_key', '00']);
  refuse('salt-short', 'passphrase', 'PA-07', 'A salt of 15 bytes.', ['truncate', 'in.invite.passphrase.salt', 15]);
  for (const [slug, path, value] of badCosts) {
    refuse(slug, 'passphrase-floor', 'PA-08', 'Costs that no reader computes.', [
      'set',
      `in.invite.passphrase.${path}`,
      value,
    ]);
  }
  return draft;
}
