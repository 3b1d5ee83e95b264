import { usageError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { cancelInvite } from './pair-cancel.ts';
import { createInvite } from './pair-create.ts';
import { joinGroup } from './pair-join.ts';
import type { PairOptions } from './pair-options.ts';

const ONE_STDIN = 'put one of them into a file';

function checkCreate(options: PairOptions): void {
  if (options.passphraseFile === '-' && options.accessTokenFile === '-')
    throw usageError('the passphrase and the token cannot both come from stdin', ONE_STDIN);
}

function checkJoin(options: PairOptions, source: string): void {
  if (options.passphrase === true)
    throw usageError(
      '--passphrase is for --create',
      'omit --passphrase; joining asks for the passphrase if the invite needs one',
    );
  if (options.accessTokenFile !== undefined)
    throw usageError(
      '--access-token-file is for --create',
      'omit --access-token-file; a joining device needs no access token',
    );
  if (source === '-' && options.passphraseFile === '-')
    throw usageError('the invite and the passphrase cannot both come from stdin', ONE_STDIN);
}

function checkCancel(options: PairOptions): void {
  if (options.passphrase === true || options.passphraseFile !== undefined)
    throw usageError('--cancel needs no passphrase', 'omit --passphrase and --passphrase-file');
  if (options.accessTokenFile !== undefined)
    throw usageError('--access-token-file is for --create', 'omit --access-token-file');
}

/** Runs `0k-sync pair`. */
export async function pair(context: Context, options: PairOptions): Promise<void> {
  const { create, join, cancel } = options;
  if (create === true) {
    checkCreate(options);
    return createInvite(context, options);
  }
  if (cancel !== undefined) {
    checkCancel(options);
    return cancelInvite(context, options, cancel);
  }
  if (join === undefined)
    throw usageError(
      'pair needs --create, --join or --cancel',
      'use `pair --create`, or `pair --join -` with an invite on stdin',
    );
  checkJoin(options, join);
  return joinGroup(context, options, join);
}
