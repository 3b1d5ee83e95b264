import type { Group, Message } from '@0k-sync/client/node';
import type { Context } from './context.ts';
import { reportMessage } from './format.ts';

/** The named cursor of what this program has printed. */
const CURSOR = 'cli';

/** Messages are printed one after the other; a page of them is a transaction of the terminal. */
export class Unread {
  readonly #context: Context;
  readonly #group: Group;
  /** Position of the last message that was printed, or that is an own one. */
  #position: number;
  #printed = 0;

  private constructor(context: Context, group: Group, position: number) {
    this.#context = context;
    this.#group = group;
    this.#position = position;
  }

  /** Finds out what was printed before. */
  static async of(context: Context, group: Group): Promise<Unread> {
    const cursor = (await group.log.cursors()).find(({ name }) => name === CURSOR);
    const unread = new Unread(context, group, cursor?.position ?? (await readBefore(group)));
    if (cursor === undefined) await unread.#keep();
    return unread;
  }

  /** Counts the stored messages of others that were not printed yet. */
  async count(): Promise<number> {
    let count = 0;
    for await (const page of this.#group.log.read({ after: this.#position })) {
      count += page.filter(({ own }) => !own).length;
    }
    return count;
  }

  /** Prints what is stored and was not printed yet, at most `limit` messages. Resolves with their number. */
  async printStored(limit: number): Promise<number> {
    const { interrupted } = this.#context.io;
    try {
      for await (const page of this.#group.log.read({ after: this.#position })) {
        for (const message of page) {
          if (interrupted.aborted || this.#printed === limit) return this.#printed;
          await this.#print(message);
        }
      }
      return this.#printed;
    } finally {
      await this.#keep();
    }
  }

  /** Prints what is stored, and what comes, until the user interrupts. */
  async printLive(): Promise<void> {
    const { interrupted: signal } = this.#context.io;
    const terminal = {
      position: async () => this.#position,
      transaction: (_name: string, _position: number, work: (tx: undefined) => Promise<void>) => work(undefined),
    };
    const print = async (page: readonly Message[]) => {
      for (const message of page) await this.#print(message);
    };
    try {
      await this.#group.log.process<undefined>(CURSOR, print, { into: terminal, signal });
    } catch (error) {
      await this.#keep();
      if (!signal.aborted) throw error;
    }
  }

  async #print(message: Message): Promise<void> {
    if (!message.own) await reportMessage(this.#context.reporter, message);
    this.#printed += message.own ? 0 : 1;
    this.#position = message.position;
  }

  /** Marks printed messages as read, also when a later message could not be printed. */
  #keep(): Promise<void> {
    return this.#group.log.moveCursor(CURSOR, this.#position);
  }
}

/** The position up to which an earlier version has printed, which had its place in `messages()`. */
async function readBefore(group: Group): Promise<number> {
  for await (const { position } of group.messages({ live: false })) return position - 1;
  return group.log.head;
}
