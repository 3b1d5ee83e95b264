import { Draft } from '../draft.ts';
import type { Json } from '../model.ts';

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

export function cursorFile(): Draft {
  const draft = new Draft('envelopes/cursor', 'cursor.merge');
  positives(draft);
  faults(draft);
  return draft;
}

function segment(after: number, removedThrough: number, cursors: readonly number[], next: number, head: number) {
  return {
    after: String(after),
    removed_through: String(removedThrough),
    cursors: cursors.map(String),
    next: String(next),
    head: String(head),
  };
}

function positives(draft: Draft): void {
  for (const [slug, after, given, hasMore, ok, req, comment] of [
    ['nothing-new', 7, segment(7, 7, [], 7, 7), undefined, { after: '7' }, ['CL-02'], 'Nothing was added.'],
    ['empty-log', 0, segment(0, 0, [], 0, 0), undefined, { after: '0' }, ['CL-02'], 'A log without envelopes.'],
    [
      'three',
      4,
      segment(4, 4, [5, 6, 7], 7, 7),
      undefined,
      { after: '7' },
      ['CL-02'],
      'Three envelopes, none missing.',
    ],
    [
      'from-the-start',
      0,
      segment(0, 0, [1, 2], 2, 2),
      undefined,
      { after: '2' },
      ['CL-02'],
      'The first envelopes of a log.',
    ],
    [
      'more-to-come',
      4,
      segment(4, 4, [5, 6], 6, 90),
      true,
      { after: '6' },
      ['CL-02', 'CL-04', 'CL-05'],
      'A page of a longer log: the head moves nothing.',
    ],
    [
      'removed',
      4,
      segment(4, 6, [7, 8], 8, 8),
      undefined,
      { after: '8', expired: { from: '5', to: '6' } },
      ['CL-08'],
      'Two cursors were removed below the floor, and are reported.',
    ],
    [
      'removed-only',
      4,
      segment(4, 9, [], 9, 9),
      undefined,
      { after: '9', expired: { from: '5', to: '9' } },
      ['CL-08'],
      'Everything behind the cursor was removed.',
    ],
    [
      'removed-one',
      0,
      segment(0, 1, [2], 2, 2),
      undefined,
      { after: '2', expired: { from: '1', to: '1' } },
      ['CL-08'],
      'One cursor was removed.',
    ],
    [
      'removed-more-to-come',
      0,
      segment(0, 3, [], 3, 5),
      true,
      { after: '3', expired: { from: '1', to: '3' } },
      ['CL-04', 'CL-08'],
      'A page without envelopes that moves.',
    ],
    [
      'head-huge',
      7,
      segment(7, 7, [8], 8, SAFE_MAX),
      undefined,
      { after: '8' },
      ['CL-02', 'CL-05'],
      'A head claim, however large, moves no cursor.',
    ],
    [
      'above-2-pow-32',
      2 ** 32 + 4,
      segment(2 ** 32 + 4, 2 ** 32 + 4, [2 ** 32 + 5], 2 ** 32 + 5, 2 ** 32 + 5),
      undefined,
      { after: String(2 ** 32 + 5) },
      ['CL-02', 'OV-02'],
      'Cursors of more than 32 bits.',
    ],
    [
      'largest',
      SAFE_MAX - 1,
      segment(SAFE_MAX - 1, SAFE_MAX - 1, [SAFE_MAX], SAFE_MAX, SAFE_MAX),
      undefined,
      { after: String(SAFE_MAX) },
      ['CL-02', 'OV-02'],
      'The last cursor.',
    ],
  ] as const) {
    draft.positive(slug, {
      req,
      comment,
      in: { after: String(after), segment: given, ...(hasMore !== undefined && { has_more: hasMore }) },
      ok,
    });
  }
}

