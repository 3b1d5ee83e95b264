import { type Content, openEnvelope, type SealedEnvelope, verifyEnvelope } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Device, Group } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { Failed } from '../../model.ts';

/** A message as an author writes it. */
export interface Written {
  readonly content: string | Uint8Array;
  /** 16 bytes; random when left out. */
  readonly id?: Uint8Array;
  readonly metadata?: string;
}

/** Seals the next message of an author's chain. */
export function sealMessage(author: Device, { content, ...fields }: Written): SealedEnvelope {
  return author.seal(content, fields);
}

/** PA-22. */
export function sealAnnouncement(author: Device, name: string): SealedEnvelope {
  return author.announce(name);
}

/** What a member reads in an envelope. Throws `Failed` when no member could. */
export function readContent(group: Group, envelope: Envelope): Content {
  const signed = verifyEnvelope(crypto, envelope, group.id);
  if (!signed.ok) throw new Failed('an envelope of the client', 'that it verifies', signed.detail);
  const content = openEnvelope(group.epoch, signed.value);
  if (!content.ok) throw new Failed('an envelope of the client', 'that it opens', content.detail);
  return content.value;
}
