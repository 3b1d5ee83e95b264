import { toHex, zBase32 } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { FrameLog } from '@0k-sync/testkit/log';
import { type Mangle, type RawEnd, relayEnd } from '@0k-sync/testkit/raw';
import type { GroupLog, RelaySettings } from '@0k-sync/testkit/relay';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import type { Value } from '@0k-sync/testkit/wire';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { Adapter } from '../../zkcp/adapter.ts';
import { Client, type ClientConfig, texts } from './client.ts';
import { sealAnnouncement, sealMessage } from './contents.ts';
import { DetourTransport } from './detour.ts';
import { groupOf, invitation } from './invitation.ts';
import { sighted } from './sighted.ts';
import type { ClientTarget } from './target.ts';
import { control, expectSame, show } from './verdict.ts';

const transport = new QuicTransport();

export interface StageOptions {
  readonly config?: ClientConfig;
  /** The client makes the group, at a relay that is named so; otherwise it joins the author's by an invite. */
  readonly creates?: 'address' | 'node id' | 'node id and KEM hash';
  readonly settings?: Partial<RelaySettings>;
  /** The client runs in a process of its own, which the scenario may end. */
  readonly ownProcess?: boolean;
  /** The client is in no group yet: `relay` and `author` are there. */
  readonly unpaired?: boolean;
}

/** A relay, an honest author, and a client under test in one group with it. */
export class Stage {
  readonly target: ClientTarget;
  readonly relay: ScriptedRelay;
  readonly detour: DetourTransport;
  author: Device;
  client: Client;
  readonly #adapters: Adapter[] = [];

  private constructor(target: ClientTarget, relay: ScriptedRelay, detour: DetourTransport, client: Client) {
    this.target = target;
    this.relay = relay;
    this.detour = detour;
    this.client = client;
    this.author = new Group().device();
  }

  static async create(target: ClientTarget, options: StageOptions = {}): Promise<Stage> {
    const detour = new DetourTransport(transport);
    const relay = new ScriptedRelay({
      crypto,
      random,
      transport: detour,
      settings: options.settings ?? {},
      frames: new FrameLog(),
    });
    await relay.listen();
    const adapter = await (options.ownProcess === true ? target.start() : target.shared());
    try {
      const config = { ...options.config, ...relayOption(relay, options.creates) };
      const client = await Client.open(adapter, await target.directory(), config);
      const stage = new Stage(target, relay, detour, client);
      if (options.ownProcess === true) stage.#adapters.push(adapter);
      await stage.#enter(options);
      relay.sightings.clear();
      return stage;
    } catch (error) {
      const failure = sighted(error, relay);
      await relay.stop();
      throw failure;
    }
  }

  /** The group's log at the relay. */
  get log(): GroupLog {
    const log = this.relay.state.group(this.author.group.id);
    if (log === undefined) throw new TypeError('the relay has no group');
    return log;
  }

  /** The client's key in the group, 32 bytes in hexadecimal. */
  get deviceKey(): string {
    const author = toHex(this.author.keys.deviceKey);
    return [...this.log.records.keys()].find((key) => key !== author) ?? '';
  }

  /** What the client wrote and the relay stored, in its order. */
  get written(): readonly Envelope[] {
    return this.log.envelopes.filter(({ header }) => toHex(EnvelopeHeader.decode(header).senderKey) === this.deviceKey);
  }

  /** Requests of one kind that the relay got so far. */
  requests<Case extends FrameBody['$case']>($case: Case): Value<Case>[] {
    return this.relay.requests.flatMap((body) => (body.$case === $case ? [body.value as Value<Case>] : []));
  }

  /** Puts an honest envelope into the log. @returns its cursor */
  append(envelope: Envelope): string {
    const cursor = this.log.append(envelope);
    this.relay.publish(this.log);
    return `${cursor}`;
  }

  /** Puts anything into the log, also what no relay could read. @returns its cursor */
  inject(envelope: Envelope): string {
    const cursor = BigInt(this.log.head + 1);
    this.log.envelopes.push({ ...structuredClone(envelope), cursor, receivedAtMs: BigInt(Date.now()) });
    this.relay.publish(this.log);
    return `${cursor}`;
  }

  /** The author writes, and the relay has it. @returns its cursor */
  publish(content: string | Uint8Array): string {
    return this.append(sealMessage(this.author, { content }).envelope);
  }

  /** A second envelope of the author behind a place of its chain, which goes on as it was. */
  twin(content: string, place: Pick<Device, 'sequence' | 'previous'>): Envelope {
    const { sequence, previous } = this.author;
    Object.assign(this.author, place);
    const { envelope } = sealMessage(this.author, { content });
    Object.assign(this.author, { sequence, previous });
    return envelope;
  }

