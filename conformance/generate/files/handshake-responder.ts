import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { x25519 } from '@noble/curves/ed25519.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { Draft } from '../draft.ts';
import { drawsJson, Ends, messagesOf, type Options, prologueOf, runHandshake, staticsJson } from '../kit/handshake.ts';
import { hex, labelled } from '../kit/labelled.ts';
import { FIRST_LOW_ORDER, notReduced, regionsOf } from './handshake-faults.ts';
import { zeroFaults } from './handshake-zeros.ts';
import { NOT_REDUCED } from './kem.ts';

export function responderFile(): Draft {
  const draft = new Draft('handshake/responder', 'hs.responder');
  for (const suite of ['classical', 'hybrid'] as const) {
    for (const topic of ['plain', 'other']) positive(draft, suite, topic);
    lengths(draft, suite);
    flips(draft, suite);
    order(draft, suite);
    forgeries(draft, suite);
  }
  zeroFaults(draft, 'responder');
  for (const [slug, arg, comment] of NOT_REDUCED) {
    draft.negative(`hybrid-message-1-${slug}`, {
      of: 'hybrid-plain',
      req: ['HS-06'],
      flags: ['ModulusUnchecked'],
      comment,
      reject: 'handshake.kem',
      change: ['overwrite', 'in.receive.0', { ...arg, at: arg.at + 32 }],
    });
  }
  return draft;
}

function positive(draft: Draft, suite: SuiteName, topic: string): void {
  const slug = `${suite}-${topic}`;
  const ends = new Ends(draft.id(slug));
  const run = runHandshake(suite, ends);
  draft.positive(slug, {
    req: ['HS-01', 'HS-02', 'HS-04', 'HS-11'],
    flags: suite === 'hybrid' ? ['KemSecretIgnored'] : [],
    comment: `The relay's end of the ${suite} handshake.`,
    in: {
      version: patterns[suite].version,
      ...staticsJson(suite, ends, 'responder'),
      receive: messagesOf(suite, run, 'initiator').map(hex),
    },
    draws: drawsJson(suite, ends, 'responder'),
    ok: {
      send: messagesOf(suite, run, 'responder').map(hex),
      handshake_hash: hex(run.handshakeHash),
      k_send: hex(run.responderToInitiator),
      k_receive: hex(run.initiatorToResponder),
    },
  });
}

function lengths(draft: Draft, suite: SuiteName): void {
  const rows = patterns[suite].messages.filter(({ from }) => from === 'initiator');
  for (const [index, { length }] of rows.entries()) {
    const path = `in.receive.${index}`;
    for (const [slug, change, comment] of [
      ['empty', ['truncate', path, 0], 'empty'],
      ['one-byte-less', ['truncate', path, length - 1], 'a byte too short'],
      ['one-byte-more', ['extend', path, '00'], 'a byte too long'],
      ['with-a-payload', ['extend', path, '00'.repeat(16)], '16 bytes too long, as a payload makes it'],
    ] as const) {
      draft.negative(`${suite}-message-${1 + 2 * index}-${slug}`, {
        of: `${suite}-plain`,
        req: ['HS-04', ...(slug === 'with-a-payload' ? ['HS-11'] : [])],
        flags: ['HandshakeLengthUnchecked'],
        comment: `Message ${1 + 2 * index} is ${comment}.`,
        reject: 'handshake.parse',
        change,
      });
    }
  }
}

function flips(draft: Draft, suite: SuiteName): void {
  const refuse = (slug: string, req: readonly string[], flag: string, comment: string, path: string, at: number) =>
    draft.negative(`${suite}-${slug}`, {
      of: `${suite}-plain`,
      req: ['HS-03', ...req],
      flags: [flag],
      comment,
      reject: 'handshake.auth',
      change: ['flip', path, { at }],
    });
  for (const { message, index, at, name, flag, req } of regionsOf(suite, 'initiator')) {
    const comment = `A bit of message ${message}, in its ${name.replaceAll('-', ' ')}.`;
    refuse(`message-${message}-${name}-flipped`, req, flag, comment, `in.receive.${index}`, at);
  }
  const late = 'shows only when message 3 does not open.';
  refuse(
    'message-1-ephemeral-key-flipped',
    [],
    'TranscriptUnbound',
    `A bit of the client's ephemeral key ${late}`,
    'in.receive.0',
    0,
  );
  if (suite === 'hybrid') {
    refuse(
      'message-1-ephemeral-kem-key-flipped',
      ['HS-07'],
      'TranscriptUnbound',
      `A bit of the seed of the client's encapsulation key ${late}`,
      'in.receive.0',
      1215,
    );
  }
}

