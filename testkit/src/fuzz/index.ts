export { Dice } from './dice.ts';
export { type FuzzConfig, type FuzzDeps, type FuzzReport, fuzzRelay } from './fuzz-relay.ts';
