import type { Fault } from '../fault.ts';
import { channelMutants } from './channel.ts';
import { clientLogMutants } from './client-log.ts';
import { clientOutboxMutants } from './client-outbox.ts';
import { clientSessionMutants } from './client-session.ts';
import { envelopeMutants } from './envelope.ts';
import { fieldMutants } from './fields.ts';
import { frameMutants } from './frames.ts';
import { logMutants } from './log.ts';
import { mailboxMutants } from './mailbox.ts';
import { faultsOf } from './mutant.ts';
import { pairingMutants } from './pairing.ts';
import { sessionMutants } from './session.ts';

/** Every mistake in the source, as faults of the roles that have it. */
export const mutantFaults: readonly Fault[] = [
  ...frameMutants,
  ...fieldMutants,
  ...channelMutants,
  ...sessionMutants,
  ...envelopeMutants,
  ...logMutants,
  ...mailboxMutants,
  ...clientLogMutants,
  ...clientOutboxMutants,
  ...clientSessionMutants,
  ...pairingMutants,
].flatMap(faultsOf);
