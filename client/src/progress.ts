/** The progress of a long read. */
export interface Progress {
  /** Cursor of the relay up to which everything is stored here now. */
  readonly done: number;
  /** Cursor that the read ends at. */
  readonly total: number;
  /** Cursor that the read began at; above 0 when earlier reads had stored something. */
  readonly resumedFrom: number;
}

/** Options of a call that reads from a relay. */
export interface ReadOptions {
  /** Rejects the call with the signal's reason when it aborts; what was read until then stays. */
  readonly signal?: AbortSignal;
  /** Called after each page that is stored. */
  readonly onProgress?: (progress: Progress) => void;
}
