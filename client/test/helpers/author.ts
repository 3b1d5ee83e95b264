import { EMPTY_CHAIN, NO_HASH, sealEnvelope } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { Membership } from '../../src/group/membership.ts';
import type { TestDevice, World } from './world.ts';

/** A member that seals whatever a test wants, in whatever place. */
export class Author {
  readonly #world: World;
  readonly #membership: Membership;
  #sequence: number;
  #previous: Uint8Array;

  private constructor(world: World, membership: Membership, sequence: number, previous: Uint8Array) {
    this.#world = world;
    this.#membership = membership;
    this.#sequence = sequence;
    this.#previous = previous;
  }

  /** The device of a session that is not used any more, at the end of its chain. */
  static async of(world: World, device: TestDevice): Promise<Author> {
    const { seed, group, members, chains } = await device.store.load();
    if (seed === undefined || group === undefined) throw new TypeError('the device has no group');
    const membership = new Membership(world.crypto, seed, group, members);
    const own = chains.find(({ sender }) => membership.isOwn(sender));
    await world.shut(device);
    return new Author(world, membership, own?.sequence ?? EMPTY_CHAIN.head, own?.hash ?? NO_HASH);
  }

  /** The next envelope of the chain. */
  next(text: string, id = this.#world.random(16)): Envelope {
    const { envelope, hash } = this.#seal(text, this.#sequence + 1, this.#previous, id);
    this.#sequence += 1;
    this.#previous = hash;
    return envelope;
  }

  /** Another envelope in the place of the last one. */
  twin(text: string, previous: Uint8Array): Envelope {
    return this.#seal(text, this.#sequence, previous, this.#world.random(16)).envelope;
  }

  /** H of the last envelope. */
  get hash(): Uint8Array {
    return this.#previous;
  }

  #seal(text: string, sequence: number, previous: Uint8Array, id: Uint8Array) {
    const { deviceKeys: device, epoch } = this.#membership;
    const message = { id, content: { $case: 'text', value: text } as const, metadata: undefined, sentAtMs: 0n };
    const { crypto, random } = this.#world;
    return sealEnvelope(crypto, random, { device, epoch }, { sequence, previous }, { type: 'message', message });
  }
}
