export { type Clock, systemClock } from './clock.ts';
export { settle, VirtualClock } from './virtual-clock.ts';
export { PATIENCE_MS, TimedOut, within } from './waiting.ts';
