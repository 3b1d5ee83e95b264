import { ScriptedRelay, type ScriptedRelayConfig } from '@0k-sync/testkit/relay';

const HOST = 'relay';
const PORT = 4433;

/** A relay that follows the rules, in memory. What it has stored outlives `stop()`, as on a disk. */
export class TestRelay {
  /** Its address, for `createGroup` and `addRelay`: `relay:4433`. */
  readonly address = `${HOST}:${PORT}`;
  readonly #relay: ScriptedRelay;
  #isRunning = false;

  /** Made by `TestWorld.create`. */
  constructor(config: ScriptedRelayConfig) {
    this.#relay = new ScriptedRelay(config);
  }

  /** Number of envelopes that it stores, over all groups. A group's devices send some of their own, to introduce themselves. */
  get storedCount(): number {
    let count = 0;
    for (const { envelopes } of this.#relay.state.groups.values()) count += envelopes.length;
    return count;
  }

  /** Accepts connections, for the first time or after `stop()`. Does nothing if it does so already. */
  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    await this.#relay.listen(HOST, PORT);
  }

  /** Drops every connection and accepts none, as a relay that has crashed. */
  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    await this.#relay.stop('KILL');
  }

  /** Removes every envelope that it stores, as retention does. */
  expireAll(): void {
    for (const group of this.#relay.state.groups.values()) group.expireThrough(group.head);
  }
}
