import { errors } from '@0k-sync/generated/errors';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { type Device, Group } from '@0k-sync/testkit/author';
import {
  Ended,
  HandshakeFailed,
  type HelloOptions,
  OtherAnswer,
  RawClient,
  type RawClientConfig,
} from '@0k-sync/testkit/raw';
import { TimedOut } from '@0k-sync/testkit/time';
import { TransportError } from '@0k-sync/transport';
import { Failed, Unjudged, Unproven } from '../../model.ts';
import { type RelayTarget, transportOf } from './target.ts';

/** A member's session. */
export interface Member {
  readonly client: RawClient;
  readonly device: Device;
  readonly ack: HelloAck;
}

/** What one scenario has open; closed with it. */
export class Arena {
  readonly target: RelayTarget;
  /** The scenario did not pass. */
  hasFailed = false;
  readonly #clients: RawClient[] = [];
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  constructor(target: RelayTarget) {
    this.target = target;
  }

  /** A connection on which nothing was said. */
  async dial(options: RawClientConfig = {}): Promise<RawClient> {
    const client = await RawClient.dial(transportOf(this.target), this.target.address, options);
    this.#clients.push(client);
    return client;
  }

  /** A connection whose handshake is done. */
  async connect(options: RawClientConfig = {}): Promise<RawClient> {
    const client = await this.dial(options);
    await client.handshake();
    return client;
  }

  /** A device that is let in, in a new group unless one is given; unjudged where groups are closed, unproven otherwise. */
  async member(device: Device = new Group().device(), options: RawClientConfig = {}): Promise<Member> {
    const client = await this.connect(options);
    const answer = await client.answer(client.send(this.helloBody(client, device)));
    if (answer.$case === 'helloAck') return { client, device, ack: answer.value };
    const code = answer.$case === 'error' ? answer.value.code : undefined;
    const { createsGroups, accessToken } = this.target;
    if (code === errors.UNAUTHORIZED.number && createsGroups !== true && accessToken === undefined)
      throw new Unjudged('the relay creates no group for us: give an access token');
    throw new Unproven(`an honest Hello is answered with ${code ?? answer.$case}`);
  }

  helloBody(client: RawClient, device: Device, options: HelloOptions = {}) {
    return client.helloBody(device, { accessToken: this.target.accessToken ?? '', ...options });
  }

  /** Something to undo when the scenario is over. */
  later(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
  }
}

/** Runs a scenario in an arena of its own. What a relay owes and does not send is a failure. */
export function inArena(act: (arena: Arena) => Promise<void>): (target: RelayTarget) => Promise<void> {
  return async (target) => {
    const arena = new Arena(target);
    try {
      await act(arena);
    } catch (error) {
      arena.hasFailed = true;
      throw judged(error);
    } finally {
      await arena.dispose();
    }
  };
}

function judged(error: unknown): unknown {
  if (error instanceof TimedOut || error instanceof Ended) return new Failed('waiting', 'an answer', error.message);
  if (error instanceof OtherAnswer) return new Failed('a request', error.expected, error.actual);
  if (error instanceof HandshakeFailed) return new Failed('an honest handshake', 'its end', error.message);
  if (error instanceof TransportError) return new Failed('connecting', 'a connection', error.message);
  return error;
}
