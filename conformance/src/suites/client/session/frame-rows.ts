import { delimited, frameBytes } from '@0k-sync/testkit/wire';
import { type FaultyFrame, faultyFrames } from '../../../faults/live-frames.ts';
import { editWire, varintField } from '../../../faults/mutate-wire.ts';
import type { ClientActs, ClientScene } from '../scene.ts';
import { honestPage, type Misbehaviour, misdeeds } from './misbehaviour.ts';

/** The frame that a row changes, as an answer to the Pull of that number. */
function honest(row: FaultyFrame, requestId: number, scene: ClientScene): Uint8Array {
  if (row.of === 'page') {
    const value = { segment: honestPage(scene), hasMore: true };
    return delimited(frameBytes({ $case: 'page', value }, requestId));
  }
  const text = Buffer.from(row.positive).toString('hex');
  const edit = { replace: 1, with: varintField(1, requestId) };
  return Buffer.from(editWire(text, { in: 'frame', within: [], edit }), 'hex');
}

function misbehaviourOf(row: FaultyFrame): Misbehaviour {
  const { title, requirements } = row;
  return {
    title,
    requirements,
    refusal: [row.class],
    misdeed: (end, requestId, scene) => {
      end.sendPlaintext(row.bytes(honest(row, requestId, scene)));
      if (row.endsStream) end.stream.end();
    },
  };
}

/** Every row of faults/frames.md whose frame a relay may send: it comes in the place of a Page, and ends the session. */
export const frameRowActs: ClientActs = misdeeds(
  Object.fromEntries(faultyFrames('relay').map((row) => [row.id, misbehaviourOf(row)])),
);
