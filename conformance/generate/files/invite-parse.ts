import { Draft } from '../draft.ts';
import { linkOf } from '../kit/pairing.ts';
import type { Json } from '../model.ts';

import { contentFaults } from './invite-contents.ts';
import { EXPIRES, inviteBytes, invites, NOW, SKEW } from './invite-samples.ts';
import { spellingFaults } from './invite-spelling.ts';

export function inviteParseFile(): Draft {
  const draft = new Draft('pairing/invite-parse', 'invite.parse');
  for (const [slug, comment, make] of invites) {
    const invite = make(draft.id(slug));
    draft.positive(slug, {
      req: ['PA-01', 'PA-03', 'PA-04', 'PA-05', ...(slug.startsWith('pass') ? ['PA-07', 'PA-08'] : [])],
      comment,
      in: { link: linkOf(inviteBytes(invite)) },
      now_ms: NOW,
      ok: { invite },
    });
  }
  spellings(draft);
  times(draft);
  typing(draft);
  contentFaults(draft);
  spellingFaults(draft);
  return draft;
}

function spellings(draft: Draft): void {
  const same = (slug: string, change: readonly [string, string, Json?], comment: string) =>
    draft.variant(slug, 'node-id-only', change, { req: ['PA-01'], flags: ['CaseSensitive'], comment });
  same('upper-case', ['text-upper-case', 'in.link'], 'Reading ignores case, also of the prefix.');
  same('space-around', ['text-prepend', 'in.link', '  '], 'White space in front.');
  same('newline-behind', ['text-extend', 'in.link', '\n'], 'A newline behind.');
  same('crlf-and-tab-behind', ['text-extend', 'in.link', '\t\r\n'], 'Other white space behind.');
  same('spaces-beyond-the-limit', ['text-extend', 'in.link', ' '.repeat(1024)], 'White space does not count.');
}

function times(draft: Draft): void {
  const at = (slug: string, now: number, comment: string) =>
    draft.variant(slug, 'node-id-only', ['set', 'now_ms', now], { req: ['PA-05'], comment });
  at('at-its-time', EXPIRES, 'The moment at which it expires.');
  at('within-the-skew', EXPIRES + SKEW, 'Past by the tolerated skew of clocks.');
  at('long-before', 1, 'A clock that is far behind.');
  for (const [slug, now, comment] of [
    ['expired', EXPIRES + SKEW + 1, 'Past by a millisecond more than the tolerated skew.'],
    ['expired-long-ago', EXPIRES + 86_400_000, 'A day later.'],
  ] as const) {
    draft.negative(slug, {
      of: 'node-id-only',
      req: ['PA-05'],
      flags: ['ExpiryUnchecked'],
      comment,
      reject: 'invite.expired',
      change: ['set', 'now_ms', now],
    });
  }
  const json = { ...(invites[0]?.[2](draft.id('node-id-only')) ?? {}) };
  const { expires_at_ms: _, ...without } = json;
  draft.negative('expires-never-said', {
    of: 'node-id-only',
    req: ['PA-05'],
    flags: ['ExpiryUnchecked'],
    comment: 'No time: it expired in 1970.',
    reject: 'invite.expired',
    change: { remade: 'expires_at_ms left out', in: { link: linkOf(inviteBytes(without)) } },
  });
}

function typing(draft: Draft): void {
  const refuse = (slug: string, req: string, comment: string, change: readonly [string, string, Json?]) =>
    draft.negative(slug, {
      of: 'node-id-only',
      req: [req],
      flags: ['LinkUnchecked'],
      comment,
      reject: 'invite.parse',
      change,
    });
  const link = String(draft.case('node-id-only').in['link']);
  const other = (at: number) => (link.charAt(at) === 'y' ? 'b' : 'y');
  for (const at of [7, 40, link.length - 4]) {
    refuse(`typo-at-${at}`, 'PA-04', 'One wrong character.', ['text-overwrite', 'in.link', { at, with: other(at) }]);
  }
  const swapAt = [...link].findIndex((character, index) => index > 20 && character !== link.charAt(index + 1));
  refuse('characters-swapped', 'PA-04', 'Two characters change places.', ['text-swap', 'in.link', swapAt]);
  refuse('empty', 'PA-01', 'No text.', ['set', 'in.link', '']);
  refuse('prefix-only', 'PA-01', 'Only the prefix.', ['text-truncate', 'in.link', 7]);
  refuse('prefix-missing', 'PA-01', 'No prefix.', ['set', 'in.link', link.slice(7)]);
  refuse('prefix-of-another', 'PA-01', 'Another prefix.', ['text-overwrite', 'in.link', { at: 0, with: 'http://' }]);
  refuse('prefix-with-slashes', 'PA-01', 'The prefix as of a URL.', ['set', 'in.link', `0ksync://${link.slice(7)}`]);
  refuse('one-character-less', 'PA-04', 'The last character is missing.', [
    'text-truncate',
    'in.link',
    link.length - 1,
  ]);
  refuse('half', 'PA-04', 'Half of a link.', ['text-truncate', 'in.link', Math.floor(link.length / 2)]);
  refuse('one-character-more', 'PA-01', 'A character too many.', ['text-extend', 'in.link', 'y']);
  refuse('eight-characters-more', 'PA-04', 'Five bytes behind the checksum.', ['text-extend', 'in.link', 'yyyyyyyy']);
  refuse('character-not-in-the-alphabet', 'PA-01', 'l is not in the alphabet.', [
    'text-overwrite',
    'in.link',
    { at: 30, with: 'l' },
  ]);
  refuse('space-inside', 'PA-01', 'White space inside is not ignored.', [
    'text-overwrite',
    'in.link',
    { at: 30, with: ' ' },
  ]);
  refuse('newline-inside', 'PA-01', 'A link that was wrapped.', ['text-overwrite', 'in.link', { at: 60, with: '\n' }]);
  refuse('too-long', 'PA-02', 'A link of more than 1,024 characters.', ['text-extend', 'in.link', 'y'.repeat(1024)]);
  refuse('text-behind', 'PA-01', 'Words behind the link.', ['text-extend', 'in.link', ' see you']);
}
