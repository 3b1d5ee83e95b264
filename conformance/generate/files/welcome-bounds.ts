// What a Welcome may hold at most, what each field is as long as, and whether its group proves itself. PA-12.
import type { Draft } from '../draft.ts';
import { field } from '../kit/envelope.ts';
import { type Epoch, groupOf, memberRecord } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { encode, varint } from '../kit/wire.ts';
import { type Edit, editWire } from '../mutate-wire.ts';
import { payloadOf, sceneOf } from './welcome-samples.ts';

const RELAYS_MAX = 16;
const DEVICES_MAX = 64;
const EPOCHS_MAX = 1024;
const RELAY_ADDRESS_BYTES_MAX = 262;
const PORT = ':4433';

export function welcomeBounds(draft: Draft): void {
  fields(draft);
  lists(draft);
  group(draft);
}

type Remade = (slug: string, flag: string, comment: string, welcome: Uint8Array) => void;

/** Payloads of other Welcomes under the keys of `three-members`. */
function makers(draft: Draft) {
  const of = 'three-members';
  const scene = sceneOf(draft.id(of), { members: 3, relays: 2 });
  const twin = draft.case(of);
  const edit = (within: readonly number[], one: Edit) =>
    Buffer.from(editWire(hex(scene.welcome), { in: 'message', within, edit: one }), 'hex');
  const refuse: Remade = (slug, flag, comment, welcome) =>
    draft.negative(slug, {
      of,
      req: ['PA-12'],
      flags: [flag],
      comment,
      reject: 'invite.parse',
      change: { remade: slug, in: { ...twin.in, payload: hex(payloadOf(scene, welcome)) } },
    });
  const { ok } = twin.expect as unknown as { ok: { devices: string[]; relays: string[]; group_id: string } };
  const accept = (slug: string, comment: string, welcome: Uint8Array, more: Partial<typeof ok> = {}) =>
    draft.positive(slug, {
      req: ['PA-12', 'WI-17'],
      flags: ['ItemsUncounted'],
      comment,
      in: { ...twin.in, payload: hex(payloadOf(scene, welcome)) },
      ok: { ...ok, ...more },
    });
  return { scene, edit, refuse, accept, ok };
}

function fields(draft: Draft): void {
  const { edit, refuse, scene } = makers(draft);
  for (const [name, within, number, length] of [
    ['relay-node-id', [3], 2, 32],
    ['head-sender-key', [6], 1, 32],
    ['head-hash', [6], 3, 32],
  ] as const) {
    refuse(
      `${name}-absent`,
      'FieldLengthUnchecked',
      'A field of fixed length is missing.',
      edit(within, { remove: number }),
    );
    for (const other of [length - 1, length + 1]) {
      const value = { value: number, with: '00'.repeat(other) };
      refuse(`${name}-${other}-bytes`, 'FieldLengthUnchecked', `A field of ${other} bytes.`, edit(within, value));
    }
  }
  // The last relay has neither: they are added.
  for (const [name, key] of [
    ['relay-kem-hash', '1a'],
    ['relay-signing-key', '22'],
  ] as const) {
    for (const length of [31, 33]) {
      const add = `${key}${hex(varint(length))}${'00'.repeat(length)}`;
      refuse(`${name}-${length}-bytes`, 'FieldLengthUnchecked', `A field of ${length} bytes.`, edit([3], { add }));
    }
  }
  const secretOf = (length: number) =>
    hex(field(5, encode('EpochSecret', { epoch: 1, secret: labelled(scene.id, 'epoch-1', length) })));
  for (const length of [31, 33]) {
    refuse(
      `later-secret-${length}-bytes`,
      'FieldLengthUnchecked',
      `A secret of ${length} bytes, of an epoch that nothing else names.`,
      edit([], { add: secretOf(length) }),
    );
  }
  refuse(
    'later-secret-absent',
    'FieldLengthUnchecked',
    'An epoch without its secret.',
    edit([], { add: hex(field(5, encode('EpochSecret', { epoch: 1 }))) }),
  );
  refuse(
    'later-epoch-2-pow-32',
    'IntegerCutOff',
    'An epoch above 2^32−1.',
    edit([], { add: `2a28${'088080808010'}1220${'11'.repeat(32)}` }),
  );
  for (const [slug, value] of [
    ['version-257', '088102'],
    ['version-2-pow-32-plus-1', '088180808010'],
  ] as const) {
    refuse(slug, 'VersionUnchecked', 'A version that is 1 where it is cut off.', edit([], { replace: 1, with: value }));
  }
  const address = (length: number) => Buffer.from(`${'a'.repeat(length - PORT.length)}${PORT}`).toString('hex');
  refuse(
    'relay-address-263-bytes',
    'FieldLengthUnchecked',
    'An address of 263 bytes.',
    edit([3], { value: 1, with: address(RELAY_ADDRESS_BYTES_MAX + 1) }),
  );
}

