import { Argument, Command, Option } from 'commander';
import { listGroups, renameGroup } from './commands/group.ts';
import { initialise } from './commands/init.ts';
import { pair } from './commands/pair.ts';
import { pull } from './commands/pull.ts';
import { push } from './commands/push.ts';
import { dropFromQueue, listQueue, retryQueue } from './commands/queue.ts';
import { addRelay, listRelays, trustRelay } from './commands/relay.ts';
import { status } from './commands/status.ts';
import { watch } from './commands/watch.ts';
import { contextFor } from './context.ts';
import type { Io } from './io.ts';
import * as options from './options.ts';
import { VERSION } from './version.ts';

const EXAMPLES = `
Examples:
  0k-sync pair --create --relay relay.example.org
  0k-sync pair --join - < invite.txt
  echo "Hello" | 0k-sync push -
  0k-sync pull
  0k-sync watch --json`;

function create(name: string, description: string): Command {
  return options.withCommonOptions(new Command(name).description(description));
}

function createForGroup(name: string, description: string): Command {
  return options.withGroupOption(create(name, description));
}

function createConnecting(name: string, description: string): Command {
  return options.withCommonOptions(
    options.withGroupOption(options.withRelayOptions(new Command(name).description(description))),
  );
}

function initCommand(io: Io): Command {
  return options
    .withCommonOptions(
      options.withSettingOptions(new Command('init').description('create the data directory of this device')),
    )
    .option('--group <name>', 'create a group of this name too, also in a data directory that exists')
    .action((given) => initialise(contextFor(io, given), given));
}

function pairCommand(io: Io): Command {
  return createConnecting('pair', 'create a group, invite a device, join with an invite, or cancel one')
    .addOption(
      new Option('--create', 'print an invite for one more device; creates the group if there is none').conflicts([
        'join',
        'cancel',
      ]),
    )
    .addOption(
      new Option('--join <source>', 'join the group of an invite: - reads it from stdin, @path from a file').conflicts(
        'cancel',
      ),
    )
    .option('--cancel <source>', 'cancel an invite, so that nobody can join with it: - or @path as for --join')
    .option('--passphrase', 'with --create: ask for a passphrase that the invite needs too')
    .option('--passphrase-file <path>', 'read the passphrase from a file instead of asking; - reads stdin')
    .option(
      '--access-token-file <path>',
      'with --create: read the token that the relay demands for a new group; - reads stdin',
    )
    .option('--device-name <name>', options.DEVICE_NAME)
    .action((given) => pair(contextFor(io, given), given));
}

function pushCommand(io: Io): Command {
  return createConnecting('push', 'send a message to the group')
    .addArgument(new Argument('[text]', 'the message; - reads it from stdin'))
    .option('--file <path>', 'send the content of a file')
    .option('--queue-only', 'store the message in the queue and connect to no relay')
    .action((text, given) => push(contextFor(io, given), text, given));
}

function pullCommand(io: Io): Command {
  return createConnecting('pull', 'print the messages of others that were not printed before')
    .addOption(
      new Option('--after-cursor <n>', 'print all messages above this cursor of the relay instead').argParser(
        options.wholeNumber,
      ),
    )
    .addOption(new Option('--limit <n>', 'print at most this many messages').argParser(options.positiveNumber))
    .action((given) => pull(contextFor(io, given), given));
}

function queueCommand(io: Io): Command {
  const id = () => new Argument('<id>', 'id of the message, as `queue list` prints it').argParser(options.messageId);
  return new Command('queue')
    .description('print, send or delete the messages that no relay has stored yet')
    .addCommand(createForGroup('list', 'print the queue').action((given) => listQueue(contextFor(io, given), given)))
    .addCommand(
      createConnecting('retry', 'send the queue now, with the messages that a relay refused, or with one of them')
        .addArgument(id().argOptional())
        .action((which, given) => retryQueue(contextFor(io, given), which, given)),
    )
    .addCommand(
      createForGroup('drop', 'delete a message that was refused or never sent')
        .addArgument(id())
        .action((which, given) => dropFromQueue(contextFor(io, given), which, given)),
    );
}

function relayCommand(io: Io): Command {
  const relay = () => new Argument('<relay>', options.RELAY).argParser(options.relayText);
  return new Command('relay')
    .description('print relays and their keys, add a relay, or accept other keys')
    .addCommand(
      createForGroup('list', 'print the relays and their keys').action((given) =>
        listRelays(contextFor(io, given), given),
      ),
    )
    .addCommand(
      createForGroup('add', 'give a relay to a group without one, or add one for use with --relay')
        .addArgument(relay())
        .action((address, given) => addRelay(contextFor(io, given), address, given)),
    )
    .addCommand(
      createForGroup('trust', 'accept other keys of a relay')
        .addArgument(relay())
        .action((address, given) => trustRelay(contextFor(io, given), address, given)),
    );
}

function groupCommand(io: Io): Command {
  return new Command('group')
    .description('print the groups of this device, or give one another name')
    .addCommand(
      create('list', 'print the groups and how many messages of each are unread').action((given) =>
        listGroups(contextFor(io, given)),
      ),
    )
    .addCommand(
      createForGroup('rename', 'give a group another name on this device')
        .addArgument(new Argument('<name>', 'the new name'))
        .action((name, given) => renameGroup(contextFor(io, given), name, given)),
    );
}

/**
 * Creates the command line. Commander neither prints errors nor exits: it throws them to the caller. `showHelp` takes the
 * texts that are asked for, such as --help.
 */
export function createProgram(io: Io, showHelp: (text: string) => void): Command {
  const program = new Command('0k-sync')
    .description('End-to-end encrypted sync over relays that nobody has to trust.')
    .version(VERSION)
    .addHelpText('after', EXAMPLES);
  const commands = [
    initCommand(io),
    pairCommand(io),
    pushCommand(io),
    pullCommand(io),
    createConnecting('watch', 'print messages as they come, until interrupted').action((given) =>
      watch(contextFor(io, given), given),
    ),
    createConnecting('status', 'print this device, its groups, their relays and queues').action((given) =>
      status(contextFor(io, given), given),
    ),
    groupCommand(io),
    queueCommand(io),
    relayCommand(io),
  ];
  for (const command of commands) program.addCommand(command);
  connectEdges(program, showHelp);
  return program;
}

/** Makes a command and its subcommands throw instead of exit, and gives help to `showHelp`: commander does not inherit either. */
function connectEdges(command: Command, showHelp: (text: string) => void): void {
  command.exitOverride().configureOutput({
    writeOut: showHelp,
    writeErr: () => undefined,
    getOutHasColors: () => false,
  });
  for (const each of command.commands) connectEdges(each, showHelp);
}
