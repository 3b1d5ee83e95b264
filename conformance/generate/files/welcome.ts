import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { encode } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';
import type { Alter } from '../rows.ts';
import { headOf, names, recordOf, relaysOf, secretsOf } from './welcome-names.ts';
import { lockJson, payloadOf, sceneFor, shapes } from './welcome-samples.ts';

const NAME_BYTES_MAX = 64;
const RELAYS_MAX = 16;
const DEVICES_MAX = 64;
const EPOCHS_MAX = 1024;

export function welcomeSealFile(): Draft {
  const draft = new Draft('pairing/welcome-seal', 'welcome.seal');
  for (const [slug, comment] of shapes) {
    const scene = sceneFor(draft.id(slug));
    draft.positive(slug, {
      req: ['PA-10', 'PA-11', 'OV-31', ...(slug === 'passphrase' ? ['PA-09'] : [])],
      comment,
      in: { welcome: hex(scene.welcome), ...lockJson(scene) },
      draws: { nonce: hex(scene.nonce) },
      ok: { payload: hex(payloadOf(scene)) },
    });
  }
  return draft;
}

export function welcomeOpenFile(): Draft {
  const remake = ({ id }: Case, alter: Alter) => ({ payload: hex(payloadOf(sceneFor(id), alter)) });
  const draft = new Draft('pairing/welcome-open', 'welcome.open', { opens: true, names, remake });
  for (const [slug, comment, { relays = 1 }] of shapes) {
    const scene = sceneFor(draft.id(slug));
    draft.positive(slug, {
      req: ['PA-10', 'PA-11', 'PA-12', 'OV-31', ...(slug === 'passphrase' ? ['PA-09'] : [])],
      comment,
      in: { payload: hex(payloadOf(scene)), ...lockJson(scene) },
      ok: {
        group_id: hex(scene.epoch.groupId),
        devices: scene.members.map(({ deviceKey }) => hex(deviceKey)),
        relays: Array.from({ length: relays }, (_, index) => `relay-${index}.example:4433`),
      },
    });
  }
  longest(draft);
  named(draft);
  return draft;
}

/** Names behind what `three-members` has; the answer does not show them. PA-25. */
function named(draft: Draft): void {
  const { id, in: input, expect } = draft.case('three-members');
  const ok = 'ok' in expect ? expect.ok : {};
  const scene = sceneFor(id);
  const nameOf = (key: Uint8Array, name: string) => encode('Welcome', { names: [{ device_key: key, name }] });
  const accept = (slug: string, comment: string, names: readonly Uint8Array[]) => {
    const welcome = Buffer.concat([scene.welcome, ...names]);
    const payload = hex(payloadOf(scene, (part, honest) => (part === 'welcome' ? welcome : honest)));
    draft.positive(slug, { req: ['PA-25', 'WI-17'], flags: ['NamesUnread'], comment, in: { ...input, payload }, ok });
  };
  const [first] = scene.members;
  const stranger = labelled(id, 'stranger');
  accept('name-of-64-bytes', 'A name as long as a name can be.', [nameOf(first.deviceKey, 'n'.repeat(NAME_BYTES_MAX))]);
  accept('name-of-a-stranger', 'A name of a key without a record is ignored.', [nameOf(stranger, 'x')]);
  accept(
    '64-names',
    'As many names as there can be.',
    Array.from({ length: DEVICES_MAX }, () => nameOf(stranger, 'x')),
  );
}

/** As many relays, epochs, members and heads as there can be, behind what `three-members` has. */
function longest(draft: Draft): void {
  const { id, in: input, expect } = draft.case('three-members');
  const ok = ('ok' in expect ? expect.ok : {}) as {
    readonly devices: readonly string[];
    readonly relays: readonly string[];
  };
  const scene = sceneFor(id);
  const accept = (slug: string, comment: string, fields: Uint8Array, more: JsonObject) => {
    const welcome = Buffer.concat([scene.welcome, fields]);
    const payload = hex(payloadOf(scene, (part, honest) => (part === 'welcome' ? welcome : honest)));
    draft.positive(slug, {
      req: ['PA-12', 'WI-17'],
      flags: ['ItemsUncounted'],
      comment,
      in: { ...input, payload },
      ok: { ...ok, ...more },
    });
  };
  const relays = Array.from({ length: RELAYS_MAX - 2 }, (_, index) => `relay-${index + 2}.example:4433`);
  accept('16-relays', 'As many relays as there can be.', relaysOf(id, RELAYS_MAX - 2), {
    relays: [...ok.relays, ...relays],
  });
  accept('1024-epochs', 'As many epochs as there can be.', secretsOf(id, EPOCHS_MAX - 1), {});
  const more = Array.from({ length: DEVICES_MAX - 3 }, (_, index) => `more-${index}`);
  const devices = more.map((name) => groupOf(id).device(name));
  const heads = devices.map((one, index) => headOf(scene, one, index === 0 ? Number.MAX_SAFE_INTEGER : 1));
  accept(
    '64-members',
    'As many members and heads as there can be, one of the largest sequence.',
    Buffer.concat([...more.map((name) => recordOf(scene, name)), ...heads]),
    { devices: [...ok.devices, ...devices.map(({ deviceKey }) => hex(deviceKey))] },
  );
}
