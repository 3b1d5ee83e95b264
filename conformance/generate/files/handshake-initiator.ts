import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { Draft } from '../draft.ts';
import { drawsJson, Ends, messagesOf, type Options, prologueOf, runHandshake, staticsJson } from '../kit/handshake.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { FIRST_LOW_ORDER, notReduced, regionsOf } from './handshake-faults.ts';
import { pinFaults } from './handshake-pins.ts';
import { zeroFaults } from './handshake-zeros.ts';

export function initiatorFile(): Draft {
  const draft = new Draft('handshake/initiator', 'hs.initiator');
  for (const suite of ['classical', 'hybrid'] as const) {
    positives(draft, suite);
    lengths(draft, suite);
    flips(draft, suite);
    order(draft, suite);
    forgeries(draft, suite);
  }
  zeroFaults(draft, 'initiator');
  pinFaults(draft);
  return draft;
}

function inputOf(draft: Draft, suite: SuiteName, slug: string, options: Options = {}) {
  const ends = new Ends(draft.id(slug));
  const run = runHandshake(suite, ends, options);
  const nodeId = x25519.getPublicKey(ends.draw('responder', 's_x25519'));
  const kemHash = blake3(ml_kem768.keygen(ends.mlkem('responder', 's')).publicKey);
  const input = {
    version: patterns[suite].version,
    ...staticsJson(suite, ends, 'initiator'),
    receive: messagesOf(suite, run, 'responder').map(hex),
  };
  return { ends, run, nodeId, kemHash, input, draws: drawsJson(suite, ends, 'initiator') };
}

function positives(draft: Draft, suite: SuiteName): void {
  for (const topic of ['plain', 'other', 'pinned-node', ...(suite === 'hybrid' ? ['pinned-both'] : [])]) {
    const slug = `${suite}-${topic}`;
    const { run, nodeId, kemHash, input, draws } = inputOf(draft, suite, slug);
    const pin = {
      ...(topic.startsWith('pinned') && { node_id: hex(nodeId) }),
      ...(topic === 'pinned-both' && { kem_hash: hex(kemHash) }),
    };
    draft.positive(slug, {
      req: ['HS-01', 'HS-02', 'HS-04', 'HS-11', ...(topic.startsWith('pinned') ? ['HS-12', 'CL-30', 'HS-21'] : [])],
      flags: suite === 'hybrid' ? ['KemSecretIgnored'] : [],
      comment: `The client's end of the ${suite} handshake, ${topic.startsWith('pinned') ? 'the relay as pinned' : 'nothing pinned'}.`,
      in: topic.startsWith('pinned') ? { ...input, pin } : input,
      draws,
      ok: {
        send: messagesOf(suite, run, 'initiator').map(hex),
        handshake_hash: hex(run.handshakeHash),
        k_send: hex(run.initiatorToResponder),
        k_receive: hex(run.responderToInitiator),
        node_id: hex(nodeId),
        ...(suite === 'hybrid' && { kem_hash: hex(kemHash) }),
      },
    });
  }
}

function lengths(draft: Draft, suite: SuiteName): void {
  const of = `${suite}-plain`;
  for (const [index, length] of lengthsOf(suite).entries()) {
    const path = `in.receive.${index}`;
    const name = `${suite}-message-${2 + 2 * index}`;
    for (const [slug, change, comment] of [
      ['empty', ['truncate', path, 0], 'empty'],
      ['one-byte-less', ['truncate', path, length - 1], 'a byte too short'],
      ['one-byte-more', ['extend', path, '00'], 'a byte too long'],
      ['without-payload-tag', ['truncate', path, length - 16], 'without the tag of its empty payload'],
      ['with-a-payload-more', ['extend', path, '00'.repeat(16)], '16 bytes too long, as a payload would make it'],
    ] as const) {
      draft.negative(`${name}-${slug}`, {
        of,
        req: ['HS-04', ...(slug.includes('payload') ? ['HS-11'] : [])],
        flags: ['HandshakeLengthUnchecked'],
        comment: `Message ${2 + 2 * index} is ${comment}.`,
        reject: 'handshake.parse',
        change,
      });
    }
  }
}

function lengthsOf(suite: SuiteName): number[] {
  return patterns[suite].messages.flatMap(({ from, length }) => (from === 'responder' ? [length] : []));
}

function flips(draft: Draft, suite: SuiteName): void {
  for (const { message, index, at, name, flag, req } of regionsOf(suite, 'responder')) {
    draft.negative(`${suite}-message-${message}-${name}-flipped`, {
      of: `${suite}-plain`,
      req: ['HS-03', ...req],
      flags: [flag],
      comment: `A bit of message ${message}, in its ${name.replaceAll('-', ' ')}.`,
      reject: 'handshake.auth',
      change: ['flip', `in.receive.${index}`, { at }],
    });
  }
}

