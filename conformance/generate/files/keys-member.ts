import { Bytes, type Value } from '../../src/faults/evaluate.ts';
import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { deviceOf, epochOf, groupOf, memberRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { type Alter, type Context, idOf, type Names } from '../rows.ts';

const REQ = ['GR-08', 'GR-09', 'OV-25'];
const MADE: readonly (readonly [string, number])[] = [
  ['epoch-0', 0],
  ['epoch-3', 3],
  ['epoch-max', 2 ** 32 - 1],
];
const VERIFIED: readonly (readonly [string, number])[] = [
  ['epoch-0', 0],
  ['epoch-7', 7],
  ['other', 0],
];

/** The values of another case, of epoch 0. */
const names: Names = {
  device_seed: (context, slug) => new Bytes(hex(other(context, slug).device.signingSeed)),
  auth_seed: (context, slug) => new Bytes(hex(other(context, slug).epoch.authSeed)),
  group_id: (context, slug) => new Bytes(hex(other(context, slug).epoch.groupId)),
};

function other({ id }: Context, slug: Value | undefined) {
  return sample(idOf(id, slug), 0);
}

export function memberMakeFile(): Draft {
  const draft = new Draft('keys/member-make', 'member.make');
  for (const [slug, number] of MADE) {
    const { epoch, device } = sample(draft.id(slug), number);
    draft.positive(slug, {
      req: REQ,
      comment: `A record that the auth key of epoch ${number} countersigns; epoch 0 is a default and left out.`,
      in: {
        device_seed: hex(device.seed),
        epoch_secret: hex(epoch.secret),
        epoch: number,
        group_id: hex(epoch.groupId),
      },
      ok: { record: hex(memberRecord(device, epoch)) },
    });
  }
  return draft;
}

export function memberVerifyFile(): Draft {
  const remake = ({ id }: Case, alter: Alter) => {
    const { device, epoch } = sample(id, 0);
    return { record: hex(memberRecord(device, epoch, alter)) };
  };
  const draft = new Draft('keys/member-verify', 'member.verify', { names, remake });
  for (const [slug, number] of VERIFIED) {
    const { epoch, device } = sample(draft.id(slug), number);
    draft.positive(slug, {
      req: [...REQ, 'GR-14'],
      comment: `A record of epoch ${number} verifies under that epoch's auth key.`,
      in: {
        record: hex(memberRecord(device, epoch)),
        group_id: hex(epoch.groupId),
        auth_key: hex(epoch.authKey),
      },
      ok: { device_key: hex(device.deviceKey), xwing_key: hex(device.xwingKey), epoch: number },
    });
  }
  return draft;
}

/** Epoch 0 of a group, or a later epoch of one, and a device. */
function sample(id: string, number: number) {
  const group = groupOf(id).epoch;
  const epoch = number === 0 ? group : epochOf(labelled(id, 'later_secret'), number, group.groupId);
  return { epoch, device: deviceOf(labelled(id, 'device_seed'), epoch.groupId) };
}
