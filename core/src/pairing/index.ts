export { type HostPort, readHostPort } from './address.ts';
export { createInvite, formatInvite, type Invite, parseInvite, withPassphrase } from './invite.ts';
export { areAcceptable, defaultParameters, stretchPassphrase } from './passphrase.ts';
export { type GroupState, openWelcome, sealWelcome, type WelcomeLock } from './welcome.ts';
