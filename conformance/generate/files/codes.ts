import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../case.ts';
import { Draft } from '../draft.ts';
import { hex } from '../kit/labelled.ts';
import type { Alter } from '../rows.ts';
import { codeSceneFor, creatorJson, drawsJson, grantJson, joinerJson, replyJson, samples } from './code-samples.ts';

const WORDS = join(import.meta.dirname, '../../../spec/words/english.txt');

/** The rows of conformance/faults/codes.md. CO-01 to CO-03. */
export function codeParseFile(): Draft {
  return new Draft('codes/parse', 'code.parse');
}

/** Draws of two bytes each, and the places in the list that their low 11 bits are. CO-04. */
const drawn: readonly (readonly [
  slug: string,
  comment: string,
  draws: readonly [string, string],
  places: [number, number],
])[] = [
  ['first-and-last', 'The first and the last word of the list.', ['0000', '07ff'], [0, 2047]],
  ['low-bits', 'Only the low 11 bits count.', ['f801', 'ffff'], [1, 2047]],
  ['big-endian', 'The first byte is the high one.', ['0102', '0201'], [0x102, 0x201]],
  ['twice', 'Each word is drawn on its own, and may come twice.', ['0400', '0400'], [0x400, 0x400]],
];

export function codeWordsFile(): Draft {
  const draft = new Draft('codes/words', 'code.words');
  const words = readFileSync(WORDS, 'utf8').trim().split('\n');
  for (const [slug, comment, [first, second], places] of drawn) {
    const said = places.map((place) => words[place]).join('-');
    const flags = slug === 'first-and-last' ? {} : { flags: ['WordsMisdrawn'] };
    draft.positive(slug, { req: ['CO-04'], ...flags, comment, in: {}, draws: { first, second }, ok: { words: said } });
  }
  return draft;
}

export function codeOfferFile(): Draft {
  const draft = new Draft('codes/offer', 'code.offer');
  for (const [slug, , comment] of samples) {
    const scene = codeSceneFor(draft.id(slug));
    draft.positive(slug, {
      req: ['CO-10', 'CO-12', 'OV-35'],
      comment,
      in: creatorJson(scene),
      draws: drawsJson(scene, 'sid_a', 'scalar_a'),
      ok: { sid: hex(scene.draws.sid_a), share: hex(scene.offered.share) },
    });
  }
  return draft;
}

export function codeAnswerFile(): Draft {
  const draft = new Draft('codes/answer', 'code.answer');
  for (const [slug, , comment] of samples) {
    const scene = codeSceneFor(draft.id(slug));
    draft.positive(slug, {
      req: ['CO-10', 'CO-11', 'CO-12', 'CO-14', 'OV-35'],
      comment,
      in: joinerJson(scene),
      draws: drawsJson(scene, 'sid_b', 'scalar_b', 'xwing_seed'),
      ok: { sid: hex(scene.draws.sid_b), ...replyJson(scene) },
    });
  }
  return draft;
}

export function codeGrantFile(): Draft {
  const remake = ({ id }: Case, alter: Alter) => ({ reply: replyJson(codeSceneFor(id), alter) });
  const draft = new Draft('codes/grant', 'code.grant', { remake });
  for (const [slug, , comment] of samples) {
    const scene = codeSceneFor(draft.id(slug));
    draft.positive(slug, {
      req: ['CO-11', 'CO-14', 'CO-15', 'CO-20', 'CO-21', 'OV-36'],
      comment,
      in: { ...creatorJson(scene), reply: replyJson(scene), welcome: hex(scene.welcome.welcome) },
      draws: drawsJson(scene, 'sid_a', 'scalar_a', 'eseed', 'nonce'),
      ok: grantJson(scene),
    });
  }
  return draft;
}

export function codeOpenFile(): Draft {
  const remake = ({ id }: Case, alter: Alter) => ({ grant: grantJson(codeSceneFor(id), alter) });
  const draft = new Draft('codes/open', 'code.open', { opens: true, remake });
  for (const [slug, , comment] of samples) {
    const scene = codeSceneFor(draft.id(slug));
    const { epoch, members } = scene.welcome;
    draft.positive(slug, {
      req: ['CO-15', 'CO-20', 'CO-21', 'CO-22', 'PA-12'],
      comment,
      in: { ...joinerJson(scene), grant: grantJson(scene) },
      draws: drawsJson(scene, 'sid_b', 'scalar_b', 'xwing_seed'),
      ok: { group_id: hex(epoch.groupId), devices: members.map(({ deviceKey }) => hex(deviceKey)) },
    });
  }
  return draft;
}