function lists(draft: Draft): void {
  const { edit, refuse, accept, scene, ok } = makers(draft);
  const many = (length: number, make: (index: number) => Uint8Array) =>
    Buffer.concat(Array.from({ length }, (_, index) => make(index))).toString('hex');
  const add = (text: string) => edit([], { add: text });
  const relay = (index: number) => `relay-${index + 2}.example:4433`;
  const relays = (length: number) =>
    many(length, (index) =>
      field(
        3,
        encode('RelayPin', { address: relay(index), node_id: labelled(scene.id, `relay-${index + 2}/node_id`) }),
      ),
    );
  const epochs = (length: number) =>
    many(length, (index) =>
      field(5, encode('EpochSecret', { epoch: index + 1, secret: labelled(scene.id, `epoch-${index + 1}`) })),
    );
  const head = (sender: Uint8Array, sequence: number) =>
    field(6, encode('SenderHead', { sender_key: sender, sequence, hash: new Uint8Array(32) }));
  const group = groupOf(scene.id);
  const members = (length: number) => Array.from({ length }, (_, index) => group.device(`more-${index}`));
  const records = (devices: ReturnType<typeof members>) =>
    many(devices.length, (index) => field(4, memberRecord(devices[index] as (typeof devices)[number], scene.epoch)));
  const more = members(DEVICES_MAX - 3);
  accept('16-relays', 'As many relays as there can be.', add(relays(RELAYS_MAX - 2)), {
    relays: [...ok.relays, ...Array.from({ length: RELAYS_MAX - 2 }, (_, index) => relay(index))],
  });
  accept('1024-epochs', 'As many epochs as there can be.', add(epochs(EPOCHS_MAX - 1)));
  const headsOfMore = many(more.length, (index) =>
    head((more[index] as (typeof more)[number]).deviceKey, index === 0 ? Number.MAX_SAFE_INTEGER : 1),
  );
  accept(
    '64-members',
    'As many members and heads as there can be, one of the largest sequence.',
    add(records(more) + headsOfMore),
    {
      devices: [...ok.devices, ...more.map(({ deviceKey }) => hex(deviceKey))],
    },
  );
  const uncounted = (slug: string, comment: string, text: string) => refuse(slug, 'ItemsUncounted', comment, add(text));
  uncounted('17-relays', 'One relay too many.', relays(RELAYS_MAX - 1));
  uncounted('1025-epochs', 'One epoch too many.', epochs(EPOCHS_MAX));
  uncounted('65-members', 'One member too many.', records([...more, group.device('one-more')]));
  uncounted(
    '65-heads',
    'One head too many.',
    many(DEVICES_MAX - 2, (index) => head(labelled(scene.id, `head-of-${index}`), 1)),
  );
}

/** GR-02: records and group id agree with each other, not with the secret of epoch 0. */
function group(draft: Draft): void {
  const of = 'one-member';
  const scene = sceneOf(draft.id(of), {});
  const twin = draft.case(of);
  for (const [name, at] of [
    ['first', 0],
    ['last', 31],
  ] as const) {
    const groupId = Uint8Array.from(scene.epoch.groupId);
    groupId[at] = (groupId[at] ?? 0) ^ 1;
    const epoch: Epoch = { ...scene.epoch, groupId };
    const [member] = scene.members;
    if (member === undefined) throw new RangeError('there is no member');
    const welcome = editWire(
      editWire(hex(scene.welcome), { in: 'message', within: [], edit: { value: 2, with: hex(groupId) } }),
      { in: 'message', within: [], edit: { value: 4, with: hex(memberRecord(member, epoch)) } },
    );
    draft.negative(`group-id-unproven-${name}-byte`, {
      of,
      req: ['PA-12', 'GR-02'],
      flags: ['GroupIdUnproven'],
      comment: `The records are of the group that is named, whose id differs from the secret's in its ${name} byte.`,
      reject: 'invite.parse',
      change: {
        remade: `group id of another ${name} byte`,
        in: { ...twin.in, payload: hex(payloadOf(scene, Buffer.from(welcome, 'hex'))) },
      },
    });
  }
  const { welcome } = scene;
  const without = editWire(hex(welcome), { in: 'message', within: [], edit: { remove: 3 } });
  draft.negative('without-relays', {
    of,
    req: ['PA-12'],
    flags: ['MessageAbsent'],
    comment: 'No relay.',
    reject: 'invite.parse',
    change: { remade: 'no relay', in: { ...twin.in, payload: hex(payloadOf(scene, Buffer.from(without, 'hex'))) } },
  });
}
