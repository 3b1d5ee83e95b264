import type { Emitter } from '../async/emitter.ts';
import { Serial } from '../async/serial.ts';
import { SyncError } from '../error.ts';
import type { SyncEvents } from '../events.ts';
import { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import { Intake } from '../inbound/intake.ts';
import type { Outbox } from '../outbound/outbox.ts';
import { parseRelay, type RelayAddress } from '../relay/relay-address.ts';
import { RelayLink, type RelayLinkConfig } from '../relay/relay-link.ts';
import type { TrustStore } from '../relay/trust.ts';
import type { Snapshot } from '../store/port.ts';
import type { ResolvedOptions } from './options.ts';

export interface ActiveGroupConfig extends ResolvedOptions {
  readonly events: Emitter<SyncEvents>;
  readonly trust: TrustStore;
  readonly outbox: Outbox;
  readonly statusChanged: () => void;
}

/** The group while a session is open: its chains, its receiving side, and a link per relay. */
export class ActiveGroup {
  readonly membership: Membership;
  readonly chains: Chains;
  readonly intake: Intake;
  readonly links: readonly RelayLink[];
  readonly config: RelayLinkConfig;
  /** Everything that changes chains or seals goes through here. */
  readonly serial = new Serial();

  constructor(
    config: ActiveGroupConfig,
    membership: Membership,
    stored: Pick<Snapshot, 'chains' | 'held' | 'progress'>,
    relays: readonly RelayAddress[],
  ) {
    const { serial } = this;
    this.membership = membership;
    this.chains = new Chains(stored.chains);
    const shared = { ...config, membership, serial, chains: this.chains };
    this.intake = new Intake(shared, stored.held, stored.progress);
    this.config = { ...shared, intake: this.intake };
    this.links = relays.map((relay) => new RelayLink(this.config, relay));
    if (!config.offline) for (const link of this.links) link.start();
  }

  /** The relay that is asked for what only one can answer. */
  get anchor(): RelayLink {
    const [anchor] = this.links;
    if (anchor === undefined) throw new TypeError('a group has a relay');
    return anchor;
  }

  /** There is something new in the outbox. */
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
 * The relays of a group: those that the user names, or those of its state.
 * @throws SyncError kind `argument` for none, more than one, or one that is not readable.
 */
export function relaysOf(named: readonly string[], known: readonly string[]): readonly RelayAddress[] {
  const texts = named.length > 0 ? named : known.slice(0, 1);
  if (texts.length === 1) return texts.map(parseRelay);
  throw new SyncError('argument', texts.length === 0 ? 'No relay is named.' : 'More than one relay is named.', {
    hint: 'Name one relay, as host:port.',
  });
}
