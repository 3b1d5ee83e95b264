//! QUIC to a relay. TLS authenticates nobody here: trust comes from the Noise handshake (spec/wire.md).

use std::io;
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use quinn::rustls::crypto::{CryptoProvider, ring};
use quinn::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use quinn::rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use quinn::{Connection, ConnectionError, Endpoint, IdleTimeout, TransportConfig, VarInt};

use super::error::Error as ClientError;
use crate::error::{Class, Reject};
use crate::noise::Suite;
use crate::text::RelayText;

/// A relay that is gone without a word is noticed after this long; the pings of QUIC keep a living one.
const SILENCE_MS: u32 = 15_000;
const KEEP_ALIVE: Duration = Duration::from_millis(4_000);
/// Bytes that may be on the way and unconfirmed: beyond them a write waits, and its progress shows that the link lives. SE-24.
const SEND_WINDOW: u64 = 256 * 1024;
/// TLS alert no_application_protocol (120) as a QUIC error.
const NO_ALPN: u64 = 0x178;

#[derive(Debug)]
struct AnyCertificate(CryptoProvider);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

fn config(suite: Suite) -> io::Result<quinn::ClientConfig> {
    let provider = ring::default_provider();
    let mut tls = ClientConfig::builder_with_provider(Arc::new(provider.clone()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
        .with_no_client_auth();
    tls.alpn_protocols = vec![suite.alpn().to_vec()];
    let mut transport = TransportConfig::default();
    transport.max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(SILENCE_MS))));
    transport.keep_alive_interval(Some(KEEP_ALIVE));
    transport.send_window(SEND_WINDOW);
    transport.max_concurrent_bidi_streams(VarInt::from_u32(0));
    transport.max_concurrent_uni_streams(VarInt::from_u32(0));
    let mut config = quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).map_err(io::Error::other)?));
    config.transport_config(Arc::new(transport));
    Ok(config)
}

/// Tries the relay's addresses in turn.
pub async fn dial(relay: &RelayText, suite: Suite) -> Result<(Endpoint, Connection), ClientError> {
    let addresses = tokio::net::lookup_host((relay.host.as_str(), relay.port)).await;
    let mut failure = ClientError::unreachable(format!("the name {} has no address", relay.host));
    for address in addresses.map_err(|error| ClientError::unreachable(format!("{}: {error}", relay.host)))? {
        let local = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let local = local.parse().map_err(io::Error::other)?;
        let mut endpoint = Endpoint::client(local)?;
        endpoint.set_default_client_config(config(suite)?);
        let name = if relay.host.contains(':') { "relay" } else { &relay.host };
        let connecting =
            endpoint.connect(address, name).map_err(|error| ClientError::unreachable(error.to_string()))?;
        match connecting.await {
            Ok(connection) => return Ok((endpoint, connection)),
            Err(error) => failure = ended(&error),
        }
    }
    Err(failure)
}

/// Turns the end of a connection into an error. A close with a number is the relay's refusal. SE-07.
pub fn ended(error: &ConnectionError) -> ClientError {
    match error {
        ConnectionError::ApplicationClosed(close) => {
            // ER-07: anybody on the way can send it, so only what says nothing about the device counts.
            let detail = "the connection was closed";
            match close.error_code.into_inner() {
                number @ (1000 | 1010..=1022) => ClientError::Reject(Reject::from_number(number as u32, detail)),
                _ => ClientError::Lost(Reject::from_number(1023, detail)),
            }
        }
        ConnectionError::ConnectionClosed(close) if u64::from(close.error_code) == NO_ALPN => {
            ClientError::Reject(Reject::new(Class::TransportAlpn, "the relay does not speak this protocol"))
        }
        ConnectionError::ConnectionClosed(_) => {
            ClientError::Lost(Reject::from_number(1023, "the connection ended early"))
        }
        error => ClientError::unreachable(error.to_string()),
    }
}
