//! spec/vectors/crypto: identical bytes and verdicts. SC-21.

use crate::common::{class, hex, ok, read};
use serde_json::json;
use zerok_sync::crypto;

fn vectors(name: &str) -> Vec<serde_json::Value> {
    read(&format!("spec/vectors/crypto/{name}.json"))["vectors"].as_array().expect("a list").clone()
}

#[test]
fn sc_20_ed25519_is_strict() {
    for vector in vectors("ed25519-strict") {
        let input = json!({"pk": vector["public"], "msg": vector["message"], "sig": vector["signature"]});
        if vector["valid"] == true {
            ok("sig.ed25519.verify", input);
        } else {
            assert_eq!(class("sig.ed25519.verify", input, json!({})), "envelope.auth", "{}", vector["name"]);
        }
    }
    for vector in vectors("ed25519") {
        let seed: [u8; 32] = hex(&vector["seed"]).try_into().expect("32 bytes");
        assert_eq!(crypto::ed25519::public(&seed).to_vec(), hex(&vector["public"]));
        assert_eq!(crypto::ed25519::sign(&seed, &hex(&vector["message"])).to_vec(), hex(&vector["signature"]));
    }
}

#[test]
fn aead() {
    let mut seen = 0;
    for vector in vectors("aead") {
        if vector["algorithm"] == "XChaCha20-Poly1305" {
            let (key, nonce, ad) = (&vector["key"], &vector["nonce"], &vector["ad"]);
            let sealed = ok(
                "aead.xchacha20poly1305.seal",
                json!({"key": key, "nonce": nonce, "ad": ad, "plaintext": vector["plaintext"]}),
            );
            assert_eq!(sealed["ciphertext"], vector["ciphertext"]);
            let opened = ok(
                "aead.xchacha20poly1305.open",
                json!({"key": key, "nonce": nonce, "ad": ad, "ciphertext": vector["ciphertext"]}),
            );
            assert_eq!(opened["plaintext"], vector["plaintext"]);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn hkdf_and_blake3() {
    for vector in vectors("hkdf-sha256") {
        let okm = hex(&vector["okm"]);
        let input = json!({"ikm": vector["ikm"], "salt": vector["salt"], "info": vector["info"], "len": okm.len()});
        assert_eq!(ok("kdf.hkdf-sha256", input)["okm"], vector["okm"]);
    }
    let digests = read("spec/vectors/crypto/hashes.json")["blake3"]["digests"].clone();
    for (length, digest) in digests.as_object().expect("an object") {
        let length: usize = length.parse().expect("a length");
        let data: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        let hash = ok("hash.blake3", json!({"data": zerok_sync::hexadecimal::encode(&data)}));
        assert_eq!(&hash["hash"], digest);
    }
}

#[test]
fn argon2id() {
    for vector in vectors("argon2id") {
        let number = |name: &str| vector[name].as_u64().expect("a number") as u32;
        let parameters = (number("memory_kib"), number("iterations"), number("parallelism"));
        let key = crypto::argon2id(&hex(&vector["password"]), &hex(&vector["salt"]), parameters, 32);
        assert_eq!(key.expect("a key"), hex(&vector["tag"]));
    }
}

#[test]
fn hs_05_x25519() {
    let file = read("spec/vectors/crypto/x25519.json");
    let secret = &file["shared"][0]["secret"];
    for vector in file["shared"].as_array().expect("a list") {
        let output = ok("dh.x25519", json!({"sk": vector["secret"], "pk": vector["public"]}));
        assert_eq!(output["shared"], vector["shared"]);
    }
    for public in file["all_zero_result"].as_array().expect("a list") {
        assert_eq!(class("dh.x25519", json!({"sk": secret, "pk": public}), json!({})), "handshake.auth");
    }
}

#[test]
fn ml_kem_accumulated() {
    use sha3::digest::{ExtendableOutput, Update, XofReader};
    let file = read("spec/vectors/crypto/ml-kem-768.json");
    let mut input = sha3::Shake128::default().finalize_xof();
    let mut output = sha3::Shake128::default();
    let mut dz = [0; 64];
    let mut m = [0; 32];
    let mut random_ct = vec![0; 1088];
    for _ in 0..file["rounds"].as_u64().expect("a number") {
        input.read(&mut dz);
        let ek = crypto::mlkem::encapsulation_key(&dz);
        output.update(&ek);
        input.read(&mut m);
        let (ct, ss) = crypto::mlkem::encapsulate(&ek, &m).expect("a valid key");
        output.update(&ct);
        output.update(&ss);
        assert_eq!(crypto::mlkem::decapsulate(&dz, &ct).expect("a secret"), ss);
        input.read(&mut random_ct);
        output.update(&crypto::mlkem::decapsulate(&dz, &random_ct).expect("implicit rejection"));
    }
    let mut digest = [0; 32];
    output.finalize_xof().read(&mut digest);
    assert_eq!(digest.to_vec(), hex(&file["digest"]));
}

#[test]
fn x_wing() {
    use sha2::{Digest, Sha256};
    let file = read("spec/vectors/crypto/x-wing.json");
    let public = hex(&ok("kem.xwing.keygen", json!({"seed": file["seed"]}))["pk"]);
    assert_eq!(public.len(), 1216);
    assert!(public.starts_with(&hex(&file["public_begins"])) && public.ends_with(&hex(&file["public_ends"])));
    assert_eq!(Sha256::digest(&public).to_vec(), hex(&file["public_sha256"]));
}