function faults(draft: Draft): void {
  const refuse = (
    slug: string,
    of: string,
    comment: string,
    change: readonly [string, string, Json?],
    req = ['CL-02'],
    and?: readonly [string, string, Json?],
  ) =>
    draft.negative(slug, {
      of,
      req,
      flags: ['CursorTrusted'],
      comment,
      reject: 'cursor.gap',
      change,
      ...(and && { and }),
    });
  refuse('after-is-not-what-was-asked', 'three', 'The segment begins one later than asked.', ['set', 'in.after', '3']);
  refuse('after-behind-what-was-asked', 'three', 'The segment begins before what was asked.', ['set', 'in.after', '5']);
  refuse('first-missing', 'three', 'The first envelope is withheld.', ['remove', 'in.segment.cursors.0']);
  refuse('middle-missing', 'three', 'An envelope in the middle is withheld.', ['remove', 'in.segment.cursors.1']);
  refuse('last-missing', 'three', 'The last envelope is withheld.', ['remove', 'in.segment.cursors.2']);
  refuse('all-missing', 'three', 'All envelopes are withheld.', ['set', 'in.segment.cursors', []]);
  refuse('one-too-many', 'three', 'An envelope behind next.', ['append', 'in.segment.cursors', '8']);
  refuse('twice', 'three', 'One cursor twice, another not at all.', ['reorder', 'in.segment.cursors', [0, 1, 1]]);
  refuse('out-of-order', 'three', 'The envelopes are not in order.', ['reorder', 'in.segment.cursors', [1, 0, 2]]);
  refuse(
    'cursor-zero',
    'from-the-start',
    'Cursor 0 names no envelope.',
    ['set', 'in.segment.cursors', ['0', '1']],
    ['CL-02', 'OV-02'],
  );
  refuse('first-before-after', 'three', 'Only the first cursor is wrong.', ['set', 'in.segment.cursors.0', '4']);
  refuse('middle-of-elsewhere', 'three', 'Only the middle cursor is wrong.', ['set', 'in.segment.cursors.1', '9']);
  refuse('after-2-pow-32-lower', 'above-2-pow-32', 'What was asked is the same in its lowest 32 bits.', [
    'set',
    'in.after',
    '4',
  ]);
  refuse(
    'removed-below-after-and-given',
    'three',
    'removed_through is below after, and the cursors go on from there.',
    ['set', 'in.segment.removed_through', '3'],
    ['CL-02'],
    ['set', 'in.segment.cursors', ['4', '5', '6', '7']],
  );
  refuse('shifted', 'three', 'All cursors are one higher.', ['set', 'in.segment.cursors', ['6', '7', '8']]);
  refuse(
    'removed-below-after',
    'three',
    'removed_through is below after.',
    ['set', 'in.segment.removed_through', '3'],
    ['CL-02'],
  );
  refuse(
    'removed-and-given',
    'three',
    'A cursor that was removed is given too.',
    ['set', 'in.segment.removed_through', '5'],
    ['CL-02'],
  );
  refuse(
    'removed-above-next',
    'removed-only',
    'removed_through is above next.',
    ['set', 'in.segment.removed_through', '10'],
    ['CL-02'],
    ['set', 'in.segment.head', '12'],
  );
  refuse('next-below-after', 'nothing-new', 'next goes back.', ['set', 'in.segment.next', '6']);
  refuse(
    'next-above-the-envelopes',
    'three',
    'next skips a cursor.',
    ['set', 'in.segment.next', '8'],
    ['CL-02'],
    ['set', 'in.segment.head', '9'],
  );
  refuse('next-above-head', 'three', 'The head is below next.', ['set', 'in.segment.head', '6']);
  refuse('head-below-after', 'nothing-new', 'The head is below what this client has.', ['set', 'in.segment.head', '3']);
  refuse(
    'more-but-nothing',
    'nothing-new',
    'A page that has more and moves nothing would be asked for for ever.',
    ['set', 'in.has_more', true],
    ['CL-04'],
    ['set', 'in.segment.head', '9'],
  );
}
