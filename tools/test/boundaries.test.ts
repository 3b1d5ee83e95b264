import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

/** Each breaks exactly one boundary: path, one line of source, what the diagnostic says. */
const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['core/src/clock.ts', 'export const now = () => Date.now();', /reads no clock/],
  ['core/src/date.ts', 'export const now = () => new Date();', /reads no clock/],
  ['core/src/random.ts', 'export const draw = () => Math.random();', /draws nothing/],
  ['core/src/async.ts', 'export const run = async () => 1;', /no async functions/],
  ['core/src/method.ts', 'export class A { static async run() {} }', /no async functions/],
  ['core/src/promise.ts', 'export const p = (): PromiseLike<1> | 1 => 1;', /makes no promises/],
  ['core/src/await.ts', 'export const one = await 1;', /awaits nothing/],
  ['core/src/timer.ts', 'export const one = () => setTimeout(() => 1, 1);', /setTimeout/],
  ['core/src/source.ts', 'export const c = crypto;', /crypto/],
  ['core/src/host.ts', "import { join } from 'node:path'; export const a = join;", /Node.js builtin/],
  ['core/src/provider.ts', "export { a } from './crypto/node.ts';", /injected/],
  ['core/src/native.ts', "export { a } from 'sodium-native';", /Native packages/],
  ['core/src/client.ts', "export { a } from '@0k-sync/client';", /generated and @noble/],
  ['core/src/crypto/node.ts', "export { a } from '@0k-sync/transport';", /generated and @noble/],
  ['transport/src/core.ts', "export { a } from '@0k-sync/core';", /knows nothing of core/],
  ['client/src/relay.ts', "export const a = () => import('@0k-sync/relay/main');", /never imports the relay/],
  ['client/test/relay.test.ts', "export { a } from '../../relay/src/app.ts';", /never imports the relay/],
  ['client/src/async/pause.ts', "export { a } from '../error.ts';", /ground floor/],
  ['client/src/store/rows.ts', "export { a } from '../group/chains.ts';", /ground floor/],
  ['client/src/relay/hello.ts', "export { a } from '../group/membership.ts';", /relay and group know nothing/],
  ['client/src/inbound/reply.ts', "export { a } from '../outbound/outbox.ts';", /receiving side knows/],
  ['client/src/outbound/reply.ts', "export { a } from '../inbound/intake.ts';", /sending side knows/],
  ['client/src/log/log.ts', "export { a } from '../session/a.ts';", /log is portable/],
  ['client/src/session/open.ts', "export { a } from '../node/sqlite/sqlite-store.ts';", /session is portable/],
  ['client/src/session/face.ts', "export { a } from '../device/group.ts';", /session is portable/],
  ['client/src/device/open.ts', "export { a } from '../node/sqlite/sqlite-store.ts';", /public face is portable/],
  ['client/src/outbound/dial.ts', "export { a } from '@0k-sync/relay';", /never imports the relay/],
  ['relay/src/client.ts', "export { a } from '@0k-sync/client/node';", /never imports the client/],
  ['relay/src/app.ts', "export { a } from './store/writer/push.ts';", /entered by store/],
  ['relay/test/observe/admin.test.ts', "export { a } from '../../src/store/commit/pack.ts';", /entered by store/],
  ['relay/src/dataplane/requests/push.ts', "export { a } from '../../store/writer/push.ts';", /entered by store/],
  ['relay/src/dataplane/limits/log.ts', "export { a } from '../../observe/log.ts';", /reports to its observer/],
  ['relay/src/store/clock.ts', "export { a } from '../config/sections.ts';", /nothing of who uses it/],
  ['relay/src/store/client.ts', "export { a } from '@0k-sync/client';", /never imports the client/],
  ['core/src/session/envelope.ts', "export { a } from '../envelope/seal.ts';", /by their index/],
  ['cli/src/relay.ts', "export { a } from '@0k-sync/relay';", /speaks to relays on the wire/],
  ['cli/src/store.ts', "export { SqliteStore as a } from '@0k-sync/client/node';", /opens no store/],
  ['cli/src/rows.ts', "export { a } from '../../client/src/store/types.ts';", /public API of an app/],
  ['testing/src/relay.ts', "export { a } from '@0k-sync/relay';", /loads no native code/],
  ['testing/src/crypto.ts', "export { a } from '@0k-sync/core/crypto/node';", /loads no native code/],
  ['spec/compile/core.ts', "export { a } from '@0k-sync/core';", /nothing it generates/],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['core/src/wire.ts', "export { a } from '@0k-sync/generated/wire';"],
  ['core/src/record.ts', "export { chacha20poly1305 } from '@noble/ciphers/chacha.js';"],
  ['core/test/node.test.ts', "import { join } from 'node:path'; export const a = async () => join;"],
  ['transport/test/memory.ts', "export { a } from '@0k-sync/transport/memory';"],
  ['client/src/outbound/pin.ts', "export { a } from '../relay/address.ts';"],
  ['client/src/session/open.ts', "export { a } from '../inbound/intake.ts';"],
  ['client/src/core.ts', "export { a } from '@0k-sync/core';"],
  ['relay/src/core.ts', "export { a } from '@0k-sync/core/crypto/node';"],
  ['relay/src/dataplane/requests/put.ts', "export type { Store } from '../../store/port.ts';"],
  ['relay/src/store/index.ts', "export { a } from './writer/push.ts';"],
  ['relay/test/store/push.test.ts', "export { a } from '../../src/store/writer/push.ts';"],
  ['core/src/session/seal.ts', "export { a } from '../envelope/index.ts';"],
  ['cli/src/client.ts', "export { a } from '@0k-sync/client/node';"],
  ['testing/src/crypto.ts', "export { a } from '@0k-sync/testkit/crypto/deterministic';"],
  ['spec/compile/proto.ts', "export { parse } from 'protobufjs';"],
];

interface Report {
  readonly diagnostics: readonly { readonly message: string; readonly location: { readonly path: string } }[];
}

function lint(files: readonly (readonly [string, string, ...unknown[]])[]): Report {
  const directory = mkdtempSync(join(tmpdir(), '0k-boundaries-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  cpSync(join(ROOT, 'biome.json'), join(directory, 'biome.json'));
  cpSync(join(ROOT, 'tools/biome'), join(directory, 'tools/biome'), { recursive: true });
  for (const workspace of ['.', ...new Set(files.map(([path]) => path.split('/', 1)[0] ?? ''))]) {
    const manifest = join(ROOT, workspace, 'package.json');
    if (existsSync(manifest)) cpSync(manifest, join(directory, workspace, 'package.json'));
  }
  for (const [path, source] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), `${source}\n`);
  }
  const run = spawnSync(process.execPath, [BIOME, 'lint', '--reporter=json', '--max-diagnostics=none'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return JSON.parse(run.stdout);
}

t.test('import boundaries and the sans-io rule refuse each breach', (t) => {
  const { diagnostics } = lint(REFUSED);
  for (const [path, , reason] of REFUSED) {
    const messages = diagnostics.filter((each) => each.location.path === path).map((each) => each.message);
    t.match(messages.join('\n'), reason, path);
  }
  t.end();
});

t.test('import boundaries let pass what the layout allows', (t) => {
  t.strictSame(lint(ALLOWED).diagnostics, []);
  t.end();
});
