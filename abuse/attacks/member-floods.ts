import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore, SyncSession } from '@0k-sync/client/node';
import { equal } from '@0k-sync/core/bytes';
import { EpochKeys } from '@0k-sync/core/group';
import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import type { PushItem } from '@0k-sync/generated/wire/frame';
import { Device, Group, itemOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { RelayProcess } from '../../tools/demo/relay-process.ts';
import type { ClientCase, Measurement } from '../client-case.ts';
import { enter } from '../stranger.ts';

const ENVELOPES = 2000;
const ITEMS = 200;
const PULL_LIMIT_S = 2;
const BLOCKED_LIMIT_S = 0.05;

/** Makes the next push item of a member that means ill. */
type Flood = (author: Device) => PushItem;

const FLOODS: Readonly<Record<string, Flood>> = {
  'honest messages': (author) => itemOf(author.seal('honest')),
  'bad signatures': (author) => {
    const { envelope } = author.seal('forged');
    author.next();
    return { envelope: { ...envelope, signature: flip(envelope.signature) }, skip: true };
  },
  'what nobody can open': (author) => itemOf(author.sized(CIPHERTEXT_BYTES_MIN)),
  'a gap before each': (author) => {
    author.next();
    return itemOf(author.seal('after a gap'), true);
  },
};

/** One member sends thousands of envelopes that another one has to hold or to reject. */
export const memberFloods: ClientCase = {
  finding: 'C5',
  title: `${ENVELOPES} envelopes of a member that means ill`,
  run: async () => {
    const measured: Measurement[] = [];
    for (const [what, flood] of Object.entries(FLOODS)) measured.push(...(await measure(what, flood)));
    return measured;
  },
};

async function measure(what: string, flood: Flood): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), '0k-abuse-'));
  const relay = await RelayProcess.start(join(directory, 'relay'));
  try {
    const store = new MemoryStore();
    const member = await SyncSession.new(undefined, [relay.address], { store, deviceName: 'member' });
    const reader = await SyncSession.new(undefined, [], { dataDir: join(directory, 'reader'), deviceName: 'reader' });
    await reader.pairJoin(await member.pair());
    await member.close();
    await pushAll(relay, await authorOf(store), flood);
    const blocked = longestTurn();
    const start = performance.now();
    await reader.pull();
    const seconds = (performance.now() - start) / 1000;
    const blockedSeconds = blocked() / 1000;
    await reader.close();
    return [
      { what: `${what}, pull`, seconds, limit: PULL_LIMIT_S },
      { what: `${what}, longest turn of the loop`, seconds: blockedSeconds, limit: BLOCKED_LIMIT_S },
    ];
  } finally {
    await relay.kill();
    rmSync(directory, { recursive: true });
  }
}

/** The member's keys and chain, in hands that mean ill. */
async function authorOf(store: MemoryStore): Promise<Device> {
  const { seed, group, chains } = await store.load();
  const [secret] = group?.epochSecrets ?? [];
  if (seed === undefined || secret === undefined) throw new TypeError('the member has a group');
  const author = new Device(new Group(new EpochKeys(crypto, secret.secret.slice(), 0)), seed.slice());
  const own = chains.find(({ sender }) => equal(sender, author.keys.deviceKey));
  return own === undefined ? author : Object.assign(author, { sequence: own.sequence, previous: own.hash });
}

async function pushAll(relay: RelayProcess, author: Device, flood: Flood): Promise<void> {
  const [host = '', port] = relay.address.split(':');
  const client = await enter({ host, port: Number(port) }, author);
  for (let pushed = 0; pushed < ENVELOPES; pushed += ITEMS) {
    const { results } = await client.push(Array.from({ length: ITEMS }, () => flood(author)));
    if (results.length !== ITEMS) throw new Error(`the relay took ${results.length} of ${ITEMS} envelopes`);
  }
  await client.close();
}

/** Watches the event loop. @returns ends the watch, with the longest turn, ms */
function longestTurn(): () => number {
  let [longest, before, isOver] = [0, performance.now(), false];
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    return longest;
  };
}
