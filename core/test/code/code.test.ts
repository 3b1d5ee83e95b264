import { concat, u64, utf8 } from '@0k-sync/core/bytes';
import {
  CodeCreator,
  type CodeGrant,
  CodeJoiner,
  type CodeReply,
  cpaceKeys,
  cpaceTag,
  offerData,
} from '@0k-sync/core/code';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { pad } from '@0k-sync/core/envelope';
import { Secret } from '@0k-sync/core/group';
import { Welcome } from '@0k-sync/generated/wire/group';
import { JoinRequest } from '@0k-sync/generated/wire/pairing';
import t from 'tap';
import { flipped } from '../crypto/providers.ts';
import { device, NOW, random } from '../pairing/fixture.ts';
import { answered, creatorOf, granted, joinerOf, mailboxId, must, nodeId, raise, runOf, state, WORDS } from './ends.ts';

t.test('CO-10 to CO-22: the joiner of the same words gets the Welcome', async (t) => {
  const joiner = joinerOf();
  const { creator, run, reply } = answered(joiner);
  t.equal(run.state, 'offered');
  t.equal(joiner.sid.length, 16);
  t.equal(run.offer.sid.length, 16);
  t.equal(must(run.confirm(reply)), undefined);
  t.equal(run.state, 'confirmed');
  const opened = must(joiner.open(must(run.grant(state))));
  t.strictSame(opened.groupId, state.groupId);
  t.strictSame(opened.members[0]?.deviceKey, device.deviceKey);
  t.strictSame(opened.names, state.names);
  t.equal(creator.isBurnt, false);
});

t.test('CO-11 what each end adds to the transcript', async (t) => {
  const { run, reply } = answered();
  t.strictSame(offerData(run.offer), concat(device.deviceKey, mailboxId, u64(BigInt(NOW))));
  const request = JoinRequest.decode(reply.joinRequest);
  t.equal(request.version, 1);
  t.equal(request.xwingKey.length, 1216);
});

t.test('CO-14 other words, and every changed part, end the run before the creator answers', async (t) => {
  const { run, reply } = answered(joinerOf('copper-violet'));
  t.match(run.confirm(reply), { ok: false, error: 'CODE_MISMATCH' });
  t.equal(run.state, 'failed');
  t.throws(() => run.grant(state), TypeError);
  const elsewhere = answered(joinerOf(WORDS, random(32)));
  t.match(elsewhere.run.confirm(elsewhere.reply), { error: 'CODE_MISMATCH' }, 'the same words at another relay');
  for (const change of [
    (honest: CodeReply) => ({ ...honest, confirmation: flipped(honest.confirmation, 0) }),
    (honest: CodeReply) => ({ ...honest, confirmation: honest.confirmation.subarray(0, 32) }),
    (honest: CodeReply) => ({ ...honest, confirmation: new Uint8Array(0) }),
    (honest: CodeReply) => ({
      ...honest,
      joinRequest: JoinRequest.encode({ version: 1, xwingKey: crypto.xwingPublicKey(random(32)) }).finish(),
    }),
  ]) {
    const { run, reply } = answered();
    t.match(run.confirm(change(reply)), { error: 'CODE_MISMATCH' });
  }
});

t.test('CO-14 CO-15 an offer that was changed on its way gives other keys', async (t) => {
  const change = [{ creator: random(32) }, { mailboxId: random(16) }, { expiresAtMs: NOW + 1 }, { sid: random(16) }];
  for (const part of change) {
    const joiner = joinerOf();
    const run = runOf(creatorOf(), joiner);
    t.match(run.confirm(must(joiner.answer({ ...run.offer, ...part }))), { error: 'CODE_MISMATCH' });
  }
});

t.test('CO-11 CO-13 a share or a request that is not valid ends the run', async (t) => {
  const { run, reply } = answered();
  const requests = [
    new Uint8Array(0),
    concat(reply.joinRequest, Uint8Array.of(0x18, 1)),
    JoinRequest.encode({ version: 2, xwingKey: random(1216) }).finish(),
    JoinRequest.encode({ version: 1, xwingKey: random(1215) }).finish(),
  ];
  const shares = [new Uint8Array(32), run.offer.share, flipped(reply.share, 31, 0x80)];
  for (const wrong of [...requests.map((joinRequest) => ({ joinRequest })), ...shares.map((share) => ({ share }))]) {
    const { run: other, reply: honest } = answered();
    const share = 'share' in wrong && wrong.share === run.offer.share ? { share: other.offer.share } : {};
    t.match(other.confirm({ ...honest, ...wrong, ...share }), { error: 'INVITE_MALFORMED' });
    t.equal(other.state, 'failed');
  }
  const joiner = joinerOf();
  const { offer } = runOf(creatorOf(), joiner);
  t.match(joiner.answer({ ...offer, share: new Uint8Array(32) }), { error: 'INVITE_MALFORMED' });
});

