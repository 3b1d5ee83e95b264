// PA-01 at every length: trailing bits, characters too many, and what is put into a link.
import type { Draft } from '../draft.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { linkOf } from '../kit/pairing.ts';
import { EXPIRES, inviteBytes, NOW } from './invite-samples.ts';

const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769';
const CHARACTER_BITS = 5;

export function spellingFaults(draft: Draft): void {
  for (let length = 1; length <= CHARACTER_BITS; length += 1) trailing(draft, 'h'.repeat(length));
  const of = 'node-id-only';
  const link = String(draft.case(of).in['link']);
  const refuse = (slug: string, comment: string, text: string) =>
    draft.negative(slug, {
      of,
      req: ['PA-01'],
      flags: ['LinkUnchecked'],
      comment,
      reject: 'invite.parse',
      change: ['set', 'in.link', text],
    });
  const inserted = (text: string) => link.slice(0, 40) + text + link.slice(40);
  refuse('newline-inserted', 'A line break put into the link.', inserted('\n'));
  refuse('space-inserted', 'A space put into the link.', inserted(' '));
  refuse('hyphen-inserted', 'A hyphen put into the link.', inserted('-'));
  refuse('text-in-front', 'Words in front of the link.', `join ${link}`);
  refuse('prefix-long-s', 'A long s is no s in another case.', link.replace('0ksync', '0k\u017fync'));
}

/** An invite of another length, so that another number of trailing bits is unused. */
function trailing(draft: Draft, host: string): void {
  const slug = `host-of-${host.length}`;
  const id = draft.id(slug);
  const invite = {
    relay: { address: `${host}:4433`, node_id: hex(labelled(id, 'node_id')) },
    mailbox_id: hex(labelled(id, 'mailbox_id', 16)),
    invite_key: hex(labelled(id, 'invite_key')),
    expires_at_ms: String(EXPIRES),
  };
  const bytes = inviteBytes(invite);
  const link = linkOf(bytes);
  const digits = link.slice(link.indexOf(':') + 1);
  const unused = digits.length * CHARACTER_BITS - (bytes.length + 4) * 8;
  draft.positive(slug, {
    req: ['PA-01', 'PA-03', 'PA-04'],
    flags: ['BitOrder'],
    comment: `A link of which ${unused} trailing bits are unused.`,
    in: { link },
    now_ms: NOW,
    ok: { invite },
  });
  const last = ALPHABET.indexOf(link.slice(-1));
  const refuse = (name: string, comment: string, change: readonly [string, string, string | object]) =>
    draft.negative(`${slug}-${name}`, {
      of: slug,
      req: ['PA-01'],
      flags: ['LaxText'],
      comment,
      reject: 'invite.parse',
      change: change as readonly [string, string, string],
    });
  for (let bit = 0; bit < unused; bit += 1) {
    const character = ALPHABET.charAt(last | (1 << bit));
    refuse(`trailing-bit-${bit}`, `Bit ${bit} of the ${unused} trailing ones is set.`, [
      'text-overwrite',
      'in.link',
      { at: -1, with: character },
    ]);
  }
  refuse('one-character-more', 'A character of zero bits too many.', ['text-extend', 'in.link', 'y']);
}
