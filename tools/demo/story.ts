import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Conversation } from './conversation.ts';
import { Device } from './device.ts';
import { paint, say, seen } from './narrate.ts';
import { RelayProcess } from './relay-process.ts';
import { expect, step } from './steps.ts';

/** The result of the demo: everything is counted, nothing is assumed. */
export interface Outcome {
  readonly relay: RelayProcess;
  readonly devices: readonly Device[];
  readonly conversation: Conversation;
  /** The text that the devices read at each cursor of the relay. */
  readonly texts: ReadonlyMap<number, string>;
  /** Texts that the relay must never have: invite and device names. */
  readonly secrets: readonly string[];
}

const LIVE_MS = 20_000;
const NETWORK_HINT = 'loopback UDP has to work here: check firewalls and sandboxes, then run the demo again';
const RELAY_HINT = 'its log is shown above; @currentspace/http3 runs on Linux (glibc) and macOS on arm64';
const DEVICE_HINT = 'run it again; if it fails again, please report it with the output';

async function startRelay(directory: string): Promise<RelayProcess> {
  return step('1. A relay', RELAY_HINT, async () => {
    const relay = await RelayProcess.start(directory);
    seen(`relay process ${relay.pid} on QUIC ${relay.address}, SQLite in its data directory`);
    return relay;
  });
}

async function pairDevices(relay: RelayProcess, a: Device, b: Device, classical: boolean): Promise<string> {
  return step('2. Two devices pair', NETWORK_HINT, async () => {
    const mode = classical ? ['--classical'] : [];
    const [created] = await a.run(['pair', '--create', '--relay', relay.address, '--device-name', a.name, ...mode]);
    const invite = String(created?.['invite']);
    expect(invite.startsWith('0ksync:'), `${a.name} printed no invite`);
    seen(
      `${a.name} created group ${String(created?.['group']).slice(0, 12)}… and an invite of ${invite.length} characters`,
    );
    const [joined] = await b.run(['pair', '--join', '-', '--device-name', b.name, ...mode], invite);
    expect(joined?.['group'] === created?.['group'], 'the devices are in different groups');
    seen(`${b.name} joined with the invite, which it read from stdin`);
    return invite;
  });
}

async function talkLive(talk: Conversation, from: Device, to: Device): Promise<void> {
  const watch = to.watch();
  await watch.lines.first(`${to.name} does not connect`, LIVE_MS, (line) => line['type'] === 'connected');
  await talk.seenLive(watch, await talk.push(from, to, `Hello ${to.name}, live`));
  expect((await watch.interrupt()) === 0, `watch on ${to.name} did not end cleanly`);
}

async function talkOffline(talk: Conversation, from: Device, to: Device): Promise<void> {
  await talk.pulled(to, [await talk.push(from, to, 'You were offline')]);
}

async function surviveCrash(talk: Conversation, relay: RelayProcess, a: Device, b: Device): Promise<void> {
  const watch = b.watch();
  await watch.lines.first(`${b.name} does not connect`, LIVE_MS, (line) => line['type'] === 'connected');
  const before = relay.pid;
  await relay.kill();
  seen(`relay process ${before} got SIGKILL while ${b.name} was watching`);
  const queued = await talk.push(a, b, 'Written while the relay was down', ['--timeout', '1']);
  expect(queued.state === 'queued', `${a.name} says “${queued.state}” of a message that no relay can have`);
  const waiting = await a.run(['queue', 'list']);
  expect(
    waiting.some((line) => line['id'] === queued.id),
    `the queue of ${a.name} does not have the message`,
  );
  seen(`${a.name} pushed without a relay: the message is in its queue on disk`);
  await relay.restart();
  seen(`relay process ${relay.pid} runs on the same data and port`);
  const after = await talk.push(a, b, 'After the restart');
  await talk.seenLive(watch, queued);
  await talk.seenLive(watch, after);
  expect((await watch.interrupt()) === 0, `watch on ${b.name} did not end cleanly`);
  await talk.pulled(a, [await talk.push(b, a, 'Back to you')]);
}

/** Lets every device read the whole log again: each message once, in the relay's order, and nothing else. */
async function convergence(talk: Conversation, devices: readonly Device[]): Promise<ReadonlyMap<number, string>> {
  const logs: string[] = [];
  const byCursor = new Map<number, string>();
  const outputs = await Promise.all(devices.map((device) => device.run(['pull', '--after-cursor', '0'])));
  for (const [index, device] of devices.entries()) {
    const lines = outputs[index]?.filter((line) => line['type'] === 'message') ?? [];
    const texts = lines.map((line) => String(line['content']));
    expect(
      texts.length === talk.sent.length && talk.sent.every(({ text }) => texts.includes(text)),
      `${device.name} has ${texts.length} messages instead of ${talk.sent.length}`,
    );
    for (const line of lines) byCursor.set(Number(line['cursor']), String(line['content']));
    logs.push(JSON.stringify(lines.map((line) => [line['cursor'], line['id'], line['content']])));
  }
  expect(new Set(logs).size === 1, 'the devices do not agree');
  seen(`both have the same ${talk.sent.length} messages under the same cursors`);
  return byCursor;
}

/** Makes a device whose name is random enough to search for at the relay. */
function deviceIn(directory: string, kind: string): Device {
  return new Device(`${kind}-${randomBytes(3).toString('hex')}`, join(directory, 'devices', kind));
}

/** Runs the whole story up to the last message. */
export async function tell(directory: string, classical: boolean): Promise<Outcome> {
  const relay = await startRelay(join(directory, 'relay'));
  mkdirSync(join(directory, 'devices'), { mode: 0o700 });
  const [a, b] = [deviceIn(directory, 'laptop'), deviceIn(directory, 'phone')];
  say(paint('dim', `  channel: ${classical ? '/0k-sync/1, classical' : '/0k-sync/2, X25519 and ML-KEM-768'}`));
  const invite = await pairDevices(relay, a, b, classical);
  const talk = new Conversation();
  await step('3. Both push, both receive live', DEVICE_HINT, async () => {
    await talkLive(talk, a, b);
    await talkLive(talk, b, a);
  });
  await step('4. Both receive what came while they were offline', DEVICE_HINT, async () => {
    await talkOffline(talk, a, b);
    await talkOffline(talk, b, a);
  });
  await step('5. The relay is killed and started again', DEVICE_HINT, () => surviveCrash(talk, relay, a, b));
  const texts = await step('6. Both agree', DEVICE_HINT, () => convergence(talk, [a, b]));
  return { relay, devices: [a, b], conversation: talk, texts, secrets: [invite, a.name, b.name] };
}
