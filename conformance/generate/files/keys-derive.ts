import { Draft } from '../draft.ts';
import { deviceOf, epochOf, relayOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { claimTokenOf } from '../kit/pairing.ts';

export function groupFile(): Draft {
  const draft = new Draft('keys/group', 'kdf.group');
  for (const slug of ['epoch-0', 'epoch-0-again']) {
    const secret = labelled(draft.id(slug), 'secret');
    draft.positive(slug, {
      req: ['GR-02', 'GR-05', 'OV-20', 'OV-23', 'OV-24'],
      flags: ['GroupIdInDerivation'],
      comment: 'Epoch 0 gives the group id; the id is left out of auth_0 and stands in message_0.',
      in: { secret: hex(secret), epoch: 0 },
      ok: okOf(secret, 0, undefined),
    });
  }
  for (const [slug, epoch] of [
    ['epoch-1', 1],
    ['epoch-256', 256],
    ['epoch-65536', 65_536],
    ['epoch-max', 2 ** 32 - 1],
  ] as const) {
    const [secret, groupId] = [labelled(draft.id(slug), 'secret'), labelled(draft.id(slug), 'group_id')];
    draft.positive(slug, {
      req: ['GR-05', 'GR-06', 'OV-01'],
      flags: ['GroupIdInDerivation', 'ByteOrder'],
      comment: `Epoch ${epoch} binds the given group id and u32(e), big-endian.`,
      in: { secret: hex(secret), epoch, group_id: hex(groupId) },
      ok: okOf(secret, epoch, groupId),
    });
  }
  return draft;
}

function okOf(secret: Uint8Array, epoch: number, groupId: Uint8Array | undefined) {
  const keys = epochOf(secret, epoch, groupId);
  return { group_id: hex(keys.groupId), auth_pub: hex(keys.authKey), message_key: hex(keys.messageKey) };
}

export function deviceFile(): Draft {
  const draft = new Draft('keys/device', 'kdf.device');
  const shared = labelled(draft.id('one-seed-two-groups'), 'seed');
  for (const slug of ['first', 'second', 'one-seed-two-groups', 'one-seed-two-groups-other']) {
    const id = draft.id(slug);
    const [seed, groupId] = [slug.startsWith('one-seed') ? shared : labelled(id, 'seed'), labelled(id, 'group_id')];
    const { deviceKey, xwingKey } = deviceOf(seed, groupId);
    draft.positive(slug, {
      req: ['GR-10', 'OV-21', 'OV-22'],
      flags: ['LinkableDevice'],
      comment: 'One seed gives other keys in every group.',
      in: { seed: hex(seed), group_id: hex(groupId) },
      ok: { device_key: hex(deviceKey), xwing_key: hex(xwingKey) },
    });
  }
  return draft;
}

export function claimFile(): Draft {
  const draft = new Draft('keys/claim', 'kdf.claim');
  const shared = labelled(draft.id('one-seed-two-mailboxes'), 'seed');
  for (const slug of ['first', 'second', 'one-seed-two-mailboxes', 'one-seed-two-mailboxes-other']) {
    const id = draft.id(slug);
    const [seed, mailboxId] = [
      slug.startsWith('one-seed') ? shared : labelled(id, 'seed'),
      labelled(id, 'mailbox_id', 16),
    ];
    draft.positive(slug, {
      req: ['PA-20', 'OV-33'],
      flags: ['RandomClaimToken'],
      comment: 'The claim token of a device for one mailbox.',
      in: { seed: hex(seed), mailbox_id: hex(mailboxId) },
      ok: { claim_token: hex(claimTokenOf(seed, mailboxId)) },
    });
  }
  return draft;
}

export function relayFile(): Draft {
  const draft = new Draft('keys/relay', 'kdf.relay');
  for (const slug of ['first', 'second', 'zero']) {
    const seed = slug === 'zero' ? new Uint8Array(32) : labelled(draft.id(slug), 'seed');
    const { nodeId, mlkemKey, kemHash, signingKey } = relayOf(seed);
    draft.positive(slug, {
      req: ['HS-20', 'HS-21', 'OV-28', 'OV-29', 'OV-30'],
      comment: 'The three keys of a relay, its NodeId, and the hash that pins its encapsulation key.',
      in: { seed: hex(seed) },
      ok: { node_id: hex(nodeId), mlkem_key: hex(mlkemKey), kem_hash: hex(kemHash), signing_key: hex(signingKey) },
    });
  }
  return draft;
}
