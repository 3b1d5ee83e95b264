/** A member waits this long after storage or a rate refused a request, milliseconds. ER-05. */
export const MEMBER_RETRY_AFTER_MS = 1000;

/** A stranger waits this long after too many failed claims, milliseconds: the period of their rate. PA-18. */
export const CLAIM_RETRY_AFTER_MS = 60_000;

/** The relay waits this long before it tries storage again, milliseconds. RL-66. */
export const STORAGE_RETRY_MS = 1000;
