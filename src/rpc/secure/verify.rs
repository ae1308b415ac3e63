//! Signatures of JWTs, checked by ring. Nothing is ever signed here.

use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature::{self, Verifier},
};
use ring::signature as known;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(Error::from(ErrorKind::InvalidAlgorithm)),
    verifier_factory: |algorithm, key| {
        Ok(Box::new(Checked { algorithm: *algorithm, key: key.clone() }))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Lets jsonwebtoken check by ring.
pub(super) fn install() {
    // Somebody was here before: that is fine.
    let _first = PROVIDER.install_default();
}

/// A key, and how it is used.
struct Checked {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for Checked {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for Checked {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let holds = match self.algorithm {
            Algorithm::RS256 => self.rsa(&known::RSA_PKCS1_2048_8192_SHA256, message, signature),
            Algorithm::RS384 => self.rsa(&known::RSA_PKCS1_2048_8192_SHA384, message, signature),
            Algorithm::RS512 => self.rsa(&known::RSA_PKCS1_2048_8192_SHA512, message, signature),
            Algorithm::PS256 => self.rsa(&known::RSA_PSS_2048_8192_SHA256, message, signature),
            Algorithm::PS384 => self.rsa(&known::RSA_PSS_2048_8192_SHA384, message, signature),
            Algorithm::PS512 => self.rsa(&known::RSA_PSS_2048_8192_SHA512, message, signature),
            Algorithm::ES256 => self.point(&known::ECDSA_P256_SHA256_FIXED, message, signature),
            Algorithm::ES384 => self.point(&known::ECDSA_P384_SHA384_FIXED, message, signature),
            Algorithm::EdDSA => self.point(&known::ED25519, message, signature),
            // A secret that both know is nothing that a server may be told by an address.
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => false,
            // What is new is not known to be good.
            _ => false,
        };
        if holds { Ok(()) } else { Err(signature::Error::new()) }
    }
}

impl Checked {
    fn rsa(&self, how: &'static known::RsaParameters, message: &[u8], signature: &[u8]) -> bool {
        match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                known::RsaPublicKeyComponents { n, e }.verify(how, message, signature).is_ok()
            }
            DecodingKeyKind::SecretOrDer(_) => false,
        }
    }

    fn point(
        &self,
        how: &'static dyn known::VerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let key = self.key.try_get_as_bytes();
        key.is_ok_and(|key| {
            known::UnparsedPublicKey::new(how, key).verify(message, signature).is_ok()
        })
    }
}
