export { allSamples, type Bodies, caseOf, frameSamples, nameOf, sampleEnvelope } from './frame-samples.ts';
export { type Places, sessionFrames } from './session-frames.ts';
