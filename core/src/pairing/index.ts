export { type HostPort, readHostPort } from './address.ts';
export { claimTokenOf } from './claim-token.ts';
export { createInvite, formatInvite, type Invite, parseInvite, withPassphrase } from './invite.ts';
export { ADDED, holdsInvite } from './link-text.ts';
export { areAcceptable, defaultParameters, stretchPassphrase } from './passphrase.ts';
export { PASSPHRASE_STRENGTH_MIN, passphraseStrength } from './strength.ts';
export {
  type GroupState,
  openUnder,
  openWelcome,
  sealUnder,
  sealWelcome,
  type WelcomeContent,
  type WelcomeKey,
  type WelcomeLock,
} from './welcome.ts';
