import { createInvite, formatInvite, parseInvite, readHostPort } from '@0k-sync/core/pairing';
import t from 'tap';
import { providers } from '../crypto/providers.ts';

const wrong = [
  '',
  ':1',
  'a:0',
  'a:65536',
  'a:',
  'a:+1',
  'a b:1',
  'ä:1',
  '::1',
  '[::1',
  '[:1]',
  '[:1:]:1',
  '[1:::1]:1',
  '[2001:db.::1]:1',
  '[1:2:3:4:5:6:7:8:9]',
  '[relay.example]:1',
  'a:1/',
];

t.test('CL-34 host and port are read, IPv6 in brackets, names without case', async (t) => {
  t.strictSame(readHostPort('Relay.Example:4433'), { host: 'relay.example', port: 4433 });
  t.strictSame(readHostPort('relay.example'), { host: 'relay.example', port: undefined });
  t.strictSame(readHostPort('192.0.2.7:65535'), { host: '192.0.2.7', port: 65_535 });
  t.strictSame(readHostPort('[2001:db8::1]:1'), { host: '2001:db8::1', port: 1 });
  t.strictSame(readHostPort('[::]'), { host: '::', port: undefined });
  for (const text of wrong) t.equal(readHostPort(text), undefined, text);
});

for (const [name, crypto] of providers) {
  t.test(`PA-03 ${name}: the relay of an invite has an address of host and port`, async (t) => {
    const random = (length: number) => new Uint8Array(length).fill(5);
    const pin = { nodeId: random(32), kemHash: new Uint8Array(), signingKey: new Uint8Array() };
    const invite = createInvite(random, { ...pin, address: '[::1]:4433' }, 1000);
    t.ok(parseInvite(crypto, formatInvite(crypto, invite), 0).ok);
    for (const address of [...wrong, 'relay.example']) {
      t.throws(() => createInvite(random, { ...pin, address }, 1000), TypeError, address);
      const link = formatInvite(crypto, { ...invite, relay: { ...pin, address } });
      t.match(parseInvite(crypto, link, 0), { ok: false, error: 'INVITE_MALFORMED' }, address);
    }
  });
}
