import { toHex, zBase32 } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { FrameLog } from '@0k-sync/testkit/log';
import { type Mangle, type RawEnd, relayEnd } from '@0k-sync/testkit/raw';
import { type GroupLog, type RelaySettings, ScriptedRelay } from '@0k-sync/testkit/relay';
import type { Value } from '@0k-sync/testkit/wire';
import type { ByteStream, Connection } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { Acts } from '../acts.ts';
import { attacked, type Victim } from '../attack.ts';
import { control, event, expect, show } from '../expect.ts';
import { Scene } from '../scene.ts';
import { Client, type ClientConfig, texts } from './client.ts';
import { DetourTransport } from './detour.ts';
import { groupOf, invitation } from './invitation.ts';
import { sighted } from './sighted.ts';
import type { ClientTarget } from './target.ts';

const transport = new QuicTransport();

/** Capabilities for reading. */
export const READS: readonly string[] = ['client', 'pair_join', 'pull'];

/** Options of a scene. */
export interface SceneOptions {
  readonly config?: ClientConfig;
  /** The client makes the group, at a relay that is named so; otherwise it joins the author's by an invite. */
  readonly creates?: 'address' | 'node id' | 'node id and KEM hash';
  readonly settings?: Partial<RelaySettings>;
  /** The client runs in a process of its own, which the scenario may end. */
  readonly ownProcess?: boolean;
  /** The client is in no group yet: `relay` and `author` are there. */
  readonly unpaired?: boolean;
}

/** Scenarios with a client. */
export type ClientActs = Acts<ClientScene, SceneOptions>;

/** A relay of the suite's own, an honest author, and a client under test in one group with it. */
export class ClientScene extends Scene<ClientTarget> implements Victim {
  readonly relay: ScriptedRelay;
  author: Device = new Group().device();
  client: Client;
  readonly #detour: DetourTransport;

  private constructor(target: ClientTarget, relay: ScriptedRelay, detour: DetourTransport, client: Client) {
    super(target);
    this.relay = relay;
    this.#detour = detour;
    this.client = client;
    this.later(() => relay.stop());
  }

  /** Opens a scene; unproven when it cannot be. */
  static open(target: ClientTarget, options: SceneOptions = {}): Promise<ClientScene> {
    return control('setting up', async () => {
      const detour = new DetourTransport(transport);
      const settings = options.settings ?? {};
      const relay = new ScriptedRelay({ crypto, random, transport: detour, settings, frames: new FrameLog() });
      await relay.listen();
      try {
        const adapter = await (options.ownProcess === true ? target.start() : target.shared());
        const config = { ...options.config, ...relayOption(relay, options.creates) };
        const client = await Client.open(adapter, await target.directory(), config);
        const scene = new ClientScene(target, relay, detour, client);
        if (options.ownProcess === true) scene.later(() => adapter.stop());
        await scene.#enter(options);
        relay.sightings.clear();
        return scene;
      } catch (error) {
        const failure = sighted(error, relay);
        await relay.stop();
        throw failure;
      }
    });
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

  /** Envelopes of the client that the relay stored, in the log's order. */
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
    return this.append(this.author.seal(content).envelope);
  }

  /** The relay is honest again, and what the author writes now arrives. */
  async serves(text: string): Promise<void> {
    await control(`the honest relay delivers ${text}`, async () => {
      this.relay.behaviour = {};
      this.undivert();
      this.publish(text);
      const pulled = texts(await this.client.pull());
      const isPulled = pulled.filter((each) => each === text).length === 1;
      if (!isPulled) throw await this.client.unlike('messages pulled', `${text} once`, show(pulled));
    });
    this.relay.sightings.clear();
  }

  /** Honest again, and both ways. */
  async exchanges(text: string): Promise<void> {
    await this.serves(text);
    await control(`the honest relay takes what answers ${text}`, async () => {
      await this.client.act('push', { text: `answer to ${text}`, wait: true });
      expect('unsynced', await this.client.unsynced(), 0);
    });
    this.relay.sightings.clear();
  }

  state(): Promise<string> {
    return this.client.state();
  }

  /** The client closes and opens its directory again, with another configuration. */
  async reopen(config: Parameters<typeof Client.open>[2] = {}): Promise<void> {
    const { adapter, directory } = this.client;
    await this.client.close();
    this.client = await Client.open(adapter, directory, config);
  }

  /** Expects that the client delivered exactly these texts, in this order. */
  delivered(...expected: readonly string[]): Promise<void> {
    return this.client.expectDelivered(expected);
  }

