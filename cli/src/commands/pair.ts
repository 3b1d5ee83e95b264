import type { Context } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { RelayOptions } from '../options.ts';
import { createInvite } from './pair-create.ts';
import { joinGroup } from './pair-join.ts';

export interface PairOptions extends RelayOptions {
  readonly create?: boolean;
  readonly join?: string;
  readonly passphrase?: boolean;
  readonly passphraseFile?: string;
  readonly accessTokenFile?: string;
  readonly deviceName?: string;
}

function usage(message: string, hint: string): Failure {
  return new Failure({ exit: exitCodes.usage, code: 'usage', message, hint });
}

function checkJoin(options: PairOptions, source: string): void {
  if (options.passphrase === true)
    throw usage('--passphrase is for --create', 'joining asks for it when the invite needs one');
  if (options.accessTokenFile !== undefined)
    throw usage('--access-token-file is for --create', 'a member needs no access token');
  if (source === '-' && options.passphraseFile === '-')
    throw usage('the invite and the passphrase cannot both come from stdin', 'put one of them into a file');
}

/** `0k-sync pair` */
export async function pair(context: Context, options: PairOptions): Promise<void> {
  if (options.create === true) {
    if (options.passphraseFile === '-' && options.accessTokenFile === '-')
      throw usage('the passphrase and the token cannot both come from stdin', 'put one of them into a file');
    return createInvite(context, options);
  }
  if (options.join === undefined)
    throw usage('pair what?', 'use `pair --create`, or `pair --join -` with an invite on stdin');
  checkJoin(options, options.join);
  return joinGroup(context, options, options.join);
}
