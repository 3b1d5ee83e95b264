import { equal, toHex } from '@0k-sync/core/bytes';
import { initiatorChannel, type PeerStatics, preface, responderChannel } from '@0k-sync/core/channel';
import { type Draws, HandshakeState, type KeyPairs, keyPairs, type NoiseSuite, noiseSuites } from '@0k-sync/core/noise';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { SuiteName } from '@0k-sync/generated/patterns';
import type { Members } from '../zkcp/protocol.ts';
import { Unsupported } from '../zkcp/serve.ts';
import { runChannel } from './channel-run.ts';
import type { Input } from './input.ts';
import { crypto, type Ops, rejection } from './op.ts';

const ROLES = ['initiator', 'responder'] as const;

/** Handshakes with named draws. HS-01 to HS-13. */
export const handshakeOps = {
  'hs.transcript': (input) => {
    const suite = Object.values(noiseSuites).find(({ protocolName }) => protocolName === input.text('suite'));
    if (suite === undefined) throw new Unsupported(input.text('suite'));
    const prologue = input.bytes('prologue');
    const [initiator, responder] = ROLES.map((role) => {
      const party = input.object(role);
      return new HandshakeState({ crypto, suite, role, prologue, staticKeys: staticsOf(party), draws: drawsOf(party) });
    }) as [HandshakeState, HandshakeState];
    const messages = exchange(suite, initiator, responder, input.byteList('payloads'));
    const hash = initiator.handshakeHash.slice();
    const split = initiator.split();
    const keys = { i: split.send.key.slice(), r: split.receive.key.slice() };
    const transport = input
      .byteList('transport')
      .map((plaintext, index) => (index % 2 === 0 ? split.send : split.receive).seal(plaintext));
    return {
      messages: messages.map(toHex),
      handshake_hash: toHex(hash),
      k_initiator_to_responder: toHex(keys.i),
      k_responder_to_initiator: toHex(keys.r),
      transport: transport.map(toHex),
    };
  },

  'hs.initiator': (input, draws) => {
    const suite: SuiteName = versionOf(input) === 1 ? 'classical' : 'hybrid';
    const pin = input.optionalObject('pin');
    const [nodeId, kemHash] = [pin?.optionalBytes('node_id', 32), pin?.optionalBytes('kem_hash', 32)];
    // HS-13: what dials decides it, before anything is sent.
    if (suite === 'classical' && kemHash !== undefined) throw rejection('DOWNGRADE_REFUSED');
    let shown: PeerStatics | undefined;
    const checkPeer = (peer: PeerStatics): ErrorName | undefined => {
      shown = peer;
      return matches(nodeId, peer.x25519) && matches(kemHash, peer.mlkem768 && crypto.blake3(peer.mlkem768))
        ? undefined
        : 'RELAY_IDENTITY_CHANGED';
    };
    const result = runChannel(input.byteList('receive'), (observed, listener) => {
      const config = { crypto: observed, suite, draws: namedDraws(draws), staticKeys: staticsOf(input), checkPeer };
      const channel = initiatorChannel(config, listener);
      channel.begin();
      return channel;
    });
    // The preface is the first thing it sends.
    const send = result.sent.slice(1);
    return answer(result, send, {
      node_id: toHex(shown?.x25519 ?? new Uint8Array()),
      ...(shown?.mlkem768 && { kem_hash: toHex(crypto.blake3(shown.mlkem768)) }),
    });
  },

  'hs.responder': (input, draws) => {
    const version = versionOf(input);
    const result = runChannel(input.byteList('receive'), (observed, listener) => {
      const config = { crypto: observed, draws: namedDraws(draws), staticKeys: staticsOf(input) };
      const channel = responderChannel(config, listener);
      channel.receive(preface(version));
      return channel;
    });
    return answer(result, result.sent, {});
  },
} satisfies Ops;

function answer(result: ReturnType<typeof runChannel>, send: readonly Uint8Array[], rest: Members): Members {
  return {
    send: send.map((message) => toHex(message.subarray(2))),
    handshake_hash: toHex(result.handshakeHash),
    k_send: toHex(result.sendKey),
    k_receive: toHex(result.receiveKey),
    ...rest,
  };
}

function exchange(
  { messages }: NoiseSuite,
  initiator: HandshakeState,
  responder: HandshakeState,
  payloads: readonly Uint8Array[],
): Uint8Array[] {
  return messages.map(({ from }, index) => {
    const [writer, reader] = from === 'initiator' ? [initiator, responder] : [responder, initiator];
    const written = writer.writeMessage(payloads[index] ?? new Uint8Array());
    if (!written.ok || !reader.readMessage(written.message).ok) throw new TypeError(`message ${index + 1} fails`);
    return written.message;
  });
}

function versionOf(input: Input): 1 | 2 {
  const version = input.number('version');
  if (version !== 1 && version !== 2) throw new TypeError('version is neither 1 nor 2');
  return version;
}

function staticsOf(input: Input): KeyPairs {
  return keyPairs(crypto, input.bytes('s_x25519', 32), input.optionalBytes('s_mlkem', 64));
}

/** A party of hs.transcript carries its draws, d and z in one. */
function drawsOf(party: Input): Draws {
  return (name) => {
    if (name === 'e_mlkem_d') return party.bytes('e_mlkem', 64).slice(0, 32);
    return name === 'e_mlkem_z' ? party.bytes('e_mlkem', 64).slice(32) : party.bytes(name, 32);
  };
}

function namedDraws(draws: Input): Draws {
  return (name) => draws.bytes(name, 32);
}

/** True if the pinned key is absent or equals the shown one. CL-30. */
function matches(pinned: Uint8Array | undefined, shown: Uint8Array | undefined): boolean {
  return pinned === undefined || (shown !== undefined && equal(pinned, shown));
}
