import { toHex } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import type { RejectClass } from '@0k-sync/generated/errors';
import { type Device, Group, placeOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { actsOf, type Claim } from '../acts.ts';
import { attacked, type Victim } from '../attack.ts';
import { control, expectMembers, expectThat } from '../expect.ts';
import { fateOf, judgeFate, type Refusal } from './fate.ts';
import { devicesOf, leave, type Member, type RelayActs, type RelayScene } from './scene.ts';

/** A group with something in its log, an honest witness, and a device that is about to misbehave. */
export class Encounter implements Victim {
  readonly group: Group;
  readonly witness: Member;
  /** Enrolled; has pushed. */
  readonly attacker: Device;
  readonly #scene: RelayScene;
  #first: RawClient | undefined;

  private constructor(scene: RelayScene, witness: Member, attacker: Member) {
    this.#scene = scene;
    this.group = witness.device.group;
    this.witness = witness;
    this.attacker = attacker.device;
    this.#first = attacker.client;
  }

  /** The first control is that the relay stores an honest push of both. */
  static async begin(scene: RelayScene): Promise<Encounter> {
    const group = new Group();
    const [witness, attacker] = await Promise.all([scene.member(group.device()), scene.member(group.device())]);
    await control('an honest push', async () => {
      await attacker.client.push(attacker.device.items(2));
      await witness.client.push(witness.device.items(1));
    });
    return new Encounter(scene, witness, attacker);
  }

  /** The attacker, let in and served: the session of the first control, later ones are new. */
  async session(): Promise<RawClient> {
    const client = this.#first ?? (await this.#scene.member(this.attacker)).client;
    this.#first = undefined;
    await control('an honest Ping', () => client.ping());
    return client;
  }

  /** The honest twin of the attacker is let in, is told its own head, and is answered. */
  async twin(): Promise<void> {
    const { client, ack } = await this.#scene.member(this.attacker);
    const { sequence, previous: hash } = this.attacker;
    expectMembers('own_head', placeOf(ack.ownHead), { sequence, hash });
    await client.ping();
    await leave(client);
  }

  /** Before an attack the pushes of both have shown it. */
  async serves(when: 'before' | 'after'): Promise<void> {
    if (when === 'after') await this.twin();
  }

  state(): Promise<string> {
    return stateOf(this.witness.client);
  }

  /** Carries an attack out: it is refused as expected, nothing that an honest member reads changes, its twin is served. */
  async attack(refusal: Refusal, act: () => Promise<RawClient>): Promise<void> {
    await attacked(this, async () => judgeFate(await fateOf(await act(), refusal, () => this.twin()), refusal));
  }
}

/** The whole view of a member: every envelope with its cursor, the head, the floor, the members. */
export async function stateOf(client: RawClient): Promise<string> {
  const entries: string[] = [];
  let after = 0;
  let hash: Uint8Array = new Uint8Array(0);
  for (let hasMore = true; hasMore; ) {
    const page = await client.pull(after, hash);
    const { segment } = page;
    if (segment === undefined) throw new TypeError('a page that was read has a segment');
    for (const envelope of segment.envelopes) {
      hash = envelopeHash(crypto, envelope);
      entries.push(`${envelope.cursor} ${toHex(hash)} ${envelope.receivedAtMs}`);
    }
    expectThat(
      'paging',
      segment.next > after || !page.hasMore,
      'a page that goes on',
      `next ${segment.next}, has_more`,
    );
    entries.push(`head ${segment.head} removed ${segment.removedThrough}`);
    after = Number(segment.next);
    hasMore = page.hasMore;
  }
  const { version, records } = await devicesOf(client);
  return [...entries, `devices ${version} ${records.map(({ body }) => toHex(crypto.blake3(body))).join()}`].join('\n');
}

/** An attack on the session of a member that was let in. */
export interface Attack extends Claim, Omit<Refusal, 'classes'> {
  readonly refusal: RejectClass;
  readonly act: (client: RawClient, encounter: Encounter) => Promise<unknown> | unknown;
}

/** Attacks, a row each. */
export function attacks(rows: Readonly<Record<string, Attack>>): RelayActs {
  return actsOf(rows, ({ refusal, act, ...rest }) => async (scene: RelayScene) => {
    const encounter = await Encounter.begin(scene);
    await encounter.attack({ ...rest, classes: [refusal] }, async () => {
      const client = await encounter.session();
      await act(client, encounter);
      return client;
    });
  });
}
