import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import { x25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { Draft } from '../draft.ts';
import { drawsJson, Ends, messagesOf, runHandshake, staticsJson } from '../kit/handshake.ts';
import { forgedFor } from '../kit/handshake-forgery.ts';
import { hex } from '../kit/labelled.ts';

const SUITES: readonly SuiteName[] = ['classical', 'hybrid'];
const REQ = ['HS-01', 'HS-02', 'HS-04', 'HS-11'];

export function initiatorFile(): Draft {
  const draft = new Draft('handshake/initiator', 'hs.initiator', forgedFor('initiator', 2));
  for (const suite of SUITES) {
    for (const topic of ['plain', 'other', 'pinned-node', ...(suite === 'hybrid' ? ['pinned-both'] : [])])
      initiator(draft, suite, topic);
  }
  return draft;
}

function initiator(draft: Draft, suite: SuiteName, topic: string): void {
  const slug = `${suite}-${topic}`;
  const ends = new Ends(draft.id(slug));
  const run = runHandshake(suite, ends);
  const nodeId = hex(x25519.getPublicKey(ends.draw('responder', 's_x25519')));
  const kemHash = hex(blake3(ml_kem768.keygen(ends.mlkem('responder', 's')).publicKey));
  const isPinned = topic.startsWith('pinned');
  const pin = { node_id: nodeId, ...(topic === 'pinned-both' && { kem_hash: kemHash }) };
  draft.positive(slug, {
    req: [...REQ, ...(isPinned ? ['HS-12', 'CL-30', 'HS-21'] : [])],
    flags: suite === 'hybrid' ? ['KemSecretIgnored'] : [],
    comment: `The client's end of the ${suite} handshake, ${isPinned ? 'the relay as pinned' : 'nothing pinned'}.`,
    in: {
      version: patterns[suite].version,
      ...staticsJson(suite, ends, 'initiator'),
      receive: messagesOf(suite, run, 'responder').map(hex),
      ...(isPinned && { pin }),
    },
    draws: drawsJson(suite, ends, 'initiator'),
    ok: {
      send: messagesOf(suite, run, 'initiator').map(hex),
      handshake_hash: hex(run.handshakeHash),
      k_send: hex(run.initiatorToResponder),
      k_receive: hex(run.responderToInitiator),
      node_id: nodeId,
      ...(suite === 'hybrid' && { kem_hash: kemHash }),
    },
  });
}

export function responderFile(): Draft {
  const draft = new Draft('handshake/responder', 'hs.responder', forgedFor('responder', 3));
  for (const suite of SUITES) {
    for (const topic of ['plain', 'other']) responder(draft, suite, `${suite}-${topic}`);
  }
  return draft;
}

function responder(draft: Draft, suite: SuiteName, slug: string): void {
  const ends = new Ends(draft.id(slug));
  const run = runHandshake(suite, ends);
  draft.positive(slug, {
    req: REQ,
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
