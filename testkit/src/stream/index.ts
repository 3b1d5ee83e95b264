export { echo, pattern, text } from './content.ts';
export { ALPN, type ConnectionPair, connectPair, type Ends } from './ends.ts';
export { firstStream, type Recorded, Recorder, record } from './recorder.ts';
