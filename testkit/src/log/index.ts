export { FrameLog } from './frame-log.ts';
export { currentLog, logged } from './test-log.ts';
