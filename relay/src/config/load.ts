import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { OperatorFailure } from '../operator/failure.ts';
import { readEnvironment } from './environment.ts';
import { readConfig } from './read.ts';
import type { Config } from './sections.ts';

/**
 * Loads the configuration in effect: the defaults, then the file, then the environment; the last one wins.
 * @param file path of relay.toml; undefined for defaults and environment alone
 * @throws OperatorFailure
 */
export function loadConfig(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const document = file === undefined ? {} : parseFile(file);
  return readConfig(document, readEnvironment(environment), file ?? 'the defaults');
}

function parseFile(file: string): Record<string, unknown> {
  const text = readText(file);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n', 1)[0] ?? '';
    throw new OperatorFailure(
      `${file}:${error.line}:${error.column}: ${reason}`,
      'correct that line; relay.example.toml shows the form of each option',
    );
  }
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : 'is not a readable text file';
    throw new OperatorFailure(
      `the configuration ${file} ${reason}`,
      'name another file with --config, or omit --config for the defaults',
      { cause: error },
    );
  }
}
