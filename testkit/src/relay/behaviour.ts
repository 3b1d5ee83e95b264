import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { VerifiedHello } from '@0k-sync/core/session';
import type { FrameBody, Refusal } from '@0k-sync/core/wire';
import type { HelloAck, LogSegment, PushItem, PushResult } from '@0k-sync/generated/wire/frame';
import type { MailboxClaim, MailboxItem } from '@0k-sync/generated/wire/pairing';
import type { GroupLog } from './group-log.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { ScriptedSession } from './scripted-session.ts';
import type { RelayState } from './state.ts';

/** What becomes of a request: an answer, a refusal, or nothing at all. */
export type Reply = FrameBody | Refusal | 'silence';

/** How a relay is stopped: at once, or in order. */
export type Signal = 'KILL' | 'TERM';

/** Where a relay leaves the rules; every hook that is absent follows them. Each gets what an honest relay would do. */
export interface Behaviour {
  /** Another provider under the session engines: what they verify and derive goes through it. */
  crypto?(honest: CryptoProvider): CryptoProvider;
  /** Who is let in. `verdict` undefined accepts. The Hello's signatures verify under `crypto`. */
  authorize?(verdict: Refusal | undefined, hello: VerifiedHello, session: ScriptedSession): Refusal | undefined;
  hello?(ack: HelloAck, session: ScriptedSession): HelloAck | Refusal;
  /** Before a request is carried out: what it returns is the reply, and the request has no effect. */
  request?(request: FrameBody, session: ScriptedSession): Reply | undefined;
  /** The reply to a request that was carried out; the first Deliver of a subscription is one too. */
  answer?(reply: Reply, request: FrameBody, session: ScriptedSession): Reply;
  /** One item of a Push; `carryOut` does what the rules say. */
  push?(carryOut: () => PushResult, item: PushItem, group: GroupLog, session: ScriptedSession): PushResult;
  /** What a Pull (`bytesMax` its own) or a subscription reads of its group. */
  segment?(segment: LogSegment, after: number, bytesMax: number, session: ScriptedSession): LogSegment;
  /** A stretch of a subscription, the first included. */
  deliver?(segment: LogSegment, session: ScriptedSession): LogSegment | 'silence';
  claim?(carryOut: () => MailboxItem | Refusal, claim: MailboxClaim, mailboxes: Mailboxes): MailboxItem | Refusal;
  /** The engine ends the session with this number, 0 in order: `silence` sends nothing and goes on saying nothing. */
  ending?(code: number, session: ScriptedSession): 'end' | 'silence';
  /** Bytes of the control stream on their way out: preface, handshake messages, records. */
  send?(bytes: Uint8Array, session: ScriptedSession): Uint8Array;
  /** Between two lives: what the disk lost, or never had. */
  restart?(state: RelayState, signal: Signal): void;
}
