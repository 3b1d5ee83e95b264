import { concat, readZBase32, u32, utf8 } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { envelopeHash, pad } from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { formatInvite, openWelcome } from '@0k-sync/core/pairing';
import * as labels from '@0k-sync/generated/labels';
import { Welcome } from '@0k-sync/generated/wire/group';
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import t from 'tap';
import { helloTranscript } from '../src/session/hello.ts';
import { random, sampleInvite, sampleState } from './pairing/fixture.ts';

const secret = random(32);
const seed = random(32);
const epoch = new EpochKeys(crypto, secret.slice(), 0);
const { groupId } = epoch;
const device = new DeviceKeys(crypto, seed, groupId);
const invite = sampleInvite();

/** Derives by RFC 5869 with an empty salt, by another library than the tested one. */
function derive(input: Uint8Array, ...info: Uint8Array[]): Uint8Array {
  return hkdf(sha256, input, new Uint8Array(0), concat(...info), 32);
}

t.test('F-037 OV-20 to OV-43: no label is another, nor the beginning of another', async (t) => {
  const texts = Object.values(labels);
  t.ok(texts.length >= 14);
  for (const [index, text] of texts.entries()) {
    t.match(text, /^0k-sync\/v1\/[a-z0-9-]+$/);
    t.notOk(
      texts.some((other, at) => at !== index && other.startsWith(text)),
      text,
    );
  }
});

t.test('F-037 OV-20 OV-23 OV-24: group id, auth key and message key, each by its label', async (t) => {
  t.strictSame(epoch.authKey, ed25519.getPublicKey(derive(secret, utf8('0k-sync/v1/auth'), u32(0))));
  t.strictSame(groupId, blake3(concat(utf8('0k-sync/v1/group-id'), epoch.authKey)));
  const messageKey = derive(secret, utf8('0k-sync/v1/message'), groupId, u32(0));
  const nonce = random(24);
  t.strictSame(epoch.seal(nonce, groupId, seed), crypto.xchachaSeal(messageKey, nonce, groupId, seed));
});

t.test('F-037 OV-21 OV-22: the two keys of a device, each by its label', async (t) => {
  t.strictSame(device.deviceKey, ed25519.getPublicKey(derive(seed, utf8('0k-sync/v1/device-key'), groupId)));
  t.strictSame(device.xwingKey, crypto.xwingPublicKey(derive(seed, utf8('0k-sync/v1/device-xwing'), groupId)));
});

t.test('F-037 OV-25 OV-26: what record and Hello sign, each under its label', async (t) => {
  const { body, deviceSignature, authSignature } = createMemberRecord(device, epoch);
  const signed = concat(utf8('0k-sync/v1/member-record'), body);
  t.ok(ed25519.verify(deviceSignature, signed, device.deviceKey));
  t.ok(ed25519.verify(authSignature, signed, epoch.authKey));
  const handshakeHash = random(32);
  t.strictSame(helloTranscript(handshakeHash, groupId), concat(utf8('0k-sync/v1/hello'), handshakeHash, groupId));
});

t.test('F-037 EN-12 OV-27 OV-34: B and H of an envelope, each under its label', async (t) => {
  const [header, nonce, ciphertext] = [random(120), random(24), random(272)];
  const body = blake3(concat(utf8('0k-sync/v1/body'), nonce, ciphertext));
  const hashed = concat(utf8('0k-sync/v1/envelope'), u32(header.length), header, body);
  t.strictSame(envelopeHash(crypto, { header, nonce, ciphertext }), blake3(hashed));
});

t.test('F-037 OV-31 OV-32: sealing key of the Welcome and checksum of the link, each by its label', async (t) => {
  const { groupId: id, relays, members, epochs, heads, names } = sampleState();
  const welcome = Welcome.encode({
    version: 1,
    groupId: id,
    relays: [...relays],
    members: members.map(({ record }) => record),
    epochSecrets: epochs.map((keys) => ({ epoch: keys.epoch, secret: keys.exportSecret() })),
    heads: [...heads],
    names: [...names],
  }).finish();
  const key = derive(invite.key.reveal(), utf8('0k-sync/v1/welcome'), invite.mailboxId);
  const nonce = random(24);
  const payload = concat(nonce, crypto.xchachaSeal(key, nonce, invite.mailboxId, pad(welcome)));
  t.ok(openWelcome(crypto, { invite }, payload).ok);
  const bytes = readZBase32(formatInvite(crypto, invite).slice('0ksync:'.length)) ?? new Uint8Array(0);
  const checksum = blake3(concat(utf8('0k-sync/v1/invite-checksum'), bytes.subarray(0, -4))).subarray(0, 4);
  t.strictSame(bytes.subarray(-4), checksum);
});
