/** A clock of a watch that stands still until a test moves it. */
export function manualClock() {
  let time = 0;
  let timer: { readonly at: number; readonly callback: () => void } | undefined;
  const clock = {
    now: () => time,
    after: (delayMs: number, callback: () => void) => {
      const set = { at: time + delayMs, callback };
      timer = set;
      return () => {
        if (timer === set) timer = undefined;
      };
    },
  };
  return {
    clock,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    isIdle: () => timer === undefined,
    /** Runs timers up to a time. */
    runUntil: (end: number) => {
      while (timer !== undefined && timer.at <= end) {
        const { at, callback } = timer;
        timer = undefined;
        time = Math.max(time, at);
        callback();
      }
      time = Math.max(time, end);
    },
  };
}
