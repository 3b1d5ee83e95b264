/** What a member is told to wait when storage or a rate refuses a request, milliseconds. ER-05. */
export const MEMBER_RETRY_AFTER_MS = 1000;

/** What a stranger is told to wait after too many failed claims, milliseconds: the period that they are counted over. PA-18. */
export const CLAIM_RETRY_AFTER_MS = 60_000;

/** How long the relay itself waits before it tries storage again, milliseconds. RL-66. */
export const STORAGE_RETRY_MS = 1000;
