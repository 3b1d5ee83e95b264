import type { Emitter } from '../async/emitter.ts';
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
import type { ResolvedOptions } from './options.ts';
import { RelayLink, type RelayLinkDeps } from './relay-link.ts';

/** The options of the session and the collaborators of its group. */
export interface ActiveGroupDeps extends ResolvedOptions {
  readonly events: Emitter<SyncEvents>;
  readonly pins: RelayPins;
  readonly outbox: Outbox;
  readonly statusChanged: () => void;
}

/** The group while a session is open: the chains, the receiving side, and one link per relay. */
export class ActiveGroup {
  readonly membership: Membership;
  readonly chains: Chains;
  readonly intake: Intake;
  readonly links: readonly RelayLink[];
  readonly deps: RelayLinkDeps;
  /** Runs everything that seals or changes chains, one piece after the other. */
  readonly serial = new Serial();

  constructor(
    deps: ActiveGroupDeps,
    membership: Membership,
    stored: Pick<Snapshot, 'chains'> & StoredIntake,
    relays: readonly RelayAddress[],
  ) {
    this.membership = membership;
    this.chains = new Chains(stored.chains);
    const shared = { ...deps, membership, serial: this.serial, chains: this.chains };
    this.intake = new Intake(shared, stored);
    this.deps = { ...shared, intake: this.intake };
    this.links = relays.map((relay) => new RelayLink(this.deps, relay));
    if (!deps.offline) for (const link of this.links) link.start();
  }

  /** The link to the relay that answers requests which only one relay can answer. */
  get anchor(): RelayLink {
    const [anchor] = this.links;
    if (anchor === undefined) throw new TypeError('a group has a relay');
    return anchor;
  }

  /** Tells every link that the outbox has something new. */
  wake(): void {
    for (const link of this.links) link.wake();
  }

  async close(): Promise<void> {
    this.intake.close();
    await Promise.all(this.links.map((link) => link.close()));
    this.membership.wipe();
  }
}

/**
 * Chooses the relays of a group: those that the app names, otherwise the first that the group's state names.
 * @throws SyncError kind `argument` when that is no relay, more than one, or an unreadable one.
 */
export function relaysOf(named: readonly string[], known: readonly string[]): readonly RelayAddress[] {
  const texts = named.length > 0 ? named : known.slice(0, 1);
  if (texts.length === 1) return texts.map(parseRelay);
  const message = texts.length === 0 ? 'No relay is named.' : 'More than one relay is named.';
  throw new SyncError('argument', message, { hint: 'Name one relay, as host:port.' });
}
