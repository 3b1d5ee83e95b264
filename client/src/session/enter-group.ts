import { errors } from '@0k-sync/generated/errors';
import type { Membership } from '../group/membership.ts';
import type { Intake } from '../inbound/intake.ts';
import type { Dialled } from '../relay/dial.ts';
import { ProtocolViolation, RecordLost, SessionEnded, TokenWithheld } from '../relay/errors.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { RelayPins } from '../relay/relay-pins.ts';
import { readRetention } from '../relay/retention.ts';
import type { Store } from '../store/port.ts';

/** Collaborators of enterGroup. */
export interface EnterGroupDeps {
  readonly membership: Membership;
  readonly intake: Intake;
  readonly store: Store;
  readonly pins: RelayPins;
  /** For relays that create groups by token, and whose pin is fixed; empty if there is none. SE-13, CL-69. */
  readonly accessToken: string;
}

/**
 * Says Hello, together with this device's record until the relay has let the device in once. Rejects with RecordLost when
 * the relay no longer has the record, and with SessionEnded when it does not let the device in. SE-11, SE-12, CL-33, CL-38.
 */
export async function enterGroup(deps: EnterGroupDeps, dialled: Dialled): Promise<MemberSession> {
  const { membership, intake, store, pins } = deps;
  const { protocol, channel, relay, changes, isKnown } = dialled;
  await store.commit(changes);
  const { groupId, deviceKey, deviceKeys, genesisKey: authKey } = membership;
  const wasEnrolled = intake.progressAt(relay.key).enrolled;
  const enrolment = wasEnrolled ? undefined : { record: membership.createOwnRecord(), authKey };
  const sign = (message: Uint8Array) => deviceKeys.sign(message);
  const accessToken = pins.pinOf(relay.address)?.fixed ? deps.accessToken : ''; // CL-69
  const hello = protocol.hello({ groupId, deviceKey, sign, enrolment, accessToken });
  const { helloAck, limits } = await hello.catch(async (error: unknown) => {
    const isRefused = error instanceof SessionEnded && error.end.remote?.code === errors.UNAUTHORIZED.number && isKnown;
    if (isRefused && !wasEnrolled && deps.accessToken !== accessToken) throw new TokenWithheld(error.end);
    const isLost = wasEnrolled && isRefused;
    if (!isLost) throw error;
    await intake.setEnrolled(relay.key, false);
    throw new RecordLost(error.end);
  });
  const signingKey = pins.learnSigningKey(relay.address, helloAck.signingKey.slice());
  if (signingKey === 'changed') throw new ProtocolViolation('RELAY_IDENTITY_CHANGED');
  await store.commit(signingKey);
  if (!wasEnrolled) await intake.setEnrolled(relay.key, true);
  intake.entered(relay, helloAck);
  return { protocol, channel, relay, limits, helloAck, retention: readRetention(helloAck) };
}
