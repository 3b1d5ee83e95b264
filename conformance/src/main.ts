import { run } from './cli/run.ts';
import { exitCodes } from './run/exit.ts';

const INTERRUPTED = 130;

// Adapters have process groups of their own: a Ctrl-C does not reach them, but the exit of the runner ends them.
const interrupt = () => process.exit(INTERRUPTED);
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
// `0k-conformance list | head`: the reader is gone, so is the reason to run.
process.stdout.on('error', interrupt);

let isSuiteBroken = false;
function complain(sentence: string, reason: unknown): void {
  isSuiteBroken = true;
  const what = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  process.stderr.write(`error: ${sentence}: ${what}\nhint: this is a bug of the suite; report it\n`);
}

// A failure that no scenario waited for is a defect of the suite; the verdicts of everything else are still delivered.
process.on('unhandledRejection', (reason) => complain('the suite lost track of a failure', reason));
process.on('uncaughtException', (error) => {
  complain('the suite failed', error);
  process.exit(exitCodes.selfCheck);
});
// Until the run has said how it ended, nothing is conformant.
process.exitCode = exitCodes.selfCheck;

const io = { stdout: process.stdout, stderr: process.stderr, environment: process.env };
const exit = await run(process.argv.slice(2), io).catch((error: unknown) => {
  complain('the suite failed', error);
  return exitCodes.selfCheck;
});
process.exitCode = exit;
// A failure that shows after the end counts too.
process.on('exit', () => {
  if (isSuiteBroken && exit === exitCodes.conformant) process.exitCode = exitCodes.selfCheck;
});
process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
