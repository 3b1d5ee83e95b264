import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { ALPN } from '@0k-sync/testkit/stream';
import t from 'tap';
import { createCertificate } from '../src/quic/certificate.ts';
import { QuicTransport } from '../src/quic/index.ts';
import { withPrivateTemporaryFiles } from '../src/quic/private-files.ts';

const LISTEN = { host: '127.0.0.1', port: 0, alpns: [ALPN] };

t.test('WI-22 a fresh self-signed P-256 certificate per start', async (t) => {
  const now = new Date('2026-01-02T03:04:05Z');
  const [first, second] = await Promise.all([createCertificate(now), createCertificate(now)]);
  const certificate = new X509Certificate(first.cert);
  t.ok(certificate.verify(certificate.publicKey));
  t.ok(certificate.checkPrivateKey(createPrivateKey(first.key)));
  t.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  t.ok(certificate.validFromDate < now && certificate.validToDate > now);
  t.notSame(first.key, second.key);
  t.not(certificate.serialNumber, new X509Certificate(second.cert).serialNumber);
});

t.test('private temporary files: nobody else can enter the directory or read a file, and nothing stays', async (t) => {
  const before = { TMPDIR: process.env['TMPDIR'], umask: process.umask() };
  const { result, wasUsed } = withPrivateTemporaryFiles(() => {
    const file = join(tmpdir(), 'key.pem');
    writeFileSync(file, 'secret', { mode: 0o666 });
    return {
      directory: tmpdir(),
      directoryMode: statSync(tmpdir()).mode & 0o777,
      fileMode: statSync(file).mode & 0o777,
    };
  });
  t.ok(wasUsed);
  t.equal(result.directoryMode, 0o700);
  t.equal(result.fileMode, 0o600);
  t.notOk(existsSync(result.directory));
  t.same({ TMPDIR: process.env['TMPDIR'], umask: process.umask() }, before);
  t.equal(withPrivateTemporaryFiles(() => {}).wasUsed, false);
  t.throws(() =>
    withPrivateTemporaryFiles(() => {
      throw new Error('inside');
    }),
  );
  t.same({ TMPDIR: process.env['TMPDIR'], umask: process.umask() }, before);
});

t.test('the TLS key is never written where its guessable name is taken or watched', async (t) => {
  const shared = mkdtempSync(join(tmpdir(), 'shared-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = shared;
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(shared, { recursive: true });
  });
  // A write to these names fails.
  const traps = [`http3_${process.pid}_qkey.pem`, `http3_${process.pid}_qcert.pem`];
  for (const trap of traps) mkdirSync(join(shared, trap));
  const listener = await new QuicTransport().listen(LISTEN, () => {});
  await listener.close();
  t.same(readdirSync(shared).sort(), traps.sort());
});

t.test('a worker thread listens only if its temporary directory can be made private', async (t) => {
  const report = async (env: NodeJS.Dict<string> | typeof SHARE_ENV) => {
    const worker = new Worker(new URL('./listen-worker.ts', import.meta.url), { env });
    // The worker may exit in the turn of its message.
    const [[message]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return message;
  };
  t.equal(await report(SHARE_ENV), 'listened');
  t.equal(await report({ ...process.env }), 'unavailable: start the worker with env: SHARE_ENV');
});