t.test('CO-14 CO-15 a confirmation that is played back to its own end is refused', async (t) => {
  const joiner = joinerOf();
  const { run, reply } = answered(joiner);
  must(run.confirm(reply));
  const grant = must(run.grant(state));
  t.match(joiner.open({ ...grant, confirmation: reply.confirmation }), { error: 'CODE_MISMATCH' });
});

t.test(
  'CO-15 CO-20 the joiner opens nothing before the confirmation is right, and nothing that was changed',
  async (t) => {
    const change: readonly [string, (grant: CodeGrant) => CodeGrant][] = [
      ['CODE_MISMATCH', (grant) => ({ ...grant, confirmation: flipped(grant.confirmation, 63) })],
      ['CODE_MISMATCH', (grant) => ({ ...grant, confirmation: new Uint8Array(0) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: flipped(grant.payload, 0) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: flipped(grant.payload, 1119) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: flipped(grant.payload, 1120) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: grant.payload.subarray(0, -1) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: grant.payload.subarray(0, 1120) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: new Uint8Array(0) })],
      ['INVITE_MALFORMED', (grant) => ({ ...grant, payload: new Uint8Array(128 * 1024 + 1) })],
    ];
    for (const [error, changed] of change) {
      const joiner = joinerOf();
      t.match(joiner.open(changed(granted(joiner))), { error });
      t.throws(() => joiner.open(granted(joinerOf())), TypeError, 'the run has ended');
    }
  },
);

t.test(
  'CO-20 a Welcome that does not fit a mailbox is not sealed, and one that does not verify is not taken',
  async (t) => {
    const names = Array.from({ length: 2000 }, () => ({ deviceKey: device.deviceKey, name: 'n'.repeat(64) }));
    const { run, reply } = answered();
    must(run.confirm(reply));
    t.throws(() => run.grant({ ...state, names }), RangeError);
    const joiner = joinerOf();
    const other = answered(joiner);
    must(other.run.confirm(other.reply));
    const grant = must(
      other.run.grant({ ...state, heads: [{ ...(state.heads[0] ?? raise()), signature: random(64) }] }),
    );
    t.match(joiner.open(grant), { error: 'INVITE_MALFORMED', detail: 'The Welcome does not verify.' });
  },
);

t.test('CO-20 CO-21 OV-35 OV-36: labels, key and payload by another way', async (t) => {
  const [scalar, xwingSeed] = [random(64), random(32)];
  const draws = [random(16), scalar, xwingSeed];
  const joiner = new CodeJoiner(
    { crypto, random: () => draws.shift() ?? raise() },
    { words: new Secret(utf8(WORDS)), nodeId },
  );
  const eseed = random(64);
  const [sidA, scalarA, nonce] = [random(16), random(64), random(24)];
  const creatorDraws = [sidA, scalarA.slice(), eseed.slice(), nonce];
  const creator = new CodeCreator(
    { crypto, random: () => creatorDraws.shift() ?? raise() },
    { words: new Secret(utf8(WORDS)), nodeId, creator: device.deviceKey, mailboxId, expiresAtMs: NOW },
  );
  const kept = { scalar: scalar.slice(), sid: concat(sidA, joiner.sid) };
  const { run, reply } = answered(joiner, creator);
  must(run.confirm(reply));
  const grant = must(run.grant(state));
  const messages = {
    initiator: { share: run.offer.share, data: offerData(run.offer) },
    responder: { share: reply.share, data: reply.joinRequest },
    own: 'initiator' as const,
  };
  const channel = concat(utf8('0k-sync/v1/code'), nodeId);
  const context = { password: utf8(WORDS), channel, sid: kept.sid };
  const keys = cpaceKeys(crypto, context, scalarA, messages) ?? raise();
  t.strictSame(cpaceTag(crypto, keys, messages.initiator), grant.confirmation);
  const { xwingKey } = JoinRequest.decode(reply.joinRequest);
  const { ciphertext, sharedSecret } = crypto.xwingEncapsulate(xwingKey, eseed) ?? raise();
  const info = concat(utf8('0k-sync/v1/by-code'), mailboxId);
  const key = crypto.hkdf(concat(keys.key, sharedSecret), new Uint8Array(0), info, 32);
  const { groupId, relays, members, epochs, heads, names } = state;
  const welcome = Welcome.encode({
    version: 1,
    groupId,
    relays: [...relays],
    members: members.map(({ record }) => record),
    epochSecrets: epochs.map((epoch) => ({ epoch: epoch.epoch, secret: epoch.exportSecret() })),
    heads: [...heads],
    names: [...names],
  }).finish();
  t.strictSame(grant.payload, concat(ciphertext, nonce, crypto.xchachaSeal(key, nonce, mailboxId, pad(welcome))));
});
