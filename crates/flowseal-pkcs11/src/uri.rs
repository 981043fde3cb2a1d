//! The URI of a token's object (RFC 7512).

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use flowseal::{Error, ErrorCode};

use crate::failure::Failure;

/// Which object of which token is meant: `pkcs11:token=apps;object=app`.
///
/// What is not named is not asked for. Of the attributes in the path `token`, `manufacturer`,
/// `serial`, `model` and `slot-id` choose the token, and `object`, `id` and `type` the object. Any
/// other would narrow the choice by what nobody here understands, and is refused. Of the query,
/// `module-path` names the module; attributes that only other programs know are ignored, as RFC
/// 7512 has it. A PIN does not belong into a text that ends up in logs: `pin-value` and
/// `pin-source` are refused, and what stands there is not repeated.
///
/// ```
/// use flowseal_pkcs11::Uri;
///
/// let uri: Uri = "pkcs11:token=apps;id=%01%2f?module-path=/usr/lib/libsofthsm2.so".parse()?;
/// assert_eq!(uri.token(), Some("apps"));
/// assert_eq!(uri.id(), Some(&[0x01, 0x2f][..]));
/// assert!("pkcs11:token=apps?pin-value=1234".parse::<Uri>().is_err());
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uri {
    pub(crate) token: Option<String>,
    pub(crate) manufacturer: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) slot_id: Option<u64>,
    pub(crate) object: Option<String>,
    pub(crate) id: Option<Vec<u8>>,
    pub(crate) kind: Option<Kind>,
    module_path: Option<PathBuf>,
}

/// The `type` of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Certificate,
    Data,
    Private,
    Public,
    SecretKey,
}

impl Uri {
    /// How a text begins that is such a URI and no file's name.
    pub const SCHEME: &'static str = "pkcs11:";

    /// Reads a URI.
    ///
    /// # Errors
    /// `usage`, which names the attribute and never shows what stands in it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parsed(text).map_err(Error::from)
    }

    /// The token's label.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The object's label.
    pub fn object(&self) -> Option<&str> {
        self.object.as_deref()
    }

    /// The object's `CKA_ID`.
    pub fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }

    /// The module that the URI names. It is code that is loaded into this process: take such a URI
    /// from whoever may run programs here, and from nobody else.
    pub fn module_path(&self) -> Option<&Path> {
        self.module_path.as_deref()
    }

    /// Whether an object of this kind may be meant.
    pub(crate) fn allows(&self, kind: Kind) -> bool {
        self.kind.is_none_or(|own| own == kind)
    }
}

impl FromStr for Uri {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Certificate => "cert",
            Self::Data => "data",
            Self::Private => "private",
            Self::Public => "public",
            Self::SecretKey => "secret-key",
        }
    }
}

/// What chooses, without the module: for sentences.
impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::SCHEME)?;
        let id = self.id.as_deref().map(percent);
        let slot_id = self.slot_id.map(|id| id.to_string());
        let parts = [
            ("token", self.token.as_deref().map(encoded)),
            ("manufacturer", self.manufacturer.as_deref().map(encoded)),
            ("serial", self.serial.as_deref().map(encoded)),
            ("model", self.model.as_deref().map(encoded)),
            ("slot-id", slot_id),
            ("object", self.object.as_deref().map(encoded)),
            ("id", id),
            ("type", self.kind.map(|kind| kind.name().to_owned())),
        ];
        let given = parts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        for (at, (name, value)) in given.enumerate() {
            let separator = if at == 0 { "" } else { ";" };
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    }
}

fn parsed(text: &str) -> Result<Uri, Failure> {
    let rest = text.strip_prefix(Uri::SCHEME).ok_or_else(|| {
        usage("this does not begin with pkcs11:, as the URI of a token's key does")
    })?;
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let mut uri = Uri::default();
    for attribute in path.split(';').filter(|attribute| !attribute.is_empty()) {
        in_the_path(&mut uri, attribute)?;
    }
    let query = query.unwrap_or_default();
    for attribute in query.split('&').filter(|attribute| !attribute.is_empty()) {
        in_the_query(&mut uri, attribute)?;
    }
    Ok(uri)
}

