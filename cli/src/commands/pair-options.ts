import type { RelayOptions } from '../options.ts';

/** Options of `0k-sync pair`. */
export interface PairOptions extends RelayOptions {
  readonly create?: boolean;
  readonly join?: string;
  readonly cancel?: string;
  readonly passphrase?: boolean;
  readonly passphraseFile?: string;
  readonly accessTokenFile?: string;
  readonly deviceName?: string;
}
