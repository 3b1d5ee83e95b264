import type { FrameBody } from '@0k-sync/core/wire';
import { PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { RawEnd } from '@0k-sync/testkit/raw';
import { helloAck } from '@0k-sync/testkit/relay';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { bytesOf } from '../client.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';

export const REQUIRES: readonly string[] = [...READS, 'disconnect'];

/** A relay that lets the client in and then leaves the protocol. */
export interface Misbehaviour extends Claim {
  /** Classes as which the session may end. */
  readonly refusal: readonly string[];
  /** Acts instead of answering the Pull of that number. */
  readonly misdeed: (end: RawEnd, requestId: number, scene: ClientScene) => void;
}

/** The session ends as one of the classes, and nothing came of it. */
const misbehaves =
  ({ refusal, misdeed }: Misbehaviour) =>
  async (scene: ClientScene): Promise<void> => {
    await scene.serves('before');
    await scene.reopen();
    scene.publish('one');
    const before = await scene.state();
    answersPull(scene, (end, requestId) => {
      // Once: a client may be back before it is told what came of it.
      scene.undivert();
      misdeed(end, requestId, scene);
    });
    await scene.client.rejects('pull', refusal);
    const { class: ended = '' } = await scene.client.event('disconnected');
    expectThat('disconnected', refusal.includes(ended), refusal.join(' or '), ended);
    expect('the state', await scene.state(), before);
    await scene.serves('after');
    await scene.deliveredOnce('one', 'after');
  };

export function misdeeds(rows: Readonly<Record<string, Misbehaviour>>): ClientActs {
  return requiring(REQUIRES, actsOf(rows, misbehaves));
}

/** Connections from now on are let in, and `answer` is all that their first Pull gets. */
export function answersPull(scene: ClientScene, answer: (end: RawEnd, requestId: number) => void): void {
  scene.divert(async (end) => {
    const hello = await end.inbox.take(({ body }) => body?.$case === 'hello', 'Hello');
    const ack = helloAck(scene.relay, scene.log, bytesOf(scene.deviceKey));
    end.send({ $case: 'helloAck', value: ack }, hello.requestId);
    const pull = await end.inbox.take(({ body }) => body?.$case === 'pull', 'Pull');
    answer(end, pull.requestId);
  });
}

export function page(segment: LogSegment | undefined): FrameBody {
  return { $case: 'page', value: { segment, hasMore: false } };
}

/** The answer that an honest relay would give to a client that has read `before`. */
export function honestPage(scene: ClientScene): LogSegment {
  return scene.log.segment(scene.log.head - 1, PAGE_BYTES_MAX);
}
