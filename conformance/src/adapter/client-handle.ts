import { setImmediate as turn } from 'node:timers/promises';
import { SyncError, SyncSession } from '@0k-sync/client/node';
import { Reject } from '../zkcp/serve.ts';
import { MovableClock } from './client-clock.ts';
import { ClientObserver } from './client-observer.ts';
import type { ClientPorts } from './client-ports.ts';

/** `config` of `open`. */
export interface ClientConfig {
  readonly relay?: string;
  readonly mode?: 'hybrid' | 'classical';
  readonly tofu?: 'permissive' | 'strict';
  readonly device_name?: string;
  readonly access_token?: string;
}

/** One device: a directory and its session, which stays offline until an action needs a relay. */
export class ClientHandle {
  readonly observer = new ClientObserver();
  readonly clock = new MovableClock();
  readonly #directory: string;
  readonly #config: ClientConfig;
  readonly #ports: ClientPorts;
  #session: SyncSession | undefined;
  #isOnline = false;
  #mayDial = true;
  #isLive = false;
  #turn: Promise<unknown> = Promise.resolve();
  #reading: Promise<void> = Promise.resolve();
  #stopReading = new AbortController();

  private constructor(directory: string, config: ClientConfig, ports: ClientPorts) {
    this.#directory = directory;
    this.#config = config;
    this.#ports = ports;
  }

  static async open(
    directory: string,
    config: ClientConfig,
    ports: ClientPorts,
    nowMs?: number,
  ): Promise<ClientHandle> {
    const handle = new ClientHandle(directory, config, ports);
    if (nowMs !== undefined) handle.clock.set(nowMs);
    await handle.#open(false);
    return handle;
  }

  get session(): SyncSession {
    if (this.#session === undefined) throw new TypeError('the handle is closed');
    return this.#session;
  }

  /** The session, which dials from now on. */
  online(): Promise<SyncSession> {
    return this.#exclusively(async () => {
      if (!this.#mayDial) throw new Reject('resource.limit', undefined, 'the network is switched off');
      if (!this.#isOnline) await this.#reopen(true);
      return this.session;
    });
  }

  /** Sends Bye; the next action that needs a relay dials again. */
  disconnect(): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#isOnline) await this.#reopen(false);
    });
  }

  /** Switches the network on or off. A session that was live or connected becomes so again. */
  async setNetwork(isThere: boolean): Promise<void> {
    const wasOnline = this.#isOnline;
    this.#mayDial = isThere;
    if (!isThere) await this.disconnect();
    else if (wasOnline || this.#isLive) await this.online();
  }

  /** Reads live from now on. */
  async subscribe(): Promise<void> {
    this.#isLive = true;
    const { groupId } = await this.online();
    // A device in no group reads as soon as it is in one.
    if (groupId === undefined) return;
    await this.#endReading();
    this.read();
  }

  /** Takes what is delivered, as soon as the device has a group. */
  read(): void {
    const session = this.session;
    this.#stopReading = new AbortController();
    const { signal } = this.#stopReading;
    this.#reading = this.#deliver(session, this.#isLive, signal);
  }

  /** Resolves when no connection is being made: none whose timer has just run either. */
  async idle(): Promise<void> {
    // Work that a timer woke begins in the microtasks behind the timer.
    await turn();
    while (this.#session?.status.relays.some(({ state }) => state === 'connecting')) await this.observer.changed();
  }

  async close(): Promise<void> {
    await this.#exclusively(() => this.#close());
    this.#session = undefined;
  }

  /** Takes the messages that are stored, and again whatever has come when something has changed. */
  async #deliver(session: SyncSession, live: boolean, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    while (!signal.aborted) {
      const changed = this.observer.changed();
      try {
        for await (const message of session.messages({ live, signal })) this.observer.delivered(message);
      } catch (error) {
        // A reader is told when the relay refuses this device; the status tells the suite.
        if (!(error instanceof SyncError)) throw error;
      }
      await Promise.race([changed, aborted]);
    }
  }

  async #reopen(isOnline: boolean): Promise<void> {
    await this.#close();
    await this.#open(isOnline);
  }

  async #open(isOnline: boolean): Promise<void> {
    const { crypto, random, transport, openStore } = this.#ports;
    const { relay, mode, tofu, device_name: deviceName = '', access_token: accessToken } = this.#config;
    this.#session = await SyncSession.new(undefined, relay === undefined ? [] : [relay], {
      crypto,
      random,
      transport,
      store: openStore(this.#directory),
      clock: this.clock,
      offline: !isOnline,
      deviceName,
      ...(mode !== undefined && { mode }),
      ...(tofu !== undefined && { tofuMode: tofu }),
      ...(accessToken !== undefined && { accessToken }),
    });
    this.#isOnline = isOnline;
    this.observer.watch(this.#session);
    if (this.#session.groupId !== undefined) this.read();
  }

  async #close(): Promise<void> {
    await this.session.close();
    await this.#endReading();
  }

  async #endReading(): Promise<void> {
    this.#stopReading.abort();
    await this.#reading;
  }

  #exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
