/** Registers one test with a runner, as `test` of node:test, `t.test` of tap and `it` of vitest do. */
export type TestFunction = (title: string, body: () => Promise<void>) => unknown;
