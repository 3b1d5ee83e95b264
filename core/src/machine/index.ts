export { Machine } from './machine.ts';
export { stepOf } from './step-of.ts';
