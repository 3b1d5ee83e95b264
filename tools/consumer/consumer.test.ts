// Installs the packed packages in fresh folders and uses them as an app does. `make consumer` runs it; it needs the registry.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import t from 'tap';
import { examplesOf } from '../../test/docs/support/pages.ts';
import { stopAll } from '../demo/children.ts';
import { RelayProcess } from '../demo/relay-process.ts';
import { FreshFolder } from './fresh-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The oldest TypeScript whose compiler takes the declarations; client/README.md states it. */
const TYPESCRIPT_MIN = '5.7';
const CLIENT = ['client', 'core', 'generated', 'transport'];
const RELAY = ['relay', 'core', 'generated', 'transport'];
const OPTIONAL = ['sodium-native', 'hash-wasm', 'better-sqlite3', '@currentspace/http3'];
/** Packages that only a relay or a test of an implementation needs. */
const RELAY_ONLY = ['@0k-sync/relay', '@0k-sync/spec', '@peculiar/x509', 'reflect-metadata', 'fastify'];
/** Modules that must not be in the bundle of a client. */
const NOT_IN_A_CLIENT =
  /relay-session|machines\/invite|handshake-responder|@0k-sync\/(spec|relay)\/|x509|reflect-metadata/;

// Outside of this tree, whose node_modules would be found from a folder below it.
const folder = mkdtempSync(join(tmpdir(), '0k-consumer-'));
const clientReadme = readFileSync(join(ROOT, 'client/README.md'), 'utf8');
t.teardown(async () => {
  await stopAll();
  rmSync(folder, { recursive: true });
});
const client = new FreshFolder(join(folder, 'client'));
await client.install(CLIENT, { typescript: `~${TYPESCRIPT_MIN}`, '@types/node': '^24' });
client.copyApp('two-devices.ts');
const relayFolder = new FreshFolder(join(folder, 'relay'));
await relayFolder.install(RELAY);
const program = join(relayFolder.path, 'node_modules/@0k-sync/relay/bin/0k-relay.js');
const relay = await RelayProcess.start(join(folder, 'relay-data'), '', program);

/** The verdict of the oldest TypeScript on a program and of every declaration behind it. Rejects when it finds an error. */
async function typeErrors(folder: FreshFolder, program: string): Promise<string> {
  const typeRoots = [join(client.path, 'node_modules/@types')];
  const compilerOptions = {
    allowImportingTsExtensions: true,
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots,
  };
  folder.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [program] }));
  const compiler = join(client.path, 'node_modules/typescript/bin/tsc');
  return (await folder.run(process.execPath, compiler, '-p', '.')).stdout;
}

t.test('an installed client brings nothing of the relay', async (t) => {
  for (const name of OPTIONAL) t.ok(client.has(name), name);
  for (const name of RELAY_ONLY) t.notOk(client.has(name), name);
});

t.test('two devices sync through a relay that runs from its package', async (t) => {
  const { stdout, stderr } = await client.run(process.execPath, 'two-devices.ts', relay.address, 'data-package');
  t.strictSame(JSON.parse(stdout), ['hello']);
  t.equal(stderr, '');
});

t.test('the declarations suit the oldest TypeScript that the README names', async (t) => {
  t.equal(await typeErrors(client, 'two-devices.ts'), '');
  t.match(clientReadme, `TypeScript ${TYPESCRIPT_MIN}`);
});

t.test('the app of docs/client.md does what the page says', async (t) => {
  const page = examplesOf('docs/client.md');
  for (const name of ['todos', 'main']) client.write(`${name}.ts`, page.get(name) ?? '');
  t.equal(await typeErrors(client, 'main.ts'), '');
  const script = `RELAY='${relay.address}'; ${page.get('try') ?? 'false'}`;
  const { stdout } = await client.run('sh', '-euc', script);
  t.match(
    stdout.trimEnd().split('\n').at(-1),
    /^\[ \] buy milk \([-\da-f]{36}\)$/,
    'the phone has the edit of the laptop',
  );
});

for (const format of ['esm', 'cjs'] as const) {
  t.test(`a bundle of the client (${format}) syncs, without modules of the relay`, async (t) => {
    const outfile = join(client.path, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
    const { metafile } = await build({
      entryPoints: [join(client.path, 'two-devices.ts')],
      bundle: true,
      platform: 'node',
      format,
      outfile,
      metafile: true,
      logLevel: 'error',
    });
    const [output] = Object.values(metafile.outputs);
    const modules = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    t.ok(modules.length > 100, `${modules.length} modules`);
    t.strictSame(
      modules.map(([path]) => path).filter((path) => NOT_IN_A_CLIENT.test(path)),
      [],
    );
    const { stdout } = await client.run(process.execPath, outfile, relay.address, `data-${format}`);
    t.strictSame(JSON.parse(stdout), ['hello']);
  });
}

t.test('without optional packages the client runs, says what is slower, and refuses what it cannot do', async (t) => {
  const bare = new FreshFolder(join(folder, 'bare'));
  await bare.install([...CLIENT, 'testkit', 'testing'], {}, ['--omit=optional']);
  for (const name of OPTIONAL) t.notOk(bare.has(name), name);
  bare.copyApp('without-optional.ts');
  t.equal(await typeErrors(bare, 'without-optional.ts'), '');
  const { stdout } = await bare.run(process.execPath, 'without-optional.ts');
  t.match(JSON.parse(stdout), {
    received: ['hello'],
    warnings: [{ code: '0K_SYNC_SLOW', message: /sodium-native .* hash-wasm / }],
    quic: { kind: 'unreachable', message: /@currentspace\/http3/, hint: /npm install @currentspace\/http3/ },
    sqlite: 7,
    notes: ['kept in memory'],
  });
  const slow = JSON.parse(stdout).warnings.filter(({ code }: { readonly code: unknown }) => code === '0K_SYNC_SLOW');
  t.equal(slow.length, 1, 'it says so once');
});
