import { concatBytes } from '@noble/hashes/utils.js';
import { iskOf, type Run, type Said, sealByCode, shareOf, tagOf, xwingKeyOf } from '../kit/code.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { pad } from '../kit/padding.ts';
import { encode } from '../kit/wire.ts';
import type { JsonObject } from '../model.ts';
import type { Alter } from '../rows.ts';
import { type Scene, sceneFor } from './welcome-samples.ts';

const EXPIRES = 1_770_000_600_000;

/** The words of each sample, and the Welcome's shape. */
export const samples: readonly (readonly [slug: string, words: string, comment: string])[] = [
  ['one-member', 'copper-violin', 'Two words of six letters.'],
  ['three-members', 'act-zoo', 'The shortest words.'],
  ['later-epoch', 'abstract-umbrella', 'The longest words.'],
];

/** One run with a code, from labelled hashes of the case's id. */
export interface CodeScene {
  readonly welcome: Scene;
  readonly run: Run;
  readonly creator: Uint8Array;
  readonly mailboxId: Uint8Array;
  readonly draws: Readonly<
    Record<'sid_a' | 'scalar_a' | 'sid_b' | 'scalar_b' | 'xwing_seed' | 'eseed' | 'nonce', Uint8Array>
  >;
  readonly offered: Said;
  readonly answered: Said;
  readonly isk: Uint8Array;
}

const made = new Map<string, CodeScene>();

/** The scene of a case; the same one each time. Throws RangeError where there is no such sample. */
export function codeSceneFor(id: string): CodeScene {
  const words = samples.find(([slug]) => id.endsWith(`/${slug}`))?.[1];
  if (words === undefined) throw new RangeError(`there is no sample for ${id}`);
  const scene = made.get(id) ?? sceneOf(id, words);
  made.set(id, scene);
  return scene;
}

function sceneOf(id: string, words: string): CodeScene {
  const draw = (name: string, length: number) => labelled(id, name, length);
  const draws = {
    sid_a: draw('sid_a', 16),
    scalar_a: draw('scalar_a', 64),
    sid_b: draw('sid_b', 16),
    scalar_b: draw('scalar_b', 64),
    xwing_seed: draw('xwing_seed', 32),
    eseed: draw('eseed', 64),
    nonce: draw('nonce', 24),
  };
  const welcome = sceneFor(id);
  const run = { words, nodeId: draw('node_id', 32), sid: concatBytes(draws.sid_a, draws.sid_b) };
  const [{ deviceKey: creator }] = welcome.members;
  const mailboxId = draw('mailbox_id', 16);
  const offered = { share: shareOf(run, draws.scalar_a), data: offerData(creator, mailboxId, BigInt(EXPIRES)) };
  const request = encode('JoinRequest', { version: 1, xwing_key: xwingKeyOf(draws.xwing_seed) });
  const answered = { share: shareOf(run, draws.scalar_b), data: request };
  const isk = iskOf(run, draws.scalar_a, answered.share, offered, answered);
  return { welcome, run, creator, mailboxId, draws, offered, answered, isk };
}

/** ADa. CO-11. */
function offerData(creator: Uint8Array, mailboxId: Uint8Array, expiresAtMs: bigint): Uint8Array {
  const expiry = new Uint8Array(8);
  new DataView(expiry.buffer).setBigUint64(0, expiresAtMs);
  return concatBytes(creator, mailboxId, expiry);
}

/** The creator's end of the code, without what it draws. */
export function creatorJson({ run, creator, mailboxId, draws }: CodeScene): JsonObject {
  return {
    words: run.words,
    node_id: hex(run.nodeId),
    creator: hex(creator),
    mailbox_id: hex(mailboxId),
    expires_at_ms: String(EXPIRES),
    sid_b: hex(draws.sid_b),
  };
}

/** The joiner's end: the code, and what the creator offers. */
export function joinerJson({ run, creator, mailboxId, draws, offered }: CodeScene): JsonObject {
  const place = { creator: hex(creator), mailbox_id: hex(mailboxId), expires_at_ms: String(EXPIRES) };
  return {
    words: run.words,
    node_id: hex(run.nodeId),
    offer: { ...place, sid: hex(draws.sid_a), share: hex(offered.share) },
  };
}

/** The draws of a name each, in hexadecimal. */
export function drawsJson({ draws }: CodeScene, ...names: readonly (keyof CodeScene['draws'])[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, hex(draws[name])]));
}

/** The joiner's answer; `alter` passes its request through, and the exchange binds what comes out. CO-11, CO-14. */
export function replyJson(scene: CodeScene, alter: Alter = (_, honest) => honest): JsonObject {
  const { run, draws, offered } = scene;
  const answered = { ...scene.answered, data: alter('request', scene.answered.data) };
  const isk = iskOf(run, draws.scalar_b, offered.share, offered, answered);
  return {
    join_request: hex(answered.data),
    share: hex(answered.share),
    confirmation: hex(tagOf(run, isk, answered)),
  };
}

/** The grant of the creator; `alter` passes the Welcome and its padded bytes through. CO-15, CO-20. */
export function grantJson(scene: CodeScene, alter: Alter = (_, honest) => honest): JsonObject {
  const { run, draws, offered, isk, mailboxId, welcome } = scene;
  const padded = alter('padded', pad(alter('welcome', welcome.welcome)));
  const xwingKey = xwingKeyOf(draws.xwing_seed);
  return {
    confirmation: hex(tagOf(run, isk, offered)),
    payload: hex(sealByCode({ isk, xwingKey, mailboxId }, draws, padded)),
  };
}
