import { Draft } from '../draft.ts';
import { type Parts, seal } from '../kit/envelope.ts';
import { groupOf } from '../kit/keys.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import type { Json } from '../model.ts';
import type { Edit } from '../mutate-wire.ts';
import { bindingFaults } from './envelope-binding.ts';
import { boundFaults } from './envelope-bounds.ts';
import { plaintextFaults } from './envelope-plaintext.ts';
import { faulty, openJson, type Scene, sceneFor, topics } from './envelope-samples.ts';
import { walkedFaults } from './envelope-walk.ts';

/** How the files below make negatives of one twin. */
export interface Refusals {
  readonly draft: Draft;
  /** The scene of a positive case. */
  scene(slug: string): Scene;
  /** A whole new envelope with one fault in it. */
  remade(slug: string, fault: Partial<Parts>, said: Said): void;
  /** A change of the twin's JSON. */
  changed(
    slug: string,
    change: readonly [string, string, Json?],
    said: Said & { readonly and?: readonly [string, string, Json?] },
  ): void;
}

export interface Said {
  readonly reject: string;
  readonly req: readonly string[];
  readonly flag: string;
  readonly comment: string;
  /** The twin; `text` when left out. */
  readonly of?: string;
}

export function envelopeOpenFile(): Draft {
  const draft = new Draft('envelopes/open', 'envelope.open', { opens: true });
  for (const { slug, comment, req } of topics) {
    draft.positive(slug, { req: [...req, 'EN-20'], comment, ...openJson(sceneFor(draft, slug)) });
  }
  harmless(draft);
  const scene = (slug: string) => sceneFor(draft, slug);
  const refusals: Refusals = {
    draft,
    scene,
    remade: (slug, fault, { of = 'text', reject, req, flag, comment }) => {
      const twin = draft.case(of);
      const envelope = hex(faulty(scene(of), fault).envelope);
      draft.negative(slug, {
        of,
        req,
        flags: [flag],
        comment,
        reject,
        change: { remade: slug, in: { ...twin.in, envelope } },
      });
    },
    changed: (slug, change, { of = 'text', reject, req, flag, comment, and }) =>
      draft.negative(slug, { of, req, flags: [flag], comment, reject, change, ...(and && { and }) }),
  };
  walkedFaults(refusals);
  bindingFaults(refusals);
  plaintextFaults(refusals);
  boundFaults(refusals);
  return draft;
}

/** What must not disturb. */
function harmless(draft: Draft): void {
  const wire = (edit: Edit) => ['wire', 'in.envelope', { in: 'message', within: [], edit }] as const;
  draft.variant('relay-fields', 'text', wire({ add: '280930818084f6c133' }), {
    req: ['EN-12'],
    flags: ['RelayFieldsBound'],
    comment: 'Cursor and time are the relay’s: they are neither hashed nor signed.',
  });
  draft.variant('unknown-field-outside', 'text', wire({ add: 'f80105' }), {
    req: ['WI-15'],
    flags: ['UnknownFieldRefused'],
    comment: 'An unknown field of the outer message is ignored; only the header is canonical.',
  });
  draft.variant(
    'other-members',
    'text',
    ['append', 'in.members', hex(groupOf(draft.id('other-members')).device('other').deviceKey)],
    {
      req: ['EN-07'],
      comment: 'The sender is one of several members.',
    },
  );
  draft.variant(
    'other-epochs',
    'text',
    ['append', 'in.epochs', { epoch: 1, secret: hex(labelled(draft.id('other-epochs'), 'secret')) }],
    {
      req: ['EN-09', 'GR-06'],
      comment: 'The header’s epoch selects the secret among several.',
    },
  );
  const scene = sceneFor(draft, 'text');
  const plaintext = Buffer.concat([scene.parts.plaintext, Buffer.from('f80105', 'hex')]);
  const sealed = seal({ ...scene.parts, padded: pad(plaintext) });
  draft.positive('unknown-field-inside', {
    req: ['EN-15', 'WI-15'],
    flags: ['UnknownFieldRefused'],
    comment: 'An unknown field of the plaintext is ignored.',
    in: { ...openJson(scene).in, envelope: hex(sealed.envelope) },
    ok: { ...openJson(scene).ok, hash: hex(sealed.hash) },
  });
}
