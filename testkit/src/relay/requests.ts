import { equal, toHex } from '@0k-sync/core/bytes';
import { parseEnvelope } from '@0k-sync/core/envelope';
import type { FrameBody, Refusal } from '@0k-sync/core/wire';
import { PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { type Push, type PushItem, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import { type MailboxItem, MailboxState } from '@0k-sync/generated/wire/pairing';
import type { Reply } from './behaviour.ts';
import { refused } from './group-log.ts';
import type { ScriptedSession, SessionMember } from './scripted-session.ts';

/** MailboxClaim and MailboxAck. PA-14 to PA-19. */
export function answerStranger(session: ScriptedSession, request: FrameBody): Reply {
  const { relay } = session;
  if (!relay.mayClaim(session.connection.remote.host)) return { code: 'RATE_LIMITED', retryAfterMs: 60_000 };
  const outcome =
    request.$case === 'mailboxClaim'
      ? claim(session, request.value)
      : request.$case === 'mailboxAck'
        ? acknowledge(session, request.value)
        : undefined;
  if (outcome === undefined) throw new TypeError(`a stranger cannot ask for ${request.$case}`);
  if ('code' in outcome) relay.claimFailed(session.connection.remote.host);
  return replyOf(outcome);
}

/** A member's request; undefined for one without an answer. */
export function answerMember(session: ScriptedSession, member: SessionMember, request: FrameBody): Reply | undefined {
  const { relay } = session;
  const { group } = member;
  switch (request.$case) {
    case 'push':
      return push(session, member, request.value);
    case 'pull': {
      const { after, hashAtAfter, bytesMax } = request.value;
      if (group.isRolledBack(Number(after), hashAtAfter)) return { code: 'ROLLED_BACK' };
      const segment = session.read(Number(after), Math.min(bytesMax, relay.settings.pageBytesMax));
      return { $case: 'page', value: { segment, hasMore: segment.next < segment.head } };
    }
    case 'subscribe': {
      const { after, hashAtAfter, creditBytes } = request.value;
      if (group.isRolledBack(Number(after), hashAtAfter)) return { code: 'ROLLED_BACK' };
      session.openSubscription(Number(after), creditBytes);
      session.deliver();
      queueMicrotask(() => session.publish());
      return undefined;
    }
    case 'credit':
      session.subscription?.addCredit(request.value.bytes);
      queueMicrotask(() => session.publish());
      return undefined;
    case 'ack':
      return acknowledgeCursor(session, member, Number(request.value.cursor));
    case 'listDevices':
      return {
        $case: 'deviceList',
        value: { version: BigInt(group.records.size), records: [...group.records.values()] },
      };
    case 'mailboxPut':
      return replyOf(relay.state.mailboxes.put(member.groupId, request.value, relay.clock.wall()));
    case 'mailboxCancel':
      return replyOf(relay.state.mailboxes.cancel(member.groupId, request.value.mailboxId, relay.clock.wall()));
    default:
      throw new TypeError(`a member cannot ask for ${request.$case}`);
  }
}

/** RL-20 to RL-29. */
function push(session: ScriptedSession, member: SessionMember, { items }: Push): Reply {
  if (items.length === 0 || items.length > PUSH_ITEMS_MAX) return { code: 'RESOURCES_EXCEEDED' };
  const { behaviour } = session.relay;
  const results: PushResult[] = [];
  for (const item of items) {
    const carryOut = () => pushItem(session, member, item);
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
): PushResult {
  if (item.envelope === undefined) return refused({ code: 'ENVELOPE_MALFORMED' });
  const parsed = parseEnvelope(item.envelope, groupId);
  if (!parsed.ok) return refused({ code: parsed.error });
  if (!equal(parsed.value.senderKey, deviceKey)) return refused({ code: 'ENVELOPE_BINDING' });
  const { groupBytesMax: bytesMax, groupEnvelopesMax: envelopesMax } = relay.settings;
  return group.push(parsed.value, item.skip, { bytesMax, envelopesMax });
}

/** RL-48. */
function acknowledgeCursor(session: ScriptedSession, { group, deviceKey }: SessionMember, cursor: number): Reply {
  const before = group.acknowledged.get(toHex(deviceKey)) ?? 0;
  if (cursor > Math.max(before, session.delivered)) return { code: 'CURSOR_OUT_OF_RANGE' };
  group.acknowledged.set(toHex(deviceKey), Math.max(before, cursor));
  return 'silence';
}

function claim({ relay, engine }: ScriptedSession, request: Extract<FrameBody, { $case: 'mailboxClaim' }>['value']) {
  const { mailboxes } = relay.state;
  const carryOut = () => mailboxes.claim(request, relay.clock.wall());
  const outcome = relay.behaviour.claim?.(carryOut, request, mailboxes) ?? carryOut();
  if (!('code' in outcome)) {
    const lifetimeMs = Math.max(0, Number(outcome.expiresAtMs) - relay.clock.wall());
    engine.claimAccepted(relay.clock.monotonic() + lifetimeMs);
  }
  return outcome;
}

function acknowledge(session: ScriptedSession, request: Extract<FrameBody, { $case: 'mailboxAck' }>['value']) {
  const key = `${toHex(request.mailboxId)}/${toHex(request.claimToken)}`;
  if (session.acknowledgedMailboxes.has(key)) {
    return { state: MailboxState.MAILBOX_STATE_CLOSED, payload: new Uint8Array(0), expiresAtMs: 0n };
  }
  const outcome = session.relay.state.mailboxes.acknowledge(request, session.relay.clock.wall());
  if (!('code' in outcome)) session.acknowledgedMailboxes.add(key);
  return outcome;
}

function replyOf(outcome: MailboxItem | Refusal): Reply {
  return 'code' in outcome ? outcome : { $case: 'mailboxItem', value: outcome };
}
