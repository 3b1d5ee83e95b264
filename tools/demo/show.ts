import { join } from 'node:path';
import { paint, say, seen, table } from './narrate.ts';
import { type RelayContents, readContents, type StoredEnvelope } from './relay-contents.ts';
import { type SearchResult, searchBytes, searchFiles } from './search.ts';
import { expect, step } from './steps.ts';
import type { Outcome } from './story.ts';

/** What was counted in the relay's files and in what the devices printed. */
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

function report(name: string, { files, bytes, findings }: SearchResult): void {
  for (const { file, text, form } of findings)
    say(`  ${paint('red', 'found')} ${JSON.stringify(text)} (${form}) in ${file}`);
  if (findings.length === 0) seen(`${name}: ${files} files, ${bytes} bytes, no plaintext, invite or name`);
}

/** The search finds what is there: the ciphertext that the table shows. */
function checkSearch(outcome: Outcome, contents: RelayContents): void {
  for (const { cursor, ciphertext } of contents.envelopes)
    expect(
      searchBytes(outcome.relay.directory, ciphertext) > 0,
      `the search does not even find the ciphertext of cursor ${cursor}`,
    );
  seen(`the same search finds all ${contents.envelopes.length} ciphertexts`);
}

/** Shows what the relay holds beside what the devices read, and looks for the one in the other. */
export async function show(outcome: Outcome): Promise<Evidence> {
  const { relay, conversation, texts, secrets } = outcome;
  const wanted = [...conversation.sent.flatMap(({ about, token }) => [about, token]), ...secrets];
  return step('7. What the relay holds, and what the devices read', HINT, async () => {
    const running = searchFiles(relay.directory, wanted);
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
    const stopped = searchFiles(relay.directory, wanted);
    report('files of the running relay, write-ahead log and logs included', running);
    report('files of the stopped relay', stopped);
    checkSearch(outcome, contents);
    const plaintextAtRelay = running.findings.length + stopped.findings.length;
    expect(plaintextAtRelay === 0, `plaintext was found ${plaintextAtRelay} times`);
    const received = conversation.received.size;
    expect(received === conversation.sent.length, `only ${received} of ${conversation.sent.length} messages arrived`);
    expect(contents.devices === outcome.devices.length, `the relay has ${contents.devices} devices`);
    return { devices: contents.devices, messages: received, plaintextAtRelay };
  });
}
