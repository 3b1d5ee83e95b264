import type { SyncSession } from '@0k-sync/client';
import { escapeLine } from './escape.ts';
import type { Reporter } from './reporter.ts';

/** Reports the events of a session that a person should know, as notes and warnings. */
export function reportEvents(session: SyncSession, reporter: Reporter): void {
  session.on('relay-key-changed', ({ relay, before, after, accepted }) => {
    const line = { type: 'relay-key-changed', relay, before, after, accepted };
    const what = `the keys of relay ${relay} changed from ${before} to ${after}`;
    reporter.warning(line, accepted ? `${what}; the new keys are trusted now (--tofu-strict refuses them)` : what);
  });
  session.on('rolled-back', ({ relay, cursor }) => {
    const text = `relay ${relay} lost data that this device had read, up to cursor ${cursor}; reading it again and sending what it lost`;
    reporter.warning({ type: 'rolled-back', relay, cursor }, text);
  });
  session.on('expired', ({ relay, from, to }) => {
    const text = `relay ${relay} removed cursors ${from} to ${to} before this device read them`;
    reporter.warning({ type: 'expired', relay, from, to }, text);
  });
  session.on('rejected', ({ relay, cursor, rejectClass }) => {
    const text = `the message at cursor ${cursor} of relay ${relay} failed its checks (${rejectClass}) and is in quarantine`;
    reporter.warning({ type: 'rejected', relay, cursor, class: rejectClass }, text);
  });
  session.on('gap', ({ sender, from, to }) => {
    const text = `messages ${from} to ${to} of device ${sender.slice(0, 8)} are missing`;
    reporter.warning({ type: 'gap', sender, from, to }, text);
  });
  session.on('fork', ({ sender, sequence, own, relay }) => {
    const who = own ? 'this device' : `device ${sender.slice(0, 8)}`;
    const text = `relay ${relay} has a second message ${sequence} of ${who}; two copies of one device may be in use`;
    reporter.warning({ type: 'fork', sender, sequence, own, relay }, text);
  });
  session.on('member-joined', ({ device, name }) => {
    const text = `${escapeLine(name) || 'a device without a name'} (${device.slice(0, 8)}) joined the group`;
    reporter.note({ type: 'member-joined', device, name }, text);
  });
}
