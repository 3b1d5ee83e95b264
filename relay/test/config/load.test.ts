import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import t from 'tap';
import { loadConfig } from '../../src/config/load.ts';
import { printConfig } from '../../src/config/print.ts';
import { readConfig } from '../../src/config/read.ts';
import { sections } from '../../src/config/sections.ts';
import { describeFailure, OperatorFailure } from '../../src/operator/failure.ts';

const EXAMPLE = new URL('../../relay.example.toml', import.meta.url);
const TOKEN = 'canary-token-2f9c8e7d6b5a';

function failureOf(act: () => unknown): OperatorFailure {
  try {
    act();
  } catch (error) {
    if (error instanceof OperatorFailure) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

t.test('the example names every option with its default', async (t) => {
  const example = parse(readFileSync(EXAMPLE, 'utf8'));
  t.same(example, loadConfig(undefined, {}));
  t.same(readConfig(example, [], 'example'), loadConfig(undefined, {}));
});

t.test('the environment goes above the file, the file above the defaults', async (t) => {
  const file = join(t.testdir(), 'relay.toml');
  writeFileSync(file, '[server]\nport = 1111\naddress = "127.0.0.1"\n');
  const config = loadConfig(file, {
    ZEROK_RELAY_SERVER_PORT: '2222',
    ZEROK_RELAY_HTTP_ENABLED: 'false',
    ZEROK_RELAY_GROUPS_ACCESS_TOKENS: `${TOKEN}, ${TOKEN}2`,
    OTHER: 'x',
  });
  t.equal(config.server.port, 2222);
  t.equal(config.server.address, '127.0.0.1');
  t.equal(config.server.drain_ms, 5000);
  t.equal(config.http.enabled, false);
  t.same(config.groups.access_tokens, [TOKEN, `${TOKEN}2`]);
});

t.test('a mistake is one sentence with file and key, and a hint', async (t) => {
  const file = join(t.testdir(), 'relay.toml');
  const cases: [toml: string, message: RegExp, hint: RegExp][] = [
    ['[server]\nport = "x"\n', /relay\.toml: server\.port must be .* from 0 to 65535, not "x"$/, /default is 4433/],
    ['[server]\nport = 70000\n', /server\.port must be/, /4433/],
    ['[sever]\nport = 1\n', /there is no section sever$/, /did you mean server\?/],
    ['[server]\nprot = 1\n', /there is no key server\.prot$/, /did you mean port\?/],
    ['[limits]\nxyzzy = 1\n', /there is no key limits\.xyzzy$/, /the known names are: connections_max, /],
    ['server = 5\n', /server must be a section$/, /\[server\]/],
    ['[server\n', /relay\.toml:1:\d+: /, /correct that line/],
    ['[groups]\ncreation = "none"\n', /must be one of "open", "token", "closed", not "none"/, /"open"/],
    ['[http]\naddress = "0.0.0.0"\n', /http\.token is empty/, /set http\.token/],
    ['[groups]\ncreation = "token"\n', /access_tokens is empty/, /list a token/],
  ];
  for (const [toml, message, hint] of cases) {
    writeFileSync(file, toml);
    const failure = failureOf(() => loadConfig(file, {}));
    t.match(failure.message, message);
    t.match(failure.hint, hint);
    t.match(describeFailure(failure), /^error: .*\nhint: .*\n$/);
  }
});

t.test('a mistake in the environment names the variable', async (t) => {
  const wrong = failureOf(() => loadConfig(undefined, { ZEROK_RELAY_SERVER_PORT: 'many' }));
  t.match(wrong.message, /^ZEROK_RELAY_SERVER_PORT must be .*not "many"$/);
  const unknown = failureOf(() => loadConfig(undefined, { ZEROK_RELAY_SERVER_PORTS: '1' }));
  t.match(unknown.hint, /did you mean ZEROK_RELAY_SERVER_PORT\?/);
});

t.test('SC-23 tokens are neither printed nor named in errors', async (t) => {
  const file = join(t.testdir(), 'relay.toml');
  writeFileSync(file, `[http]\ntoken = "${TOKEN}"\n[groups]\naccess_tokens = ["${TOKEN}"]\n`);
  const printed = printConfig(loadConfig(file, {}));
  t.notMatch(printed, TOKEN);
  t.match(printed, 'token = "(redacted)"');
  writeFileSync(file, `[http]\ntoken = "${TOKEN} with space"\n`);
  t.notMatch(describeFailure(failureOf(() => loadConfig(file, {}))), TOKEN);
});

t.test('what is printed is read again', async (t) => {
  const config = loadConfig(undefined, { ZEROK_RELAY_SERVER_PORT: '7' });
  t.same(readConfig(parse(printConfig(config)), [], 'printed'), config);
});

t.test('a file that is missing, no text or not readable is refused clearly', async (t) => {
  const directory = t.testdir();
  t.match(failureOf(() => loadConfig(join(directory, 'none.toml'), {})).message, /none\.toml does not exist$/);
  t.match(failureOf(() => loadConfig(directory, {})).message, /is not a readable text file$/);
  const binary = join(directory, 'binary.toml');
  writeFileSync(binary, Uint8Array.of(0xff, 0xfe, 0x00));
  chmodSync(binary, 0o600);
  t.match(failureOf(() => loadConfig(binary, {})).message, /is not a readable text file$/);
});

t.test('SC-22 any document is accepted or refused as an OperatorFailure', async () => {
  const names = Object.keys(sections);
  const values = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
  const documents = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.oneof(values, fc.jsonValue()));
  fc.assert(
    fc.property(documents, (document) => {
      try {
        readConfig(document, [], 'any');
      } catch (error) {
        if (!(error instanceof OperatorFailure)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

t.test('isLoopback means literal loopback addresses only', async (t) => {
  const open = { http: { address: 'localhost' } };
  t.throws(() => readConfig(open, [], 'any'), OperatorFailure);
  t.doesNotThrow(() => readConfig({ http: { address: '::1' } }, [], 'any'));
  t.doesNotThrow(() => readConfig({ http: { address: '0.0.0.0', enabled: false } }, [], 'any'));
  t.doesNotThrow(() => readConfig({ http: { address: '0.0.0.0', token: TOKEN } }, [], 'any'));
});
