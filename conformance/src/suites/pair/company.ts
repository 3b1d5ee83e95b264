import type { Adapter } from '../../zkcp/adapter.ts';
import { Client, type ClientConfig } from '../client/client.ts';
import type { ShownMessage } from '../client/results.ts';
import { control, expectSame } from '../client/verdict.ts';
import type { PairTarget } from './target.ts';

/** The devices of one group, opened for one scenario. */
export class Company {
  readonly target: PairTarget;
  readonly #devices: Client[] = [];

  constructor(target: PairTarget) {
    this.target = target;
  }

  /** A new device of an implementation. The one that makes the group is given the relay. */
  async device(adapter: Adapter, name: string, relay?: string): Promise<Client> {
    return this.#open(adapter, await this.target.directory(), {
      device_name: name,
      ...(relay !== undefined && { relay }),
    });
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
    expectSame('the group that was joined', joined['group_id'], groupId);
  }

  /** The same device again, as a new process would open it. */
  async reopen(device: Client): Promise<Client> {
    await device.close();
    this.#devices.splice(this.#devices.indexOf(device), 1);
    return this.#open(device.adapter, device.directory, {});
  }

  async close(): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.close().catch(() => {})));
  }

  async #open(adapter: Adapter, directory: string, config: ClientConfig): Promise<Client> {
    const device = await Client.open(adapter, directory, { mode: this.target.mode, ...config });
    this.#devices.push(device);
    return device;
  }
}

/** A scenario's run: its devices are closed at the end. */
export function inCompany(scene: (company: Company) => Promise<void>) {
  return async (target: PairTarget): Promise<void> => {
    const company = new Company(target);
    try {
      await scene(company);
    } finally {
      await company.close();
    }
  };
}

/** Everything is sent and read: all devices hold the same messages, in the same order, at the same cursor. */
export async function converged(...devices: readonly Client[]): Promise<readonly ShownMessage[]> {
  for (const device of devices) expectSame('unsynced', (await device.act('sync'))['unsynced'], 0);
  const logs = [];
  for (const device of devices) logs.push({ messages: await device.pull(), cursor: await device.cursor() });
  const [first, ...others] = logs;
  for (const other of others) expectSame('what another device holds', other, first);
  return first?.messages ?? [];
}

/** Pairs under control: what follows says nothing when two devices cannot even pair. */
export function paired(company: Company): Promise<readonly [Client, Client]> {
  const { a, b } = company.target;
  return control('two devices pair', () => company.pair(a, b));
}
