import { checkMachine } from './check-machine.ts';
import { checkSuite } from './check-pattern.ts';
import { checkClasses, checkErrors, checkFrames, checkMentions } from './check-references.ts';
import { emitErrors, emitFrames, emitLabels, emitLimits, emitPatterns } from './emit-code.ts';
import { emitDiagram, emitMachine, emitMachineTypes } from './emit-machines.ts';
import type { Output } from './emit-module.ts';
import { emitPackages } from './emit-package.ts';
import { emitReadme } from './emit-readme.ts';
import { emitSchema } from './emit-schema.ts';
import { emitRejectClasses, emitRequirements } from './emit-spec.ts';
import { type Identifier, readIdentifiers } from './identifiers.ts';
import type { Model } from './model.ts';
import { readSchema, type Schema } from './proto.ts';
import { readSuites } from './read-handshake.ts';
import { readLabels, readLimits } from './read-limits.ts';
import { readMachines } from './read-machine.ts';
import { readClasses, readErrors, readFrames, readRequirements } from './read-rules.ts';
import { collectDefects, type Defect, type Report } from './report.ts';
import type { Sources } from './sources.ts';
import { collectTables, type Tables } from './tables.ts';
import { emitTranscript } from './transcripts.ts';

/** The model of the spec and the schema of proto/, both without defects. */
export type Checked = {
  readonly model: Model;
  readonly identifiers: readonly Identifier[];
  readonly schema: Schema;
};

/**
 * Markdown and schemas → model, with their defects. In three stages, each only when the one before found nothing, since
 * what cannot be read makes everything that refers to it wrong: tables and schemas, their cells, what they say together.
 */
export function check(sources: Sources): {
  readonly checked: Checked | undefined;
  readonly defects: readonly Defect[];
} {
  const { defects, report } = collectDefects();
  const tables = collectTables(sources.chapters, report);
  const schema = readSchema(sources.schemas, report);
  if (schema === undefined || defects.length > 0) return { checked: undefined, defects };
  const model = readModel(tables, report);
  const identifiers = readIdentifiers(tables, report);
  if (defects.length > 0) return { checked: undefined, defects };
  for (const machine of model.machines) checkMachine(machine, report);
  for (const suite of model.suites) checkSuite(suite, report);
  checkClasses(model, identifiers, report);
  checkMentions(sources, model, identifiers, report);
  checkErrors(model, schema, report);
  checkFrames(model, schema, report);
  return { checked: { model, identifiers, schema }, defects };
}

function readModel(tables: Tables, report: Report): Model {
  return {
    requirements: readRequirements(tables, report),
    machines: readMachines(tables, report),
    limits: readLimits(tables, report),
    errors: readErrors(tables, report),
    classes: readClasses(tables, report),
    labels: readLabels(tables, report),
    frames: readFrames(tables, report),
    suites: readSuites(tables, report),
  };
}

/** The files below generated/ (all but the wire types), or the defects that forbid them. */
export function compile(sources: Sources): {
  readonly outputs: readonly Output[];
  readonly defects: readonly Defect[];
} {
  const { checked, defects } = check(sources);
  if (checked === undefined || defects.length > 0) return { outputs: [], defects };
  return emit(checked, sources);
}

function emit({ model, identifiers, schema }: Checked, { manifest, schemas }: Sources): ReturnType<typeof compile> {
  const { defects, report } = collectDefects();
  const modules = [
    emitMachineTypes(),
    ...model.machines.map((machine) => emitMachine(machine)),
    emitErrors(model),
    emitLimits(model),
    emitLabels(model),
    emitFrames(model, schema),
    emitPatterns(model),
    emitSchema(schemas, new Map(model.limits.map(({ name, value }) => [name, value])), report),
    emitRequirements(model, identifiers),
    emitRejectClasses(model),
  ];
  const paths = modules.map(({ path }) => path);
  const outputs = [
    ...modules,
    ...model.machines.map((machine) => emitDiagram(machine)),
    ...model.suites.map((suite) => emitTranscript(suite)),
    ...emitPackages(paths, schema, manifest, report),
    emitReadme(),
  ];
  return { outputs: defects.length === 0 ? outputs : [], defects };
}
