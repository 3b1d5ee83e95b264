import type { FrameBody } from '@0k-sync/core/wire';
import { Frame, type LogSegment } from '@0k-sync/generated/wire/frame';
import type { RawEnd } from '@0k-sync/testkit/raw';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { type Claim, READS } from '../forged.ts';
import { greet, pageOf } from '../greeting.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue } from '../verdict.ts';

export const REQUIRES: readonly string[] = [...READS, 'disconnect'];

/** What a relay does instead of answering the Pull of that number. */
export type Misdeed = (end: RawEnd, requestId: number, stage: Stage) => void;

/** The relay lets the client in and then leaves the protocol: the session ends as one of `classes`, and nothing came of it. */
export function misbehaved(claim: Claim, classes: readonly string[], misdeed: Misdeed): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.reopen({});
      stage.publish('one');
      const before = await stage.client.state();
      stage.divert(async (end) => {
        await greet(end, stage);
        const pull = await end.inbox.take(({ body }) => body?.$case === 'pull', 'Pull');
        // Once: a client may be back before it is told what came of it.
        stage.detour.taker = undefined;
        misdeed(end, pull.requestId, stage);
      });
      await stage.client.rejects('pull', classes);
      const { class: ended = '' } = await stage.client.event('disconnected');
      expectTrue(`disconnected as ${classes.join(' or ')}`, classes.includes(ended), ended);
      expectSame('the state', await stage.client.state(), before);
      await stage.controlled('after');
      await stage.deliveredOnce(['one', 'after']);
    }),
  };
}

export const STATE: readonly string[] = ['frame.state'];
export const PARSE: readonly string[] = ['frame.parse'];
export const LENGTH: readonly string[] = ['frame.length'];

/** A frame whose body nobody knows how to write that way. */
export function delimited(bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().bytes(bytes).finish();
}

export function frameBytes(requestId: number, body: FrameBody): Uint8Array {
  return Frame.encode({ requestId, body }).finish();
}

export function page(segment: LogSegment | undefined): FrameBody {
  return { $case: 'page', value: { segment, hasMore: false } };
}

/** The answer that an honest relay would give to a client that has read `before`. */
export function honestPage(stage: Stage): LogSegment {
  return pageOf(stage, stage.log.head - 1).segment;
}