fn in_the_path(uri: &mut Uri, attribute: &str) -> Result<(), Failure> {
    let (name, value) = name_and_value(attribute)?;
    match name {
        "token" => once(&mut uri.token, name, text(name, value)?),
        "manufacturer" => once(&mut uri.manufacturer, name, text(name, value)?),
        "serial" => once(&mut uri.serial, name, text(name, value)?),
        "model" => once(&mut uri.model, name, text(name, value)?),
        "object" => once(&mut uri.object, name, text(name, value)?),
        "id" => once(&mut uri.id, name, decoded(name, value)?),
        "slot-id" => {
            let id = text(name, value)?;
            let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
            let id = id.parse().ok().filter(|_| is_number);
            let id = id.ok_or_else(|| usage("its slot-id is not a number in decimal digits"))?;
            once(&mut uri.slot_id, name, id)
        }
        "type" => {
            let kind = match text(name, value)?.as_str() {
                "cert" => Kind::Certificate,
                "data" => Kind::Data,
                "private" => Kind::Private,
                "public" => Kind::Public,
                "secret-key" => Kind::SecretKey,
                _ => {
                    return Err(usage(
                        "its type is none of cert, data, private, public and secret-key",
                    ));
                }
            };
            once(&mut uri.kind, name, kind)
        }
        "pin-value" | "pin-source" => Err(pin_in_the_uri()),
        "module-path" | "module-name" => {
            let sentence =
                format!("its {name} stands in the path: write it behind a question mark");
            Err(usage(sentence))
        }
        _ => Err(usage(
            "it has an attribute that is none of token, manufacturer, serial, model, slot-id, \
             object, id and type: leave it out, since a choice that is half understood may be \
             another key's",
        )),
    }
}

fn in_the_query(uri: &mut Uri, attribute: &str) -> Result<(), Failure> {
    // Judged before it is taken apart: of a PIN nothing is shown, whatever is wrong with it.
    let begins = |name: &&str| {
        let beginning = attribute.as_bytes().get(..name.len());
        beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(name.as_bytes()))
    };
    if ["pin-value", "pin-source"].iter().any(begins) {
        return Err(pin_in_the_uri());
    }
    let (name, value) = name_and_value(attribute)?;
    match name {
        "module-path" => {
            let path = text(name, value)?;
            if path.is_empty() || path.contains(char::is_control) {
                let sentence = "its module-path is empty or has a control character in it, which \
                                no module's name has";
                return Err(usage(sentence));
            }
            once(&mut uri.module_path, name, PathBuf::from(path))
        }
        "module-name" => Err(usage(
            "it has a module-name, which leaves to chance what is loaded: name the file by \
             module-path",
        )),
        // It would choose, and nobody would look at it.
        "token" | "manufacturer" | "serial" | "model" | "slot-id" | "object" | "id" | "type" => {
            let sentence = format!(
                "its {name} stands behind the question mark: write it before, after a semicolon"
            );
            Err(usage(sentence))
        }
        _ => Ok(()),
    }
}

fn name_and_value(attribute: &str) -> Result<(&str, &str), Failure> {
    attribute
        .split_once('=')
        .ok_or_else(|| usage("one of its attributes has no equals sign"))
}

fn once<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), Failure> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(usage(format!("it has {name} twice"))),
    }
}

fn text(name: &str, value: &str) -> Result<String, Failure> {
    String::from_utf8(decoded(name, value)?)
        .map_err(|_| usage(format!("its {name} is not UTF-8 behind the percent signs")))
}

/// Percent-decoding (RFC 3986, section 2.1). A character that should have been encoded, such as a
/// space, is taken as it is: there is one thing it can mean.
fn decoded(name: &str, value: &str) -> Result<Vec<u8>, Failure> {
    let malformed = || {
        usage(format!(
            "its {name} has a percent sign without two hexadecimal digits behind it"
        ))
    };
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = digit().zip(digit()).ok_or_else(malformed)?;
                u8::try_from(high * 16 + low).map_err(|_| malformed())?
            }
            byte => byte,
        });
    }
    Ok(bytes)
}

