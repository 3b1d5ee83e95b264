export { authenticate, authenticateInSteps, type HashedEnvelope, hashEnvelope } from './authenticate.ts';
export {
  type Chain,
  type ChainHistory,
  type ChainVerdict,
  EMPTY_CHAIN,
  extendChain,
  judgeLink,
  type Link,
  type Witness,
} from './chain.ts';
export { type Content, contentTypeOf, decodeContent, encodeContent } from './content.ts';
export { encodeEnvelope } from './encode.ts';
export { bodyHash, envelopeHash, stubHash } from './hash.ts';
export { pad, paddedLength, padme, unpad } from './padding.ts';
export {
  ENVELOPE_VERSION,
  HASH_BYTES,
  NO_HASH,
  NONCE_BYTES,
  type ParsedEnvelope,
  type ParsedHeader,
  parseEnvelope,
  parseHeader,
} from './parse.ts';
export {
  type Judgement,
  judgeAuthentic,
  judgeOverdue,
  openEnvelope,
  type Receiver,
  receiveEnvelope,
  type SenderView,
  verifyEnvelope,
} from './receive.ts';
export {
  type ChainPlace,
  encodeHeader,
  type Plaintext,
  type SealedEnvelope,
  type SealedPlaintext,
  type SealingKeys,
  sealEnvelope,
  sealPlaintext,
} from './seal.ts';
export { type Sequences, skippedOf, wireSkipped, withoutSkipped } from './skipped.ts';
export { stubOf, type VerifiedStub, verifyStub } from './stub.ts';
