import { equal } from '@0k-sync/core/bytes';
import { parseEnvelope } from '@0k-sync/core/envelope';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Push } from '@0k-sync/generated/wire/frame';
import type { PushItem } from '../../store/port.ts';

/** The items of a Push before the first one that is refused without the store. RL-20. */
export interface CheckedItems {
  readonly items: readonly PushItem[];
  /** The error of the item after them; undefined when every item passed. */
  readonly refusal: ErrorName | undefined;
}

/** Checks items without the store: sizes, canonical header, version, type, group and sender. RL-22, RL-23. */
export function checkItems(push: Push, groupId: Uint8Array, deviceKey: Uint8Array): CheckedItems {
  const items: PushItem[] = [];
  for (const { envelope, skip } of push.items) {
    if (envelope === undefined) return { items, refusal: 'ENVELOPE_MALFORMED' };
    const parsed = parseEnvelope(envelope, groupId);
    if (!parsed.ok) return { items, refusal: parsed.error };
    const { senderKey, sequence, previous, epoch } = parsed.value;
    if (!equal(senderKey, deviceKey)) return { items, refusal: 'ENVELOPE_BINDING' };
    items.push({ envelope, sequence, previous, epoch, skip });
  }
  return { items, refusal: undefined };
}
