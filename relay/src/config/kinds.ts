import { z } from 'zod';

/** `expects` completes the sentence "<key> must be …". */
type Expectation = { readonly expects: string; readonly secret?: true };

/** A whole number from `low` to `high`. */
export function whole(low: number, high: number, unit: string) {
  const expects = `a whole number of ${unit} from ${low} to ${high}`;
  return z
    .int()
    .min(low)
    .max(high)
    .meta({ expects } satisfies Expectation);
}

/** A rate or size where 0 switches the limit off. */
export function wholeOrOff(high: number, unit: string) {
  const expects = `a whole number of ${unit} up to ${high}, or 0 for no limit`;
  return z
    .int()
    .min(0)
    .max(high)
    .meta({ expects } satisfies Expectation);
}

export function yesOrNo() {
  return z.boolean().meta({ expects: 'true or false' } satisfies Expectation);
}

export function text(expects: string, pattern: RegExp) {
  return z
    .string()
    .regex(pattern)
    .meta({ expects } satisfies Expectation);
}

export function oneOf<const T extends readonly [string, ...string[]]>(...choices: T) {
  return z
    .enum(choices)
    .meta({ expects: `one of ${choices.map((choice) => `"${choice}"`).join(', ')}` } satisfies Expectation);
}

/** A token of 16 to 256 printable ASCII characters; never shown again. */
export function secret(expects: string, pattern: RegExp) {
  return z
    .string()
    .regex(pattern)
    .meta({ expects, secret: true } satisfies Expectation);
}

export function secrets(expects: string, pattern: RegExp) {
  return z
    .array(z.string().regex(pattern))
    .max(1024)
    .meta({ expects, secret: true } satisfies Expectation);
}

/** What was said of a schema when it was made. */
export function expectationOf(schema: z.ZodType): Expectation {
  return (schema.meta() as Expectation | undefined) ?? { expects: 'something else' };
}
