/** A run of white space, invisible characters, quotes, brackets and dots, which z-base-32 has none of. PA-01. */
export const ADDED = new RegExp(
  [
    '[\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
    '\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff',
    '"\'`\\u00ab\\u00bb\\u2018-\\u201f\\u2039\\u203a\\u300c-\\u300f',
    '()<>[\\]{}',
    '.,;\\u2026\\u3002]+',
  ].join(''),
  'gu',
);

const INVITE = /0ksync:[a-z0-9]{32}/;

/** True when a text has an invite in it. PA-06. */
export function holdsInvite(text: string): boolean {
  return INVITE.test(normaliseLink(text));
}

/** Removes what copying, mail and chat programs add to a link, and writes its ASCII letters small. PA-01. */
export function normaliseLink(text: string): string {
  return text.replace(ADDED, '').replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
