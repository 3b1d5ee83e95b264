import { TransportError } from '../error.ts';
import { importPackage } from './packages.ts';

type X509 = typeof import('@peculiar/x509');

/** The native TLS stack takes no Ed25519 certificates. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SERIAL_BYTES = 16;
const DAY_MS = 86_400_000;
/** Clients do not look at the dates; a relay may run for long. */
const VALIDITY_DAYS = 3650;

export interface Certificate {
  /** PEM. */
  readonly cert: Buffer;
  /** PEM of PKCS #8; wipe after use. */
  readonly key: Buffer;
}

/**
 * A self-signed P-256 certificate (RFC 5280) for one start of a listener. QUIC wants one; nobody trusts it: TLS is the
 * outer coat, who the peer is shows in the Noise handshake above.
 */
export async function createCertificate(now: Date): Promise<Certificate> {
  const { X509CertificateGenerator } = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(SERIAL_BYTES))).toString('hex'),
    name: 'CN=0k-sync',
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + VALIDITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`);
  pkcs8.fill(0);
  return { cert: Buffer.from(certificate.toString('pem')), key };
}

/** Only listeners need these packages, so a client does not install them. */
async function loadX509(): Promise<X509> {
  try {
    await importPackage('reflect-metadata');
    return await importPackage<X509>('@peculiar/x509');
  } catch (error) {
    throw new TransportError(
      'unavailable',
      'a QUIC listener makes its certificate with the package @peculiar/x509, which does not load here',
      'npm install @peculiar/x509@^2.2.0 reflect-metadata@^0.2.2',
      error,
    );
  }
}
