import { packageTables } from '../src/faults/package-tables.ts';
import { DefectiveTables, type Tables } from '../src/faults/tables.ts';
import type { Draft } from './draft.ts';
import { chainFile, runsFile } from './files/chain.ts';
import {
  codeAnswerFile,
  codeGrantFile,
  codeOfferFile,
  codeOpenFile,
  codeParseFile,
  codeWordsFile,
} from './files/codes.ts';
import { cursorFile } from './files/cursor.ts';
import { envelopeOpenFile } from './files/envelope-open.ts';
import { envelopeHashFile, envelopeSealFile } from './files/envelope-seal.ts';
import { decodeFile, encodeFile } from './files/frames.ts';
import { initiatorFile, responderFile } from './files/handshake-ends.ts';
import { transcriptFile } from './files/handshake-transcript.ts';
import { inviteMakeFile, inviteParseFile, passphraseFile } from './files/invites.ts';
import { decapsFile, encapsFile, keygenFile, xwingFile } from './files/kem.ts';
import { claimFile, deviceFile, groupFile, relayFile } from './files/keys-derive.ts';
import { helloMakeFile, helloVerifyFile } from './files/keys-hello.ts';
import { memberMakeFile, memberVerifyFile } from './files/keys-member.ts';
import { aeadOpenFile, aeadSealFile } from './files/primitives-aead.ts';
import { ed25519File, x25519File } from './files/primitives-curve.ts';
import { argon2idFile, blake3File, hkdfFile } from './files/primitives-hash.ts';
import { prefaceFile, recordOpenFile, recordSealFile } from './files/records.ts';
import { rotationOpenFile, rotationReceiptFile, rotationVerifyFile, rotationWelcomeFile } from './files/rotation.ts';
import { rotationJudgeFile } from './files/rotation-judge.ts';
import { nodeIdFile, padmeFile, relayTextFile } from './files/text.ts';
import { welcomeOpenFile, welcomeSealFile } from './files/welcome.ts';
import { xwingDecapsFile, xwingEncapsFile } from './files/xwing.ts';

/**
 * Ops that only one implementation of this tree has. Nobody confirms their cases yet, so they are made and tested, and not
 * published. Remove an op from here when a second implementation claims it.
 */
const WAITING: ReadonlySet<string> = new Set([
  'code.parse',
  'code.words',
  'code.offer',
  'code.answer',
  'code.grant',
  'code.open',
  'kem.xwing.encaps',
  'kem.xwing.decaps',
  'rotation.welcome.open',
  'rotation.open',
  'rotation.verify',
  'rotation.receipt',
  'rotation.judge',
]);

/** Every published vector file, made anew: the same bytes each time. Throws DefectiveTables, also for rows of no file. */
export function makeDrafts(tables = packageTables()): readonly Draft[] {
  return makeAll(tables).filter(({ op }) => !WAITING.has(op));
}

/** The files whose op waits for a second implementation. Throws DefectiveTables. */
export function makeWaitingDrafts(tables = packageTables()): readonly Draft[] {
  return makeAll(tables).filter(({ op }) => WAITING.has(op));
}

function makeAll(tables: Tables): readonly Draft[] {
  const drafts = files().map((make) => make(tables));
  const paths = new Set(drafts.map(({ path }) => path));
  const { cases, stories, harmless, faults } = tables;
  const unused = [...cases, ...stories, ...harmless, ...faults].filter(({ path }) => !paths.has(path));
  if (unused.length > 0)
    throw new DefectiveTables(unused.map(({ place, path }) => ({ ...place, message: `no vector file is ${path}` })));
  return drafts.map((draft) => draft.addRows(tables));
}

function files(): readonly ((tables: Tables) => Draft)[] {
  return [
    blake3File,
    hkdfFile,
    argon2idFile,
    aeadSealFile,
    aeadOpenFile,
    ed25519File,
    x25519File,
    keygenFile,
    encapsFile,
    decapsFile,
    xwingFile,
    groupFile,
    deviceFile,
    claimFile,
    relayFile,
    memberMakeFile,
    memberVerifyFile,
    helloMakeFile,
    helloVerifyFile,
    nodeIdFile,
    relayTextFile,
    padmeFile,
    transcriptFile,
    initiatorFile,
    responderFile,
    encodeFile,
    decodeFile,
    recordSealFile,
    recordOpenFile,
    prefaceFile,
    envelopeSealFile,
    envelopeHashFile,
    envelopeOpenFile,
    chainFile,
    runsFile,
    cursorFile,
    inviteMakeFile,
    inviteParseFile,
    passphraseFile,
    welcomeSealFile,
    welcomeOpenFile,
    codeParseFile,
    codeWordsFile,
    codeOfferFile,
    codeAnswerFile,
    codeGrantFile,
    codeOpenFile,
    xwingEncapsFile,
    xwingDecapsFile,
    rotationWelcomeFile,
    rotationOpenFile,
    rotationVerifyFile,
    rotationReceiptFile,
    rotationJudgeFile,
  ];
}
