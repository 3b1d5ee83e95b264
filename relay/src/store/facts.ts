/**
 * The row of relay_metadata that holds the retention clock as the last sweep left it, milliseconds since 1970. RL-52.
 */
export const RETENTION_CLOCK = 'retention_clock_ms';
