export { deterministicRandom } from './deterministic.ts';
export { crypto, random } from './provider.ts';
