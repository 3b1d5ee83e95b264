import type { CryptoProvider } from '@0k-sync/core/crypto';
import type { VerifiedHello } from '@0k-sync/core/session';
import type { FrameBody, Refusal } from '@0k-sync/core/wire';
import type { HelloAck, LogSegment, PushItem, PushResult } from '@0k-sync/generated/wire/frame';
import type { MailboxClaim, MailboxItem } from '@0k-sync/generated/wire/pairing';
import type { GroupLog } from './group-log.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { ScriptedSession } from './scripted-session.ts';
import type { RelayState } from './state.ts';

/** The reply to a request: an answer, a refusal, or nothing at all. */
export type Reply = FrameBody | Refusal | 'silence';

/** KILL stops a relay at once, TERM in order. */
export type Signal = 'KILL' | 'TERM';

/** Hooks by which a relay breaks the rules. A hook gets what an honest relay would do; without hooks the relay is honest. */
export interface Behaviour {
  /** Replaces the provider with which the session engines verify and derive. */
  crypto?(honest: CryptoProvider): CryptoProvider;
  /** Decides about a Hello whose signatures verify under `crypto`. Undefined accepts, as verdict and as result. */
  authorize?(verdict: Refusal | undefined, hello: VerifiedHello, session: ScriptedSession): Refusal | undefined;
  hello?(ack: HelloAck, session: ScriptedSession): HelloAck | Refusal;
  /** Replies to a request before it is carried out. The request has no effect then; undefined lets it be carried out. */
  request?(request: FrameBody, session: ScriptedSession): Reply | undefined;
  /** Changes the reply to a request that was carried out. */
  answer?(reply: Reply, request: FrameBody, session: ScriptedSession): Reply;
  /** Handles one item of a Push. `carryOut` does what the rules say. */
  push?(carryOut: () => PushResult, item: PushItem, group: GroupLog, session: ScriptedSession): PushResult;
  /** Changes the segment that a Pull or a subscription reads; `bytesMax` is the bound of a Pull. */
  segment?(segment: LogSegment, after: number, bytesMax: number, session: ScriptedSession): LogSegment;
  /** Changes or withholds a Deliver, the first one of a subscription included. */
  deliver?(segment: LogSegment, session: ScriptedSession): LogSegment | 'silence';
  claim?(carryOut: () => MailboxItem | Refusal, claim: MailboxClaim, mailboxes: Mailboxes): MailboxItem | Refusal;
  /** The engine ends the session with this number, 0 if in order. After `silence` the session sends nothing any more. */
  ending?(code: number, session: ScriptedSession): 'end' | 'silence';
  /** Changes the bytes that leave: preface, handshake messages, records. */
  send?(bytes: Uint8Array, session: ScriptedSession): Uint8Array;
  /** Changes the state between two runs, as a disk that lost something. */
  restart?(state: RelayState, signal: Signal): void;
}
