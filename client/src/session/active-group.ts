import type { Emitter, Unsubscribe } from '../async/emitter.ts';
import { Serial } from '../async/serial.ts';
import { SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import { Intake, type StoredIntake } from '../inbound/intake.ts';
import type { Outbox } from '../outbound/outbox.ts';
import { parseRelay, type RelayAddress } from '../relay/relay-address.ts';
import type { RelayPins } from '../relay/relay-pins.ts';
import type { Snapshot } from '../store/port.ts';
import { noRelayError } from './link-status.ts';
import type { ResolvedOptions } from './options.ts';
import { RelayLink, type RelayLinkDeps } from './relay-link.ts';

/** The options of the session and the collaborators of its group. */
export interface ActiveGroupDeps extends ResolvedOptions {
  readonly events: Emitter<SyncEvents>;
  readonly pins: RelayPins;
  readonly outbox: Outbox;
  readonly links: RelayLinkDeps['links'];
  readonly statusChanged: () => void;
}

/** The group while it is open: the chains, the receiving side, and one link per relay. */
export class ActiveGroup {
  readonly membership: Membership;
  readonly chains: Chains;
  readonly intake: Intake;
  readonly deps: RelayLinkDeps;
  /** Runs everything that seals or changes chains, one piece after the other. */
  readonly serial = new Serial();
  readonly #isOffline: boolean;
  #links: readonly RelayLink[] = [];
  #listeners = 0;

  constructor(
    deps: ActiveGroupDeps,
    membership: Membership,
    stored: Pick<Snapshot, 'chains'> & StoredIntake,
    relays: readonly RelayAddress[],
  ) {
    this.membership = membership;
    this.chains = new Chains(stored.chains);
    this.#isOffline = deps.offline;
    const isListening = () => this.#listeners > 0;
    const shared = { ...deps, membership, isListening, serial: this.serial, chains: this.chains };
    this.intake = new Intake(shared, stored);
    this.deps = { ...shared, intake: this.intake };
    for (const relay of relays) this.addLink(relay, deps.accessToken);
  }

  get links(): readonly RelayLink[] {
    return this.#links;
  }

  /**
   * The link to the relay that answers requests which only one relay can answer.
   * @throws SyncError kind `no-relay` when the group is local-only
   */
  get anchor(): RelayLink {
    const [anchor] = this.#links;
    if (anchor === undefined) throw noRelayError();
    return anchor;
  }

  /** @throws SyncError kind `no-relay` when the group is local-only */
  assertRelay(): void {
    if (this.#links.length === 0) throw noRelayError();
  }

  /** The error that has stopped every link until the app asks for a session; undefined while one may come by itself. */
  get deadEnd(): SyncError | undefined {
    const ends = this.#links.map(({ status }) => (status.state === 'stopped' ? status.error : undefined));
    return ends.includes(undefined) ? undefined : ends[0];
  }

  /** Adds a link to a relay. `accessToken` is for a relay that creates groups by token; empty for none. */
  addLink(relay: RelayAddress, accessToken: string): void {
    const link = new RelayLink({ ...this.deps, accessToken }, relay);
    this.#links = [...this.#links, link];
    if (!this.#isOffline) link.start();
  }

  /** Leaves the present relays for another one. */
  async replaceLinks(relay: RelayAddress, accessToken: string): Promise<void> {
    const before = this.#links;
    this.#links = [];
    await Promise.all(before.map((link) => link.close()));
    this.addLink(relay, accessToken);
  }

  /** Reads live from now on, until the returned function is called. */
  listen(): Unsubscribe {
    this.#listeners += 1;
    for (const link of this.#links) link.subscribe();
    let isOver = false;
    return () => {
      if (!isOver) this.#listeners -= 1;
      isOver = true;
    };
  }

  /** Tells every link that the outbox has something new. */
  wake(): void {
    for (const link of this.#links) link.wake();
  }

  async close(): Promise<void> {
    this.intake.close();
    await Promise.all(this.#links.map((link) => link.close()));
    this.membership.wipe();
  }
}

/**
 * Chooses the relays of a group: those that the app names, otherwise the first that the group's state names.
 * @throws SyncError kind `argument` when the app names more than one, or an unreadable one
 */
export function relaysOf(named: readonly string[], known: readonly string[]): readonly RelayAddress[] {
  const texts = named.length > 0 ? named : known.slice(0, 1);
  if (texts.length <= 1) return texts.map(parseRelay);
  throw new SyncError('argument', 'More than one relay is named.', { hint: 'Name one relay, as host:port.' });
}