  /** Of these texts each was delivered once, in this order: what a client says after it was opened again. */
  deliveredOnce(...expected: readonly string[]): Promise<void> {
    return this.client.expectDelivered(expected, (text) => expected.includes(text));
  }

  /** From now on connections go to a script, which has the keys of the relay. */
  divert(script: (end: RawEnd) => Promise<void>, mangle?: Mangle): void {
    this.#detour.taker = (connection) =>
      connection.onStream((stream) => {
        const config = { staticKeys: this.relay.keys.noise, mangle, frames: this.relay.frames };
        const end = relayEnd(connection, stream, config);
        const { sightings } = this.relay;
        sightings.note('a connection that the scenario answers by itself');
        void end.ended.then(({ code, lost }) =>
          sightings.note(lost ? 'connection lost' : `connection closed with ${code}`),
        );
        // A client that leaves in the middle of a script is what most of them provoke.
        script(end).catch(() => {});
      });
  }

  /** From now on connections get nothing but `answer` to their first bytes. */
  intercept(answer: (first: Uint8Array, stream: ByteStream) => void): void {
    this.#detour.taker = (connection) =>
      connection.onStream((stream) => {
        let isFirst = true;
        const data = (bytes: Uint8Array) => {
          if (isFirst) answer(bytes, stream);
          isFirst = false;
        };
        stream.receive({ data, end: () => {}, closed: () => {} });
      });
  }

  /** From now on connections go to somebody else at the relay's address. */
  replace(stranger: (connection: Connection) => void): void {
    this.#detour.taker = stranger;
  }

  undivert(): void {
    this.#detour.taker = undefined;
  }

  /** Ends the client's process as `kill -9` does, and opens the same directory in a new one. */
  async killAndReopen(): Promise<void> {
    this.client.adapter.kill();
    const adapter = await this.target.start();
    this.later(() => adapter.stop());
    this.client = await Client.open(adapter, this.client.directory);
  }

  override async close(): Promise<void> {
    // A client that waits for ever on a silent link could not be closed.
    if (this.hasFailed) for (const { connection } of this.relay.sessions) void connection.close(0);
    if (this.client.adapter.isAlive) await this.client.close().catch(() => {});
    await super.close();
  }

  override failure(error: unknown): unknown {
    return sighted(super.failure(error), this.relay);
  }

  async #enter({ creates, unpaired }: SceneOptions): Promise<void> {
    if (creates !== undefined) {
      const { invite } = await this.client.act('pair_create');
      this.author = groupOf(this.relay, String(invite)).device();
    }
    const { group, keys, enrolment } = this.author;
    const log = this.relay.state.group(group.id) ?? this.relay.state.createGroup(group.id);
    log.records.set(toHex(keys.deviceKey), enrolment.record);
    this.append(this.author.announce('author').envelope);
    if (unpaired === true || creates !== undefined) return;
    await this.client.act('pair_join', { invite: invitation(this.relay, this.author) });
  }
}

/** An act between two honest messages: the texts that it gives were delivered in between, and no others. */
export function amid(act: (scene: ClientScene) => Promise<readonly string[]>) {
  return async (scene: ClientScene): Promise<void> => {
    await scene.serves('before');
    const between = await act(scene);
    await scene.serves('after');
    await scene.delivered('before', ...between, 'after');
  };
}

/** As `amid`, for an attack that changes nothing by itself: what it gives is delivered after it. */
export function underAttack(attack: (scene: ClientScene) => Promise<readonly string[]>) {
  return async (scene: ClientScene): Promise<void> => {
    let between: readonly string[] = [];
    await attacked(scene, async () => {
      between = await attack(scene);
    });
    await scene.delivered('before', ...between, 'after');
  };
}

/** Resolves with the first request of a kind, which is answered, or not. */
export function heard({ relay }: ClientScene, kind: 'push' | 'pull' | 'mailboxAck', reply?: 'silence'): Promise<void> {
  const { seen, happened } = event();
  relay.behaviour = {
    request: ({ $case }) => {
      if ($case !== kind) return undefined;
      happened();
      return reply;
    },
  };
  return seen;
}

function relayOption({ address, keys }: ScriptedRelay, creates: SceneOptions['creates']): ClientConfig {
  const place = `${address.host}:${address.port}`;
  if (creates === undefined) return {};
  if (creates === 'address') return { relay: place };
  const nodeId = zBase32(keys.nodeId);
  return { relay: `${creates === 'node id' ? nodeId : `${nodeId}.${zBase32(keys.kemHash)}`}@${place}` };
}
