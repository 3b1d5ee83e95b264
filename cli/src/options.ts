import { type Command, InvalidArgumentError, Option } from 'commander';

/** What every command takes. */
export interface CommonOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
  readonly color: boolean;
}

/** What a command takes that talks to a relay. */
export interface RelayOptions extends CommonOptions {
  readonly relay?: readonly string[];
  readonly tofuStrict?: boolean;
  readonly classical?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Cursors and counts: decimal, without sign, up to 2^53 - 1 (OV-02). */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It is not a whole number.');
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be at least 1.');
}

/** At most a day: timers do not reach much further. */
export function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('It must be a number of seconds above 0, up to 86400.');
}

export function messageId(text: string): string {
  if (/^[0-9a-f]{32}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be the 32 hexadecimal digits that `queue list` shows.');
}

function collect(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), text];
}

const RELAY = '[nodeid[.kemhash]@]host[:port]';

export function withCommonOptions(command: Command): Command {
  return command
    .option('--data-dir <path>', 'directory of this device (default: ZEROK_SYNC_DIR or ~/.local/share/0k-sync)')
    .option('--json', 'print JSON, one object per line')
    .option('--no-color', 'print without colours');
}

function withTrustOptions(command: Command): Command {
  return command
    .option('--tofu-strict', 'refuse a relay whose keys changed, instead of warning')
    .option('--classical', 'connect without post-quantum keys (/0k-sync/1)');
}

/** For `init`: what is kept for later commands. */
export function withSettingOptions(command: Command): Command {
  return withTrustOptions(command)
    .addOption(new Option('--relay <relay>', RELAY).argParser(collect))
    .option('--device-name <name>', 'what members of the group see (default: the host name)');
}

/** For commands that connect: for this call only. */
export function withRelayOptions(command: Command): Command {
  return withTrustOptions(command)
    .addOption(new Option('--relay <relay>', `${RELAY}; instead of the known ones`).argParser(collect))
    .addOption(new Option('--timeout <seconds>', 'how long to wait for a relay').argParser(seconds).default(10));
}
