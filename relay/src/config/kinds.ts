import { z } from 'zod';

/** `expects` completes the sentence "<key> must be …". */
type Expectation = { readonly expects: string; readonly secret?: true };

/** Makes the schema of a whole number from `low` to `high`. */
export function whole(low: number, high: number, unit: string) {
  const expects = `a whole number of ${unit} from ${low} to ${high}`;
  return z
    .int()
    .min(low)
    .max(high)
    .meta({ expects } satisfies Expectation);
}

/** Makes the schema of a limit up to `high` that 0 switches off. */
export function wholeOrOff(high: number, unit: string) {
  const expects = `a whole number of ${unit} up to ${high}, or 0 for no limit`;
  return z
    .int()
    .min(0)
    .max(high)
    .meta({ expects } satisfies Expectation);
}

/** Makes the schema of true or false. */
export function yesOrNo() {
  return z.boolean().meta({ expects: 'true or false' } satisfies Expectation);
}

/** Makes the schema of a text that matches a pattern. */
export function text(expects: string, pattern: RegExp) {
  return z
    .string()
    .regex(pattern)
    .meta({ expects } satisfies Expectation);
}

/** Makes the schema of one of several words. */
export function oneOf<const T extends readonly [string, ...string[]]>(...choices: T) {
  return z
    .enum(choices)
    .meta({ expects: `one of ${choices.map((choice) => `"${choice}"`).join(', ')}` } satisfies Expectation);
}

/** Makes the schema of a secret text, which is never shown. */
export function secret(expects: string, pattern: RegExp) {
  return z
    .string()
    .regex(pattern)
    .meta({ expects, secret: true } satisfies Expectation);
}

/** Makes the schema of a list of secret texts, which are never shown. */
export function secrets(expects: string, pattern: RegExp) {
  return z
    .array(z.string().regex(pattern))
    .max(1024)
    .meta({ expects, secret: true } satisfies Expectation);
}

/** Makes the schema of a list of texts that match a pattern. */
export function texts(expects: string, pattern: RegExp) {
  return z
    .array(z.string().regex(pattern))
    .max(65_536)
    .meta({ expects } satisfies Expectation);
}

/** Returns what a schema expects, for messages. */
export function expectationOf(schema: z.ZodType): Expectation {
  return (schema.meta() as Expectation | undefined) ?? { expects: 'something else' };
}
