import { toHex } from '@0k-sync/core/bytes';
import {
  createInvite,
  formatInvite,
  type GroupState,
  type Invite,
  openWelcome,
  parseInvite,
  sealWelcome,
  type WelcomeContent,
  type WelcomeLock,
  withPassphrase,
} from '@0k-sync/core/pairing';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import type { ScriptedRelay } from '@0k-sync/testkit/relay';
import { Failed } from '../../model.ts';

const LIFETIME_MS = 600_000;

/** Departures of an invitation from the rules. */
export interface InvitationOptions {
  readonly passphrase?: string;
  readonly invite?: (invite: Invite) => Invite;
  readonly state?: (state: WelcomeContent, author: Device) => WelcomeContent;
  readonly payload?: (payload: Uint8Array) => Uint8Array;
  /** The Welcome is sealed as if no passphrase were asked for. */
  readonly unsealed?: boolean;
}

/** A relay as an invite names it. */
export function pinOf({ address: { host, port }, keys }: ScriptedRelay): RelayPin {
  return { address: `${host}:${port}`, nodeId: keys.nodeId, kemHash: keys.kemHash, signingKey: keys.signingKey };
}

/** Leaves a Welcome of an author's group at the relay; the link that opens it. */
export function invitation(relay: ScriptedRelay, author: Device, options: InvitationOptions = {}): string {
  const { group, enrolment, keys } = author;
  const plain = createInvite(random, pinOf(relay), Date.now() + LIFETIME_MS);
  const invite = options.invite?.(plain) ?? plain;
  const body = { groupId: group.id, deviceKey: keys.deviceKey, xwingKey: keys.xwingKey, epoch: 0 };
  const { record } = enrolment;
  const state = {
    groupId: group.id,
    relays: [pinOf(relay)],
    members: [{ deviceKey: keys.deviceKey, body, record }],
    epochs: [group.epoch],
    heads: [],
    names: [],
  };
  const { passphrase } = options;
  const asked = passphrase === undefined ? invite : withPassphrase(random, invite);
  const lock: WelcomeLock =
    passphrase === undefined ? { invite: options.unsealed === true ? plain : invite } : { invite: asked, passphrase };
  const sealed = sealWelcome(crypto, random, lock, options.state?.(state, author) ?? state);
  if (!sealed.ok) throw new TypeError(sealed.detail);
  const payload = options.payload?.(sealed.value) ?? sealed.value;
  const put = { mailboxId: invite.mailboxId, payload, expiresInMs: BigInt(LIFETIME_MS) };
  relay.state.mailboxes.put(group.id, put, Date.now());
  return formatInvite(crypto, asked);
}

/** The group that a client's invite lets one into. Throws `Failed` when it does not. */
export function groupOf(relay: ScriptedRelay, link: string, passphrase?: string): Group {
  const [epoch] = welcomeOf(relay, link, passphrase).epochs;
  if (epoch === undefined) throw new Failed('the Welcome', 'an epoch 0', 'none');
  return new Group(epoch);
}

/** The Welcome that a client's invite opens. Throws `Failed` when it opens none. */
export function welcomeOf(relay: ScriptedRelay, link: string, passphrase?: string): GroupState {
  const parsed = parseInvite(crypto, link, Date.now());
  if (!parsed.ok) throw new Failed('the invite', 'a readable one', parsed.detail);
  const invite = parsed.value;
  const mailbox = relay.state.mailboxes.entries.get(toHex(invite.mailboxId));
  if (mailbox === undefined) throw new Failed('the invite', 'a mailbox at the relay', 'none');
  const welcome = openWelcome(crypto, passphrase === undefined ? { invite } : { invite, passphrase }, mailbox.payload);
  if (!welcome.ok) throw new Failed('the Welcome', 'one that verifies', welcome.detail);
  return welcome.value;
}
