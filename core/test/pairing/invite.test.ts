import { inspect } from 'node:util';
import { concat, utf8, zBase32 } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import {
  areAcceptable,
  createInvite,
  defaultParameters,
  formatInvite,
  parseInvite,
  withPassphrase,
} from '@0k-sync/core/pairing';
import { CLOCK_SKEW_MS_MAX, INVITE_CHARACTERS_MAX } from '@0k-sync/generated/limits';
import { Invite as InviteMessage } from '@0k-sync/generated/wire/pairing';
import fc from 'fast-check';
import t from 'tap';
import { cheapParameters, NOW, random, relay, sampleInvite } from './fixture.ts';

const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769';
const invite = sampleInvite();
const link = formatInvite(crypto, invite);

/** Makes a link around any bytes, with a correct checksum. */
function linkOf(content: Uint8Array): string {
  const checksum = crypto.blake3(utf8('0k-sync/v1/invite-checksum'), content).subarray(0, 4);
  return `0ksync:${zBase32(concat(content, checksum))}`;
}

const message = (change: Partial<InviteMessage> = {}): InviteMessage => ({
  version: 1,
  relay,
  mailboxId: new Uint8Array(16).fill(1),
  inviteKey: new Uint8Array(32).fill(2),
  expiresAtMs: BigInt(NOW),
  passphrase: undefined,
  ...change,
});

t.test('PA-01 PA-03 PA-04 a link comes out as it went in', async (t) => {
  for (const sample of [invite, withPassphrase(random, invite)]) {
    const parsed = parseInvite(crypto, formatInvite(crypto, sample), NOW);
    if (!parsed.ok) throw new TypeError(parsed.detail);
    t.strictSame(parsed.value.key.reveal(), sample.key.reveal());
    t.strictSame({ ...parsed.value, key: sample.key }, sample);
  }
});

t.test('PA-01 T what copying adds to a link does not matter, and neither does its case', async (t) => {
  const wrapped = link.replace(/.{60}/g, '$&\n');
  const texts = {
    'white space around': `  ${link}\n`,
    capitals: link.toUpperCase(),
    'capitals in the prefix': `\t${link.replace('0ksync', '0kSync')}`,
    wrapped,
    'wrapped with CRLF': wrapped.replaceAll('\n', '\r\n'),
    'wrapped and quoted as in a mail': wrapped.replace(/^/gm, '> '),
    quoted: `"${link}"`,
    'in typographic quotes': `\u201e${link}\u201c`,
    'in brackets': `<${link}>`,
    'in brackets, with a dot': `(${link}).`,
    'with an ellipsis': `${link}\u2026`,
    'zero-width spaces': link.replace(/.{20}/g, '$&\u200b'),
    'soft hyphens': link.replace(/.{20}/g, '$&\u00ad'),
    'a byte order mark': `\ufeff${link}`,
    'a space inside': link.replace(/^(.{40})/, '$1 '),
    'inside the prefix': `0k sync:${link.slice(7)}`,
  };
  for (const [what, text] of Object.entries(texts)) t.ok(parseInvite(crypto, text, NOW).ok, what);
});

t.test('PA-01 what copying does not add, and other letters that look small, are refused', async (t) => {
  const texts = {
    'a hyphen': link.replace(/^(.{40})/, '$1-'),
    'slashes behind the prefix': link.replace(':', '://'),
    'a Kelvin sign': link.replace('k', '\u212a'),
    'a long s': link.replace('s', '\u017f'),
  };
  for (const [what, text] of Object.entries(texts))
    t.match(parseInvite(crypto, text, NOW), { error: 'INVITE_MALFORMED' }, what);
});

t.test('PA-02 LI-21 F-026 a link is short enough for one QR code', async (t) => {
  t.ok(formatInvite(crypto, withPassphrase(random, invite)).length < 500);
  const long = createInvite(random, { ...relay, address: `${'x'.repeat(255)}:65535` }, NOW);
  const longest = formatInvite(crypto, withPassphrase(random, long));
  t.ok(longest.length <= INVITE_CHARACTERS_MAX, `${longest.length} characters`);
  t.match(parseInvite(crypto, `0ksync:${'y'.repeat(INVITE_CHARACTERS_MAX)}`, NOW), { error: 'INVITE_MALFORMED' });
});

t.test('PA-04 every typing mistake is noticed before a claim', async (t) => {
  const start = '0ksync:'.length;
  fc.assert(
    fc.property(
      fc.nat({ max: link.length - start - 1 }),
      fc.constantFrom(...ALPHABET, '!', 'l', 'v', '2', '0'),
      (at, character) => {
        const typed = link.slice(0, start + at) + character + link.slice(start + at + 1);
        const parsed = parseInvite(crypto, typed, NOW);
        return typed === link ? parsed.ok : !parsed.ok && parsed.error === 'INVITE_MALFORMED';
      },
    ),
    { numRuns: 500, seed: 3 },
  );
  for (let length = 0; length < link.length; length += 1) {
    if (parseInvite(crypto, link.slice(0, length), NOW).ok) t.fail(`${length} characters pass`);
  }
  t.match(parseInvite(crypto, `${link}y`, NOW), { error: 'INVITE_MALFORMED' });
});

