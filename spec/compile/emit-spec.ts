import { constantOf, keyed, moduleOf, type Output, SPEC } from './emit-module.ts';
import type { Identifier } from './identifiers.ts';
import type { Model } from './model.ts';
import { rowTexts } from './row-text.ts';

/** `requirements.ts`: what the spec obliges to, and what each of its ids names. */
export function emitRequirements(model: Model, identifiers: readonly Identifier[]): Output {
  const rows = keyed(
    model.requirements,
    ({ id }) => id,
    ({ place, level, text, violation }) => ({ chapter: place.file, level, text, violation }),
  );
  const kinds = keyed(
    identifiers,
    ({ id }) => id,
    ({ kind }) => kind,
  );
  return moduleOf(SPEC, 'requirements', [
    constantOf(
      'Every obligation of the spec, by id; `violation` is the reject class of breaking it, null where no peer can see that.',
      'requirements',
      rows,
    ),
    'export type RequirementId = keyof typeof requirements',
    constantOf('Every id of the spec and what it names.', 'identifiers', kinds),
    'export type Identifier = keyof typeof identifiers',
    constantOf(
      'The text of the rows that are no obligations: transitions, labels and limits, by id.',
      'rowTexts',
      rowTexts(model),
    ),
  ]);
}

/** `reject-classes.ts`: the meaning of each reject class. */
export function emitRejectClasses({ classes }: Model): Output {
  const rows = keyed(
    classes,
    ({ name }) => name,
    ({ clause, meaning }) => ({ clause, meaning }),
  );
  return moduleOf(SPEC, 'reject-classes', [
    constantOf('The closed list of reject classes, with the clause that each comes from.', 'rejectClasses', rows),
  ]);
}
