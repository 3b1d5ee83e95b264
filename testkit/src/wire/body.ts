import type { FrameBody } from '@0k-sync/core/wire';

/** The kinds of frames, as the oneof of Frame names them: `hello`, `pushAck`, … */
export type Case = FrameBody['$case'];

/** A body of one kind. */
export type Body<K extends Case> = Extract<FrameBody, { $case: K }>;

/** The value of a frame of one kind. */
export type Value<K extends Case> = Body<K>['value'];