function order(draft: Draft, suite: SuiteName): void {
  const of = `${suite}-plain`;
  const refuse = (
    slug: string,
    reject: string,
    req: string,
    comment: string,
    change: readonly [string, string, (string | readonly number[])?],
  ) => draft.negative(`${suite}-${slug}`, { of, req: [req], flags: ['HandshakeOrder'], comment, reject, change });
  refuse('no-message', 'handshake.order', 'HS-08', 'The client sends nothing.', ['set', 'in.receive', []]);
  refuse('last-message-missing', 'handshake.order', 'HS-08', 'Message 3 does not come.', [
    'reorder',
    'in.receive',
    [0],
  ]);
  refuse('one-too-many', 'handshake.order', 'HS-08', 'A handshake message after completion.', [
    'reorder',
    'in.receive',
    [0, 1, 1],
  ]);
  refuse('swapped', 'handshake.parse', 'HS-04', 'Message 3 before message 1.', ['reorder', 'in.receive', [1, 0]]);
  refuse('message-1-twice', 'handshake.parse', 'HS-04', 'Message 1 in the place of message 3.', [
    'reorder',
    'in.receive',
    [0, 0],
  ]);
  refuse('message-3-of-another-session', 'handshake.auth', 'HS-03', 'Message 3 of another session: a replay.', [
    'splice',
    'in.receive.1',
    `${suite}-other`,
  ]);
  refuse('message-1-of-another-session', 'handshake.auth', 'HS-03', 'Message 1 of another session.', [
    'splice',
    'in.receive.0',
    `${suite}-other`,
  ]);
  refuse(
    'whole-session-replayed',
    'handshake.auth',
    'HS-03',
    'Both messages of another session: the relay’s ephemeral key is fresh.',
    ['splice', 'in.receive', `${suite}-other`],
  );
  if (suite === 'hybrid')
    refuse('other-version', 'handshake.parse', 'HS-04', 'The client sends the messages of the other suite.', [
      'splice',
      'in.receive',
      'classical-plain',
    ]);
}

function forgeries(draft: Draft, suite: SuiteName): void {
  const of = `${suite}-plain`;
  const forge = (slug: string, reject: string, req: string, flag: string, comment: string, options: Options) => {
    const twin = draft.case(of);
    const run = runHandshake(suite, new Ends(twin.id), { count: 3, ...options });
    draft.negative(`${suite}-${slug}`, {
      of,
      req: [req],
      flags: [flag],
      comment,
      reject,
      change: { remade: slug, in: { ...twin.in, receive: messagesOf(suite, run, 'initiator').map(hex) } },
    });
  };
  const instead = (name: string, key: Uint8Array): Options => ({
    forge: { initiator: (given, honest) => (given === name ? key : honest) },
  });
  draft.negative(`${suite}-ephemeral-low-order`, {
    of,
    req: ['HS-05'],
    flags: ['LowOrderPoint'],
    comment: 'The client’s ephemeral key has small order: ee is all zero.',
    reject: 'handshake.auth',
    change: ['overwrite', 'in.receive.0', { at: 0, with: hex(FIRST_LOW_ORDER) }],
  });
  forge(
    'static-low-order',
    'handshake.auth',
    'HS-05',
    'LowOrderPoint',
    'The client’s static key has small order: se is all zero.',
    instead('s_x25519', FIRST_LOW_ORDER),
  );
  forge(
    'static-not-owned',
    'handshake.auth',
    'HS-03',
    'StaticUnproven',
    'The client names a static key of which it has no secret.',
    instead('s_x25519', x25519.getPublicKey(labelled(draft.id(of), 'stranger'))),
  );
  // A client with another prologue cannot read message 2: the relay is honest to it here, and then reads message 3.
  const version = patterns[suite].version;
  for (const [slug, prologue, comment] of [
    ['prologue-of-other-version', prologueOf(3 - version), 'The client mixed the prologue of the other version.'],
    ['prologue-left-out', new Uint8Array(0), 'The client mixed an empty prologue.'],
  ] as const) {
    forge(slug, 'handshake.auth', 'HS-01', 'PrologueUnbound', comment, {
      prologue: { initiator: prologue, responder: prologue },
    });
  }
  if (suite === 'classical') return;
  const ends = new Ends(draft.id(of));
  const kemKey = ml_kem768.keygen(ends.mlkem('initiator', 's')).publicKey;
  forge(
    'static-kem-key-not-reduced',
    'handshake.kem',
    'HS-06',
    'ModulusUnchecked',
    'A coefficient of the client’s static key is above q.',
    instead('s_mlkem', notReduced(kemKey)),
  );
  const other = ml_kem768.keygen(labelled(draft.id(of), 'other', 64)).publicKey;
  const { cipherText } = ml_kem768.encapsulate(other, labelled(draft.id(of), 'm'));
  forge(
    'skem-of-another-key',
    'handshake.auth',
    'HS-07',
    'KemSecretIgnored',
    'The client encapsulated to another key; its ciphertext is sealed well.',
    instead('skem_ct', cipherText),
  );
}
