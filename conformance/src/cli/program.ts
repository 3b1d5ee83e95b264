import { Argument, Command, Option } from 'commander';
import { LEVELS } from '../levels.ts';
import type { ExitCode } from '../run/exit.ts';
import type { Io } from './io.ts';
import {
  collect,
  seedOption,
  withAdapter,
  withAnyEnds,
  withPair,
  withRunOptions,
  withSelection,
  withTarget,
  withTimes,
} from './options.ts';
import { VERSION } from './version.ts';

const HELP = `
Exit codes: 0 all that was judged passed, 1 failures, 2 usage, 3 adapter or infrastructure, 4 self-check broken,
5 nothing selected or nothing proven.

Examples:
  0k-conformance vectors --adapter ./adapter
  0k-conformance relay --target 127.0.0.1:4433 --relay NODEID
  0k-conformance client --adapter ./adapter --report html=client.html --bundle failures
  0k-conformance explain frames/decode/ends-inside-the-frame`;

type Finished = (exit: ExitCode) => void;

/** A command whose module is loaded when it runs, since most need neither the network nor each other's code. */
type Perform = (...given: never[]) => Promise<ExitCode>;

function acting(command: Command, finished: Finished, perform: Perform): Command {
  return command.action(async (...given: unknown[]) => finished(await perform(...(given as never[]))));
}

function levelCommands(io: Io, finished: Finished): Command[] {
  const vectors = withRunOptions(withAdapter(new Command('vectors').description('test pure functions'))).option(
    '--vectors <dir>',
    'directory of other vector files than those of this package',
  );
  const client = withRunOptions(
    withAdapter(new Command('client').description('test a client: the runner plays an evil relay')),
  );
  const relay = withTarget(
    withRunOptions(new Command('relay').description('test a relay: the runner plays honest and evil clients')),
  ).option('--adapter <command>', 'command that opens and restarts relays');
  const pair = withPair(withRunOptions(new Command('pair').description('test two clients together at a relay')));
  return [
    acting(vectors, finished, async (given) => (await import('./vectors.ts')).vectorsCommand(io, given)),
    acting(relay, finished, async (given) => (await import('./relay.ts')).relayCommand(io, given)),
    acting(client, finished, async (given) => (await import('./client.ts')).clientCommand(io, given)),
    acting(pair, finished, async (given) => (await import('./pair.ts')).pairCommand(io, given)),
  ];
}

function readingCommands(io: Io, finished: Finished): Command[] {
  const list = withSelection(new Command('list').description('print the tests'))
    .addOption(new Option('--level <level>', 'only this level').choices([...LEVELS]))
    .option('--json', 'one JSON object each')
    .option('--vectors <dir>', 'other vector files');
  const doctor = withTimes(
    withAdapter(new Command('doctor').description('check that an adapter speaks ZKCP/1, step by step')),
  ).option('--vectors <dir>', 'other vector files');
  const record = withRunOptions(
    withAnyEnds(new Command('record').description('run a level and record its requests and answers')),
  )
    .addOption(new Option('--level <level>', 'level to record').choices([...LEVELS]).default('vectors'))
    .requiredOption('-o, --output <file>', 'where to')
    .option('--vectors <dir>', 'other vector files');
  const explain = new Command('explain')
    .description('explain a test, a requirement, an op or a reject class')
    .addArgument(new Argument('<name>', 'id of a test, or a name such as WI-18, frame.decode, handshake.parse'))
    .option('--vectors <dir>', 'other vector files');
  const replay = withTimes(
    withAnyEnds(new Command('replay').description('repeat the requests of a recording, and compare the answers')),
  ).addArgument(new Argument('<file>', 'replay.json of a bundle, or a file that record wrote'));
  const selftest = withTimes(new Command('selftest').description('test the suite: it must find every planted fault'))
    .option('--only <fault>', 'run this fault, or all that match a glob (repeatable)', collect, [])
    .addOption(new Option('--level <level>', 'only this level').choices([...LEVELS]))
    .addOption(seedOption());
  const matrix = withTimes(
    new Command('matrix').description('run every level against every implementation of a checkout'),
  )
    .option('--impl <name>', 'only this implementation')
    .addOption(new Option('--level <level>', 'only this level').choices([...LEVELS]))
    .option('--implementations <dir>', 'directory that has a folder with an executable adapter for each implementation')
    .option('--reports <dir>', 'write HTML, JSON and JUnit for each cell')
    .addOption(seedOption());
  return [
    acting(matrix, finished, async (given) => (await import('./matrix.ts')).matrixCommand(io, given)),
    acting(selftest, finished, async (given) => (await import('./selftest.ts')).selftestCommand(io, given)),
    acting(list, finished, async (given) => (await import('./list.ts')).listCommand(io, given)),
    acting(explain, finished, async (id, given) => (await import('./explain.ts')).explainCommand(io, id, given)),
    acting(doctor, finished, async (given) => (await import('./doctor.ts')).doctorCommand(io, given)),
    acting(record, finished, async (given) => (await import('./record.ts')).recordCommand(io, given)),
    acting(replay, finished, async (file, given) => (await import('./replay.ts')).replayCommand(io, file, given)),
  ];
}

/** exitOverride and output are not inherited by commands that were made before. */
function settle(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: () => undefined,
    getOutHasColors: () => false,
  });
  for (const each of command.commands) settle(each, io);
}

/** The command line. Nothing is printed or exited by commander: errors are thrown to the caller. */
export function createProgram(io: Io, finished: Finished): Command {
  const program = new Command('0k-conformance')
    .description('Proves implementations of 0k-sync: pure functions, relays, clients and pairs of them.')
    .version(VERSION)
    .addHelpText('after', HELP);
  for (const command of [...levelCommands(io, finished), ...readingCommands(io, finished)]) program.addCommand(command);
  settle(program, io);
  return program;
}
