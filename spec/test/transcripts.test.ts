import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import t from 'tap';
import { compile } from '../compile/compile.ts';
import type { Role, Token } from '../compile/model.ts';
import { Party } from '../compile/reference.ts';
import { openRecord } from '../compile/reference-state.ts';
import { good } from './fixture.ts';

type State = { token: string; h: string; ck: string; k: string | null; n: number };
type Transcript = {
  protocol_name: string;
  prologue: string;
  draws: Record<Role, Record<string, string>>;
  after_prologue: Omit<State, 'token'>;
  messages: { from: Role; tokens: string; payload: string; message: string; initiator: State[]; responder: State[] }[];
  handshake_hash: string;
  k_initiator_to_responder: string;
  k_responder_to_initiator: string;
  exporter: string;
  transport: { from: Role; n: number; payload: string; ciphertext: string }[];
};

const DRAWS = {
  classical: { initiator: ['e_x25519', 's_x25519'], responder: ['e_x25519', 's_x25519'] },
  hybrid: {
    initiator: ['e_x25519', 'e_mlkem_d', 'e_mlkem_z', 'skem_m', 's_x25519', 's_mlkem_d', 's_mlkem_z'],
    responder: ['ekem_m', 'e_x25519', 'e_mlkem_d', 'e_mlkem_z', 's_x25519', 's_mlkem_d', 's_mlkem_z', 'skem_m'],
  },
} as const;
const LENGTHS = { classical: [32, 96, 64], hybrid: [1216, 3568, 2368, 1120] } as const;
const ROLES = ['initiator', 'responder'] as const;
const { outputs } = compile(good);

function transcriptOf(suite: string): Transcript {
  const text = outputs.find(({ path }) => path === `transcripts/${suite}.json`)?.text;
  return JSON.parse(text ?? '') as Transcript;
}

/** A party with the transcript's draws. */
function partyOf({ protocol_name, prologue, draws }: Transcript, role: Role): Party {
  return new Party(role, protocol_name, hexToBytes(prologue), (name) => hexToBytes(draws[role][name] ?? ''));
}

function tokensOf(message: { tokens: string }): Token[] {
  return message.tokens.split(' ') as Token[];
}

/** Both parties after the first `count` messages of the transcript. */
function replay(transcript: Transcript, count: number): Record<Role, Party> {
  const parties = { initiator: partyOf(transcript, 'initiator'), responder: partyOf(transcript, 'responder') };
  for (const message of transcript.messages.slice(0, count)) {
    const { bytes } = parties[message.from].write(tokensOf(message), new Uint8Array(0));
    parties[message.from === 'initiator' ? 'responder' : 'initiator'].read(tokensOf(message), bytes);
  }
  return parties;
}

for (const suite of ['classical', 'hybrid'] as const) {
  const transcript = transcriptOf(suite);

  t.test(`HS-01 ${suite}: the prologue is the version and the preface`, async (t) => {
    const version = suite === 'classical' ? 1 : 2;
    t.equal(transcript.prologue, `${bytesToHex(utf8ToBytes(`0k-sync/${version}`))}304b0${version}00`);
  });

  t.test(`${suite}: every draw is named and is the hash of its label, in the order drawn`, async (t) => {
    for (const role of ROLES) {
      t.strictSame(Object.keys(transcript.draws[role]), DRAWS[suite][role]);
      for (const [name, value] of Object.entries(transcript.draws[role])) {
        t.equal(value, bytesToHex(blake3(utf8ToBytes(`0k-sync/transcript/${suite}/${role}/${name}`))));
      }
    }
  });

  t.test(`HS-02 ${suite}: both ends list h, ck, k and n after every token and the payload`, async (t) => {
    t.strictSame(
      transcript.messages.map(({ message }) => message.length / 2),
      LENGTHS[suite],
    );
    for (const message of transcript.messages) {
      const tokens = [...tokensOf(message), 'payload'];
      for (const role of ROLES)
        t.strictSame(
          message[role].map(({ token }) => token),
          tokens,
        );
      t.strictSame(message.initiator, message.responder);
    }
    t.equal(transcript.messages.at(-1)?.initiator.at(-1)?.h, transcript.handshake_hash);
  });

  t.test(`${suite}: the keys open the records, the exporter is another key`, async (t) => {
    for (const { from, n, payload, ciphertext } of transcript.transport) {
      const key = from === 'initiator' ? transcript.k_initiator_to_responder : transcript.k_responder_to_initiator;
      t.equal(bytesToHex(openRecord(hexToBytes(key), n, hexToBytes(ciphertext))), payload);
    }
    const keys = [transcript.k_initiator_to_responder, transcript.k_responder_to_initiator, transcript.exporter];
    t.equal(new Set(keys).size, 3);
  });

  t.test(
    `HS-03 HS-04 ${suite}: a message with a sealed byte changed, cut short or extended does not read`,
    async (t) => {
      for (const [index, message] of transcript.messages.entries()) {
        if (index === 0) continue;
        const { from } = message;
        const to = from === 'initiator' ? 'responder' : 'initiator';
        const bytes = hexToBytes(message.message);
        const changed = Uint8Array.from(bytes);
        changed.set([(bytes.at(-1) ?? 0) ^ 1], bytes.length - 1);
        for (const wrong of [changed, bytes.subarray(0, -1), new Uint8Array([...bytes, 0]), bytes.subarray(0, 16)]) {
          t.throws(() => replay(transcript, index)[to].read(tokensOf(message), wrong), `message ${index + 1}`);
        }
      }
    },
  );

  t.test(`HS-05 ${suite}: a public key of small order does not read`, async (t) => {
    const [first] = transcript.messages;
    const bytes = Uint8Array.from(hexToBytes(first?.message ?? '')).fill(0, 0, 32);
    const responder = partyOf(transcript, 'responder');
    responder.read(['e'], bytes);
    t.throws(() => responder.write(tokensOf(transcript.messages[1] ?? { tokens: '' }), new Uint8Array(0)));
  });
}

t.test('HS-06 hybrid: an encapsulation key that is not reduced modulo q is not used', async (t) => {
  const transcript = transcriptOf('hybrid');
  const bytes = Uint8Array.from(hexToBytes(transcript.messages[0]?.message ?? '')).fill(0xff, 32, 35);
  const responder = partyOf(transcript, 'responder');
  responder.read(['e'], bytes);
  t.throws(() => responder.write(tokensOf(transcript.messages[1] ?? { tokens: '' }), new Uint8Array(0)));
});

t.test('HS-07 hybrid: a wrong ciphertext of the ephemeral key shows only as a tag that does not open', async (t) => {
  const transcript = transcriptOf('hybrid');
  const [, second] = transcript.messages;
  const bytes = Uint8Array.from(hexToBytes(second?.message ?? ''));
  bytes.set([(bytes[100] ?? 0) ^ 1], 100);
  t.throws(() => replay(transcript, 1).initiator.read(['ekem', 'e', 'ee', 's', 'es'], bytes), {
    message: /invalid tag/,
  });
});
