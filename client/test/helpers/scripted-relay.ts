import { toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import { envelopeCost, type RelayEvent, RelaySession } from '@0k-sync/core/session';
import type { FrameBody, Refusal } from '@0k-sync/core/wire';
import {
  CIPHERTEXT_BYTES_MAX,
  CREDIT_BYTES_MAX,
  FRAME_BYTES_MAX,
  PAGE_BYTES_MAX,
  PUSH_ITEMS_MAX,
  REQUESTS_IN_FLIGHT_MAX,
} from '@0k-sync/generated/limits';
import { patterns } from '@0k-sync/generated/patterns';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { MailboxState } from '@0k-sync/generated/wire/pairing';
import type { ByteStream, Connection, Listener, Transport } from '@0k-sync/transport';
import { ScriptedGroup } from './scripted-log.ts';
import type { VirtualClock } from './virtual-clock.ts';

const LIMITS = {
  frameBytesMax: FRAME_BYTES_MAX,
  ciphertextBytesMax: CIPHERTEXT_BYTES_MAX,
  requestsInFlightMax: REQUESTS_IN_FLIGHT_MAX,
  pushItemsMax: PUSH_ITEMS_MAX,
  pageBytesMax: PAGE_BYTES_MAX,
  creditBytesMax: CREDIT_BYTES_MAX,
};

/** What a script makes of an answer: another one, a refusal, or nothing at all. */
export type Scripted = FrameBody | Refusal | 'silence';

/** Where a relay leaves the rules; what is not given follows them. */
export interface Script {
  hello?: (helloAck: HelloAck) => HelloAck | Refusal;
  answer?: (answer: FrameBody, request: FrameBody) => Scripted;
  /** Called before a request is carried out. */
  request?: (request: FrameBody) => Scripted | undefined;
}

interface Mailbox {
  readonly payload: Uint8Array;
  readonly expiresAtMs: bigint;
  token?: string;
}

export interface ScriptedRelayConfig {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: VirtualClock;
  readonly transport: Transport;
}

/** A relay in memory on the real engine: by the rules, or as its script says. */
export class ScriptedRelay {
  readonly groups = new Map<string, ScriptedGroup>();
  readonly mailboxes = new Map<string, Mailbox>();
  /** Every request that came, in order. */
  readonly requests: FrameBody[] = [];
  /** Every Hello that verified. */
  readonly hellos: Extract<RelayEvent, { type: 'hello' }>['hello'][] = [];
  script: Script = {};
  signingKey: Uint8Array;
  connections = 0;
  readonly #config: ScriptedRelayConfig;
  readonly #sessions = new Set<RelayShell>();
  #keys: ReturnType<typeof keyPairs>;
  #listener: Listener | undefined;

  constructor(config: ScriptedRelayConfig) {
    this.#config = config;
    this.#keys = this.#newKeys();
    this.signingKey = config.random(32);
  }

  /** The relay's one group, in tests that have one. */
  get group(): ScriptedGroup {
    const [group] = this.groups.values();
    if (group === undefined) throw new TypeError('the relay has no group');
    return group;
  }

  /** Takes another identity, as a replaced relay. */
  changeKeys(): void {
    this.#keys = this.#newKeys();
    this.signingKey = this.#config.random(32);
  }

  async listen(host = 'relay', port = 4433): Promise<void> {
    const alpns = [patterns.classical.alpn, patterns.hybrid.alpn];
    this.#listener = await this.#config.transport.listen({ host, port, alpns }, (connection) => {
      this.connections += 1;
      connection.onStream((stream) => this.#accept(connection, stream));
    });
  }

  /** Goes away, with all connections. */
  async stop(): Promise<void> {
    await this.#listener?.close();
  }

  /** Sends what is new to subscribers. */
  publish(): void {
    for (const session of this.#sessions) session.publish();
  }

  shutdown(): void {
    for (const session of this.#sessions) session.drive((engine) => engine.shutdown(this.#config.clock.now()));
  }

  #newKeys() {
    const { crypto, random } = this.#config;
    return keyPairs(crypto, random(32), random(64));
  }

  #accept(connection: Connection, stream: ByteStream): void {
    const { crypto, random, clock } = this.#config;
    const engine = new RelaySession({ crypto, draws: randomDraws(random), staticKeys: this.#keys }, clock.now());
    const shell = new RelayShell(this, engine, connection, stream, clock);
    this.#sessions.add(shell);
    stream.receive({
      data: (bytes) => shell.drive((session) => session.receive(bytes, clock.now())),
      end: () => shell.drive((session) => session.ended(clock.now())),
      closed: () => {
        shell.drive((session) => session.ended(clock.now()));
        this.#sessions.delete(shell);
      },
    });
  }

  groupOf(groupId: Uint8Array): ScriptedGroup {
    const group = this.groups.get(toHex(groupId)) ?? new ScriptedGroup(this.#config.crypto);
    this.groups.set(toHex(groupId), group);
    return group;
  }
}

/** One session of a scripted relay. */
class RelayShell {
  readonly #relay: ScriptedRelay;
  readonly #engine: RelaySession;
  readonly #connection: Connection;
  readonly #stream: ByteStream;
  readonly #clock: VirtualClock;
  #group: ScriptedGroup | undefined;
  #subscribedAt: number | undefined;
  #credit = 0;

  constructor(
    relay: ScriptedRelay,
    engine: RelaySession,
    connection: Connection,
    stream: ByteStream,
    clock: VirtualClock,
  ) {
    this.#relay = relay;
    this.#engine = engine;
    this.#connection = connection;
    this.#stream = stream;
    this.#clock = clock;
  }

  drive(input: (engine: RelaySession) => void): void {
    input(this.#engine);
    for (let outputs = this.#engine.takeOutputs(); outputs.length > 0; outputs = this.#engine.takeOutputs()) {
      for (const output of outputs) {
        if (output.type === 'send') this.#stream.write(output.bytes);
        else if (output.type === 'end') this.#stream.end();
        else if (output.type === 'close') void this.#connection.close(output.code);
        else this.#handle(output.event);
      }
    }
  }

  publish(): void {
    this.drive(() => {
      while (this.#credit > 0 && this.#group !== undefined && this.#group.head > (this.#subscribedAt ?? Infinity)) {
        this.#deliver();
      }
    });
  }

  #handle(event: RelayEvent): void {
    if (event.type === 'hello') this.#greet(event);
    else if (event.type !== 'closed') this.#serve(event.requestId, event.body);
  }

  #greet({ hello }: Extract<RelayEvent, { type: 'hello' }>): void {
    this.#relay.hellos.push(hello);
    const { script, signingKey } = this.#relay;
    const isKnown = this.#relay.groups.has(toHex(hello.groupId));
    const group = this.#relay.groupOf(hello.groupId);
    const device = toHex(hello.deviceKey);
    if (hello.enrolment !== undefined) group.records.set(device, hello.enrolment.record);
    if (!group.records.has(device)) {
      if (!isKnown) this.#relay.groups.delete(toHex(hello.groupId));
      this.#engine.refuseHello({ code: 'UNAUTHORIZED' });
      return;
    }
    this.#group = group;
    const own = group.headOf(hello.deviceKey);
    const helloAck: HelloAck = {
      head: BigInt(group.head),
      floor: BigInt(group.floor),
      ownSequence: BigInt(own.sequence),
      ownHash: own.hash,
      epoch: 0,
      limits: LIMITS,
      serverTimeMs: BigInt(this.#clock.now()),
      capabilities: [],
      signingKey,
    };
    const answer = script.hello?.(helloAck) ?? helloAck;
    if ('code' in answer) this.#engine.refuseHello(answer);
    else this.#engine.acceptHello(answer);
  }

  #serve(requestId: number, body: FrameBody): void {
    this.#relay.requests.push(body);
    const scripted = this.#relay.script.request?.(body);
    const answer = scripted ?? this.#answer(requestId, body);
    if (answer === undefined || answer === 'silence') return;
    this.#send(requestId, '$case' in answer ? (this.#relay.script.answer?.(answer, body) ?? answer) : answer);
  }

  #send(requestId: number, answer: Scripted): void {
    if (answer === 'silence') return;
    if ('code' in answer) this.#engine.refuse(requestId, answer);
    else if (answer.$case === 'deliver') this.#engine.deliver(answer.value);
    else this.#engine.answer(requestId, answer);
  }

  #answer(_requestId: number, body: FrameBody): Scripted | undefined {
    switch (body.$case) {
      case 'mailboxPut': {
        const { mailboxId, payload, expiresInMs } = body.value;
        const expiresAtMs = BigInt(this.#clock.now()) + expiresInMs;
        this.#relay.mailboxes.set(toHex(mailboxId), { payload: payload.slice(), expiresAtMs });
        return mailboxItem(MailboxState.MAILBOX_STATE_OPEN, expiresAtMs);
      }
      case 'mailboxClaim':
        return this.#claim(body.value.mailboxId, body.value.claimToken);
      case 'mailboxAck':
        this.#relay.mailboxes.delete(toHex(body.value.mailboxId));
        return mailboxItem(MailboxState.MAILBOX_STATE_CLOSED, 0n);
      default:
        return this.#group === undefined ? { code: 'UNAUTHORIZED' } : this.#answerMember(this.#group, body);
    }
  }

  #claim(mailboxId: Uint8Array, claimToken: Uint8Array): Scripted {
    const mailbox = this.#relay.mailboxes.get(toHex(mailboxId));
    const token = toHex(claimToken);
    if (mailbox === undefined || mailbox.expiresAtMs < BigInt(this.#clock.now())) return { code: 'INVITE_UNAVAILABLE' };
    if (mailbox.token !== undefined && mailbox.token !== token) return { code: 'INVITE_UNAVAILABLE' };
    mailbox.token = token;
    this.#engine.claimAccepted(Number(mailbox.expiresAtMs));
    return mailboxItem(MailboxState.MAILBOX_STATE_CLAIMED, mailbox.expiresAtMs, mailbox.payload);
  }

  #answerMember(group: ScriptedGroup, body: FrameBody): Scripted | undefined {
    switch (body.$case) {
      case 'push': {
        const results = [];
        for (const item of body.value.items) {
          const result = group.push(item);
          results.push(result);
          if (result.status === PushStatus.PUSH_STATUS_REFUSED) break;
        }
        queueMicrotask(() => this.#relay.publish());
        return { $case: 'pushAck', value: { results, durable: true } };
      }
      case 'pull': {
        const after = Number(body.value.after);
        if (group.isRolledBack(after, body.value.hashAtAfter)) return { code: 'ROLLED_BACK' };
        const segment = group.segment(after, body.value.bytesMax);
        return { $case: 'page', value: { segment, hasMore: segment.next < segment.head } };
      }
      case 'subscribe': {
        const after = Number(body.value.after);
        if (group.isRolledBack(after, body.value.hashAtAfter)) return { code: 'ROLLED_BACK' };
        this.#subscribedAt = after;
        this.#credit = body.value.creditBytes;
        this.#deliver();
        this.publish();
        return undefined;
      }
      case 'credit':
        this.#credit += body.value.bytes;
        this.publish();
        return undefined;
      case 'listDevices':
        return { $case: 'deviceList', value: { version: 1n, records: [...group.records.values()] } };
      default:
        return undefined; // Ack has no answer
    }
  }

  #deliver(): void {
    if (this.#group === undefined || this.#subscribedAt === undefined) return;
    const segment = this.#group.segment(this.#subscribedAt, 512 * 1024);
    this.#subscribedAt = Number(segment.next);
    this.#credit -= segment.envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0);
    const deliver = { $case: 'deliver', value: { segment } } as const;
    this.#send(0, this.#relay.script.answer?.(deliver, deliver) ?? deliver);
  }
}

function mailboxItem(state: MailboxState, expiresAtMs: bigint, payload: Uint8Array = new Uint8Array()): FrameBody {
  return { $case: 'mailboxItem', value: { state, payload, expiresAtMs } };
}