/// Text as a URI has it.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&percent(&[byte])),
        }
    }
    encoded
}

/// Bytes as an `id` has them.
pub(crate) fn percent(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02x}")).collect()
}

fn pin_in_the_uri() -> Failure {
    usage(
        "it holds a PIN or says where one is, and a URI ends up in logs: take it out, and give a \
         file whose first line is the PIN (--pin-file)",
    )
}

fn usage(sentence: impl fmt::Display) -> Failure {
    Failure::new(
        ErrorCode::Usage,
        format!("the URI of a token's key: {sentence}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_taken_apart() {
        let text = "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=84;token=a%3bb;\
                    id=%00%FFab;object=%C3%A9;type=private;slot-id=7?module-path=/a%20b.so&x-c=%zz";
        let uri = Uri::parse(text).unwrap();
        assert_eq!(uri.model.as_deref(), Some("SoftHSM v2"));
        assert_eq!(uri.manufacturer.as_deref(), Some("SoftHSM project"));
        assert_eq!(uri.serial.as_deref(), Some("84"));
        assert_eq!(uri.token(), Some("a;b"));
        assert_eq!(uri.id(), Some(&b"\x00\xffab"[..]));
        assert_eq!(uri.object(), Some("é"));
        assert_eq!((uri.kind, uri.slot_id), (Some(Kind::Private), Some(7)));
        assert_eq!(uri.module_path(), Some(Path::new("/a b.so")));
    }

    #[test]
    fn what_is_shown_is_what_was_read() {
        let text = "pkcs11:token=a%3bb%20;serial=84;slot-id=7;object=%c3%a9;id=%00%ff;type=cert";
        let uri = Uri::parse(text).unwrap();
        assert_eq!(uri.to_string(), text);
        assert_eq!(Uri::parse(&uri.to_string()).unwrap(), uri);
    }

    #[test]
    fn what_is_not_named_is_not_asked_for() {
        assert_eq!(Uri::parse("pkcs11:").unwrap(), Uri::default());
    }

    #[test]
    fn a_uri_that_is_not_understood_is_refused() {
        for text in [
            "pkcs12:token=a",
            "PKCS11:token=a",
            "pkcs11:token",
            "pkcs11:token=a;token=a",
            "pkcs11:token=%",
            "pkcs11:token=%f",
            "pkcs11:token=%+1",
            "pkcs11:token=%ff",
            "pkcs11:slot-id=",
            "pkcs11:slot-id=+1",
            "pkcs11:slot-id=0x1",
            "pkcs11:slot-id=18446744073709551616",
            "pkcs11:type=key",
            "pkcs11:x-vendor=1",
            "pkcs11:library-version=3",
            "pkcs11:module-path=/a.so",
            "pkcs11:token=a?module-path=/a.so&module-path=/b.so",
            "pkcs11:token=a?module-name=softhsm2",
            "pkcs11:token=a?module-path=",
            "pkcs11:token=a?module-path=/a%00.so",
            "pkcs11:token=a?module-path=/a%0aerror",
            "pkcs11:token=a?object=app",
            "pkcs11:?token=a",
            "pkcs11:token=a?module-path=/a.so&id=%01",
        ] {
            let error = Uri::parse(text).unwrap_err();
            assert_eq!(error.code(), ErrorCode::Usage, "{text}");
        }
    }

    #[test]
    fn a_pin_in_a_uri_is_refused_and_not_repeated() {
        for text in [
            "pkcs11:token=a?pin-value=481516",
            "pkcs11:token=a?module-path=/a.so&pin-value=481516%",
            "pkcs11:token=a?pin-source=file:481516",
            "pkcs11:token=a;pin-value=481516",
            "pkcs11:pin-source=481516",
            "pkcs11:token=a?pin-value",
            "pkcs11:token=a?PIN-Value=481516",
        ] {
            let error = Uri::parse(text).unwrap_err();
            assert_eq!(error.code(), ErrorCode::Usage, "{text}");
            assert!(error.sentence().contains("--pin-file"), "{text}");
            assert!(!error.sentence().contains("481516"), "{text}");
        }
    }
}
