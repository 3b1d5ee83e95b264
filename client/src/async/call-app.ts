/**
 * Calls a function of the app. An error of it is the app's mistake: it is thrown again in a microtask, where the platform
 * reports it, and never reaches the library.
 */
export function callApp<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
