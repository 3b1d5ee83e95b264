export { createRelay, type Relay, type RelayDeps } from './app.ts';
export { loadConfig } from './config/load.ts';
export { readConfig } from './config/read.ts';
export type { Config } from './config/sections.ts';
export type { RelayObserver } from './observe/observer.ts';
export { OperatorFailure } from './operator/failure.ts';
export { type RunningRelay, runRelay } from './program.ts';
