import { join } from 'node:path';
import { Message as WireMessage } from '@0k-sync/generated/wire/envelope';
import { bytes, sampleLogEntry } from '@0k-sync/testkit/contract/store';
import { random } from '@0k-sync/testkit/crypto';
import type { Message } from '../../src/inbound/message.ts';
import { Log, type ReadLogOptions } from '../../src/log/log.ts';
import { SqliteStore } from '../../src/node/sqlite/sqlite-store.ts';
import { SqliteTables } from '../../src/node/sqlite/sqlite-tables.ts';

const OWN = bytes(1);
const BOB = bytes(2);

/** The log and the app's tables in two files of a folder, without a network: what a killed process leaves behind. */
export class LogFile {
  readonly folder: string;
  readonly store: SqliteStore;
  readonly tables: SqliteTables;
  readonly log: Log;
  readonly #closing = new AbortController();

  constructor(folder: string, wrap: (store: SqliteStore) => SqliteStore = (store) => store) {
    this.folder = folder;
    this.store = wrap(new SqliteStore(join(folder, 'client.sqlite')));
    this.tables = new SqliteTables(join(folder, 'app.sqlite'));
    this.log = new Log({
      store: this.store,
      head: 0,
      deviceKey: () => OWN,
      nameOf: () => '',
      listen: () => () => {},
      tables: this.tables,
      assertOpen: () => {},
      closing: this.#closing.signal,
    });
  }

  /** The pages that `log.read` gives. */
  async pages(options: ReadLogOptions = {}): Promise<(readonly Message[])[]> {
    const pages = [];
    for await (const page of this.log.read(options)) pages.push(page);
    return pages;
  }

  /** The messages that `log.read` gives. */
  async read(options: ReadLogOptions = {}): Promise<Message[]> {
    return (await this.pages(options)).flat();
  }

  /** Stores a pushed message. Resolves with its position. */
  async push(content: string, topic = ''): Promise<number> {
    const id = random(16);
    const entry = { id, contentType: 1, plaintext: encode(id, content, topic), state: 'queued', topic } as const;
    return (await this.store.commit([{ kind: 'enqueue', entry }]))[0] ?? 0;
  }

  /** Stores a message of another member. Resolves with its position. */
  async accept(sequence: number, content: string, topic = ''): Promise<number> {
    const [messageId, hash] = [random(16), random(32)];
    const more = { hash, messageId, topic, plaintext: encode(messageId, content, topic) };
    return (await this.store.commit([{ kind: 'accept', entry: sampleLogEntry(BOB, sequence, more) }]))[0] ?? 0;
  }

  /** Closes both files. Whatever runs ends as if the process had been killed between two writes. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.tables.close();
    await this.store.close();
  }
}

function encode(id: Uint8Array, text: string, topic: string): Uint8Array {
  const content = { $case: 'text', value: text } as const;
  return WireMessage.encode({ id, content, metadata: undefined, topic, sentAtMs: 1n, skipped: [] }).finish();
}
