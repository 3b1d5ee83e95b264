import { join } from 'node:path';
import { type Canary, filesOf, findLeaks, type Leak, type Place } from '../../conformance/src/leak/search.ts';
import { paint, say, seen, table } from './narrate.ts';
import { type RelayContents, readContents, type StoredEnvelope } from './relay-contents.ts';
import { expect, step } from './steps.ts';
import type { Outcome } from './story.ts';

/** Counts from the relay's files and from the devices' output. */
export interface Evidence {
  readonly devices: number;
  readonly messages: number;
  readonly plaintextAtRelay: number;
}

const HINT = 'this must never happen: please report it with the output';
const PREFIX_BYTES = 12;

function prefixOf(bytes: Uint8Array): string {
  return `${Buffer.from(bytes.subarray(0, PREFIX_BYTES)).toString('hex')}…`;
}

function row(envelope: StoredEnvelope, texts: ReadonlyMap<number, string>): readonly string[] {
  const text = texts.get(envelope.cursor);
  return [
    String(envelope.cursor),
    Buffer.from(envelope.hash).toString('hex').slice(0, 8),
    Buffer.from(envelope.deviceKey).toString('hex').slice(0, 8),
    `${envelope.ciphertext.length} B`,
    paint('red', prefixOf(envelope.ciphertext)),
    text === undefined ? paint('dim', '(a device announced itself)') : paint('cyan', text),
  ];
}

function report(name: string, files: readonly Place[], leaks: readonly Leak[]): void {
  for (const { canary, place, form } of leaks)
    say(`  ${paint('red', 'found')} ${JSON.stringify(canary)} (${form}) in ${place}`);
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (leaks.length === 0) seen(`${name}: ${files.length} files, ${bytes} bytes, no plaintext, invite or name`);
}

/** Proves that the search works: it must find the ciphertext that the table shows. */
function checkSearch(files: readonly Place[], { envelopes }: RelayContents): void {
  for (const { cursor, ciphertext } of envelopes)
    expect(
      findLeaks(files, [{ name: 'ciphertext', secret: ciphertext }]).length > 0,
      `the search does not even find the ciphertext of cursor ${cursor}`,
    );
  seen(`the same search finds all ${envelopes.length} ciphertexts`);
}

function canary(text: string): Canary {
  return { name: text, secret: new TextEncoder().encode(text) };
}

/** Prints the relay's contents beside the devices' texts, and searches the former for the latter. */
export async function show(outcome: Outcome): Promise<Evidence> {
  const { relay, conversation, texts, secrets } = outcome;
  const wanted = [...conversation.sent.map(({ token }) => token), ...secrets].map(canary);
  return step('7. What the relay holds, and what the devices read', HINT, async () => {
    const running = filesOf(relay.directory);
    const leaks = findLeaks(running, wanted);
    await relay.terminate();
    const contents = readContents(join(relay.directory, 'data'));
    say(
      `  ${contents.groups} group, ${contents.devices} devices, ${contents.envelopes.length} envelopes, ${contents.invites} open invites\n`,
    );
    const head = ['cursor', 'id', 'sender', 'size', 'ciphertext at the relay', 'text on the devices'];
    table(
      head,
      contents.envelopes.map((envelope) => row(envelope, texts)),
    );
    say();
    report('files of the running relay, write-ahead log and logs included', running, leaks);
    const stopped = filesOf(relay.directory);
    const later = findLeaks(stopped, wanted);
    report('files of the stopped relay', stopped, later);
    checkSearch(stopped, contents);
    const plaintextAtRelay = leaks.length + later.length;
    expect(plaintextAtRelay === 0, `plaintext was found ${plaintextAtRelay} times`);
    const received = conversation.received.size;
    expect(received === conversation.sent.length, `only ${received} of ${conversation.sent.length} messages arrived`);
    expect(contents.devices === outcome.devices.length, `the relay has ${contents.devices} devices`);
    return { devices: contents.devices, messages: received, plaintextAtRelay };
  });
}
