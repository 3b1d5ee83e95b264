import type { StoryRow } from '../../src/faults/tables.ts';
import { Draft } from '../draft.ts';
import { groupOf } from '../kit/keys.ts';
import { hex } from '../kit/labelled.ts';
import type { JsonObject } from '../model.ts';
import { Sender } from './chain-sender.ts';

export function chainFile(): Draft {
  return new Draft('envelopes/chain', 'chain.verify', { tell });
}

export function runsFile(): Draft {
  return new Draft('envelopes/runs', 'chain.verify', { tell });
}

/** Builds the log of a row of stories, and its outcomes. EN-08, EN-20 to EN-24. */
function tell({ members, envelopes, outcomes, heads }: StoryRow, id: string): { in: JsonObject; ok: JsonObject } {
  const group = groupOf(id);
  const senders = ['a', 'b'].map((name) => new Sender(id, group, name));
  const sender = (name: string) => {
    const found = senders.find((one) => one.name === name);
    if (found === undefined) throw new RangeError(`there is no sender ${name}`);
    return found;
  };
  return {
    in: {
      group_id: hex(group.epoch.groupId),
      members: members.map((name) => hex(sender(name).device.deviceKey)),
      envelopes: envelopes.map((word) => hex(bytesOf(word, id, sender))),
    },
    ok: { outcomes, heads: heads.map((word) => sender(word.charAt(0)).head(word.slice(1))).sort(byKey) },
  };
}

type SenderOf = (name: string) => Sender;

function bytesOf(word: string, id: string, sender: SenderOf): Uint8Array {
  const [reference = '', treatment] = word.split(':').reverse();
  if (reference === 'noise') return Uint8Array.of(0xff, 0xff);
  if (treatment === 'elsewhere') {
    const elsewhere = `${id}/other`;
    return bytesOf(reference, id, (name) => new Sender(elsewhere, groupOf(elsewhere), name));
  }
  const { envelope } = sender(reference.charAt(0)).envelope(reference.slice(1));
  if (treatment === undefined) return envelope;
  if (treatment === 'cut') return envelope.slice(0, -1);
  if (treatment === 'forged') return envelope.with(-1, (envelope.at(-1) ?? 0) ^ 2);
  throw new RangeError(`nothing is done to an envelope by "${treatment}:"`);
}

function byKey(first: JsonObject, second: JsonObject): number {
  return String(first['sender_key']) < String(second['sender_key']) ? -1 : 1;
}