function order(draft: Draft, suite: SuiteName): void {
  const of = `${suite}-plain`;
  const count = lengthsOf(suite).length;
  const refuse = (
    slug: string,
    reject: string,
    req: string,
    comment: string,
    change: readonly [string, string, (string | readonly number[])?],
  ) => draft.negative(`${suite}-${slug}`, { of, req: [req], flags: ['HandshakeOrder'], comment, reject, change });
  refuse('no-message', 'handshake.order', 'HS-08', 'The relay sends nothing.', ['set', 'in.receive', []]);
  refuse('one-too-many', 'handshake.order', 'HS-08', 'A handshake message after completion.', [
    'reorder',
    'in.receive',
    [...Array(count).keys(), 0],
  ]);
  refuse('of-another-session', 'handshake.auth', 'HS-03', 'Message 2 of another session.', [
    'splice',
    'in.receive.0',
    `${suite}-other`,
  ]);
  refuse('reflected', 'handshake.parse', 'HS-04', 'The client’s own first message comes back.', [
    'set',
    'in.receive.0',
    firstSent(draft, of),
  ]);
  if (count < 2) return;
  refuse('other-version', 'handshake.parse', 'HS-04', 'The relay answers with the other suite.', [
    'splice',
    'in.receive',
    'classical-plain',
  ]);
  refuse('last-message-missing', 'handshake.order', 'HS-08', 'Message 4 does not come.', [
    'reorder',
    'in.receive',
    [0],
  ]);
  refuse('swapped', 'handshake.parse', 'HS-04', 'Message 4 before message 2.', ['reorder', 'in.receive', [1, 0]]);
  refuse('message-2-twice', 'handshake.parse', 'HS-04', 'Message 2 in the place of message 4.', [
    'reorder',
    'in.receive',
    [0, 0],
  ]);
  refuse('message-4-of-another-session', 'handshake.auth', 'HS-03', 'Message 4 of another session.', [
    'splice',
    'in.receive.1',
    `${suite}-other`,
  ]);
}

function firstSent(draft: Draft, slug: string): string {
  return (draft.case(slug).expect as unknown as { ok: { send: string[] } }).ok.send[0] ?? '';
}

function forgeries(draft: Draft, suite: SuiteName): void {
  const of = `${suite}-plain`;
  const forge = (slug: string, reject: string, req: string, flag: string, comment: string, options: Options) => {
    const twin = draft.case(of);
    const ends = new Ends(twin.id);
    const run = runHandshake(suite, ends, { count: 2, ...options });
    const honest = twin.in['receive'] as readonly string[];
    const receive = [...messagesOf(suite, run, 'responder').map(hex), ...honest.slice(1)];
    draft.negative(`${suite}-${slug}`, {
      of,
      req: [req],
      flags: [flag],
      comment,
      reject,
      change: { remade: slug, in: { ...twin.in, receive } },
    });
  };
  const instead = (name: string, key: Uint8Array): Options => ({
    forge: { responder: (given, honest) => (given === name ? key : honest) },
  });
  forge(
    'ephemeral-low-order',
    'handshake.auth',
    'HS-05',
    'LowOrderPoint',
    'The relay’s ephemeral key has small order: ee is all zero.',
    instead('e_x25519', FIRST_LOW_ORDER),
  );
  forge(
    'static-low-order',
    'handshake.auth',
    'HS-05',
    'LowOrderPoint',
    'The relay’s static key has small order: es is all zero.',
    instead('s_x25519', FIRST_LOW_ORDER),
  );
  forge(
    'static-not-owned',
    'handshake.auth',
    'HS-03',
    'StaticUnproven',
    'The relay names a static key of which it has no secret.',
    instead('s_x25519', x25519.getPublicKey(labelled(draft.id(of), 'stranger'))),
  );
  for (const [slug, prologue, comment] of [
    [
      'prologue-of-other-version',
      prologueOf(suite === 'hybrid' ? 1 : 2),
      'The relay mixed the prologue of the other version.',
    ],
    ['prologue-left-out', new Uint8Array(0), 'The relay mixed an empty prologue.'],
    [
      'prologue-without-preface',
      prologueOf(patterns[suite].version).slice(0, -4),
      'The relay mixed the name without the preface.',
    ],
  ] as const) {
    forge(slug, 'handshake.auth', 'HS-01', 'PrologueUnbound', comment, {
      prologue: { responder: prologue },
      forge: { responder: (_, honest) => honest },
    });
  }
  if (suite === 'classical') return;
  const kem = (key: 'e' | 's') =>
    notReduced(ml_kem768.keygen(new Ends(draft.id(of)).mlkem('responder', key)).publicKey);
  forge(
    'ephemeral-kem-key-not-reduced',
    'handshake.kem',
    'HS-06',
    'ModulusUnchecked',
    'A coefficient of the relay’s ephemeral key is above q; nobody encapsulates to it.',
    instead('e_mlkem', kem('e')),
  );
  forge(
    'static-kem-key-not-reduced',
    'handshake.kem',
    'HS-06',
    'ModulusUnchecked',
    'A coefficient of the relay’s static key is above q.',
    instead('s_mlkem', kem('s')),
  );
  forge(
    'ekem-of-another-key',
    'handshake.auth',
    'HS-07',
    'KemSecretIgnored',
    'The relay encapsulated to another key, and sends that ciphertext.',
    instead(
      'ekem_ct',
      ml_kem768.encapsulate(
        ml_kem768.keygen(labelled(draft.id(of), 'other', 64)).publicKey,
        labelled(draft.id(of), 'm'),
      ).cipherText,
    ),
  );
}
