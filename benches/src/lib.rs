//! Flows and keys to measure on.
#![forbid(unsafe_code)]

pub mod bulk;

use flowseal::testkit::{FlowBuilder, SealingKey, SigningKey};
use flowseal::{
    AppKey, DecryptingKey, Error, Expectations, Flow, KeyRing, UnixTime, VerifiedFlow, Verifier,
    VerifyingKey,
};

/// A flow of so many claims under an app's key of so many bits, with all that opens it.
#[derive(Debug)]
pub struct Fixture {
    /// The app's private key, PEM.
    pub app_pem: &'static [u8],
    /// The answer to a ping.
    pub response: String,
    /// The app's public key.
    pub app_key: AppKey,
    /// The user's public key.
    pub user: VerifyingKey,
    /// Trusts the user's key, of 2048 bits.
    pub verifier: Verifier,
    /// Holds the app's key.
    pub ring: KeyRing,
    /// When the flow was signed.
    pub now: UnixTime,
    claims: String,
    sealing: SealingKey,
    signing: SigningKey,
}

impl Fixture {
    /// Seals a flow. There are keys of 2048, 3072 and 4096 bits.
    ///
    /// # Errors
    /// None in practice: keys and claims are sound.
    pub fn new(bits: usize, leaves: usize) -> Result<Self, Error> {
        let app_pem: &[u8] = match bits {
            2048 => include_bytes!("../../crates/flowseal/tests/vectors/keys/app-2048.pem"),
            3072 => include_bytes!("../../crates/flowseal/tests/vectors/keys/app-3072.pem"),
            _ => include_bytes!("../../crates/flowseal/tests/vectors/keys/app-4096.pem"),
        };
        let app_public: &[u8] = match bits {
            2048 => include_bytes!("../../crates/flowseal/tests/vectors/keys/app-2048.pub.pem"),
            3072 => include_bytes!("../../crates/flowseal/tests/vectors/keys/app-3072.pub.pem"),
            _ => include_bytes!("../../crates/flowseal/tests/vectors/keys/app-4096.pub.pem"),
        };
        let user = include_bytes!("../../crates/flowseal/tests/vectors/keys/user-2048.pem");
        let user_public =
            include_bytes!("../../crates/flowseal/tests/vectors/keys/user-2048.pub.pem");

        let claims: Vec<_> = (0..leaves)
            .map(|n| format!("\"claim{n}\":\"text {n}\""))
            .collect();
        let claims = format!("{{\"group\":{{{}}}}}", claims.join(","));
        let (sealing, signing) = (SealingKey::load(app_public)?, SigningKey::load(user)?);
        let response = sealed("req_bench", &claims, &sealing, &signing)?;
        let user = VerifyingKey::load(user_public)?;
        Ok(Self {
            app_pem,
            response,
            app_key: AppKey::load(app_public)?,
            verifier: Verifier::trusting([user.clone()]),
            user,
            ring: DecryptingKey::load(app_pem)?.into(),
            now: UnixTime::from_seconds(FlowBuilder::SIGNED_AT)?,
            claims,
            sealing,
            signing,
        })
    }

    /// Another flow of the same claims: sealed and signed anew, for this reference.
    ///
    /// # Errors
    /// None in practice.
    pub fn sealed(&self, reference: &str) -> Result<String, Error> {
        sealed(reference, &self.claims, &self.sealing, &self.signing)
    }

    /// The flow, read.
    ///
    /// # Errors
    /// None in practice.
    pub fn flow(&self) -> Result<Flow, Error> {
        Flow::from_json(self.response.as_bytes())
    }

    /// The flow, verified.
    ///
    /// # Errors
    /// None in practice.
    pub fn verified(&self) -> Result<VerifiedFlow, Error> {
        Ok(self
            .flow()?
            .verify(&self.verifier, &Expectations::unbound(), self.now)?)
    }
}

fn sealed(
    reference: &str,
    claims: &str,
    app: &SealingKey,
    user: &SigningKey,
) -> Result<String, Error> {
    let flow = FlowBuilder::new(reference).claims(claims.as_bytes())?;
    Ok(flow.seal(app, user)?.to_json())
}
