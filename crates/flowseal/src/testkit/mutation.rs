//! The ways in which a response can be wrong, each with the code that refuses it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key_pair::random;
use super::seal::{SealedFlow, ping};
use crate::error::{Error, ErrorCode};
use crate::ground::strict_base64;
use crate::ground::tree::{Json, Object};

macro_rules! mutations {
    ($($(#[doc = $doc:literal])* $variant:ident => $refusal:ident;)*) => {
        /// One way to spoil a sealed and signed flow.
        ///
        /// [`refusal`](Self::refusal) is the code with which reading or verifying it must fail
        /// under the default profile.
        ///
        /// ```
        /// use flowseal::Flow;
        /// use flowseal::testkit::{FlowBuilder, KeyPair, Mutation, Persona};
        ///
        /// let (app, user) = (KeyPair::sample_app()?, KeyPair::sample_user()?);
        /// let sealed = FlowBuilder::new("req_1")
        ///     .persona(&Persona::ADA)
        ///     .seal(&app.sealing_key()?, &user.signing_key()?)?;
        /// let twice = sealed.mutated(Mutation::DuplicateReference)?;
        /// let error = Flow::from_json(twice.as_bytes()).unwrap_err();
        /// assert_eq!(error.code(), Mutation::DuplicateReference.refusal());
        /// # Ok::<(), flowseal::Error>(())
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum Mutation {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Mutation {
            /// Every mutation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code that refuses a flow which was spoilt so.
            pub fn refusal(self) -> ErrorCode {
                match self {
                    $(Self::$variant => ErrorCode::$refusal,)*
                }
            }
        }
    };
}

mutations! {
    /// A claim is added that a stranger has sealed.
    AddClaim => SignatureInvalid;
    /// An element of `claims` is a JSON object with a dotted name.
    AddDottedClaim => ClaimName;
    /// The flow is marked as cancelled.
    Cancel => FlowCancelled;
    /// `iat` is one second earlier.
    ChangeIat => SignatureInvalid;
    /// `mode` is another one.
    ChangeMode => SignatureInvalid;
    /// `reference` is another flow's.
    ChangeReference => SignatureInvalid;
    /// `requestee` is another person's.
    ChangeRequestee => SignatureInvalid;
    /// `requester` is another organisation's.
    ChangeRequester => SignatureInvalid;
    /// One bit of the e-signature is flipped.
    ChangeSignature => SignatureInvalid;
    /// `signedAt` is one second later.
    ChangeSignedAt => SignatureInvalid;
    /// The first claim is taken out.
    DropClaim => SignatureInvalid;
    /// All claims are taken out.
    DropClaims => SignatureInvalid;
    /// `reference` is taken out.
    DropReference => FlowMalformed;
    /// The e-signature is taken out.
    DropSignature => SignatureMissing;
    /// `signedAt` is taken out.
    DropSignedAt => SignatureInvalid;
    /// `reference` stands twice.
    DuplicateReference => JsonDuplicate;
    /// `signedAt` is in milliseconds.
    MilliSignedAt => Time;
    /// A stranger seals another text in the place of the first claim.
    ReplaceClaim => SignatureInvalid;
    /// `iat` is written `1716820052.0`.
    SpellIat => FlowMalformed;
    /// The first two claims change places.
    SwapClaims => SignatureInvalid;
    /// The e-signature's last characters are cut off.
    TruncateSignature => SignatureMalformed;
}

impl SealedFlow {
    /// The answer to a ping with this flow, spoilt.
    ///
    /// # Errors
    /// `usage` for a flow without the two claims that some mutations need; `no_randomness` on a
    /// machine that gives none.
    pub fn mutated(&self, mutation: Mutation) -> Result<String, Error> {
        let mut flow = self.flow.clone();
        let text = |text: &str| Json::String(text.to_owned());
        let add = |flow: &mut Object, name: &str, by: i64| {
            let value = flow
                .present(name)
                .and_then(Json::as_integer)
                .unwrap_or_default();
            let value = i64::try_from(value).unwrap_or_default() + by;
            flow.set(name, Json::Number(value.into()));
        };
        match mutation {
            Mutation::AddClaim => {
                let strange = self.stranger()?;
                set_claim(&mut flow, "stranger", strange);
            }
            Mutation::AddDottedClaim => {
                let strange = self.stranger()?;
                set_claim(&mut flow, "naming.given", strange);
            }
            Mutation::Cancel => flow.set("cancelled", Json::Bool(true)),
            Mutation::ChangeIat => add(&mut flow, "iat", -1),
            Mutation::ChangeMode => flow.set("mode", text("signature")),
            Mutation::ChangeReference => flow.set("reference", text("req_other")),
            Mutation::ChangeRequestee => flow.set("requestee", text("99912345610")),
            Mutation::ChangeRequester => flow.set("requester", text("bcn_other")),
            Mutation::ChangeSignature => {
                let signature = flow.present("signature").and_then(Json::as_str);
                let mut signature = signature
                    .and_then(strict_base64::decode)
                    .unwrap_or_default();
                if let Some(byte) = signature.last_mut() {
                    *byte ^= 1;
                }
                flow.set("signature", text(&STANDARD.encode(signature)));
            }
            Mutation::ChangeSignedAt => add(&mut flow, "signedAt", 1),
            Mutation::DropClaim => {
                let [first, _] = two_claims(&mut flow)?;
                *first = Json::Null;
            }
            Mutation::DropClaims => drop(flow.take("claims")),
            Mutation::DropReference => drop(flow.take("reference")),
            Mutation::DropSignature => drop(flow.take("signature")),
            Mutation::DropSignedAt => drop(flow.take("signedAt")),
            Mutation::DuplicateReference => {
                return Ok(self.to_json().replacen(
                    "{\"reference\"",
                    "{\"reference\":\"x\",\"reference\"",
                    1,
                ));
            }
            Mutation::MilliSignedAt => {
                flow.set("signedAt", Json::Number(1_716_820_121_000.into()));
            }
            Mutation::ReplaceClaim => {
                let strange = self.stranger()?;
                let [first, _] = two_claims(&mut flow)?;
                *first = strange;
            }
            Mutation::SpellIat => {
                return Ok(self.to_json().replacen(",\"mode\"", ".0,\"mode\"", 1));
            }
            Mutation::SwapClaims => {
                let [first, second] = two_claims(&mut flow)?;
                std::mem::swap(first, second);
            }
            Mutation::TruncateSignature => {
                let signature = flow.present("signature").and_then(Json::as_str);
                let short = signature
                    .unwrap_or_default()
                    .trim_end_matches('=')
                    .to_owned();
                let cut = short
                    .get(..short.len().saturating_sub(2))
                    .unwrap_or_default();
                flow.set("signature", text(&format!("{cut}!")));
            }
        }
        Ok(ping(&flow))
    }

    /// A leaf that was sealed by someone who has only the app's public key, as everyone has.
    fn stranger(&self) -> Result<Json, Error> {
        let mut name = [0; 4];
        random(&mut name)?;
        let text = format!("\"stranger {name:02x?}\"");
        let ciphertext = self.app.encrypt(self.padding, text.as_bytes())?;
        Ok(Json::String(STANDARD.encode(ciphertext)))
    }
}

fn set_claim(flow: &mut Object, name: &str, value: Json) {
    let mut claims = match flow.take("claims") {
        Some(Json::Object(claims)) => claims,
        _ => Object::default(),
    };
    claims.set(name, value);
    flow.set("claims", Json::Object(claims));
}

/// The first two leaves of the flow.
fn two_claims(flow: &mut Object) -> Result<[&mut Json; 2], Error> {
    let mut leaves = Vec::new();
    if let Some(claims) = flow.value_mut("claims") {
        collect(claims, &mut leaves);
    }
    let mut leaves = leaves.into_iter();
    match (leaves.next(), leaves.next()) {
        (Some(first), Some(second)) => Ok([first, second]),
        _ => Err(Error::new(
            ErrorCode::Usage,
            "this mutation needs a flow with two claims: choose a persona that shares more",
        )),
    }
}

fn collect<'a>(value: &'a mut Json, leaves: &mut Vec<&'a mut Json>) {
    match value {
        Json::Object(members) => members
            .values_mut()
            .for_each(|value| collect(value, leaves)),
        Json::Array(elements) => elements.iter_mut().for_each(|value| collect(value, leaves)),
        leaf => leaves.push(leaf),
    }
}
