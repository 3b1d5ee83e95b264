/** One thing that a shell carries out for an engine. */
export type Output<Event> =
  /** Write these bytes to the control stream. The shell owns them. */
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Finish the sending side of the control stream. */
  | { readonly type: 'end' }
  /** Close the connection with this error number; 0 is no error. Nothing follows. */
  | { readonly type: 'close'; readonly code: number }
  | { readonly type: 'event'; readonly event: Event };
