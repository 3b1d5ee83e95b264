/** What each flag finds: `[bug, effect, requirements]`. */
export type Written = Readonly<Record<string, readonly [bug: string, effect: string, links: readonly string[]]>>;
