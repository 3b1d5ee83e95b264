import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LAUNCHERS = [
  { path: 'relay/bin/0k-relay.js', program: '0k-relay', workspace: 'relay' },
  { path: 'cli/bin/0k-sync.js', program: '0k-sync', workspace: 'cli' },
  { path: 'conformance/bin/0k-conformance.js', program: '0k-conformance', workspace: 'conformance' },
] as const;

/** Makes the launcher see another version: the check reads process.versions and nothing else. */
function pretend(version: string): string {
  return `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
}

/** A tree with one workspace whose main says where it runs from, in the main thread, a worker and a fork. */
function workspace(each: (typeof LAUNCHERS)[number], at: string): string {
  const root = mkdtempSync(join(tmpdir(), '0k-launcher-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const directory = join(root, at);
  mkdirSync(join(directory, 'bin'), { recursive: true });
  cpSync(join(ROOT, each.path), join(root, at, 'bin', 'launch.js'));
  cpSync(join(ROOT, each.workspace, 'package.json'), join(directory, 'package.json'));
  mkdirSync(join(root, 'node_modules/@0k-sync'), { recursive: true });
  if (!at.startsWith('node_modules')) symlinkSync(directory, join(root, 'node_modules/@0k-sync', each.workspace));
  return root;
}

function write(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function where(kind: string, each: (typeof LAUNCHERS)[number]): string {
  return `
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
process.stdout.write('main ${kind} ' + process.argv.slice(2).join(' ') + '\\n');
const probe = new URL('./probe.${kind === 'source' ? 'ts' : 'js'}', import.meta.url);
new Worker(probe, { execArgv: process.execArgv, argv: ['worker'] });
fork(probe, ['fork']);
export const workspace = '${each.workspace}';
`;
}

function probe(each: (typeof LAUNCHERS)[number]): string {
  return `process.stdout.write(process.argv[2] + ' ' + import.meta.resolve('@0k-sync/${each.workspace}/main').split('/').at(-2) + '\\n');`;
}

for (const each of LAUNCHERS) {
  const launcher = join(ROOT, each.path);

  t.test(`${each.program} on a wrong Node says which one it needs and imports nothing`, async (t) => {
    for (const version of ['12.22.0', '20.20.2', '24.14.9']) {
      const run = spawnSync(process.execPath, ['--import', pretend(version), launcher, '--help'], { encoding: 'utf8' });
      t.match(run.stderr, `error: ${each.program} needs Node.js 24.15 or later, and this is ${version} (`);
      t.match(run.stderr.split('\n')[1], /^hint: install Node\.js 24 /);
      t.equal(run.stderr.trimEnd().split('\n').length, 2);
      t.equal(run.stdout, '');
      t.equal(run.status, 1);
    }
  });

  t.test(`${each.program} in a checkout runs the sources, in workers and forks too`, async (t) => {
    const root = workspace(each, each.workspace);
    const directory = each.workspace;
    write(root, {
      'tsconfig.base.json': '{}',
      [`${directory}/src/main.ts`]: where('source', each),
      [`${directory}/src/probe.ts`]: probe(each),
      [`${directory}/dist/main.js`]: "throw new Error('stale build')",
    });
    for (const options of [[], ['--conditions=@0k-sync/source']]) {
      const run = spawnSync(process.execPath, [...options, join(root, directory, 'bin/launch.js'), 'a', 'b'], {
        encoding: 'utf8',
      });
      t.strictSame(run.stdout.trimEnd().split('\n').sort(), ['fork src', 'main source a b', 'worker src'], run.stderr);
      t.equal(run.stderr, '');
      t.equal(run.status, 0);
    }
  });

  t.test(`${each.program} when published runs the build`, async (t) => {
    const directory = `node_modules/@0k-sync/${each.workspace}`;
    const root = workspace(each, directory);
    write(root, {
      [`${directory}/src/main.ts`]: "throw new Error('sources')",
      [`${directory}/dist/main.js`]: where('dist', each),
      [`${directory}/dist/probe.js`]: probe(each),
    });
    const run = spawnSync(process.execPath, [join(root, directory, 'bin/launch.js')], { encoding: 'utf8' });
    t.strictSame(run.stdout.trimEnd().split('\n').sort(), ['fork dist', 'main dist ', 'worker dist'], run.stderr);
  });

  t.test(`${each.program} with a part missing says so; its own errors pass through`, async (t) => {
    const root = workspace(each, each.workspace);
    write(root, { 'tsconfig.base.json': '{}', [`${each.workspace}/src/main.ts`]: "import 'not-installed';" });
    const launch = () =>
      spawnSync(process.execPath, [join(root, each.workspace, 'bin/launch.js')], { encoding: 'utf8' });
    const incomplete = launch();
    t.match(incomplete.stderr, /^error: .* is not installed completely: .*not-installed/);
    t.match(incomplete.stderr.split('\n').at(-2), /^hint: .*make setup$/);
    t.equal(incomplete.status, 1);
    write(root, { [`${each.workspace}/src/main.ts`]: "throw new RangeError('of its own');" });
    t.match(launch().stderr, /RangeError: of its own/);
  });
}

t.test(
  'the launchers differ in their names only, but for the relay, which bounds its memory in the lines before',
  async (t) => {
    const [relay, ...others] = LAUNCHERS.map(({ path, program, workspace }) =>
      readFileSync(join(ROOT, path), 'utf8')
        .replace(`'${program}'`, 'PROGRAM')
        .replace(`@0k-sync/${workspace}/main`, 'MAIN'),
    );
    const [first] = others;
    t.strictSame(new Set(others), new Set([first]));
    const common = '// Plain JavaScript';
    const lines = relay?.slice(0, relay.indexOf(common)).trimEnd().split('\n') ?? [];
    t.match(
      lines[0],
      /^#!\/usr\/bin\/env -S (_RJEM_MALLOC_CONF=[a-z_:,\d]+ )?(MALLOC_[A-Z_]+=\d+ )*node --max-semi-space-size=8 --no-parallel-scavenge$/,
    );
    for (const line of lines.slice(1)) t.match(line, /^\/\/ /);
    t.equal(relay?.slice(relay.indexOf(common)), first?.slice(first.indexOf(common)));
  },
);
