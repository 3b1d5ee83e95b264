import { type Content, openEnvelope, type SealedEnvelope, sealEnvelope, verifyEnvelope } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { Failed } from '../../model.ts';

/** A message as an author writes it. */
export interface Written {
  readonly content: string | Uint8Array;
  /** 16 bytes; random when left out. */
  readonly id?: Uint8Array;
  readonly metadata?: string;
}

/** Seals the next message of an author's chain. */
export function sealMessage(author: Device, { content, id = random(16), metadata }: Written): SealedEnvelope {
  const value =
    typeof content === 'string'
      ? ({ $case: 'text', value: content } as const)
      : ({ $case: 'data', value: content } as const);
  return sealContent(author, {
    type: 'message',
    message: { id, content: value, metadata, sentAtMs: BigInt(Date.now()) },
  });
}

/** PA-22. */
export function sealAnnouncement(author: Device, name: string): SealedEnvelope {
  const { record } = author.enrolment;
  return sealContent(author, { type: 'announcement', announcement: { name, record } });
}

/** What a member reads in an envelope. Throws `Failed` when no member could. */
export function readContent(group: Group, envelope: Envelope): Content {
  const signed = verifyEnvelope(crypto, envelope, group.id);
  if (!signed.ok) throw new Failed('an envelope of the client', 'that it verifies', signed.detail);
  const content = openEnvelope(group.epoch, signed.value);
  if (!content.ok) throw new Failed('an envelope of the client', 'that it opens', content.detail);
  return content.value;
}

function sealContent(author: Device, content: Content): SealedEnvelope {
  const place = { sequence: author.sequence + 1, previous: author.previous };
  return author.advance(
    sealEnvelope(crypto, random, { device: author.keys, epoch: author.group.epoch }, place, content),
  );
}
