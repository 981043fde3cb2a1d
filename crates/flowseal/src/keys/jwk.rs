//! JSON Web Keys (RFC 7517) and sets of them, as far as they verify RSA signatures.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, ErrorCode};
use crate::ground::tree::Json;
use crate::limits::Limits;
use crate::profile::Algorithm;
use crate::shown::{Sentence, Shown, refusal};
use crate::text_file::secret_json;

/// What a JWK says of an RSA public key.
pub(super) struct Jwk {
    pub(super) modulus: Vec<u8>,
    pub(super) exponent: Vec<u8>,
    pub(super) kid: Option<String>,
    pub(super) algorithm: Option<Algorithm>,
}

/// A key of a set that is not used, with the reason.
pub(super) struct Skipped {
    /// Its `kid`, or its place in the set.
    pub(super) name: Shown,
    pub(super) code: ErrorCode,
    pub(super) why: Shown,
}

impl Skipped {
    /// Why it is skipped, for a log.
    pub(super) fn warning(&self) -> String {
        Sentence::new(
            "the JWK {} is skipped: {}",
            [self.name.clone(), self.why.clone()],
        )
        .warning()
    }
}

/// What `build` makes of the keys of a JWK or a set, and the keys of which it makes nothing or that
/// are not for signatures of `algorithm`, where it is given.
///
/// RFC 7517, section 5, has such keys skipped, so that one does not spoil a set. None left is an
/// error that says of each why.
pub(super) fn verifying<T>(
    file: &[u8],
    algorithm: Option<Algorithm>,
    build: impl Fn(Jwk) -> Result<T, Error>,
) -> Result<(Vec<T>, Vec<Skipped>), Error> {
    // A private key may be given by mistake; it is refused, and must not stay behind either.
    let tree = secret_json(file, "the key file", &Limits::default())?;
    let members = tree
        .as_object()
        .ok_or_else(|| malformed("neither a JWK nor a set with a member keys"))?;
    let set = match members.present("keys") {
        Some(keys) => Some(
            keys.as_array()
                .ok_or_else(|| malformed("a set whose member keys is not an array"))?,
        ),
        None => None,
    };

    let (mut keys, mut skipped) = (Vec::new(), Vec::new());
    for (index, key) in set
        .unwrap_or(std::slice::from_ref(&*tree))
        .iter()
        .enumerate()
    {
        if key
            .as_object()
            .is_some_and(|key| key.present("d").is_some())
        {
            return Err(refusal(
                ErrorCode::KeyKind,
                "the JWK {} is a private key: give the public one, without d, p, q, dp, dq and qi",
                [name(key, index)],
            ));
        }
        let built = read(key, algorithm)
            .map_err(|(code, why)| (code, why.into()))
            .and_then(|jwk| build(jwk).map_err(|error| (error.code(), Shown::of(&error))));
        match built {
            Ok(key) => keys.push(key),
            Err((code, why)) => skipped.push(Skipped {
                name: name(key, index),
                code,
                why,
            }),
        }
    }
    if keys.is_empty() {
        return Err(none_left(set.is_some(), algorithm, skipped));
    }
    Ok((keys, skipped))
}

/// The refusal of a file of which no key is left: for each what is wrong with it.
fn none_left(is_set: bool, algorithm: Option<Algorithm>, skipped: Vec<Skipped>) -> Error {
    let purpose = algorithm.map_or("signatures", Algorithm::name).into();
    let code = match skipped.as_slice() {
        [] => {
            return refusal(
                ErrorCode::KeyKind,
                "the set holds no keys at all, and one for {} is wanted: give the user's public key",
                [purpose],
            );
        }
        [first, rest @ ..] if rest.iter().all(|other| other.code == first.code) => first.code,
        _ => ErrorCode::KeyKind,
    };
    let count = skipped.len();
    let mut whys: Vec<Shown> = skipped
        .into_iter()
        .take(MAX_NAMED)
        .map(|skipped| match is_set {
            true => Sentence::new("{}: {}", [skipped.name, skipped.why]).into(),
            false => skipped.why,
        })
        .collect();
    if count > MAX_NAMED {
        let more = Shown::from(count - MAX_NAMED);
        whys.push(Sentence::new("and {} more", [more]).into());
    }
    let whys = Shown::joined(whys, "; ");
    match is_set {
        true if count == 1 => refusal(
            code,
            "the one JWK of the set is not a key for {}: {}",
            [purpose, whys],
        ),
        true => refusal(
            code,
            "none of the {} JWKs is a key for {}: {}",
            [count.into(), purpose, whys],
        ),
        false => refusal(code, "the JWK is not a key for {}: {}", [purpose, whys]),
    }
}

