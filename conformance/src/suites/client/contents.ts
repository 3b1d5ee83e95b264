import { toHex } from '@0k-sync/core/bytes';
import { type Content, openEnvelope, verifyEnvelope } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Group } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { Failed } from '../../model.ts';
import type { ClientScene } from './scene.ts';

/** The content that a member reads in an envelope. Throws `Failed` when no member could. */
export function readContent(group: Group, envelope: Envelope): Content {
  const signed = verifyEnvelope(crypto, envelope, group.id);
  if (!signed.ok) throw new Failed('an envelope of the client', 'that it verifies', signed.detail);
  const content = openEnvelope(group.epoch, signed.value);
  if (!content.ok) throw new Failed('an envelope of the client', 'that it opens', content.detail);
  return content.value;
}

/** The text of a message as a member reads it, data in hexadecimal; undefined for anything else. */
export function textOf({ author }: ClientScene, envelope: Envelope): string | undefined {
  const content = readContent(author.group, envelope);
  if (content.type !== 'message') return undefined;
  const { content: said } = content.message;
  return said?.$case === 'text' ? said.value : toHex(said?.value ?? new Uint8Array());
}

/** The client's messages in the log, as members read them. */
export function readWritten(scene: ClientScene): readonly string[] {
  return scene.written.flatMap((envelope) => textOf(scene, envelope) ?? []);
}
