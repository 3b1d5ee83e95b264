import { randomBytes } from 'node:crypto';
import type { Device, Watch } from './device.ts';
import type { JsonObject } from './lines.ts';
import { paint, seen } from './narrate.ts';
import { expect } from './steps.ts';

const DELIVERY_MS = 45_000;

/** One message of the demo. */
export interface Sent {
  /** Ends with `token`. */
  readonly text: string;
  /** 64 random bits, so that finding it elsewhere is no coincidence. */
  readonly token: string;
  readonly id: string;
  readonly from: Device;
  readonly to: Device;
  readonly state: string;
}

function isMessage(line: JsonObject, text: string): boolean {
  return line['type'] === 'message' && line['content'] === text;
}

/** Sends and receives messages, and counts those that arrived. */
export class Conversation {
  readonly sent: Sent[] = [];
  /** Ids of the messages that the other device has printed. */
  readonly received = new Set<string>();

  /** Runs `0k-sync push -` with the text on stdin. */
  async push(from: Device, to: Device, about: string, options: readonly string[] = []): Promise<Sent> {
    const token = randomBytes(8).toString('hex');
    const text = `${about} ${token}`;
    const [line] = await from.run(['push', '-', ...options], text);
    const sent = { text, token, id: String(line?.['id']), from, to, state: String(line?.['state']) };
    this.sent.push(sent);
    return sent;
  }

  /** Resolves when the other device's running watch prints the message. */
  async seenLive(watch: Watch, sent: Sent): Promise<void> {
    const what = `${sent.to.name} does not see “${sent.text}” live`;
    this.#count(sent, await watch.lines.first(what, DELIVERY_MS, (line) => isMessage(line, sent.text)), 'live');
  }

  /** Runs `0k-sync pull` on the other device, which must print exactly these messages. */
  async pulled(to: Device, expected: readonly Sent[]): Promise<void> {
    const lines = (await to.run(['pull'])).filter((line) => line['type'] === 'message');
    expect(
      lines.length === expected.length,
      `pull on ${to.name} printed ${lines.length} messages instead of ${expected.length}`,
    );
    for (const sent of expected) {
      const line = lines.find((each) => isMessage(each, sent.text));
      expect(line !== undefined, `pull on ${to.name} did not print “${sent.text}”`);
      this.#count(sent, line, 'by pull');
    }
  }

  #count(sent: Sent, line: JsonObject, how: string): void {
    expect(line['id'] === sent.id, `“${sent.text}” arrived under another id`);
    expect(!this.received.has(sent.id), `“${sent.text}” arrived twice`);
    this.received.add(sent.id);
    seen(`${sent.to.name} reads ${how}: ${paint('cyan', `“${sent.text}”`)}`);
  }
}