t.test('SC-22 any text is read without a throw', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.uint8Array({ maxLength: 200 }).map(linkOf)),
      (text) => {
        return !parseInvite(crypto, text, NOW).ok;
      },
    ),
    { numRuns: 500, seed: 4 },
  );
  t.pass('500 texts');
});

t.test('PA-03 what is not an invite of version 1 with relay, id and key is refused', async (t) => {
  const encode = (change: Partial<InviteMessage>) => InviteMessage.encode(message(change)).finish();
  t.ok(parseInvite(crypto, linkOf(encode({})), NOW).ok);
  const cases = {
    'version 2': encode({ version: 2 }),
    'no relay': encode({ relay: undefined }),
    'no address': encode({ relay: { ...relay, address: '' } }),
    'no NodeId': encode({ relay: { ...relay, nodeId: new Uint8Array(0) } }),
    'short id': encode({ mailboxId: new Uint8Array(15) }),
    'no key': encode({ inviteKey: new Uint8Array(0) }),
    'unknown field': Uint8Array.of(...encode({}), 0x78, 0x01),
    'a field twice': Uint8Array.of(...encode({}), 0x08, 0x01),
    'expiry of 2^63': encode({ expiresAtMs: 2n ** 63n }),
    'weak passphrase parameters': encode({ passphrase: { ...cheapParameters(), iterations: 1 } }),
  };
  for (const [what, content] of Object.entries(cases)) {
    t.match(parseInvite(crypto, linkOf(content), NOW), { ok: false, error: 'INVITE_MALFORMED' }, what);
  }
});

t.test('PA-05 LI-22 an invite is refused once it is past by more than the clock skew', async (t) => {
  const deadline = invite.expiresAtMs + CLOCK_SKEW_MS_MAX;
  t.ok(parseInvite(crypto, link, deadline).ok);
  t.match(parseInvite(crypto, link, deadline + 1), { ok: false, error: 'INVITE_EXPIRED' });
});

t.test('PA-05 finding/T4 the refusal says by how much the clocks differ, if the invite is new', async (t) => {
  const cases: [number, string][] = [
    [CLOCK_SKEW_MS_MAX + 1, '5 minutes'],
    [60 * 60_000, '1 hour'],
    [3 * 60 * 60_000, '3 hours'],
    [365 * 24 * 60 * 60_000, '365 days'],
  ];
  for (const [pastMs, text] of cases) {
    const read = parseInvite(crypto, link, invite.expiresAtMs + pastMs);
    t.match(read, { error: 'INVITE_EXPIRED', detail: `expired ${text} ago` });
    t.match(read, { detail: `the clocks of the two devices differ by ${text}.` });
  }
});

t.test(
  'PA-07 PA-08 F-001 lesson/argon-params-travel lesson/salt-random parameters travel and are bounded',
  async (t) => {
    const defaults = defaultParameters(random);
    t.match(defaults, { memoryKib: 65_536, iterations: 3, parallelism: 1 });
    t.notSame(defaultParameters(random).salt, defaults.salt);
    const MIB = 1024;
    const cases: [number, number, number, boolean][] = [
      [19 * MIB, 2, 1, true],
      [19 * MIB - 1, 3, 1, false],
      [19 * MIB, 1, 1, false],
      [38 * MIB, 1, 1, true],
      [1024 * MIB, 1, 1, true],
      [1024 * MIB + 1, 1, 1, false],
      [64 * MIB, 0, 1, false],
      [64 * MIB, 16, 16, true],
      [64 * MIB, 17, 1, false],
      [64 * MIB, 3, 0, false],
      [64 * MIB, 3, 17, false],
    ];
    for (const [memoryKib, iterations, parallelism, expected] of cases) {
      const parameters = { salt: random(16), memoryKib, iterations, parallelism };
      t.equal(areAcceptable(parameters), expected, `${memoryKib} ${iterations} ${parallelism}`);
    }
    t.notOk(areAcceptable({ ...defaults, salt: random(15) }));
  },
);

t.test('PA-06 GR-11 inspection shows no key', async (t) => {
  const shown =
    inspect(invite, { depth: 9 }) +
    JSON.stringify(invite, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  t.notMatch(shown, [...invite.key.reveal().subarray(0, 4)].join(', '));
  t.match(shown, '[secret]');
});

t.test('PA-03 a writer makes no invite that nobody could read', async (t) => {
  t.throws(() => createInvite(random, { ...relay, address: '' }, NOW), TypeError);
  t.throws(() => createInvite(random, { ...relay, nodeId: new Uint8Array(0) }, NOW), TypeError);
});
