import type { FrameBody } from '@0k-sync/core/wire';

/** A frame in few words: its kind, or an Error's number and detail. */
export function describe(body: FrameBody): string {
  return body.$case === 'error' ? `Error ${body.value.code} (${body.value.detail})` : body.$case;
}
