export { decodeCanonical, decodeStrict } from './decode.ts';
export {
  classOf,
  closeErrorOf,
  errorNameOf,
  type Failure,
  fail,
  ProtocolError,
  type Result,
  succeed,
} from './failure.ts';
export { FrameReader, type ReadFrame } from './frame-reader.ts';
export { errorFrame, errorOf, type FrameBody, FrameWriter, type Refusal } from './frame-writer.ts';
export { type Measure, PartReader } from './part-reader.ts';
export { type End, type ReadMessage, readMessage } from './read-message.ts';
