import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { pad } from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { type Invite, openWelcome, sealWelcome, type WelcomeContent } from '@0k-sync/core/pairing';
import { HEADER_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import { Welcome } from '@0k-sync/generated/wire/group';
import fc from 'fast-check';
import t from 'tap';
import { cheapParameters, device, headOf, random, sampleInvite, sampleState } from './fixture.ts';

const invite = sampleInvite();
const state = sampleState();

function seal(lock: { invite: Invite; passphrase?: string }, group: WelcomeContent = state): Uint8Array {
  const sealed = sealWelcome(crypto, random, lock, group);
  if (!sealed.ok) throw new TypeError(sealed.detail);
  return sealed.value;
}

/** Seals any Welcome under the invite's own key. */
function sealMessage(welcome: Welcome): Uint8Array {
  const key = crypto.hkdf(
    invite.key.reveal(),
    new Uint8Array(0),
    Uint8Array.of(...new TextEncoder().encode('0k-sync/v1/welcome'), ...invite.mailboxId),
    32,
  );
  const nonce = random(24);
  return Uint8Array.of(
    ...nonce,
    ...crypto.xchachaSeal(key, nonce, invite.mailboxId, pad(Welcome.encode(welcome).finish())),
  );
}

t.test('PA-10 PA-12 a Welcome comes out verified', async (t) => {
  const opened = openWelcome(crypto, { invite }, seal({ invite }));
  if (!opened.ok) throw new TypeError(opened.detail);
  const { groupId, relays, members, heads, epochs } = opened.value;
  t.strictSame(groupId, state.groupId);
  t.strictSame(relays, state.relays);
  t.strictSame(members, state.members);
  t.strictSame(
    heads.map(({ stub }) => stub),
    state.heads,
  );
  t.match(heads, [{ senderKey: device.deviceKey, sequence: 4 }]);
  t.strictSame(
    epochs.map((keys) => [keys.epoch, keys.exportSecret(), keys.authKey]),
    state.epochs.map((keys) => [keys.epoch, keys.exportSecret(), keys.authKey]),
  );
});

t.test('PA-11 F-023 neither key nor mailbox nor passphrase can be another', async (t) => {
  const payload = seal({ invite });
  const other = sampleInvite();
  t.match(openWelcome(crypto, { invite: other }, payload), { error: 'INVITE_MALFORMED' });
  t.match(openWelcome(crypto, { invite: { ...invite, mailboxId: other.mailboxId } }, payload), {
    error: 'INVITE_MALFORMED',
  });
  t.match(openWelcome(crypto, { invite: { ...invite, key: other.key } }, payload), { error: 'INVITE_MALFORMED' });
  t.match(openWelcome(crypto, { invite, passphrase: 'x' }, payload), { error: 'INVITE_MALFORMED' }, 'none was set');
});

t.test('PA-09 PA-11 F-035 passphrases are normalised and not empty', async (t) => {
  const guarded = { ...invite, passphrase: cheapParameters() };
  const payload = seal({ invite: guarded, passphrase: 'Caf\u00e9 \ufb01' });
  t.ok(openWelcome(crypto, { invite: guarded, passphrase: 'Cafe\u0301 fi' }, payload).ok, 'NFKC');
  t.match(openWelcome(crypto, { invite: guarded, passphrase: 'cafe' }, payload), { error: 'INVITE_MALFORMED' });
  t.match(openWelcome(crypto, { invite: guarded, passphrase: '' }, payload), { error: 'INVITE_MALFORMED' });
  t.match(openWelcome(crypto, { invite: guarded }, payload), { detail: 'A passphrase is needed.' });
  t.match(sealWelcome(crypto, random, { invite: guarded, passphrase: '' }, state), { error: 'INVITE_MALFORMED' });
  const salted = { ...guarded, passphrase: { ...guarded.passphrase, salt: random(16) } };
  t.match(openWelcome(crypto, { invite: salted, passphrase: 'Caf\u00e9 \ufb01' }, payload), {
    error: 'INVITE_MALFORMED',
  });
});

t.test('PA-08 parameters out of bounds are refused before they cost anything', async (t) => {
  const passphrase = { ...cheapParameters(), memoryKib: 0xffff_ffff, iterations: 0xffff_ffff };
  const opened = openWelcome(crypto, { invite: { ...invite, passphrase }, passphrase: 'x' }, seal({ invite }));
  t.match(opened, { error: 'INVITE_MALFORMED', detail: /out of bounds/ });
});

t.test('PA-10 no changed payload opens', async (t) => {
  const payload = seal({ invite });
  fc.assert(
    fc.property(fc.nat({ max: payload.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      return !openWelcome(crypto, { invite }, payload.with(at, (payload[at] ?? 0) ^ (1 << bit))).ok;
    }),
    { numRuns: 100, seed: 5 },
  );
  for (const length of [0, 1, 23, 24, 25, 40, payload.length - 1]) {
    t.match(
      openWelcome(crypto, { invite }, payload.subarray(0, length)),
      { error: 'INVITE_MALFORMED' },
      `${length} bytes`,
    );
  }
});

t.test('PA-12 GR-14 a Welcome that does not verify is refused, though it opens', async (t) => {
  const [first, later] = state.epochs as [EpochKeys, EpochKeys];
  const record = state.members[0]?.record;
  if (record === undefined) throw new TypeError('one member');
  const secrets = [
    { epoch: 0, secret: first.exportSecret() },
    { epoch: 2, secret: later.exportSecret() },
  ];
  const welcome: Welcome = {
    version: 1,
    groupId: state.groupId,
    relays: [...state.relays],
    members: [record],
    epochSecrets: secrets,
    heads: [],
    names: [],
  };
  const foreign = EpochKeys.create(crypto, random);
  const cases: Record<string, Partial<Welcome>> = {
    'version 2': { version: 2 },
    'another group id': { groupId: random(32) },
    'another secret': { epochSecrets: [{ epoch: 0, secret: random(32) }] },
    'no epoch 0': { epochSecrets: secrets.slice(1) },
    'no epoch': { epochSecrets: [] },
    'epochs not ascending': { epochSecrets: [...secrets, { epoch: 2, secret: random(32) }] },
    'epoch 0 twice': { epochSecrets: [secrets[0] ?? { epoch: 0, secret: random(32) }, ...secrets] },
    'no relay': { relays: [] },
    'record of another group': {
      members: [createMemberRecord(new DeviceKeys(crypto, random(32), foreign.groupId), foreign)],
    },
    'record not signed by the group': { members: [{ ...record, authSignature: record.deviceSignature }] },
    'too many members': { members: Array.from({ length: 65 }, () => record) },
  };
  t.ok(openWelcome(crypto, { invite }, sealMessage(welcome)).ok);
  for (const [what, change] of Object.entries(cases)) {
    const fresh = welcome.epochSecrets.map(({ epoch, secret }) => ({ epoch, secret: secret.slice() }));
    const payload = sealMessage({ ...welcome, epochSecrets: fresh, ...change });
    t.match(openWelcome(crypto, { invite }, payload), { ok: false, error: 'INVITE_MALFORMED' }, what);
  }
});

t.test('PA-12 EN-28 a head that its sender did not sign fails the Welcome', (t) => {
  const [head] = state.heads;
  if (head === undefined) throw new TypeError('one head');
  const open = (...heads: Stub[]) => openWelcome(crypto, { invite }, seal({ invite }, { ...state, heads }));
  t.ok(open().ok, 'none');
  t.ok(open(head).ok, 'the sample');
  t.notOk(open({ ...head, bodyHash: random(32) }).ok, 'another body');
  t.notOk(open({ ...head, signature: random(64) }).ok, 'another signature');
  t.notOk(open({ ...head, header: headOf(device, 5).header }).ok, 'another place');
  t.notOk(open(head, headOf(device, 5)).ok, 'two heads of one sender');
  t.notOk(open(headOf(new DeviceKeys(crypto, random(32), state.groupId))).ok, 'a head of a stranger');
  t.end();
});

t.test('PA-13 LI-19 a Welcome of a full group fits its mailbox', async (t) => {
  const [epoch] = state.epochs;
  if (epoch === undefined) throw new TypeError('one epoch');
  const record =
    state.members[0]?.record ?? createMemberRecord(new DeviceKeys(crypto, random(32), epoch.groupId), epoch);
  const member = {
    deviceKey: random(32),
    body: { groupId: epoch.groupId, deviceKey: random(32), xwingKey: random(1216), epoch: 0 },
    record,
  };
  const head = { header: random(HEADER_BYTES_MAX), bodyHash: random(32), signature: random(64) };
  const heads = Array.from({ length: 64 }, () => head);
  const full = { ...state, members: Array.from({ length: 64 }, () => member), heads };
  t.ok(seal({ invite }, full).length <= 128 * 1024);
  const beyond = { ...full, members: Array.from({ length: 90 }, () => member) };
  t.throws(() => sealWelcome(crypto, random, { invite }, beyond), RangeError);
});
