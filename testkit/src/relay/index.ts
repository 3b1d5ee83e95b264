export type { Behaviour, Reply, Signal } from './behaviour.ts';
export { GroupLog, type GroupLogDeps, type Head, numberOfError, type Quotas, refused } from './group-log.ts';
export { type RelayKeys, relayKeys } from './keys.ts';
export { Mailboxes } from './mailboxes.ts';
export { replaceAnswers } from './replace-answers.ts';
export { type LeakPlaces, ScriptedRelay, type ScriptedRelayConfig } from './scripted-relay.ts';
export { ScriptedSession, type SessionMember } from './scripted-session.ts';
export { Sightings } from './sightings.ts';
export { DEFAULT_SETTINGS, type RelaySettings, RelayState } from './state.ts';
