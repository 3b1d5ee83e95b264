import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const SCRIPTS = fileURLToPath(new URL('../', import.meta.url));
/** The commands that the script needs besides node and npm. */
const UTILITIES = ['sh', 'dirname', 'uname', 'tr', 'mkdir', 'ln', 'cat'];
const OLD_NODE = '#!/bin/sh\nif [ "$1" = -e ]; then exit 1; fi\n';
/** An npm that notes its arguments and installs the Node that runs this test. */
const NPM = `#!/bin/sh
echo "$@" >>"$NPM_LOG"
while [ $# -gt 1 ]; do if [ "$1" = --prefix ]; then prefix=$2; fi; shift; done
bin=$prefix/node_modules/\${1%@24}/bin
mkdir -p "$bin"
ln -s '${process.execPath}' "$bin/node"
`;

interface Machine {
  readonly root: string;
  readonly commands: string;
  readonly log: string;
}

/** A tree with the scripts, and a PATH that holds these commands and nothing else. */
function machine(commands: Record<string, string>): Machine {
  const root = mkdtempSync(join(tmpdir(), '0k-bootstrap-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const made = { root, commands: join(root, 'commands'), log: join(root, 'npm.log') };
  for (const directory of ['tools', 'commands']) mkdirSync(join(root, directory));
  for (const script of ['bootstrap.sh', 'with-node']) copyFileSync(join(SCRIPTS, script), join(root, 'tools', script));
  for (const utility of UTILITIES) {
    symlinkSync(
      execFileSync('/bin/sh', ['-c', `command -v ${utility}`], { encoding: 'utf8' }).trim(),
      join(made.commands, utility),
    );
  }
  for (const [name, text] of Object.entries(commands)) {
    writeFileSync(join(made.commands, name), text);
    chmodSync(join(made.commands, name), 0o755);
  }
  return made;
}

function run({ root, commands, log }: Machine, script: string, ...options: string[]) {
  return spawnSync(join(root, 'tools', script), options, { env: { PATH: commands, NPM_LOG: log }, encoding: 'utf8' });
}

t.test('bootstrap takes the Node in PATH when it is 24.15 or a later 24', async (t) => {
  const host = machine({ npm: NPM });
  symlinkSync(process.execPath, join(host.commands, 'node'));
  t.equal(run(host, 'bootstrap.sh').stdout, `${host.commands}\n`);
  t.notOk(existsSync(host.log));
});

t.test('bootstrap fetches Node 24 once when the one in PATH is another, or there is none', async (t) => {
  for (const commands of [{ npm: NPM, node: OLD_NODE }, { npm: NPM }]) {
    const host = machine(commands);
    const first = run(host, 'bootstrap.sh');
    t.equal(first.status, 0, first.stderr);
    const node = join(first.stdout.trimEnd(), 'node');
    t.ok(node.startsWith(join(host.root, '.toolchain/')));
    t.equal(run(host, 'bootstrap.sh').stdout, first.stdout);
    const calls = readFileSync(host.log, 'utf8').trimEnd().split('\n');
    t.equal(calls.length, 1);
    t.match(calls[0], new RegExp(`--ignore-scripts.* node-(bin-)?${process.platform}-${process.arch}@24$`));
    t.equal(run(host, 'with-node', 'node', '-p', 'process.execPath').stdout.trimEnd(), process.execPath);
  }
});

t.test('bootstrap that cannot fetch Node says so with a hint', async (t) => {
  for (const [commands, error] of [
    [{ node: OLD_NODE }, /^error: npm is not in PATH$/m],
    [{ node: OLD_NODE, npm: '#!/bin/sh\nexit 1\n' }, /^error: the package node-\S+ could not be installed$/m],
    [{ node: OLD_NODE, npm: '#!/bin/sh\nexit 0\n' }, /^error: node-\S+ brought no Node 24 \(24\.15 or later\)$/m],
  ] as const) {
    const ended = run(machine(commands), 'bootstrap.sh');
    t.match(ended.stderr, error);
    t.match(ended.stderr, /^hint: install Node\.js 24 \(24\.15 or later/m);
    t.equal(ended.stdout, '');
    t.equal(ended.status, 1);
  }
});

t.test('with-node ends with the status of what it runs and runs nothing without Node', async (t) => {
  const host = machine({});
  symlinkSync(process.execPath, join(host.commands, 'node'));
  t.equal(run(host, 'with-node', 'node', '-e', 'process.exit(7)').status, 7);
  const without = run(machine({ node: OLD_NODE }), 'with-node', 'cat', '/etc/hostname');
  t.equal(without.status, 1);
  t.equal(without.stdout, '');
});

t.test('the versions named by the tree agree', async (t) => {
  const root = dirname(SCRIPTS);
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  t.equal(engines.node, '>=24.15');
  t.equal(readFileSync(join(root, '.nvmrc'), 'utf8').trim(), '24');
  t.match(readFileSync(join(root, '.npmrc'), 'utf8'), /^engine-strict=true$/m);
});
