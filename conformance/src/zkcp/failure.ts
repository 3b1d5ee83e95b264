/** The ways in which an adapter fails a request without an answer; each is also the verdict of the case. */
export type FailureKind = 'crash' | 'hang' | 'early-exit' | 'protocol';

interface Circumstances {
  /** The end of its stderr. */
  readonly stderr: string;
  /** The exit status, if the process exited by itself. */
  readonly exitCode?: number | undefined;
  /** A hint for the user, if one is known. */
  readonly hint?: string | undefined;
}

/** The adapter is gone: it broke ZKCP, missed a deadline or ended. Every request in flight fails with the same one. */
export class AdapterFailure extends Error {
  readonly kind: FailureKind;
  readonly detail: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly hint: string | undefined;

  constructor(kind: FailureKind, detail: string, circumstances: Circumstances) {
    super(`${kind}: ${detail}`);
    this.name = 'AdapterFailure';
    this.kind = kind;
    this.detail = detail;
    this.stderr = circumstances.stderr;
    this.exitCode = circumstances.exitCode;
    this.hint = circumstances.hint;
  }
}
