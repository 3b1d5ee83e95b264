import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { bodyHash, envelopeHash, stubHash, stubOf, verifyStub } from '@0k-sync/core/envelope';
import { HEADER_BYTES_MAX, STUB_BYTES_MAX } from '@0k-sync/generated/limits';
import { EnvelopeHeader, type Stub } from '@0k-sync/generated/wire/envelope';
import { Device } from '@0k-sync/testkit/author';
import t from 'tap';
import { keys, sealChain } from './fixture.ts';

const [first, second] = sealChain(2);
if (first === undefined || second === undefined) throw new TypeError('two envelopes');

t.test('EN-12 EN-28 a stub has the H and the signature of its envelope', (t) => {
  const stub = stubOf(crypto, second.envelope);
  t.strictSame(stubHash(crypto, stub), second.hash);
  t.strictSame(envelopeHash(crypto, second.envelope), second.hash);
  t.strictSame(stub.bodyHash, bodyHash(crypto, second.envelope));
  const verified = verifyStub(crypto, stub, keys.groupId);
  t.match(verified, { ok: true, value: { sequence: 2, previous: first.hash, hash: second.hash, stub } });
  t.end();
});

t.test('EN-28 a stub counts only with the signature of its sender in this group', (t) => {
  const stub = stubOf(crypto, second.envelope);
  const verdict = (change: Partial<Stub>) => verifyStub(crypto, { ...stub, ...change }, keys.groupId);
  const of = (change: Partial<EnvelopeHeader>) => {
    const header = EnvelopeHeader.encode({ ...EnvelopeHeader.decode(stub.header), ...change }).finish();
    return verdict({ header });
  };
  const other = stubOf(crypto, first.envelope);
  t.match(verdict({ bodyHash: other.bodyHash }), { error: 'ENVELOPE_UNAUTHENTIC' });
  t.match(verdict({ signature: other.signature }), { error: 'ENVELOPE_UNAUTHENTIC' });
  t.match(of({ sequence: 3n }), { error: 'ENVELOPE_UNAUTHENTIC' });
  t.match(of({ senderKey: new Device().keys.deviceKey }), { error: 'ENVELOPE_UNAUTHENTIC' });
  t.match(of({ version: 2 }), { error: 'ENVELOPE_VERSION' });
  t.match(of({ groupId: new Uint8Array(32) }), { error: 'ENVELOPE_BINDING' });
  t.match(of({ contentType: 3 }), { error: 'ENVELOPE_MALFORMED' });
  t.match(of({ sequence: 0n }), { error: 'ENVELOPE_MALFORMED' });
  t.match(verdict({ header: new Uint8Array() }), { error: 'ENVELOPE_MALFORMED' });
  t.end();
});

t.test('LI-44 a stub has at most 352 bytes', (t) => {
  t.equal(STUB_BYTES_MAX, HEADER_BYTES_MAX + 32 + 64);
  t.end();
});
