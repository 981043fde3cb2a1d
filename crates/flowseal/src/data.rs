//! What is data, for serde and for whoever reads text: names from closed lists, moments, reports.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::api::{ApiVersion, Endpoint, Environment};
use crate::error::{CodeClass, Error, ErrorCode, ErrorDetails};
use crate::flow::{FlowState, Mode};
use crate::ground::diagnosis::{Diagnosis, Finding};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::report::{Check, Outcome, Report, ReportedKey};
use crate::ground::tree::{Json, Object};
use crate::profile::{Algorithm, LeafEncoding, Padding, Profile, Trust};
use crate::shown::refusal;
use crate::time::UnixTime;

/// A name of a closed list: read from text, and by serde as that text.
macro_rules! named {
    ($($name:ident, $what:literal, $list:expr, $text:ident;)*) => {
        $(
            impl FromStr for $name {
                type Err = Error;

                /// Reads the stable name.
                ///
                /// # Errors
                /// `usage` for a name that is not on the list.
                fn from_str(name: &str) -> Result<Self, Error> {
                    let list: &[Self] = $list;
                    let mut known = list.iter().copied();
                    known.find(|known| known.$text() == name).ok_or_else(|| {
                        refusal(
                            ErrorCode::Usage,
                            concat!("this is not ", $what, ": give one of the names in its documentation"),
                            [],
                        )
                    })
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.$text())
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserialize_text(deserializer)
                }
            }
        )*
    };
}

named! {
    Algorithm, "an algorithm",
        &[Self::Rs256, Self::Rs384, Self::Rs512, Self::Ps256, Self::Ps384, Self::Ps512], name;
    ApiVersion, "a version of the API", &[Self::V1, Self::V2], as_str;
    Check, "a check of a report", Self::ALL, as_str;
    CodeClass, "a class of codes",
        &[Self::Caller, Self::Ended, Self::Fault, Self::Refused, Self::Response, Self::Retry], as_str;
    Endpoint, "an endpoint of the API",
        &[Self::Authorize, Self::Cancel, Self::Ping, Self::Polling, Self::Sse], as_str;
    Environment, "an environment of the API", &[Self::Production, Self::Sandbox], as_str;
    ErrorCode, "a code of an error", Self::ALL, as_str;
    Finding, "a finding of a diagnosis",
        &[Self::OtherAlgorithm, Self::OtherBytes, Self::OtherKey], as_str;
    FlowState, "a state of a flow",
        &[Self::Cancelled, Self::Complete, Self::OnSession, Self::Pending], as_str;
    LeafEncoding, "an encoding of leaves", &[Self::Auto, Self::Json, Self::Text], name;
    Outcome, "an outcome of a check",
        &[Self::Failed, Self::NotAsked, Self::NotChecked, Self::Passed], as_str;
    Padding, "a padding",
        &[Self::Pkcs1v15, Self::OaepSha1, Self::OaepSha256, Self::OaepSha256Mgf1Sha1], name;
    Trust, "a level of trust", &[Self::Signed, Self::Received], name;
}

impl From<&str> for Mode {
    /// The mode of this name on the wire; also one that this library does not know.
    fn from(name: &str) -> Self {
        Self::from_name(name)
    }
}

impl FromStr for Profile {
    type Err = Error;

    /// Reads a profile file: see [`Profile::from_json`].
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_json(text.as_bytes())
    }
}

/// What has a form in JSON, which serde gets.
macro_rules! written_as_json {
    ($($name:ident),*) => {
        $(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    self.to_json().serialize(serializer)
                }
            }
        )*
    };
}

written_as_json!(Diagnosis, ErrorDetails, Profile, Report, ReportedKey);

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Array(elements) => elements.serialize(serializer),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Null => serializer.serialize_unit(),
            Self::Number(number) => match self.as_integer() {
                Some(integer) => match (i64::try_from(integer), u64::try_from(integer)) {
                    (Ok(integer), _) => serializer.serialize_i64(integer),
                    (_, Ok(integer)) => serializer.serialize_u64(integer),
                    _ => serializer.serialize_i128(integer),
                },
                None => match number.to_string().parse() {
                    Ok(number) => serializer.serialize_f64(number),
                    Err(_) => serializer.serialize_unit(),
                },
            },
            Self::Object(object) => object.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Fingerprint {
    /// Lower-case hexadecimal.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for UnixTime {
    /// Whole Unix seconds.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.seconds())
    }
}

impl<'de> Deserialize<'de> for UnixTime {
    /// Reads whole Unix seconds, and refuses milliseconds.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        Self::from_seconds(seconds).map_err(D::Error::custom)
    }
}

fn deserialize_text<'de, T: FromStr<Err = Error>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Text<T>(std::marker::PhantomData<T>);

    impl<T: FromStr<Err = Error>> serde::de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a name")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Text(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::secret::SecretText;

    #[test]
    fn names_are_read_as_they_are_written() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(serde_json::from_str::<ErrorCode>(&json).unwrap(), *code);
            assert_eq!(code.as_str().parse::<ErrorCode>().unwrap(), *code);
        }
        for check in Check::ALL {
            assert_eq!(check.as_str().parse::<Check>().unwrap(), *check);
        }
        let read = |name: &str| name.parse::<Padding>().map(Padding::name);
        for name in ["rsaes-pkcs1-v1_5", "rsaes-oaep-sha256-mgf1-sha1"] {
            assert_eq!(read(name).unwrap(), name);
        }
        assert_eq!(
            "RS257".parse::<Algorithm>().unwrap_err().code(),
            ErrorCode::Usage
        );
        assert!(serde_json::from_str::<Environment>("\"moon\"").is_err());
    }

    #[test]
    fn values_come_as_they_are_shown() {
        let text = r#"{"a":[1,-2,1.5,18446744073709551615,null,true],"b":{"c":"é\n"}}"#;
        let tree = crate::json::parse(text.as_bytes(), &crate::limits::Limits::default()).unwrap();
        assert_eq!(serde_json::to_string(&tree).unwrap(), tree.to_string());

        let profile = Profile::default();
        let json = serde_json::to_string(&profile).unwrap();
        assert_eq!(json.parse::<Profile>().unwrap(), profile);

        let moment: UnixTime = serde_json::from_str("1716820121").unwrap();
        assert_eq!(serde_json::to_string(&moment).unwrap(), "1716820121");
        assert!(serde_json::from_str::<UnixTime>("1716820121000").is_err());
        let secret: SecretText = serde_json::from_str("\"snb_\\u0031\"").unwrap();
        assert_eq!(secret.expose_secret(), "snb_1");
    }
}
