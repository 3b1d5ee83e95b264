import { errors } from '@0k-sync/generated/errors';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { type Device, Group } from '@0k-sync/testkit/author';
import { type HelloOptions, RawClient, type RawClientConfig } from '@0k-sync/testkit/raw';
import { Unjudged, Unproven } from '../../model.ts';
import type { Acts } from '../acts.ts';
import { Scene } from '../scene.ts';
import { type RelayTarget, transportOf } from './target.ts';

/** Scenarios on a relay. */
export type RelayActs = Acts<RelayScene>;

/** A member's session. */
export interface Member {
  readonly client: RawClient;
  readonly device: Device;
  readonly ack: HelloAck;
}

/** A relay under test, and the clients that talk to it. */
export class RelayScene extends Scene<RelayTarget> {
  /** A connection on which nothing was said. */
  async dial(options: RawClientConfig = {}): Promise<RawClient> {
    const client = await RawClient.dial(transportOf(this.target), this.target.address, options);
    this.later(() => client.close());
    return client;
  }

  /** A connection whose handshake is done. */
  async connect(options: RawClientConfig = {}): Promise<RawClient> {
    const client = await this.dial(options);
    await client.handshake();
    return client;
  }

  /** A device that is let in, in a new group unless one is given. Unjudged where groups are closed, unproven otherwise. */
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

  /** Two members of one group. */
  async pair(): Promise<{ readonly author: Member; readonly reader: Member }> {
    const author = await this.member();
    return { author, reader: await this.member(author.device.group.device()) };
  }

  helloBody(client: RawClient, device: Device, options: HelloOptions = {}) {
    return client.helloBody(device, { accessToken: this.target.accessToken ?? '', ...options });
  }
}

/** Says Bye and waits for the end. */
export async function leave(client: RawClient): Promise<void> {
  client.bye();
  await client.gone();
}

/** The members of a group, as one of them is told. */
export function devicesOf(client: RawClient) {
  return client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
}
