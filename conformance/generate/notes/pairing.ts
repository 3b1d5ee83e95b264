import type { Written } from './written.ts';

/** Bugs of invites and Welcomes. */
export const pairingNotes: Written = {
  CaseSensitive: [
    'Text that people copy is compared with its case, or with the white space around it.',
    'A good invite or key is refused.',
    ['PA-01', 'OV-03'],
  ],
  EpochsUnordered: [
    'The epoch secrets of a Welcome may come in any order, or twice.',
    'Devices that joined by one Welcome hold different secrets for one epoch.',
    ['PA-12'],
  ],
  ExpiryUnchecked: [
    'The time of an invite is not read.',
    'Old links stay usable wherever the relay is careless.',
    ['PA-05'],
  ],
  GroupIdUnproven: [
    'The group id of a Welcome is believed instead of computed.',
    'A joiner is put into a group whose auth key somebody else holds.',
    ['PA-12', 'GR-02'],
  ],
  InviteNotCanonical: [
    'The content of a link is decoded leniently.',
    'Two links stand for one invite, and unknown parts are dropped silently.',
    ['PA-03'],
  ],
  InviteUnreadable: [
    'A link is made that no reader takes.',
    'Pairing fails on the other device, where nobody can mend it.',
    ['PA-02', 'PA-03', 'PA-08'],
  ],
  LinkUnchecked: [
    'The checksum of a link is not verified before the link is used.',
    'A typing mistake burns a claim, or goes to another mailbox.',
    ['PA-04'],
  ],
  PassphraseCostUnchecked: [
    'Argon2id costs from a link are computed as they come.',
    'A link takes all memory or time, or makes guessing cheap.',
    ['PA-08'],
  ],
  PassphraseEmpty: ['An empty passphrase is taken.', 'An invite looks protected and is not.', ['PA-09']],
  PassphraseIgnored: ['The passphrase does not enter the key.', 'The link alone opens the Welcome.', ['PA-11']],
  PassphraseNotNormalised: [
    'A passphrase is not normalised.',
    'The same passphrase fails on another keyboard.',
    ['PA-09'],
  ],
  RecordUnverified: [
    'Member records of a Welcome are believed.',
    'A joiner trusts devices that nobody countersigned.',
    ['PA-12', 'GR-14'],
  ],
};
