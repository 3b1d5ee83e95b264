export { CodeCreator, type CodeCreatorOptions } from './code-creator.ts';
export { CodeJoiner, type CodeJoinerOptions } from './code-joiner.ts';
export { type Code, completeWord, drawWords, formatCode, parseCode, passwordOf } from './code-text.ts';
export { type CodeOpening, type CodeSeal, openCodeWelcome, sealCodeWelcome } from './code-welcome.ts';
export {
  type CpaceContext,
  type CpaceKeys,
  type CpaceMessage,
  type CpaceMessages,
  codeChannel,
  cpaceGenerator,
  cpaceKeys,
  cpaceShare,
  cpaceTag,
} from './cpace.ts';
export type { CreatorRun } from './creator-run.ts';
export { type CodeDeps, type CodeGrant, type CodeOffer, type CodeReply, offerData } from './messages.ts';
