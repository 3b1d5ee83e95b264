/** A time that a case of one client has measured. */
export interface Measurement {
  readonly what: string;
  readonly seconds: number;
  /** The time that the client has, s. */
  readonly limit: number;
}

/** A bad day of one client, with a relay process of its own. */
export interface ClientCase {
  /** The finding that it repeats, such as `C1`. */
  readonly finding: string;
  readonly title: string;
  readonly run: () => Promise<readonly Measurement[]>;
}

/** One line for each measurement. */
export function measurementLine(finding: string, { what, seconds, limit }: Measurement): string {
  return `${finding}  ${what}: ${seconds.toFixed(2)} s, limit ${limit} s`;
}
