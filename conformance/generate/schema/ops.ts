// The shapes of zkcp.md's tables: `in`, `ok` and `draws` of every pure function. Lengths stand where an op demands them.
import { boolean, hex, list, named, number, object, oneOf, type Schema, text, u64 } from './parts.ts';

interface Op {
  readonly in: Schema;
  readonly ok: Schema;
  readonly draws?: Schema;
}

const costs = { salt: hex(), memory_kib: number, iterations: number, parallelism: number };
const passphrase = object({ text, ...costs });
const head = object({ sequence: u64, hash: hex(32) });
const message = {
  id: hex(),
  'metadata?': text,
  'topic?': text,
  'skipped?': list(object({ from: u64, to: u64 })),
  sent_at_ms: u64,
};

export const shapes: Readonly<Record<string, Schema>> = {
  content: {
    oneOf: [
      object({ message: object({ ...message, text }) }),
      object({ message: object({ ...message, data: hex() }) }),
      object({ announcement: object({ name: text, record: hex() }) }),
    ],
  },
  invite: object({
    relay: object({ address: text, node_id: hex(), 'kem_hash?': hex(), 'signing_key?': hex() }),
    mailbox_id: hex(),
    invite_key: hex(),
    expires_at_ms: u64,
    'passphrase?': object(costs),
  }),
  initiator: object({
    s_x25519: hex(32),
    's_mlkem?': hex(64),
    e_x25519: hex(32),
    'e_mlkem?': hex(64),
    'skem_m?': hex(32),
  }),
  responder: object({
    s_x25519: hex(32),
    's_mlkem?': hex(64),
    e_x25519: hex(32),
    'e_mlkem?': hex(64),
    'ekem_m?': hex(32),
    'skem_m?': hex(32),
  }),
};

const handshakeDraws = { e_x25519: hex(32), 'e_mlkem_d?': hex(32), 'e_mlkem_z?': hex(32), 'skem_m?': hex(32) };
const handshakeOk = { send: list(hex()), handshake_hash: hex(32), k_send: hex(32), k_receive: hex(32) };
const statics = { version: oneOf(1, 2), s_x25519: hex(32), 's_mlkem?': hex(64) };
const sealed = { key: hex(32), nonce: hex(24), ad: hex() };

const codePlace = { creator: hex(32), mailbox_id: hex(16), expires_at_ms: u64 };
const codeCreator = { words: text, node_id: hex(32), ...codePlace, sid_b: hex(16) };
const codeJoiner = { words: text, node_id: hex(32), offer: object({ ...codePlace, sid: hex(16), share: hex() }) };
const joinerDraws = { sid_b: hex(16), scalar_b: hex(64), xwing_seed: hex(32) };

