import { type FaultyFrame, faultyFrames } from '../../../faults/live-frames.ts';
import { editWire, varintField } from '../../../faults/mutate-wire.ts';
import type { Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { delimited, frameBytes, honestPage, misbehaved } from './misbehaviour.ts';

/** The frame that a row changes, as an answer to the Pull of that number. */
function honest(row: FaultyFrame, requestId: number, stage: Stage): Uint8Array {
  if (row.of === 'page') {
    const value = { segment: honestPage(stage), hasMore: true };
    return delimited(frameBytes(requestId, { $case: 'page', value }));
  }
  const text = Buffer.from(row.positive).toString('hex');
  const edit = { replace: 1, with: varintField(1, requestId) };
  return Buffer.from(editWire(text, { in: 'frame', within: [], edit }), 'hex');
}

/** Every row of faults/frames.md whose frame a relay may send: it comes in the place of a Page, and ends the session. */
export const frameRowScenarios: readonly ClientScenario[] = faultyFrames('relay').map((row) =>
  misbehaved(row, [row.class], (end, requestId, stage) => {
    end.sendPlaintext(row.bytes(honest(row, requestId, stage)));
    if (row.endsStream) end.stream.end();
  }),
);
