import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dice } from '@0k-sync/testkit/fuzz';
import type { Test } from 'tap';
import { stopAll } from '../../../tools/demo/children.ts';
import { RelayProcess } from '../../../tools/demo/relay-process.ts';
import type { Edit } from './device.ts';
import { live, liveWhole } from './life.ts';

const LINES = 8;
/** The stories kill at other steps each, and at every step together. */
const STORIES = 4;

/** A device over its lives: what it still has to push, and the step at which it dies next. */
class Mortal {
  readonly folder: string;
  readonly edits: Edit[] = [];
  kills = 0;
  readonly #dice: Dice;
  readonly #stride: number;
  #pending: Edit[] = [];
  /** The step before which the next life ends, without network and with it. */
  readonly #killAt: Record<'offline' | 'online', number>;

  constructor(folder: string, dice: Dice, first: number, stride: number) {
    this.folder = folder;
    this.#dice = dice;
    this.#stride = stride;
    this.#killAt = { offline: first, online: first };
  }

  /** One more edit, and one more life. */
  async live(): Promise<void> {
    this.#addEdit();
    const isOnline = this.#dice.below(2) === 1;
    const mode = isOnline ? 'online' : 'offline';
    const killAt = this.#killAt[mode];
    const report = await live(this.folder, { edits: this.#pending, isOnline }, killAt);
    if (report === undefined) {
      this.kills += 1;
      this.#killAt[mode] = killAt + this.#stride;
      return;
    }
    // It has fewer steps than that: the next lives end early again.
    this.#killAt[mode] = (killAt % this.#stride) + 1;
    this.#pending = [];
  }

  /** Pushes and reads everything, and dies of age. */
  async finish(isOnline: boolean) {
    const edits = this.#pending;
    this.#pending = [];
    return (await liveWhole(this.folder, { edits, isOnline })).list;
  }

  #addEdit(): void {
    const number = this.#dice.below(LINES);
    const id = Buffer.from(this.#dice.bytes(16)).toString('hex');
    const todo = { id: `line-${number}`, text: `text ${this.edits.length}`, done: this.#dice.below(2) };
    this.edits.push({ id, todo });
    this.#pending.push({ id, todo });
  }
}

/**
 * Two devices edit one list, with and without network, and are killed before one step after the other. In the end both lists
 * are equal, each edit was applied once, and the lists are read without a relay.
 *
 * @param seed from 1 to STORIES
 */
export async function tellStory(t: Test, seed: number, kills: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), '0k-todo-'));
  t.teardown(async () => {
    await stopAll();
    rmSync(folder, { recursive: true });
  });
  const relay = await RelayProcess.start(join(folder, 'relay'));
  const open = (name: string, index: number) =>
    new Mortal(join(folder, name), new Dice(2 * seed + index), seed, STORIES);
  const [laptop, phone] = [open('laptop', 0), open('phone', 1)];
  const { invite = '' } = await liveWhole(laptop.folder, { relay: relay.address, edits: [], isOnline: true });
  await liveWhole(phone.folder, { invite, edits: [], isOnline: true });

  while (laptop.kills + phone.kills < kills) await Promise.all([laptop.live(), phone.live()]);

  for (const device of [laptop, phone, laptop]) await device.finish(true);
  await relay.terminate();
  const [list, other] = [await laptop.finish(false), await phone.finish(false)];
  t.strictSame(list, other);
  const expected: Record<string, number> = {};
  for (const { todo } of [...laptop.edits, ...phone.edits]) expected[todo.id] = (expected[todo.id] ?? 0) + 1;
  t.strictSame(Object.fromEntries(list.map(({ id, edits }) => [id, edits])), expected);
  t.comment(`${laptop.kills + phone.kills} kills, ${laptop.edits.length + phone.edits.length} edits`);
}