export const ops: Readonly<Record<string, Op>> = {
  'hash.blake3': { in: object({ data: hex() }), ok: object({ hash: hex(32) }) },
  'kdf.hkdf-sha256': { in: object({ ikm: hex(), salt: hex(), info: hex(), len: number }), ok: object({ okm: hex() }) },
  'kdf.argon2id': {
    in: object({ password: hex(), salt: hex(), m_kib: number, t: number, p: number, len: number }),
    ok: object({ key: hex() }),
  },
  'aead.xchacha20poly1305.seal': { in: object({ ...sealed, plaintext: hex() }), ok: object({ ciphertext: hex() }) },
  'aead.xchacha20poly1305.open': { in: object({ ...sealed, ciphertext: hex() }), ok: object({ plaintext: hex() }) },
  'kem.mlkem768.keygen': { in: object({ dz: hex(64) }), ok: object({ ek: hex(1184) }) },
  'kem.mlkem768.encaps': { in: object({ ek: hex(), m: hex(32) }), ok: object({ ct: hex(1088), ss: hex(32) }) },
  'kem.mlkem768.decaps': { in: object({ dz: hex(64), ct: hex() }), ok: object({ ss: hex(32) }) },
  'kem.xwing.keygen': { in: object({ seed: hex(32) }), ok: object({ pk: hex(1216) }) },
  'kem.xwing.encaps': { in: object({ pk: hex(), eseed: hex(64) }), ok: object({ ct: hex(1120), ss: hex(32) }) },
  'kem.xwing.decaps': { in: object({ seed: hex(32), ct: hex() }), ok: object({ ss: hex(32) }) },
  'sig.ed25519.verify': { in: object({ pk: hex(), msg: hex(), sig: hex() }), ok: object({}) },
  'dh.x25519': { in: object({ sk: hex(32), pk: hex(32) }), ok: object({ shared: hex(32) }) },
  'nodeid.parse': { in: object({ text }), ok: object({ nodeid: hex(32) }) },
  'relay.parse': {
    in: object({ text }),
    ok: object({ host: text, port: number, 'nodeid?': hex(32), 'kem_hash?': hex(32) }),
  },
  'padme.pad': { in: object({ len: number }), ok: object({ len: number }) },
  'kdf.group': {
    in: object({ secret: hex(32), epoch: number, 'group_id?': hex(32) }),
    ok: object({ group_id: hex(32), auth_pub: hex(32), message_key: hex(32) }),
  },
  'kdf.device': {
    in: object({ seed: hex(32), group_id: hex(32) }),
    ok: object({ device_key: hex(32), xwing_key: hex(1216) }),
  },
  'kdf.claim': { in: object({ seed: hex(32), mailbox_id: hex(16) }), ok: object({ claim_token: hex(16) }) },
  'kdf.relay': {
    in: object({ seed: hex(32) }),
    ok: object({ node_id: hex(32), mlkem_key: hex(1184), kem_hash: hex(32), signing_key: hex(32) }),
  },
  'member.make': {
    in: object({ device_seed: hex(32), epoch_secret: hex(32), epoch: number, group_id: hex(32) }),
    ok: object({ record: hex() }),
  },
  'member.verify': {
    in: object({ record: hex(), group_id: hex(32), auth_key: hex(32) }),
    ok: object({ device_key: hex(32), xwing_key: hex(1216), epoch: number }),
  },
  'hello.make': {
    in: object({ device_seed: hex(32), group_id: hex(32), handshake_hash: hex(32) }),
    ok: object({ device_key: hex(32), signature: hex(64) }),
  },
  'hello.verify': {
    in: object({ device_key: hex(32), group_id: hex(32), handshake_hash: hex(32), signature: hex(64) }),
    ok: object({}),
  },
  'hs.transcript': {
    in: object({
      suite: text,
      prologue: hex(),
      initiator: named('initiator'),
      responder: named('responder'),
      payloads: list(hex()),
      transport: list(hex()),
    }),
    ok: object({
      messages: list(hex()),
      handshake_hash: hex(32),
      k_initiator_to_responder: hex(32),
      k_responder_to_initiator: hex(32),
      transport: list(hex()),
    }),
  },
  'hs.initiator': {
    in: object({ ...statics, 'pin?': object({ 'node_id?': hex(32), 'kem_hash?': hex(32) }), receive: list(hex()) }),
    draws: object(handshakeDraws),
    ok: object({ ...handshakeOk, node_id: hex(32), 'kem_hash?': hex(32) }),
  },
  'hs.responder': {
    in: object({ ...statics, receive: list(hex()) }),
    draws: object({ ...handshakeDraws, 'ekem_m?': hex(32) }),
    ok: object(handshakeOk),
  },
  'frame.encode': { in: object({ frame: named('frame') }), ok: object({ bytes: hex() }) },
  'frame.decode': {
    in: object({ bytes: hex(), from: oneOf('client', 'relay') }),
    ok: object({ frames: list(named('frame')) }),
  },
  'record.seal': { in: object({ key: hex(32), n: u64, plaintext: hex() }), ok: object({ record: hex() }) },
  'record.open': { in: object({ key: hex(32), n: u64, record: hex() }), ok: object({ plaintext: hex() }) },
  'preface.parse': { in: object({ bytes: hex(4) }), ok: object({ version: number, kind: number }) },
  'envelope.seal': {
    in: object({
      device_seed: hex(32),
      group_id: hex(32),
      epoch: number,
      epoch_secret: hex(32),
      sequence: u64,
      previous: hex(32),
      content: named('content'),
    }),
    draws: object({ nonce: hex(24) }),
    ok: object({ envelope: hex(), hash: hex(32) }),
  },
  'envelope.open': {
    in: object({
      envelope: hex(),
      group_id: hex(32),
      epochs: list(object({ epoch: number, secret: hex(32) })),
      members: list(hex(32)),
      'head?': head,
    }),
    ok: object({ sender_key: hex(32), sequence: u64, epoch: number, hash: hex(32), content: named('content') }),
  },
  'envelope.hash': { in: object({ header: hex(), nonce: hex(24), ciphertext: hex() }), ok: object({ hash: hex(32) }) },
  'chain.verify': {
    in: object({ group_id: hex(32), members: list(hex(32)), envelopes: list(hex()) }),
    ok: object({
      outcomes: list({ type: 'string', pattern: '^(accepted|duplicate|gap|fork|held|rejected:[a-z]+\\.[a-z]+)$' }),
      heads: list(object({ sender_key: hex(32), sequence: u64, hash: hex(32) })),
    }),
  },
  'cursor.merge': {
    in: object({
      after: u64,
      segment: object({ after: u64, removed_through: u64, cursors: list(u64), next: u64, head: u64 }),
      'has_more?': boolean,
    }),
    ok: object({ after: u64, 'expired?': object({ from: u64, to: u64 }) }),
  },
  'invite.make': { in: object({ invite: named('invite') }), ok: object({ link: text }) },
  'invite.parse': { in: object({ link: text }), ok: object({ invite: named('invite') }) },
  'passphrase.new': { in: object({ text }), ok: object({ strength: number }) },
  'welcome.seal': {
    in: object({ welcome: hex(), mailbox_id: hex(16), invite_key: hex(32), 'passphrase?': passphrase }),
    draws: object({ nonce: hex(24) }),
    ok: object({ payload: hex() }),
  },
  'welcome.open': {
    in: object({ payload: hex(), mailbox_id: hex(16), invite_key: hex(32), 'passphrase?': passphrase }),
    ok: object({ group_id: hex(32), devices: list(hex(32)), relays: list(text) }),
  },
  'code.parse': { in: object({ text }), ok: object({ number, words: text }) },
  'code.words': { in: object({}), draws: object({ first: hex(2), second: hex(2) }), ok: object({ words: text }) },
  'code.offer': {
    in: object(codeCreator),
    draws: object({ sid_a: hex(16), scalar_a: hex(64) }),
    ok: object({ sid: hex(16), share: hex(32) }),
  },
  'code.answer': {
    in: object(codeJoiner),
    draws: object(joinerDraws),
    ok: object({ sid: hex(16), join_request: hex(), share: hex(32), confirmation: hex(64) }),
  },
  'code.grant': {
    in: object({
      ...codeCreator,
      reply: object({ join_request: hex(), share: hex(), confirmation: hex() }),
      welcome: hex(),
    }),
    draws: object({ sid_a: hex(16), scalar_a: hex(64), eseed: hex(64), nonce: hex(24) }),
    ok: object({ confirmation: hex(64), payload: hex() }),
  },
  'code.open': {
    in: object({ ...codeJoiner, grant: object({ confirmation: hex(), payload: hex() }) }),
    draws: object(joinerDraws),
    ok: object({ group_id: hex(32), devices: list(hex(32)) }),
  },
  'rotation.welcome.open': {
    in: object({ device_seed: hex(32), group_id: hex(32), epoch: number, welcome: hex() }),
    ok: object({ secret: hex(32), hash: hex(32) }),
  },
  'rotation.open': {
    in: object({ body: hex(), secret: hex(32), previous_auth_key: hex(32) }),
    ok: object({ previous_secret: hex(32), relays: list(text) }),
  },
  'rotation.verify': {
    in: object({
      group_id: hex(32),
      epoch: number,
      previous: hex(32),
      auth_key: hex(32),
      listed: list(hex(32)),
      known: list(hex(32)),
      removed: list(hex(32)),
      countersigned: list(hex(32)),
      rotation: hex(),
    }),
    ok: object({ hash: hex(32), epoch: number, signer: hex(32) }),
  },
  'rotation.receipt': {
    in: object({ body: hex(), receipt: hex(), signing_key: hex(32) }),
    ok: object({ code: text }),
  },
  'rotation.judge': {
    in: object({
      bodies: list(hex()),
      epoch: number,
      sender_key: hex(32),
      sequence: u64,
      hash: hex(32),
      countersigned: boolean,
    }),
    ok: object({
      verdict: oneOf('valid', 'epoch-unknown', 'no-member', 'beyond-cut', 'other-at-cut', 'removed-before'),
    }),
  },
};
