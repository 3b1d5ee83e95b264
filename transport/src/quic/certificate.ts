import { TransportError } from '../error.ts';
import { importPackage } from './packages.ts';

type X509 = typeof import('@peculiar/x509');

/** P-256, because the native TLS stack refuses Ed25519 certificates. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const SERIAL_BYTES = 16;
const DAY_MS = 86_400_000;
/** Clients ignore the dates, and a relay may run for years. */
const VALIDITY_DAYS = 3650;

/** A certificate and its private key. */
export interface Certificate {
  /** The certificate in PEM. */
  readonly cert: Buffer;
  /** The private key in PEM (PKCS #8); wipe it after use. */
  readonly key: Buffer;
}

/**
 * Makes a self-signed P-256 certificate (RFC 5280) for one start of a listener. QUIC needs one, but nobody trusts it:
 * the Noise handshake above proves who the peer is.
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

/** Loads the packages that only listeners need; a client does not install them. */
async function loadX509(): Promise<X509> {
  try {
    await importPackage('reflect-metadata');
    return await importPackage<X509>('@peculiar/x509');
  } catch (error) {
    throw new TransportError(
      'unavailable',
      'a QUIC listener makes its certificate with the package @peculiar/x509, which does not load here',
      'run: npm install @peculiar/x509@^2.2.0 reflect-metadata@^0.2.2',
      error,
    );
  }
}
