import type { Adapter } from '../../zkcp/adapter.ts';
import type { Acts } from '../acts.ts';
import { Client, type ClientConfig } from '../client/client.ts';
import type { ShownMessage } from '../client/results.ts';
import { control, expect } from '../expect.ts';
import { Scene } from '../scene.ts';
import type { PairTarget } from './target.ts';

const ALARMS: readonly string[] = ['rejected', 'gap', 'fork', 'rolled-back'];

/** Capabilities for reading and writing in a group. */
export const EXCHANGES: readonly string[] = ['client', 'pair_create', 'pair_join', 'push', 'pull', 'sync'];

/** Scenarios with two clients. */
export type PairActs = Acts<PairScene>;

/** The devices of one group. */
export class PairScene extends Scene<PairTarget> {
  readonly #devices: Client[] = [];

  /** A new device of an implementation. The one that makes the group is given the relay. */
  async device(adapter: Adapter, name: string, relay?: string): Promise<Client> {
    const config = { device_name: name, ...(relay !== undefined && { relay }) };
    return this.#open(adapter, await this.target.directory(), config);
  }

  /** One device makes a group, the other joins it. */
  async pair(maker: Adapter, joiner: Adapter, passphrase?: string): Promise<readonly [Client, Client]> {
    const first = await this.device(maker, 'first', this.target.relay.address);
    const second = await this.device(joiner, 'second');
    await this.invite(first, second, passphrase);
    return [first, second];
  }

  /** A member invites a device. */
  async invite(member: Client, device: Client, passphrase?: string): Promise<void> {
    const secret = passphrase === undefined ? {} : { passphrase };
    const { invite, group_id: groupId } = await member.act('pair_create', secret);
    const joined = await device.act('pair_join', { invite, ...secret });
    expect('the group that was joined', joined['group_id'], groupId);
  }

  /** Opens the same device again, as a new process would. */
  async reopen(device: Client): Promise<Client> {
    await device.close();
    this.#devices.splice(this.#devices.indexOf(device), 1);
    return this.#open(device.adapter, device.directory, {});
  }

  /** No device has raised an alarm of any kind. */
  async undisturbed(): Promise<void> {
    for (const device of this.#devices) {
      const alarms = (await device.events()).filter(({ type }) => ALARMS.includes(type));
      expect('alarms', alarms, []);
    }
  }

  override async close(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.close().catch(() => {})));
    await super.close();
  }

  async #open(adapter: Adapter, directory: string, config: ClientConfig): Promise<Client> {
    const device = await Client.open(adapter, directory, { mode: this.target.mode, ...config });
    this.#devices.push(device);
    return device;
  }
}

/** An act of two devices. What follows says nothing when two devices cannot even pair. */
export function ofTwo(act: (first: Client, second: Client, scene: PairScene) => Promise<void>) {
  return async (scene: PairScene): Promise<void> => {
    const { a, b } = scene.target;
    const [first, second] = await control('two devices pair', () => scene.pair(a, b));
    await act(first, second, scene);
  };
}

/** Sends and reads everything: all devices hold the same messages, in the same order, at the same cursor. */
export async function converged(...devices: readonly Client[]): Promise<readonly ShownMessage[]> {
  for (const device of devices) expect('unsynced', (await device.act('sync'))['unsynced'], 0);
  const logs = [];
  for (const device of devices) logs.push({ messages: await device.pull(), cursor: await device.cursor() });
  const [first, ...others] = logs;
  for (const other of others) expect('what another device holds', other, first);
  return first?.messages ?? [];
}
