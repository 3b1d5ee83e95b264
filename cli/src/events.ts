import type { Group } from '@0k-sync/client';
import { escapeLine } from './escape.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reports the events of a group that a person should know, as notes and warnings. What is missing from the start on is
 * the history of before this device joined: a note.
 */
export function reportEvents(group: Pick<Group, 'on'>, reporter: Reporter): void {
  group.on('relay-key-changed', ({ relay, before, after, accepted }) => {
    const line = { type: 'relay-key-changed', relay, before, after, accepted };
    const what = `the keys of relay ${relay} changed from ${before} to ${after}`;
    reporter.warning(line, accepted ? `${what}; the new keys are trusted now (--tofu-strict refuses them)` : what);
  });
  group.on('rolled-back', ({ relay, cursor }) => {
    const text = `relay ${relay} lost data that this device had read, up to cursor ${cursor}; reading it again and sending what it lost`;
    reporter.warning({ type: 'rolled-back', relay, cursor }, text);
  });
  group.on('expired', ({ relay, sender, from, to }) => {
    const line = { type: 'expired', relay, ...(sender !== undefined && { sender }), from, to };
    if (sender !== undefined)
      reporter.warning(line, `this device has lost its own messages ${from} to ${to}, which relay ${relay} had stored`);
    else if (from === 1) reporter.note(line, `relay ${relay} keeps no messages from before cursor ${to + 1}`);
    else reporter.warning(line, `relay ${relay} removed cursors ${from} to ${to} before this device read them`);
  });
  group.on('expiring', ({ relay, what, atMs }) => {
    const line = { type: 'expiring', relay, what, atMs };
    const from = `from ${new Date(atMs).toISOString()} on relay ${relay} removes messages`;
    if (what === 'unread') reporter.warning(line, `${from} that this device has not read`);
    else reporter.note(line, `${from} of this group, which devices that join later will lack`);
  });
  group.on('withheld', ({ relay, sender, from, to }) => {
    const text = `relay ${relay} does not deliver messages ${from} to ${to} of device ${sender.slice(0, 8)}, which exist`;
    reporter.warning({ type: 'withheld', relay, sender, from, to }, text);
  });
  group.on('rejected', ({ relay, cursor, rejectClass }) => {
    const text = `the message at cursor ${cursor} of relay ${relay} failed its checks (${rejectClass}) and is in quarantine`;
    reporter.warning({ type: 'rejected', relay, cursor, class: rejectClass }, text);
  });
  group.on('gap', ({ sender, from, to }) => {
    const line = { type: 'gap', sender, from, to };
    const device = `device ${sender.slice(0, 8)}`;
    if (from === 1) reporter.note(line, `the messages of ${device} before its message ${to + 1} are not kept any more`);
    else reporter.warning(line, `messages ${from} to ${to} of ${device} are missing`);
  });
  group.on('fork', ({ sender, sequence, own, relay }) => {
    const who = own ? 'this device' : `device ${sender.slice(0, 8)}`;
    const text = `relay ${relay} has a second message ${sequence} of ${who}; two copies of one device may be in use`;
    reporter.warning({ type: 'fork', sender, sequence, own, relay }, text);
  });
  group.on('member-joined', ({ device, name }) => {
    const text = `${escapeLine(name) || 'a device without a name'} (${device.slice(0, 8)}) joined the group`;
    reporter.note({ type: 'member-joined', device, name }, text);
  });
}
