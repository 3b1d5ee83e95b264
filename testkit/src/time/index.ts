export { PATIENCE_MS, TimedOut, within } from './waiting.ts';
