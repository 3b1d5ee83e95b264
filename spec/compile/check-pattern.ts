import type { PatternMessage, Role, Suite, Token } from './model.ts';
import type { Report } from './report.ts';

const PROTOCOL_NAME = /^Noise_[A-Za-z0-9]+_25519(\+MLKEM768)?_ChaChaPoly_(BLAKE2s|SHA256)$/;
const DH_BYTES = 32;
const ENCAPSULATION_KEY_BYTES = 1184;
const CIPHERTEXT_BYTES = 1088;
const TAG_BYTES = 16;

/** The state that the messages so far have established. */
type Progress = { keyed: boolean; readonly sent: Set<string> };

/** Checks that a suite's rows can be run, and recomputes the length of every message. */
export function checkSuite(suite: Suite, report: Report): void {
  const name = PROTOCOL_NAME.exec(suite.protocolName);
  if (name === null) report(suite.place, `"${suite.protocolName}" is not a protocol name that the compiler knows`);
  if (suite.alpn !== `/0k-sync/${suite.version}`)
    report(suite.place, `the ALPN of version ${suite.version} is /0k-sync/${suite.version}`);
  const progress: Progress = { keyed: false, sent: new Set() };
  const hybrid = name?.[1] !== undefined;
  suite.messages.forEach((message, index) => {
    checkTurn(message, index, report);
    const length = message.tokens.reduce((sum, token) => sum + runToken(token, message, hybrid, progress, report), 0);
    const whole = length + tagBytes(progress);
    if (message.length !== whole)
      report(message.place, `message ${message.number} of ${suite.suite} has ${whole} bytes, not ${message.length}`);
  });
}

function checkTurn({ number, from, place }: PatternMessage, index: number, report: Report): void {
  const turn: Role = index % 2 === 0 ? 'initiator' : 'responder';
  if (number !== index + 1) report(place, `message ${index + 1} is missing before message ${number}`);
  if (from !== turn) report(place, `message ${number} is the ${turn}'s`);
}

/** Reports a token that cannot be run here; answers how many bytes it emits. */
function runToken(token: Token, message: PatternMessage, hybrid: boolean, progress: Progress, report: Report): number {
  const { from, number, place } = message;
  const peer: Role = from === 'initiator' ? 'responder' : 'initiator';
  const need = (owner: Role, key: 'e' | 's'): void => {
    if (!progress.sent.has(`${owner} ${key}`))
      report(place, `"${token}" of message ${number} comes before the ${owner}'s "${key}"`);
  };
  if (token === 'e' || token === 's') {
    if (progress.sent.has(`${from} ${token}`)) report(place, `message ${number} sends the ${from}'s "${token}" again`);
    progress.sent.add(`${from} ${token}`);
    const tag = token === 's' ? tagBytes(progress) : 0;
    return DH_BYTES + tag + (hybrid ? ENCAPSULATION_KEY_BYTES + tag : 0);
  }
  if (token === 'ekem' || token === 'skem') {
    if (!hybrid) report(place, `"${token}" needs a suite with MLKEM768`);
    need(peer, token === 'ekem' ? 'e' : 's');
    const length = CIPHERTEXT_BYTES + (token === 'skem' ? tagBytes(progress) : 0);
    progress.keyed = true;
    return length;
  }
  need('initiator', token === 'se' ? 's' : 'e');
  need('responder', token === 'es' ? 's' : 'e');
  progress.keyed = true;
  return 0;
}

function tagBytes({ keyed }: Progress): number {
  return keyed ? TAG_BYTES : 0;
}
