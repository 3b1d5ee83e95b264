import { Draft } from '../draft.ts';
import { groupOf } from '../kit/keys.ts';
import { hex } from '../kit/labelled.ts';
import { gapStories } from './chain-gap-stories.ts';
import { Sender } from './chain-sender.ts';
import { stories } from './chain-stories.ts';

export function chainFile(): Draft {
  const draft = new Draft('envelopes/chain', 'chain.verify');
  for (const { slug, req, flags = [], comment, tell } of [...stories, ...gapStories]) {
    const id = draft.id(slug);
    const group = groupOf(id);
    const [a, b] = [new Sender(id, group, 'a'), new Sender(id, group, 'b')];
    const { envelopes, outcomes, heads, members = [a, b] } = tell(a, b, id);
    draft.positive(slug, {
      req,
      flags,
      comment,
      in: {
        group_id: hex(group.epoch.groupId),
        members: members.map(({ device }) => hex(device.deviceKey)),
        envelopes: envelopes.map(hex),
      },
      ok: { outcomes, heads },
    });
  }
  return draft;
}
