export { EnginePair, type EnginePairConfig } from './engine-pair.ts';
export { EngineWire } from './engine-wire.ts';
export { helloAck, helloOf } from './hello.ts';
