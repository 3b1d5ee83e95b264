export { createRelay, type Relay, type RelayEnvironment, type RelayObserver } from './app.ts';
export { loadConfig } from './config/load.ts';
export { readConfig } from './config/read.ts';
export type { Config } from './config/sections.ts';
export { OperatorFailure } from './failure.ts';
export { type RunningRelay, runRelay } from './program.ts';
