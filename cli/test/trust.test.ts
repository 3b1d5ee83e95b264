import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RelayProcess } from '../../tools/demo/relay-process.ts';
import { objects, ofType, zerok } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

/** A device that created a group, and so knows the relay's keys from first use. */
async function creator(relay: string, ...options: string[]): Promise<string> {
  const directory = join(temporaryDirectory(), 'device');
  const run = await zerok(['pair', '--create', '--relay', relay, '--data-dir', directory, ...options]);
  if (run.code !== 0) throw new Error(run.stderr);
  return directory;
}

/** The same address, another relay: new keys, an empty database. */
async function replace(relay: RelayProcess): Promise<void> {
  await relay.kill();
  rmSync(join(relay.directory, 'data'), { recursive: true });
  await relay.restart();
}

async function relaysOf(directory: string) {
  return ofType((await zerok(['relay', 'list', '--json', '--data-dir', directory])).stdout, 'relay');
}

const relay = await startRelay();

t.test(
  'CLI-004 --tofu-strict refuses changed keys with exit code 6; without it they are replaced with a warning',
  async (t) => {
    const a = await creator(relay.address);
    const [before] = await relaysOf(a);
    t.match(before, { relay: relay.address, node_id: /^.{52}$/, kem_hash: /^.{52}$/, fixed: false, used: true });
    await replace(relay);
    const strict = await zerok(['push', 'kept', '--tofu-strict', '--data-dir', a]);
    t.equal(strict.code, 6, strict.stderr);
    t.match(strict.stderr, String(before?.['node_id']), 'names the known key');
    t.match(strict.stderr, /^error: .+\nhint: .*relay trust/m);
    t.match(strict.stderr, /note: the message stays in the queue/);
    t.strictSame(await relaysOf(a), [before], 'nothing was replaced');
    const permissive = await zerok(['push', 'too', '--data-dir', a]);
    t.equal(permissive.code, 0, permissive.stderr);
    t.match(permissive.stderr, /^warning: the keys of relay .* changed/m);
    const [after] = await relaysOf(a);
    t.not(after?.['node_id'], before?.['node_id']);
    t.equal((await zerok(['push', 'again', '--tofu-strict', '--data-dir', a])).code, 0, 'the new keys are known now');
  },
);

t.test('relay trust accepts other keys in strict mode: whatever comes, or exactly those', async (t) => {
  const a = await creator(relay.address, '--tofu-strict');
  const [old] = await relaysOf(a);
  await replace(relay);
  t.equal((await zerok(['pull', '--data-dir', a])).code, 6);
  const trusted = await zerok(['relay', 'trust', relay.address, '--json', '--data-dir', a]);
  t.match(objects(trusted.stdout), [{ type: 'relay-trusted', relay: relay.address, fixed: false }]);
  t.equal((await zerok(['pull', '--data-dir', a])).code, 0);
  const [now] = await relaysOf(a);
  t.not(now?.['node_id'], old?.['node_id']);
  await zerok(['relay', 'trust', `${old?.['node_id']}@${relay.address}`, '--data-dir', a]);
  t.match(await relaysOf(a), [{ node_id: old?.['node_id'], fixed: true }]);
  t.equal((await zerok(['pull', '--data-dir', a])).code, 6, 'CL-32 these keys and no others');
});

t.test('CL-32 keys in front of the @ are fixed: another relay is refused in permissive mode too', async (t) => {
  const a = await creator(relay.address);
  const [{ node_id: nodeId } = {}] = await relaysOf(a);
  const b = await creator(`${nodeId}@${relay.address}`);
  t.match(await relaysOf(b), [{ node_id: nodeId, fixed: true }]);
  await replace(relay);
  const refused = await zerok(['push', 'x', '--data-dir', b]);
  t.equal(refused.code, 6, refused.stderr);
});

t.test('CLI-004 --classical: /0k-sync/1 leaves no KEM hash, and is refused where one is known', async (t) => {
  const a = await creator(relay.address, '--classical');
  t.match(await relaysOf(a), [{ kem_hash: null, node_id: String }]);
  t.equal((await zerok(['push', 'x', '--data-dir', a])).code, 0);
  t.match(await relaysOf(a), [{ kem_hash: null }], 'init keeps the mode');
  const b = await creator(relay.address);
  const refused = await zerok(['push', 'x', '--classical', '--data-dir', b]);
  t.equal(refused.code, 6, refused.stderr);
  t.match(refused.stderr, /hint: omit --classical/);
});
