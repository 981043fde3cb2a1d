//! Keys, ciphertexts and signatures: the same for everyone.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flowseal::VerifiedFlow;
use flowseal_benches::Fixture;
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey};

use crate::run::Fallible;

pub(crate) struct Material {
    pub(crate) bits: usize,
    /// The app's key.
    pub(crate) pem: &'static str,
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) private: RsaPrivateKey,
    /// 64 leaves of a flow, and what is in them.
    pub(crate) sealed: Vec<Vec<u8>>,
    pub(crate) texts: Vec<Vec<u8>>,
    /// Flows of 1, 8, 9 and 64 leaves, verified.
    pub(crate) flows: Vec<(usize, Fixture, VerifiedFlow)>,
    /// By eight keys in turn; none where there was no time to make them.
    pub(crate) signed: Vec<Signed>,
    /// The statements of the flows of 9 leaves and of one.
    pub(crate) statement: Signed,
    pub(crate) statement_of_one: Signed,
}

pub(crate) struct Signed {
    /// `RSAPublicKey` of RFC 8017, appendix A.1.1, DER.
    pub(crate) public_key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Material {
    pub(crate) fn new(bits: usize, quick: bool) -> Fallible<Self> {
        let mut flows = Vec::new();
        for leaves in [1, 8, 9, 64] {
            let fixture = Fixture::new(bits, leaves)?;
            let verified = fixture.verified()?;
            flows.push((leaves, fixture, verified));
        }
        let sealed = sealed(&flows[3].1)?;
        let pem = std::str::from_utf8(flows[0].1.app_pem)?;
        let private = RsaPrivateKey::from_pkcs8_pem(pem)?;
        // A leaf is a text in quotation marks: what flowseal gives is not what others decrypt.
        let text = |sealed: &Vec<u8>| private.decrypt(Pkcs1v15Encrypt, sealed);
        let texts = sealed.iter().map(text).collect::<Result<_, _>>()?;
        let statement_of_one = statement(&flows[0].2)?;
        let statement = statement(&flows[2].2)?;
        let signed = if bits == 2048 || !quick {
            signed(bits)?
        } else {
            Vec::new()
        };
        Ok(Self {
            bits,
            pem,
            pkcs8: private.to_pkcs8_der()?.as_bytes().to_vec(),
            private,
            sealed,
            texts,
            flows,
            signed,
            statement,
            statement_of_one,
        })
    }

    /// The flow of so many leaves.
    pub(crate) fn flow(&self, leaves: usize) -> Fallible<(&Fixture, &VerifiedFlow)> {
        let found = self.flows.iter().find(|flow| flow.0 == leaves);
        let (_, fixture, verified) = found.ok_or("no flow of so many leaves was made")?;
        Ok((fixture, verified))
    }
}

/// The ciphertexts of the leaves.
fn sealed(fixture: &Fixture) -> Fallible<Vec<Vec<u8>>> {
    let flow = fixture.flow()?;
    let leaves = flow.claims().leaves();
    let decoded = leaves.map(|leaf| STANDARD.decode(leaf.value.as_str().unwrap_or_default()));
    Ok(decoded.collect::<Result<_, _>>()?)
}

fn statement(verified: &VerifiedFlow) -> Fallible<Signed> {
    use rsa::pkcs1::EncodeRsaPublicKey;
    use rsa::pkcs8::DecodePublicKey;

    let user = include_str!("../../../crates/flowseal/tests/vectors/keys/user-2048.pub.pem");
    let user = rsa::RsaPublicKey::from_public_key_pem(user)?;
    let signature = verified.unauthenticated().signature().unwrap_or_default();
    Ok(Signed {
        public_key: user.to_pkcs1_der()?.into_vec(),
        message: verified.evidence().statement().to_vec(),
        signature: STANDARD.decode(signature)?,
    })
}

/// 64 messages of 64 bytes, signed by eight keys that are made for this.
fn signed(bits: usize) -> Fallible<Vec<Signed>> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        _ => KeySize::Rsa4096,
    };
    let mut keys = Vec::new();
    for _ in 0..8 {
        let der = KeyPair::generate(size)?.as_der()?;
        keys.push(RsaKeyPair::from_pkcs8(der.as_ref())?);
    }
    let random = aws_lc_rs::rand::SystemRandom::new();
    let mut signed = Vec::new();
    for (i, key) in (0..64_u8).zip(keys.iter().cycle()) {
        let message = vec![i; 64];
        let mut signature = vec![0; bits / 8];
        key.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature)?;
        let public_key = key.public_key().as_ref().to_vec();
        signed.push(Signed {
            public_key,
            message,
            signature,
        });
    }
    Ok(signed)
}

/// The number in the limbs that C libraries take: 64 bits each, the lowest first.
pub(crate) fn limbs(number: &BigUint, bits: usize) -> Vec<u64> {
    let mut bytes = number.to_bytes_le();
    bytes.resize(bits.div_ceil(64) * 8, 0);
    let limb = |chunk: &[u8]| {
        chunk
            .iter()
            .rfold(0, |limb, byte| limb << 8 | u64::from(*byte))
    };
    bytes.chunks(8).map(limb).collect()
}
