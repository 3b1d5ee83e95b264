// Names in the rows of Welcomes: parts of another group, and lists of any length.
import { Bytes, toNumber, toText, type Value } from '../../src/faults/evaluate.ts';
import type { Case } from '../case.ts';
import { field, stubFields } from '../kit/envelope.ts';
import { type Device, type Epoch, epochOf, groupOf, memberRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { encode } from '../kit/wire.ts';
import type { Names } from '../rows.ts';
import { type Scene, sceneFor } from './welcome-samples.ts';

export const names: Names = {
  with_costs: ({ twin }, memory_kib = null, iterations = null, parallelism = null) => ({
    ...(twin.in['passphrase'] as { readonly text: string; readonly salt: string }),
    memory_kib,
    iterations,
    parallelism,
  }),
  welcome: ({ twin }) => bytes(sceneFor(twin.id).welcome),
  stranger_group_id: ({ twin }) => bytes(strangerOf(twin).epoch.groupId),
  stranger_secret: ({ twin }) => bytes(strangerOf(twin).epoch.secret),
  stranger_record: ({ twin }) => bytes(memberRecord(strangerOf(twin).device('member'), strangerOf(twin).epoch)),
  self_made_record: ({ twin }) => {
    const { members, epoch } = sceneFor(twin.id);
    const [member] = members;
    return bytes(memberRecord(member, { ...epoch, authSeed: member.signingSeed }));
  },
  record_of_unknown_epoch: ({ twin }) => {
    const { id, epoch, members } = sceneFor(twin.id);
    return bytes(memberRecord(members[0], epochOf(labelled(id, 'unknown'), 3, epoch.groupId)));
  },
  other_group_id: ({ twin }, at) => bytes(otherGroup(sceneFor(twin.id), at).groupId),
  record_of_other_group: ({ twin }, at) => {
    const scene = sceneFor(twin.id);
    return bytes(memberRecord(scene.members[0], otherGroup(scene, at)));
  },
  relays: ({ twin }, count) => bytes(relaysOf(twin.id, toInteger(count))),
  record: ({ twin }, name = null) => bytes(recordOf(sceneFor(twin.id), toText(name))),
  records: ({ twin }, count) => bytes(many(toInteger(count), (index) => recordOf(sceneFor(twin.id), `more-${index}`))),
  epoch_secret: ({ twin }, epoch, length = 32n) => bytes(secretOf(twin.id, toInteger(epoch), toInteger(length))),
  epoch_secrets: ({ twin }, count) => bytes(secretsOf(twin.id, toInteger(count))),
};

/** A member record of the group as a field of a Welcome. */
export function recordOf({ id, epoch }: Scene, name: string): Uint8Array {
  return field(4, memberRecord(groupOf(id).device(name), epoch));
}

/** A head as a field of a Welcome. */
export function headOf({ id, epoch }: Scene, sender: Device, sequence: number): Uint8Array {
  return field(6, encode('Stub', stubFields(id, epoch, sender, sequence)));
}

/** So many relays as fields of a Welcome, behind the first two. */
export function relaysOf(id: string, count: number): Uint8Array {
  return many(count, (index) => {
    const name = `relay-${index + 2}`;
    const pin = { address: `${name}.example:4433`, node_id: labelled(id, `${name}/node_id`) };
    return field(3, encode('RelayPin', pin));
  });
}

/** The secrets of so many epochs as fields of a Welcome, from epoch 1. */
export function secretsOf(id: string, count: number): Uint8Array {
  return many(count, (index) => secretOf(id, index + 1));
}

function secretOf(id: string, epoch: number, length = 32): Uint8Array {
  return field(5, encode('EpochSecret', { epoch, secret: labelled(id, `epoch-${epoch}`, length) }));
}

function strangerOf({ id }: Case) {
  return groupOf(`${id}/stranger`);
}

/** The epoch in a group whose id differs in one byte. */
function otherGroup({ epoch }: Scene, at: Value | undefined): Epoch {
  const index = toInteger(at);
  return { ...epoch, groupId: epoch.groupId.with(index, (epoch.groupId[index] ?? 0) ^ 1) };
}

function many(count: number, make: (index: number) => Uint8Array): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));
}

function toInteger(value: Value = null): number {
  return Number(toNumber(value));
}

function bytes(value: Uint8Array): Bytes {
  return new Bytes(hex(value));
}
