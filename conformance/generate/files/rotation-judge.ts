import { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { encode } from '../kit/wire.ts';

const ZEROS = new Uint8Array(32);

/** Epoch 1 leaves Dan out, epoch 2 removes Cid at sequence 5, epoch 3 takes Eve in. */
export function rotationJudgeFile(): Draft {
  const draft = new Draft('rotation/judge', 'rotation.judge');
  const key = (name: string) => labelled(draft.id('people'), name);
  const sorted = (names: readonly string[]) => names.map(key).sort((a, b) => Buffer.compare(a, b));
  const cut = { device_key: key('cid'), sequence: 5n, hash: key('cut') };
  const body = (epoch: number, names: readonly string[], removed: readonly object[] = []) =>
    hex(
      encode('RotationBody', {
        group_id: ZEROS,
        epoch,
        previous: ZEROS,
        auth_key: ZEROS,
        signer: key('ann'),
        members: sorted(names).map((device_key) => ({ device_key, welcome_hash: ZEROS })),
        removed,
        anchor: ZEROS,
      }),
    );
  const bodies = [body(1, ['ann', 'bob', 'cid']), body(2, ['ann', 'bob'], [cut]), body(3, ['ann', 'bob', 'eve'])];
  const rows: readonly (readonly [string, string, number, string, string, boolean, string, string])[] = [
    ['newest', 'ann', 3, '3', 'any', false, 'valid', 'A member of the newest epoch.'],
    ['newest-countersigned', 'dan', 3, '3', 'any', true, 'valid', 'Countersigned in the newest epoch.'],
    ['newest-stranger', 'dan', 3, '3', 'any', false, 'no-member', 'Neither listed nor countersigned there.'],
    ['unknown', 'ann', 4, '3', 'any', false, 'epoch-unknown', 'An epoch that is not proven.'],
    ['older', 'ann', 0, '3', 'any', false, 'valid', 'Listed in the epoch after.'],
    ['left-out', 'dan', 0, '3', 'any', true, 'no-member', 'Left out by the epoch after.'],
    ['dated-back', 'eve', 1, '3', 'any', false, 'no-member', 'It joined later than the epoch that it names.'],
    ['below-cut', 'cid', 1, '4', 'any', false, 'valid', 'Removed, below its cut.'],
    ['at-cut', 'cid', 1, '5', 'cut', false, 'valid', 'Removed, at its cut with that H.'],
    ['other-at-cut', 'cid', 1, '5', 'any', false, 'other-at-cut', 'Removed, at its cut with another H.'],
    ['beyond-cut', 'cid', 1, '6', 'cut', false, 'beyond-cut', 'Removed, above its cut.'],
    ['removed-before', 'cid', 2, '1', 'any', true, 'removed-before', 'Removed by the epoch that it names.'],
  ];
  for (const [slug, sender, epoch, sequence, hash, countersigned, verdict, comment] of rows) {
    draft.positive(slug, {
      req: ['RO-05', 'RO-06'],
      comment,
      in: { bodies, epoch, sender_key: hex(key(sender)), sequence, hash: hex(key(hash)), countersigned },
      ok: { verdict },
    });
  }
  return draft;
}
