import { checkUnique, readChoice, readInteger, readList, readOptional } from './cells.ts';
import { compareId } from './identifiers.ts';
import type { ErrorRow, FrameRow, RejectClass, Requirement } from './model.ts';
import { compareText, type Report } from './report.ts';
import type { Tables } from './tables.ts';

const CLASS = /^[a-z]+\.[a-z]+$/;
const ERROR_NAME = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** Reads the requirements tables of all chapters. */
export function readRequirements(tables: Tables, report: Report): Requirement[] {
  const requirements = tables.requirements.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => ({
      place,
      id: cell.id,
      level: readChoice(cell.level, ['must', 'should', 'may'], place, report),
      text: cell.requirement,
      violation: readOptional(cell.violation),
    })),
  );
  return requirements.sort((a, b) => compareId(a.id, b.id));
}

/** Reads the classes table. */
export function readClasses(tables: Tables, report: Report): RejectClass[] {
  const classes = tables.classes.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => {
      if (!CLASS.test(cell.class)) report(place, `the class "${cell.class}" is not <stage>.<reason>`);
      return { place, name: cell.class, clause: cell.clause, meaning: cell.meaning };
    }),
  );
  checkUnique(classes, ({ name }) => name, 'class', report);
  return classes.sort((a, b) => compareText(a.name, b.name));
}

/** Reads the errors table. */
export function readErrors(tables: Tables, report: Report): ErrorRow[] {
  const errors = tables.errors.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => {
      if (!ERROR_NAME.test(cell.name)) report(place, `the error name "${cell.name}" is not in upper case`);
      if (!cell.hint.endsWith('.')) report(place, `the hint of ${cell.name} is not a sentence`);
      return {
        place,
        number: readInteger(cell.number, place, report),
        name: cell.name,
        class: cell.class,
        retry: readChoice(cell.retry, ['no', 'same', 'later'], place, report),
        stream: readChoice(cell.stream, ['open', 'close'], place, report),
        meaning: cell.meaning,
        hint: cell.hint,
      };
    }),
  );
  checkUnique(errors, ({ number }) => String(number), 'error number', report);
  checkUnique(errors, ({ name }) => name, 'error name', report);
  return errors.sort((a, b) => a.number - b.number);
}

/** Reads the frames table. */
export function readFrames(tables: Tables, report: Report): FrameRow[] {
  const frames = tables.frames.flatMap(({ rows }) =>
    rows.map(({ place, cell }) => ({
      place,
      frame: cell.frame,
      from: readChoice(cell.from, ['client', 'relay'], place, report),
      states: readList(cell.states).sort(compareText),
      event: cell.event,
      answer: readList(cell.answer).sort(compareText),
      meaning: cell.meaning,
    })),
  );
  checkUnique(frames, ({ frame }) => frame, 'frame', report);
  return frames.sort((a, b) => compareText(a.frame, b.frame));
}
