// Runs the packed client on each runtime that it supports, at the oldest version that its README names. `make consumer` runs it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { stopAll } from '../demo/children.ts';
import { RelayProcess } from '../demo/relay-process.ts';
import { FreshFolder } from './fresh-folder.ts';
import { aliasOf, binaryIn, bunOf, denoOf, nodeOf } from './runtime-packages.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OLDEST_NODE = nodeOf('22.14.0');
const TOO_OLD = nodeOf('22.13.1');
const OTHERS = [bunOf('1.4.1'), denoOf('2.9.0')];
const CLIENT = ['client', 'core', 'generated', 'transport'];
const HTTP3 = '@currentspace/http3@0.9.0';
const EXPECTED = { differences: [], received: ['laptop: before', 'laptop: after'] };

// Outside of this tree, whose node_modules would be found from a folder below it.
const folder = mkdtempSync(join(tmpdir(), '0k-runtimes-'));
t.teardown(async () => {
  await stopAll();
  rmSync(folder, { recursive: true });
});

const runtimes = new FreshFolder(join(folder, 'runtimes'));
const all = [OLDEST_NODE, TOO_OLD, ...OTHERS];
await runtimes.install(
  [],
  Object.fromEntries(all.map((each) => [aliasOf(each), `npm:${each.package}@${each.version}`])),
);
const oldestNode = binaryIn(runtimes.path, OLDEST_NODE);
// npm itself runs on the oldest Node, and refuses packages that ask for a newer one.
const app = new FreshFolder(join(folder, 'app'), oldestNode);
await app.install(CLIENT);
const program = await app.compileApp('on-a-runtime.ts');
const relay = await RelayProcess.start(join(folder, 'relay-data'));

function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

t.test(
  'npm on the oldest Node leaves the package for QUIC out, and the refusal names the command that helps',
  async (t) => {
    t.notOk(app.has('@currentspace/http3'));
    const run = app.run(oldestNode, program, relay.address, 'data-without');
    const { stdout } = (await t.rejects(run)) as unknown as { stdout: string };
    t.match(JSON.parse(stdout), { kind: 'unreachable', message: /@currentspace\/http3/, hint: `npm install ${HTTP3}` });
    await app.run('npm', 'install', '--no-engine-strict', '--ignore-scripts', '--loglevel=error', HTTP3);
    t.ok(app.has('@currentspace/http3'));
    for (const page of ['client/README.md', 'docs/client.md']) t.match(readText(page), `npm install ${HTTP3}`);
  },
);

for (const runtime of [OLDEST_NODE, ...OTHERS]) {
  const { name, version, options } = runtime;
  t.test(
    `SC-21 two devices sync on ${name} ${version}, whose primitives give the bytes of the portable ones`,
    async (t) => {
      const binary = binaryIn(runtimes.path, runtime);
      t.match((await app.run(binary, '--version')).stdout, version);
      const { stdout } = await app.run(binary, ...options, program, relay.address, `data-${name}`);
      t.strictSame(JSON.parse(stdout), EXPECTED);
      const stated = `${name} ${version.replace(/\.0$/, '')}`;
      for (const page of ['README.md', 'client/README.md', 'docs/client.md']) t.match(readText(page), stated);
      t.match(readText('client/src/node/runtime.ts'), stated);
    },
  );
}

t.test('the manifests name the oldest Node', async (t) => {
  for (const workspace of ['client', 'core', 'transport', 'generated/protocol']) {
    t.equal(JSON.parse(readText(`${workspace}/package.json`)).engines.node, '>=22.14', workspace);
  }
});

t.test('a Node that is too old is refused with one error before native code could crash it', async (t) => {
  const run = app.run(binaryIn(runtimes.path, TOO_OLD), program, relay.address, 'data-too-old');
  const { stdout, stderr } = (await t.rejects(run)) as unknown as { stdout: string; stderr: string };
  const message = `0k-sync cannot run on Node ${TOO_OLD.version}, which lacks Node-API 10.`;
  t.match(JSON.parse(stdout), { kind: 'unsupported', message, hint: /Node 22\.14, Bun 1\.4\.1 or Deno 2\.9/ });
  t.equal(stderr, '');
});
