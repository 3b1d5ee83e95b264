export { type HostPort, readHostPort } from './address.ts';
export { claimTokenOf } from './claim-token.ts';
export { createInvite, formatInvite, type Invite, parseInvite, withPassphrase } from './invite.ts';
export { holdsInvite } from './link-text.ts';
export { areAcceptable, defaultParameters, stretchPassphrase } from './passphrase.ts';
export { PASSPHRASE_STRENGTH_MIN, passphraseStrength } from './strength.ts';
export { type GroupState, openWelcome, sealWelcome, type WelcomeContent, type WelcomeLock } from './welcome.ts';
