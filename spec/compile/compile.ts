import { checkMachine } from './check-machine.ts';
import { checkSuite } from './check-pattern.ts';
import { checkClasses, checkErrors, checkFrames, checkMentions } from './check-references.ts';
import {
  emitErrors,
  emitFrames,
  emitLabels,
  emitLimits,
  emitPatterns,
  emitRequirements,
  type Output,
} from './emit-code.ts';
import { emitDiagram, emitMachines } from './emit-machines.ts';
import { emitPackage } from './emit-package.ts';
import { type Identifier, readIdentifiers } from './identifiers.ts';
import type { Model } from './model.ts';
import { readSchema, type Schema } from './proto.ts';
import { readSuites } from './read-handshake.ts';
import { readLabels, readLimits } from './read-limits.ts';
import { readMachines } from './read-machine.ts';
import { readClasses, readErrors, readFrames, readRequirements } from './read-rules.ts';
import { collectDefects, type Defect, type Report } from './report.ts';
import type { Sources } from './sources.ts';
import { collectTables } from './tables.ts';
import { emitTranscript } from './transcripts.ts';

/** What the sources say, after every check. */
export type Checked = {
  readonly model: Model;
  readonly identifiers: readonly Identifier[];
  readonly schema: Schema | undefined;
  readonly defects: readonly Defect[];
};

/** Markdown and schemas → model, with every defect of them. */
export function check(sources: Sources): Checked {
  const { defects, report } = collectDefects();
  const tables = collectTables(sources.chapters, report);
  const model: Model = {
    requirements: readRequirements(tables, report),
    machines: readMachines(tables, report),
    limits: readLimits(tables, report),
    errors: readErrors(tables, report),
    classes: readClasses(tables, report),
    labels: readLabels(tables, report),
    frames: readFrames(tables, report),
    suites: readSuites(tables, report),
  };
  const identifiers = readIdentifiers(tables, report);
  const schema = readSchema(sources.schemas, report);
  for (const machine of model.machines) checkMachine(machine, report);
  for (const suite of model.suites) checkSuite(suite, report);
  checkClasses(model, identifiers, report);
  checkMentions(sources, model, identifiers, report);
  if (schema !== undefined) checkAgainstSchema(model, schema, report);
  return { model, identifiers, schema, defects };
}

function checkAgainstSchema(model: Model, schema: Schema, report: Report): void {
  checkErrors(model, schema, report);
  checkFrames(model, schema, report);
}

/** The files below generated/ (all but the wire types), or the defects that forbid them. */
export function compile(sources: Sources): {
  readonly outputs: readonly Output[];
  readonly defects: readonly Defect[];
} {
  const { model, identifiers, schema, defects } = check(sources);
  if (schema === undefined || defects.length > 0) return { outputs: [], defects };
  const emission = collectDefects();
  const modules = [
    emitMachines(model.machines),
    emitErrors(model),
    emitLimits(model),
    emitLabels(model),
    emitFrames(model, schema),
    emitPatterns(model),
    emitRequirements(model, identifiers),
  ];
  const names = modules.map(({ path }) => path.replace(/^src\/(.*)\.ts$/, '$1'));
  const outputs = [
    ...modules,
    ...model.machines.map((machine) => emitDiagram(machine)),
    ...model.suites.map((suite) => emitTranscript(suite)),
    ...emitPackage(names, schema, sources.manifest, emission.report),
  ];
  return { outputs: emission.defects.length === 0 ? outputs : [], defects: emission.defects };
}
