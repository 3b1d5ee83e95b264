/** What a shell carries out for an engine, in order. */
export type Output<Event> =
  /** Write these bytes to the control stream; the shell owns them from now on. */
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  /** Finish the sending side of the control stream. */
  | { readonly type: 'end' }
  /** Close the connection with this application error number; 0 is no error. Nothing follows. */
  | { readonly type: 'close'; readonly code: number }
  | { readonly type: 'event'; readonly event: Event };
