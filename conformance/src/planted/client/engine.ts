import { type ClientEvent, ClientSession } from '@0k-sync/core/session';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Page } from '@0k-sync/generated/wire/frame';

/** Changes what every session of this process tells its client. */
function changeEvents(change: (event: ClientEvent) => ClientEvent): void {
  const honest = ClientSession.prototype.takeOutputs;
  ClientSession.prototype.takeOutputs = function (this: ClientSession) {
    return honest
      .call(this)
      .map((output) => (output.type === 'event' ? { ...output, event: change(output.event) } : output));
  };
}

/** Changes the pages that every session of this process gives to its client. */
export function changePages(change: (page: Page) => Page): void {
  changeEvents((event) =>
    event.type === 'answer' && event.body.$case === 'page'
      ? { ...event, body: { $case: 'page', value: change(event.body.value) } }
      : event,
  );
}

/** The app is told another handshake hash than the one that Hello is signed over. */
export function nameAnotherHandshake(): void {
  changeEvents((event) =>
    event.type === 'channel'
      ? { ...event, info: { ...event.info, handshakeHash: event.info.handshakeHash.toReversed() } }
      : event,
  );
}

/** A session ends when an Error refuses what has no answer. */
export function endAtSuchRefusals(): void {
  const honest = ClientSession.prototype.takeOutputs;
  ClientSession.prototype.takeOutputs = function (this: ClientSession) {
    const outputs = honest.call(this);
    const isRefused = outputs.some(
      (output) => output.type === 'event' && output.event.type === 'refused' && output.event.requestId === 0,
    );
    return isRefused ? [...outputs, { type: 'close', code: errors.UNEXPECTED_FRAME.number }] : outputs;
  };
}

/** Takes an error to say something else of another attempt. */
export function changeRetry(name: ErrorName, retry: 'no' | 'later'): void {
  Object.assign(errors[name], { retry });
}

/** The last page of a log reaches up to whatever head it claims. */
export function reachesToItsHead(page: Page): Page {
  const { segment, hasMore } = page;
  if (segment === undefined || hasMore || segment.head <= segment.next) return page;
  const removedThrough = segment.head - BigInt(segment.envelopes.length);
  const envelopes = segment.envelopes.map((envelope, index) => ({
    ...envelope,
    cursor: removedThrough + BigInt(index) + 1n,
  }));
  return { hasMore, segment: { ...segment, removedThrough, envelopes, next: segment.head } };
}
