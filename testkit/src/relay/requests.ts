import { equal, toHex } from '@0k-sync/core/bytes';
import { type ParsedEnvelope, parseEnvelope } from '@0k-sync/core/envelope';
import type { MemberRequest, StrangerRequest } from '@0k-sync/core/session';
import { fail, type Refusal, type Result } from '@0k-sync/core/wire';
import { PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { type Push, type PushItem, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import { type MailboxAck, type MailboxClaim, type MailboxItem, MailboxState } from '@0k-sync/generated/wire/pairing';
import type { Reply } from './behaviour.ts';
import { type GroupLog, type Quotas, refused } from './group-log.ts';
import type { ScriptedRelay } from './scripted-relay.ts';
import type { ScriptedSession, SessionMember } from './scripted-session.ts';

/** Answers one kind of request; undefined for a frame without an answer. */
type MemberHandler<Value> = (session: ScriptedSession, member: SessionMember, value: Value) => Reply | undefined;
type StrangerHandler<Value> = (session: ScriptedSession, value: Value) => MailboxItem | Refusal;

/** One row for each frame of a stranger that spec/session.md lists. */
const STRANGER_HANDLERS: { readonly [Body in StrangerRequest as Body['$case']]: StrangerHandler<Body['value']> } = {
  mailboxClaim: claim,
  mailboxAck: acknowledge,
};

/** One row for each frame of a member that spec/session.md lists. */
const MEMBER_HANDLERS: { readonly [Body in MemberRequest as Body['$case']]: MemberHandler<Body['value']> } = {
  push,
  pull(session, { group }, { after, hashAtAfter, bytesMax }) {
    if (group.isRolledBack(Number(after), hashAtAfter)) return { error: 'ROLLED_BACK' };
    const segment = session.read(Number(after), Math.min(bytesMax, session.relay.settings.pageBytesMax));
    return { $case: 'page', value: { segment, hasMore: segment.next < segment.head } };
  },
  subscribe(session, { group }, { after, hashAtAfter, creditBytes }) {
    if (group.isRolledBack(Number(after), hashAtAfter)) return { error: 'ROLLED_BACK' };
    session.openSubscription(Number(after), creditBytes);
    session.deliver();
    queueMicrotask(() => session.publish());
    return undefined;
  },
  credit(session, _, { bytes }) {
    session.subscription?.addCredit(bytes);
    queueMicrotask(() => session.publish());
    return undefined;
  },
  ack: (session, member, { cursor }) => acknowledgeCursor(session, member, Number(cursor)),
  listDevices: (_, { group }) => ({
    $case: 'deviceList',
    value: { version: BigInt(group.records.size), records: [...group.records.values()] },
  }),
  mailboxPut: ({ relay }, { groupId }, put) => replyOf(relay.state.mailboxes.put(groupId, put, relay.clock.wall())),
  mailboxCancel: ({ relay }, { groupId }, { mailboxId }) =>
    replyOf(relay.state.mailboxes.cancel(groupId, mailboxId, relay.clock.wall())),
};

/** Answers a stranger. Only a claim that fails meets the limits. PA-14 to PA-19. */
export function answerStranger(session: ScriptedSession, request: StrangerRequest): Reply {
  const { relay, connection } = session;
  const handle = STRANGER_HANDLERS[request.$case] as StrangerHandler<StrangerRequest['value']>;
  const outcome = handle(session, request.value);
  const claimer = [connection.remote.host, toHex(request.value.mailboxId)];
  if (!('error' in outcome)) return replyOf(outcome);
  if (relay.hasFailedClaims(claimer)) return { error: 'RATE_LIMITED', retryAfterMs: 60_000 };
  relay.claimFailed(claimer);
  return outcome;
}

/** Answers a member; undefined for a frame without an answer. */
export function answerMember(
  session: ScriptedSession,
  member: SessionMember,
  request: MemberRequest,
): Reply | undefined {
  const handle = MEMBER_HANDLERS[request.$case] as MemberHandler<MemberRequest['value']>;
  return handle(session, member, request.value);
}

/** Answers a Push. RL-20 to RL-29. */
function push(session: ScriptedSession, member: SessionMember, { items }: Push): Reply {
  if (items.length === 0 || items.length > PUSH_ITEMS_MAX) return { error: 'RESOURCES_EXCEEDED' };
  const { behaviour } = session.relay;
  const results: PushResult[] = [];
  for (const [index, item] of items.entries()) {
    const carryOut = () => pushItem(session, member, item, items.slice(index + 1));
    const result = behaviour.push?.(carryOut, item, member.group, session) ?? carryOut();
    results.push(result);
    if (result.status === PushStatus.PUSH_STATUS_REFUSED) break;
  }
  queueMicrotask(() => session.relay.publish(member.group));
  return { $case: 'pushAck', value: { results, durable: true } };
}

function pushItem(
  { relay }: ScriptedSession,
  { group, groupId, deviceKey }: SessionMember,
  item: PushItem,
  rest: readonly PushItem[],
): PushResult {
  const checked = checkItem(item, groupId, deviceKey);
  if (!checked.ok) return refused({ error: checked.error });
  const after: ParsedEnvelope[] = [];
  for (const next of rest) {
    const parsed = checkItem(next, groupId, deviceKey);
    if (!parsed.ok) break;
    after.push(parsed.value);
  }
  return group.push(checked.value, item.skip, quotasOf(relay, group), after);
}

/** The room of one group, beside the other groups. RL-28, RL-81. */
function quotasOf({ settings, state }: ScriptedRelay, group: GroupLog): Quotas {
  const { groupBytesMax, groupEnvelopesMax, addressBytesMax, totalBytesMax } = settings;
  const beside = state.bytesBeside(group);
  return {
    bytesMax: Math.min(groupBytesMax, addressBytesMax - beside, totalBytesMax - beside),
    envelopesMax: groupEnvelopesMax,
  };
}

/** Checks an item without the log. RL-22, RL-23. */
function checkItem({ envelope }: PushItem, groupId: Uint8Array, deviceKey: Uint8Array): Result<ParsedEnvelope> {
  if (envelope === undefined) return fail('ENVELOPE_MALFORMED', 'An item has no envelope.');
  const parsed = parseEnvelope(envelope, groupId);
  if (!parsed.ok) return parsed;
  if (!equal(parsed.value.senderKey, deviceKey)) return fail('ENVELOPE_BINDING', 'The sender is another device.');
  return parsed;
}

/** Takes an Ack. RL-48. */
function acknowledgeCursor(session: ScriptedSession, { group, deviceKey }: SessionMember, cursor: number): Reply {
  const before = group.acknowledged.get(toHex(deviceKey)) ?? 0;
  if (cursor > Math.max(before, session.delivered)) return { error: 'CURSOR_OUT_OF_RANGE' };
  group.acknowledged.set(toHex(deviceKey), Math.max(before, cursor));
  return 'silence';
}

function claim({ relay, engine }: ScriptedSession, request: MailboxClaim) {
  const { mailboxes } = relay.state;
  const carryOut = () => mailboxes.claim(request, relay.clock.wall());
  const outcome = relay.behaviour.claim?.(carryOut, request, mailboxes) ?? carryOut();
  if (!('error' in outcome)) {
    const lifetimeMs = Math.max(0, Number(outcome.expiresAtMs) - relay.clock.wall());
    engine.claimAccepted(relay.clock.monotonic() + lifetimeMs);
  }
  return outcome;
}

function acknowledge(session: ScriptedSession, request: MailboxAck) {
  const key = `${toHex(request.mailboxId)}/${toHex(request.claimToken)}`;
  if (session.acknowledgedMailboxes.has(key)) {
    return { state: MailboxState.MAILBOX_STATE_CLOSED, payload: new Uint8Array(0), expiresAtMs: 0n };
  }
  const outcome = session.relay.state.mailboxes.acknowledge(request, session.relay.clock.wall());
  if (!('error' in outcome)) session.acknowledgedMailboxes.add(key);
  return outcome;
}

function replyOf(outcome: MailboxItem | Refusal): Reply {
  return 'error' in outcome ? outcome : { $case: 'mailboxItem', value: outcome };
}