/// The `kid`, or the place in the set.
fn name(key: &Json, index: usize) -> Shown {
    let kid = key.as_object().and_then(|key| key.present("kid"));
    match kid.and_then(Json::as_str) {
        Some(kid) => Shown::kid(kid),
        None => Sentence::new("number {} (without a kid)", [Shown::from(index + 1)]).into(),
    }
}

/// What a JWK says, where it is an RSA key for signatures.
fn read(key: &Json, algorithm: Option<Algorithm>) -> Result<Jwk, (ErrorCode, Sentence)> {
    let kind = |why| (ErrorCode::KeyKind, why);
    let format = |why| (ErrorCode::KeyFormat, why);
    let Some(key) = key.as_object() else {
        return Err(format(Sentence::new("it is not an object", [])));
    };
    let differs = |member: &'static str, expected: &'static str| {
        let found = match key.present(member) {
            None => "absent".into(),
            Some(Json::String(text)) => Shown::id(text),
            Some(other) => other.kind().into(),
        };
        kind(Sentence::new(
            "its {} is {} and must be {}",
            [member.into(), found, expected.into()],
        ))
    };
    let text = |name: &str| key.present(name).and_then(Json::as_str);

    if text("kty") != Some("RSA") {
        return Err(differs("kty", "\"RSA\""));
    }
    if key.present("use").is_some() && text("use") != Some("sig") {
        return Err(differs("use", "\"sig\""));
    }
    let own = text("alg").and_then(Algorithm::from_name);
    match (key.present("alg"), own, algorithm) {
        (None, ..) | (_, Some(_), None) => {}
        (_, Some(own), Some(wanted)) if own == wanted => {}
        (_, _, wanted) => {
            return Err(differs(
                "alg",
                wanted.map_or("one of RS256 to RS512 and PS256 to PS512", Algorithm::name),
            ));
        }
    }
    if let Some(operations) = key.present("key_ops") {
        let may = |name| {
            let operations = operations.as_array().unwrap_or_default();
            operations.iter().any(|op| op.as_str() == Some(name))
        };
        if !may("verify") {
            let why = match may("sign") {
                true => {
                    "its key_ops has \"sign\", which is the private key's, and lacks \"verify\""
                }
                false => "its key_ops lacks \"verify\"",
            };
            return Err(kind(Sentence::new(why, [])));
        }
    }
    let number = |name: &'static str| {
        let written = match key.present(name) {
            Some(Json::String(written)) => written,
            Some(_) => return Err(format(Sentence::new("its {} is not text", [name.into()]))),
            None => return Err(format(Sentence::new("it has no {}", [name.into()]))),
        };
        URL_SAFE_NO_PAD
            .decode(written)
            .map_err(|_| format(no_base64url(name, written)))
    };
    Ok(Jwk {
        modulus: number("n")?,
        exponent: number("e")?,
        kid: text("kid").map(str::to_owned),
        algorithm: own,
    })
}

/// What is wrong with a number of a JWK (RFC 7518, section 2: base64url without padding).
fn no_base64url(name: &'static str, written: &str) -> Sentence {
    let name = Shown::from(name);
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let place = written.bytes().position(|byte| !is_digit(byte));
    match (place, place.and_then(|at| written.as_bytes().get(at))) {
        (Some(_), Some(b'=')) => Sentence::new(
            "its {} has a =, and base64url of a JWK is not padded",
            [name],
        ),
        (Some(_), Some(b'+' | b'/')) => Sentence::new(
            "its {} is base64 with + and /, and a JWK writes - and _ for them",
            [name],
        ),
        (Some(at), _) => Sentence::new(
            "its {} is not base64url: see character {}",
            [name, (at + 1).into()],
        ),
        (None, _) => Sentence::new(
            "its {} is base64url of {} characters that ends in the middle of a byte",
            [name, written.len().into()],
        ),
    }
}

fn malformed(what: &'static str) -> Error {
    refusal(
        ErrorCode::KeyFormat,
        "the key file is JSON, but {}: see RFC 7517",
        [what.into()],
    )
}

/// Of how many keys the error says why.
const MAX_NAMED: usize = 8;
