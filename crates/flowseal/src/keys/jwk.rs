//! JSON Web Keys (RFC 7517) and sets of them, as far as they verify RSA signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, ErrorCode};
use crate::json::wipe::SecretJson;
use crate::json::{Json, Object};
use crate::profile::{Algorithm, Limits};

/// What a JWK says of an RSA public key.
pub(super) struct Jwk {
    pub(super) modulus: Vec<u8>,
    pub(super) exponent: Vec<u8>,
    pub(super) kid: Option<String>,
    pub(super) algorithm: Option<Algorithm>,
}

/// The keys of a JWK or a set that verify signatures, of `algorithm` where it is given.
///
/// Others are skipped, as RFC 7517, section 5, has it; none left is an error.
pub(super) fn verifying(file: &[u8], algorithm: Option<Algorithm>) -> Result<Vec<Jwk>, Error> {
    // A private key may be given by mistake; it is refused, and must not stay behind either.
    let tree = SecretJson::parse(file, &Limits::default())?;
    let members = tree
        .as_object()
        .ok_or_else(|| malformed("neither a JWK nor a set with a member keys"))?;
    let keys = match members.present("keys") {
        Some(keys) => keys
            .as_array()
            .ok_or_else(|| malformed("a set whose member keys is no array"))?,
        None => std::slice::from_ref(&*tree),
    };

    let mut found = Vec::new();
    for key in keys {
        let key = key
            .as_object()
            .ok_or_else(|| malformed("a set with a key that is no object"))?;
        if fits(key, algorithm) {
            found.push(read(key)?);
        }
    }
    if found.is_empty() {
        return Err(Error::new(
            ErrorCode::KeyKind,
            format!(
                "none of the {} JWKs is an RSA key for {}: kty must be RSA, use must be sig and alg must be the profile's",
                keys.len(),
                algorithm.map_or("signatures", Algorithm::name)
            ),
        ));
    }
    Ok(found)
}

fn fits(key: &Object, algorithm: Option<Algorithm>) -> bool {
    let is = |name: &str, accepted: &dyn Fn(&str) -> bool| {
        key.present(name)
            .is_none_or(|value| value.as_str().is_some_and(accepted))
    };
    let may_verify = key.present("key_ops").is_none_or(|operations| {
        operations
            .as_array()
            .is_some_and(|operations| operations.iter().any(|op| op.as_str() == Some("verify")))
    });
    key.present("kty").and_then(Json::as_str) == Some("RSA")
        && is("use", &|purpose| purpose == "sig")
        && is("alg", &|name| match Algorithm::from_name(name) {
            Some(own) => algorithm.is_none_or(|wanted| wanted == own),
            None => false,
        })
        && may_verify
}

fn read(key: &Object) -> Result<Jwk, Error> {
    if key.present("d").is_some() {
        return Err(Error::new(
            ErrorCode::KeyKind,
            "the JWK is a private key: give the public one, without d, p, q, dp, dq and qi",
        ));
    }
    let number = |name: &str| {
        key.present(name)
            .and_then(Json::as_str)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
            .ok_or_else(|| malformed(&format!("a JWK whose {name} is not base64url")))
    };
    let text = |name: &str| key.present(name).and_then(Json::as_str);
    Ok(Jwk {
        modulus: number("n")?,
        exponent: number("e")?,
        kid: text("kid").map(str::to_owned),
        algorithm: text("alg").and_then(Algorithm::from_name),
    })
}

fn malformed(what: &str) -> Error {
    Error::new(
        ErrorCode::KeyFormat,
        format!("the key file is JSON, but {what}: see RFC 7517"),
    )
}
