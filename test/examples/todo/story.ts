import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dice } from '@0k-sync/testkit/fuzz';
import type { Test } from 'tap';
import type { Todo } from '../../../examples/todo/todos.ts';
import { stopAll } from '../../../tools/demo/children.ts';
import { RelayProcess } from '../../../tools/demo/relay-process.ts';
import type { Edit } from './device.ts';
import { type Environment, live, liveWhole } from './life.ts';

const LINES = 8;
/** A device has no more edits than this to push in one life, so that kills come behind the pushes too. */
const PENDING_MAX = 3;
/** So many steps are between two kills in a row. The stories begin at other steps each; a life with network has far more steps. */
const STRIDE = { offline: 4, online: 16 } as const;

/** A device over its lives: what it still has to push, and the step at which it dies next. */
class Mortal {
  readonly folder: string;
  readonly edits: Edit[] = [];
  kills = 0;
  readonly #environment: Environment;
  readonly #dice: Dice;
  #pending: Edit[] = [];
  /** The step before which the next life ends, without network and with it. */
  readonly #killAt: Record<'offline' | 'online', number>;

  constructor(folder: string, dice: Dice, first: number, environment: Environment) {
    this.folder = folder;
    this.#dice = dice;
    this.#environment = environment;
    this.#killAt = { offline: first, online: first };
  }

  /** One more edit, and one more life. */
  async live(): Promise<void> {
    if (this.#pending.length < PENDING_MAX) this.#addEdit();
    const isOnline = this.#dice.below(2) === 1;
    const mode = isOnline ? 'online' : 'offline';
    const killAt = this.#killAt[mode];
    const report = await live(this.folder, { edits: this.#pending, isOnline }, this.#environment, killAt);
    if (report === undefined) {
      this.kills += 1;
      this.#killAt[mode] = killAt + STRIDE[mode];
      return;
    }
    // It has fewer steps than that: the next lives end early again.
    this.#killAt[mode] = (killAt % STRIDE[mode]) + 1;
    this.#pending = [];
  }

  /** Pushes and reads everything, and dies of age. */
  async finish(isOnline: boolean) {
    const edits = this.#pending;
    this.#pending = [];
    return (await liveWhole(this.folder, { edits, isOnline }, this.#environment)).list;
  }

  #addEdit(): void {
    const number = this.#dice.below(LINES);
    const id = Buffer.from(this.#dice.bytes(16)).toString('hex');
    const todo = { id: `line-${number}`, text: `text ${this.edits.length}`, done: this.#dice.below(2) };
    this.edits.push({ id, todo });
    this.#pending.push({ id, todo });
  }
}

/** The lists of two devices in the end, and the number of edits that each line should have had. */
export interface Ending {
  readonly lists: readonly (readonly Todo[])[];
  readonly expected: Readonly<Record<string, number>>;
}

/** The number of edits that were applied to each line of a list. */
export function countsIn(list: readonly Todo[]): Readonly<Record<string, number>> {
  return Object.fromEntries(list.map(({ id, edits }) => [id, edits]));
}

/**
 * Two devices edit one list, with and without network, and are killed before one step after the other. Resolves with what
 * is read without a relay in the end.
 *
 * @param seed from 1 to 4
 * @param environment the variables of every life
 */
export async function liveThrough(
  t: Test,
  seed: number,
  kills: number,
  environment: Environment = {},
): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), '0k-todo-'));
  t.teardown(async () => {
    await stopAll();
    rmSync(folder, { recursive: true });
  });
  const relay = await RelayProcess.start(join(folder, 'relay'));
  const open = (name: string, index: number) =>
    new Mortal(join(folder, name), new Dice(2 * seed + index), seed, environment);
  const [laptop, phone] = [open('laptop', 0), open('phone', 1)];
  const first = { relay: relay.address, edits: [], isOnline: true };
  const { invite = '' } = await liveWhole(laptop.folder, first, environment);
  await liveWhole(phone.folder, { invite, edits: [], isOnline: true }, environment);

  while (laptop.kills + phone.kills < kills) await Promise.all([laptop.live(), phone.live()]);

  for (const device of [laptop, phone, laptop]) await device.finish(true);
  await relay.terminate();
  const lists = [await laptop.finish(false), await phone.finish(false)];
  const expected: Record<string, number> = {};
  for (const { todo } of [...laptop.edits, ...phone.edits]) expected[todo.id] = (expected[todo.id] ?? 0) + 1;
  t.comment(`${laptop.kills + phone.kills} kills, ${laptop.edits.length + phone.edits.length} edits`);
  return { lists, expected };
}

/** Checks that both lists are equal in the end, and that each edit was applied once. */
export async function tellStory(t: Test, seed: number, kills: number): Promise<void> {
  const { lists, expected } = await liveThrough(t, seed, kills);
  const [list = [], other] = lists;
  t.strictSame(list, other);
  t.strictSame(countsIn(list), expected);
}
