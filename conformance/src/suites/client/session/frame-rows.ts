import { type FaultyFrame, faultyFrames } from '../../../faults/live-frames.ts';
import type { Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { delimited, frameBytes, honestPage, misbehaved } from './misbehaviour.ts';

/** The honest answer, where a row changes a Page. */
function honest({ of }: FaultyFrame, requestId: number, stage: Stage): Uint8Array | undefined {
  if (of !== 'page') return undefined;
  const value = { segment: honestPage(stage), hasMore: true };
  return delimited(frameBytes(requestId, { $case: 'page', value }));
}

/** Every row of faults/frames.md whose frame a relay may send: it comes in the place of a Page, and ends the session. */
export const frameRowScenarios: readonly ClientScenario[] = faultyFrames('relay').map((row) =>
  misbehaved(row, [row.class], (end, requestId, stage) => {
    end.sendPlaintext(row.bytes(honest(row, requestId, stage)));
    if (row.endsStream) end.stream.end();
  }),
);