  /** The relay is honest again, and what the author writes now arrives. */
  async controlled(text: string): Promise<void> {
    await control(`the honest relay delivers ${text}`, async () => {
      this.relay.behaviour = {};
      this.detour.taker = undefined;
      this.publish(text);
      const pulled = texts(await this.client.pull());
      const isPulled = pulled.filter((each) => each === text).length === 1;
      if (!isPulled) throw await this.client.unlike('messages pulled', `${text} once`, show(pulled));
    });
    this.relay.sightings.clear();
  }

  /** Honest again, and both ways. */
  async exchanged(text: string): Promise<void> {
    await this.controlled(text);
    await control(`the honest relay takes what answers ${text}`, async () => {
      await this.client.act('push', { text: `answer to ${text}`, wait: true });
      expectSame('unsynced', await this.client.unsynced(), 0);
    });
    this.relay.sightings.clear();
  }

  /** The client closes and opens its directory again, with another configuration. */
  async reopen(config: ClientConfig): Promise<void> {
    const { adapter, directory } = this.client;
    await this.client.close();
    this.client = await Client.open(adapter, directory, config);
  }

  /** What was delivered is exactly this, in this order. */
  delivered(expected: readonly string[]): Promise<void> {
    return this.client.expectDelivered(expected);
  }

  /** Of these texts each was delivered once, in this order: what a client says after it was opened again. */
  deliveredOnce(expected: readonly string[]): Promise<void> {
    return this.client.expectDelivered(expected, (text) => expected.includes(text));
  }

  /** From now on connections go to a script, which has the keys of the relay; its failures are `broken`'s. */
  divert(script: (end: RawEnd) => Promise<void>, mangle?: Mangle): void {
    this.detour.taker = (connection) =>
      connection.onStream((stream) => {
        const config = { staticKeys: this.relay.keys.noise, mangle, frames: this.relay.frames };
        const end = relayEnd(connection, stream, config);
        this.relay.sightings.note('a connection that the scenario answers by itself');
        void end.ended.then(({ code, lost }) =>
          this.relay.sightings.note(lost ? 'connection lost' : `connection closed with ${code}`),
        );
        // A client that leaves in the middle of a script is what most of them provoke.
        script(end).catch(() => {});
      });
  }

  /** Ends the client's process as `kill -9` does, and opens the same directory in a new one. */
  async killAndReopen(): Promise<void> {
    this.client.adapter.kill();
    const adapter = await this.target.start();
    this.#adapters.push(adapter);
    this.client = await Client.open(adapter, this.client.directory);
  }

  async close(): Promise<void> {
    if (this.client.adapter.isAlive) await this.client.close().catch(() => {});
    await Promise.all(this.#adapters.map((adapter) => adapter.stop()));
    await this.relay.stop();
  }

  async #enter({ creates, unpaired }: StageOptions): Promise<void> {
    if (creates !== undefined) {
      const { invite } = await this.client.act('pair_create');
      this.author = groupOf(this.relay, String(invite)).device();
    }
    const { group, keys, enrolment } = this.author;
    const log = this.relay.state.group(group.id) ?? this.relay.state.createGroup(group.id);
    if (enrolment.record !== undefined) log.records.set(toHex(keys.deviceKey), enrolment.record);
    this.append(sealAnnouncement(this.author, 'author').envelope);
    if (unpaired === true || creates !== undefined) return;
    await this.client.act('pair_join', { invite: invitation(this.relay, this.author) });
  }
}

/** A scenario's run: everything is set up, and closed again. */
export function onStage(options: StageOptions, scene: (stage: Stage) => Promise<void>) {
  return async (target: ClientTarget): Promise<void> => {
    const stage = await control('setting up', () => Stage.create(target, options));
    try {
      await scene(stage);
    } catch (error) {
      throw sighted(error, stage.relay);
    } finally {
      await stage.close();
    }
  };
}

/** Resolves with the first request of a kind, which is answered, or not. */
export function heard({ relay }: Stage, kind: 'push' | 'pull' | 'mailboxAck', reply?: 'silence'): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  relay.behaviour = {
    request: ({ $case }) => {
      if ($case !== kind) return undefined;
      resolve();
      return reply;
    },
  };
  return promise;
}

function relayOption({ address, keys }: ScriptedRelay, creates: StageOptions['creates']): ClientConfig {
  const place = `${address.host}:${address.port}`;
  if (creates === undefined) return {};
  if (creates === 'address') return { relay: place };
  const nodeId = zBase32(keys.nodeId);
  return { relay: `${creates === 'node id' ? nodeId : `${nodeId}.${zBase32(keys.kemHash)}`}@${place}` };
}
