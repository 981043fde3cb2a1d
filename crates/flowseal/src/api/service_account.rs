//! Service account files: an app's identifiers, credentials and key pair, as pasby's console gives
//! them.

use std::fmt;

use crate::error::{Error, ErrorCode};
use crate::ground::secret::{SecretBytes, SecretText};
use crate::ground::tree::{Json, Object};
use crate::keys::{DecryptingKey, DecryptingKeyOptions, Halves};
use crate::limits::Limits;
use crate::shown::{Shown, refusal, short};
use crate::text_file::secret_json;

mod archive;

use archive::Files;

/// A service account: `config.json` and the PEM files beside it, as a zip or apart.
///
/// The files are told apart by content and paired by modulus; their names mean nothing. The two
/// key strings inside `config.json` are scrambled by pasby and never used: the PEM files are the
/// keys. Whatever is secret is held in memory that is wiped; what was passed in is the caller's to
/// wipe.
///
/// ```
/// # use flowseal::api::ServiceAccount;
/// # use flowseal::testkit;
/// # let (private, public) = (testkit::Sample::APP_PRIVATE_PEM, testkit::KeyPair::sample_app()?);
/// let config = br#"{"type": "app", "appid": "app_1", "consumer": "bcn_1", "secret": "snb_1",
///     "apikeys": {"live": "bk-live_1", "test": "bk-test_1"}}"#;
/// let account = ServiceAccount::from_parts(config, [public.public_pem(), private])?;
/// assert_eq!(account.app_id(), Some("app_1"));
/// assert_eq!(account.test_api_key().unwrap().expose_secret(), "bk-test_1");
/// assert_eq!(account.decrypting_key()?.bits(), 2048);
/// # Ok::<(), flowseal::Error>(())
/// ```
pub struct ServiceAccount {
    config: Config,
    /// The file that holds the private key.
    private: Option<SecretBytes>,
    /// The moduli of the public keys and certificates.
    public: Vec<Vec<u8>>,
}

impl ServiceAccount {
    /// Reads the zip as it comes from pasby's console.
    ///
    /// # Errors
    /// `service_account` for a zip that is damaged, encrypted or out of bounds, that holds no
    /// `config.json` or several, and those of [`from_parts`](Self::from_parts).
    pub fn from_zip(zip: &[u8]) -> Result<Self, Error> {
        let Files { configs, pems } = Files::unpack(zip)?;
        match configs.as_slice() {
            [config] => Self::from_parts(
                config.expose_secret(),
                pems.iter().map(SecretBytes::expose_secret),
            ),
            [] => Err(account_error(
                "expected a config.json in the zip and found none beside {} PEM files: give the zip as pasby's console made it",
                [pems.len().into()],
            )),
            several => Err(ambiguous(several)),
        }
    }

    /// Reads the parts of a zip that was unpacked: the text of `config.json`, and every PEM file.
    ///
    /// # Errors
    /// `service_account` for a `config.json` that is not one, several private keys, or a private
    /// key without its public half among the public keys.
    pub fn from_parts(
        config: &[u8],
        pems: impl IntoIterator<Item = impl AsRef<[u8]>>,
    ) -> Result<Self, Error> {
        let config = Config::read(config)?;
        let mut files = Vec::new();
        let mut found = Halves::default();
        for pem in pems {
            let halves = Halves::of(pem.as_ref());
            if !halves.private.is_empty() {
                files.push(SecretBytes::copied_from(pem.as_ref()));
            }
            found.private.extend(halves.private);
            found.public.extend(halves.public);
            found.names.extend(halves.names);
        }

        // One key in two forms is one key; what is encrypted may be any key.
        let mut private = Vec::new();
        for modulus in found.private {
            if modulus.is_none() || !private.contains(&modulus) {
                private.push(modulus);
            }
        }
        if private.len() > 1 {
            return Err(account_error(
                "expected one private key and found {}: keep the app's own, and its public half",
                [Shown::joined(found.names, " and ")],
            ));
        }
        let account = Self {
            config,
            private: files.into_iter().next(),
            public: found.public,
        };
        match private.into_iter().next() {
            None if !found.names.is_empty() => Err(account_error(
                "expected a private key and found {}: give every PEM file of the service account",
                [Shown::joined(found.names, " and ")],
            )),
            Some(Some(modulus)) => account.check_pair(&modulus).map(|()| account),
            _ => Ok(account),
        }
    }

    /// The app's private key, for RSAES-PKCS1-v1_5.
    ///
    /// # Errors
    /// Those of [`decrypting_key_with`](Self::decrypting_key_with).
    pub fn decrypting_key(&self) -> Result<DecryptingKey, Error> {
        self.decrypting_key_with(&DecryptingKey::options())
    }

    /// The app's private key with a passphrase, a padding, a profile or a name.
    ///
    /// ```
    /// # use flowseal::api::ServiceAccount;
    /// # use flowseal::profile::Padding;
    /// # use flowseal::{testkit, DecryptingKey};
    /// # let pem = testkit::Sample::APP_PRIVATE_PEM;
    /// let account = ServiceAccount::from_parts(br#"{"type": "app", "appid": "app_1"}"#, [pem])?;
    /// let options = DecryptingKey::options().with_padding(Padding::OaepSha256);
    /// assert_eq!(account.decrypting_key_with(&options)?.padding(), Padding::OaepSha256);
    /// # Ok::<(), flowseal::Error>(())
    /// ```
    ///
    /// # Errors
    /// `service_account` for an account that is not an app's (the organisation's key opens no
    /// claims), that has no private key, or whose encrypted key has no public half; and those of
    /// [`DecryptingKeyOptions::load`].
    pub fn decrypting_key_with(
        &self,
        options: &DecryptingKeyOptions,
    ) -> Result<DecryptingKey, Error> {
        if let AccountKind::Other(found) = &self.config.kind {
            return Err(account_error(
                "expected an app's service account and found one of type {}, the organisation's: its key opens no claims, so give the app's",
                [Shown::id(found)],
            ));
        }
        let private = self.private.as_ref().ok_or_else(|| {
            account_error(
                "expected a private key beside config.json and found no PEM file: give every file of the service account",
                [],
            )
        })?;
        let key = options.load(private.expose_secret())?;
        self.check_pair(key.public().modulus())?;
        Ok(key)
    }

    /// `type`: whose account it is.
    pub fn kind(&self) -> &AccountKind {
        &self.config.kind
    }

    /// `appid`: the app, `app_…`.
    pub fn app_id(&self) -> Option<&str> {
        self.config.app_id.as_deref()
    }

    /// `consumer`: the organisation, `bcn_…`.
    pub fn organisation_id(&self) -> Option<&str> {
        self.config.organisation_id.as_deref()
    }

    /// `secret`: the app secret, for `x-access-secret`.
    pub fn app_secret(&self) -> Option<&SecretText> {
        self.config.secret.as_ref()
    }

    /// `apikeys.live`: the organisation's API key in production, for `x-api-key`.
    pub fn live_api_key(&self) -> Option<&SecretText> {
        self.config.live_api_key.as_ref()
    }

    /// `apikeys.test`: the organisation's API key in the sandbox, for `x-api-key`.
    pub fn test_api_key(&self) -> Option<&SecretText> {
        self.config.test_api_key.as_ref()
    }

    /// Refuses a private key that belongs to none of the public keys, where there are any.
    fn check_pair(&self, modulus: &[u8]) -> Result<(), Error> {
        if self.public.is_empty() || self.public.iter().any(|public| public == modulus) {
            return Ok(());
        }
        Err(account_error(
            "expected the two halves of one key pair and found a private and a public key of two: give the files of one service account",
            [],
        ))
    }
}

impl fmt::Debug for ServiceAccount {
    /// The identifiers alone, shortened: what stands in their places may be the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount")
            .field("kind", self.kind())
            .field("app_id", &short(self.app_id()))
            .field("organisation_id", &short(self.organisation_id()))
            .finish_non_exhaustive()
    }
}

/// Whose a service account is.
#[non_exhaustive]
#[derive(Clone, Eq, PartialEq)]
pub enum AccountKind {
    /// An app's: its key opens the claims of the app's flows.
    App,
    /// Not an app's, so the organisation's. Its `type` is documented nowhere; this is it.
    Other(String),
}

impl fmt::Debug for AccountKind {
    /// A `type` that is not known, shortened.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::App => f.write_str("App"),
            Self::Other(found) => write!(f, "Other({})", Shown::id(found)),
        }
    }
}

/// What `config.json` says.
struct Config {
    kind: AccountKind,
    app_id: Option<String>,
    organisation_id: Option<String>,
    secret: Option<SecretText>,
    live_api_key: Option<SecretText>,
    test_api_key: Option<SecretText>,
}

impl Config {
    fn read(text: &[u8]) -> Result<Self, Error> {
        // The whole tree is wiped: the scrambled key strings too, which may be undone one day.
        let tree = secret_json(text, "config.json", &Limits::default())
            .map_err(|no_json| no_json.sentence.error(ErrorCode::ServiceAccount))?;
        let config = tree.as_object().ok_or_else(|| {
            account_error(
                "config.json must be an object, and is {}",
                [tree.kind().into()],
            )
        })?;
        let app_id = member(config, "appid")?.map(str::to_owned);
        let kind = match member(config, "type")? {
            Some("app") if app_id.is_none() => {
                return Err(account_error(
                    "config.json is an app's and has no appid: give the file as pasby's console made it",
                    [],
                ));
            }
            Some("app") => AccountKind::App,
            Some(other) => AccountKind::Other(other.to_owned()),
            None => {
                return Err(account_error(
                    "expected config.json to say whose it is and found no type: give the file as pasby's console made it",
                    [],
                ));
            }
        };
        let none = Object::default();
        let api_keys = match config.present("apikeys") {
            None => &none,
            Some(Json::Object(api_keys)) => api_keys,
            Some(other) => return Err(wrong("apikeys", "an object", other)),
        };
        Ok(Self {
            kind,
            app_id,
            organisation_id: member(config, "consumer")?.map(str::to_owned),
            secret: member(config, "secret")?.map(SecretText::copied_from),
            live_api_key: member(api_keys, "live")?.map(SecretText::copied_from),
            test_api_key: member(api_keys, "test")?.map(SecretText::copied_from),
        })
    }
}

/// A text of `config.json`. An empty one is what a console writes where there is nothing.
fn member<'a>(config: &'a Object, name: &'static str) -> Result<Option<&'a str>, Error> {
    match config.present(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(other) => Err(wrong(name, "a string", other)),
    }
}

/// Several accounts in one zip, named by what they call themselves.
fn ambiguous(configs: &[SecretBytes]) -> Error {
    let names: Vec<_> = configs
        .iter()
        .map(|config| match Config::read(config.expose_secret()) {
            Ok(config) => config
                .app_id
                .or(config.organisation_id)
                .map_or("one without a name".into(), |name| Shown::id(&name)),
            Err(_) => "one that cannot be read".into(),
        })
        .collect();
    account_error(
        "expected one service account in the zip and found {}: {}: give the zip of the app that is meant",
        [names.len().into(), Shown::joined(names, ", ")],
    )
}

fn wrong(name: &'static str, expected: &'static str, found: &Json) -> Error {
    account_error(
        "config.json's {} must be {}, and is {}: give the file as pasby's console made it",
        [name.into(), expected.into(), found.kind().into()],
    )
}

fn account_error<const N: usize>(words: &'static str, shown: [Shown; N]) -> Error {
    refusal(ErrorCode::ServiceAccount, words, shown)
}

#[cfg(test)]
mod tests {
    use super::archive::packed;
    use super::*;
    use crate::profile::Padding;

    const CONFIG: &str = r#"{"type": "app", "appid": "app_1", "consumer": "bcn_1",
        "secret": "snb_1", "privatekey": "munched", "publickey": "munched", "colour": "blue",
        "apikeys": {"live": "", "test": "bk-test_1"}}"#;

    macro_rules! key {
        ($name:literal) => {
            include_str!(concat!("../../tests/vectors/keys/", $name))
        };
    }

    const PRIVATE: &str = key!("app-2048.pem");
    const PUBLIC: &str = key!("app-2048.pub.pem");
    const ENCRYPTED: &str = key!("app-2048.encrypted.pem");
    const STRANGER: &str = key!("other-2048.pub.pem");

    fn parts(config: &str, pems: &[&str]) -> Result<ServiceAccount, String> {
        ServiceAccount::from_parts(config.as_bytes(), pems).map_err(|error| sentence(&error))
    }

    fn zip(files: &[(&str, &str)]) -> Result<ServiceAccount, String> {
        ServiceAccount::from_zip(&packed(files)).map_err(|error| sentence(&error))
    }

    fn sentence(error: &Error) -> String {
        assert_eq!(error.code(), ErrorCode::ServiceAccount, "{error}");
        error.to_string()
    }

    #[test]
    fn a_zip_gives_the_app_with_its_key() {
        let account = zip(&[
            ("bivra/config.json", CONFIG),
            ("bivra/public.pem", PRIVATE),
            ("bivra/private.PEM", PUBLIC),
            ("bivra/read me.txt", "hello"),
            ("__MACOSX/bivra/._public.pem", "\0\u{5}\u{16}\u{7}"),
        ])
        .unwrap();
        assert_eq!(account.kind(), &AccountKind::App);
        assert_eq!(account.app_id(), Some("app_1"));
        assert_eq!(account.organisation_id(), Some("bcn_1"));
        assert_eq!(account.app_secret().unwrap().expose_secret(), "snb_1");
        assert_eq!(account.test_api_key().unwrap().expose_secret(), "bk-test_1");
        assert!(account.live_api_key().is_none());
        let fingerprint = account.decrypting_key().unwrap().fingerprint();
        let expected = DecryptingKey::load(PRIVATE.as_bytes()).unwrap();
        assert_eq!(fingerprint, expected.fingerprint());

        let shown = format!("{account:?}");
        assert!(shown.contains("app_1") && !shown.contains("snb_") && !shown.contains("bk-"));
    }

    #[test]
    fn a_zip_that_python_made_is_read() {
        let zip = include_bytes!("../../tests/vectors/service-account/app.zip");
        let account = ServiceAccount::from_zip(zip).unwrap();
        assert_eq!(account.app_id(), Some("app_sample"));
        assert!(account.decrypting_key().is_ok());
    }

    #[test]
    fn names_that_climb_out_of_their_folder_are_names() {
        let account = zip(&[
            ("../../etc/config.json", CONFIG),
            ("C:\\..\\a.pem", PRIVATE),
        ]);
        assert!(account.unwrap().decrypting_key().is_ok());
    }

    #[test]
    fn one_key_in_two_forms_is_one_key() {
        let account = parts(CONFIG, &[PRIVATE, PUBLIC, key!("app-2048.pkcs1.pem")]).unwrap();
        assert!(account.decrypting_key().is_ok());
    }

    #[test]
    fn an_encrypted_key_is_paired_when_it_is_opened() {
        let options = || DecryptingKey::options().with_passphrase(b"correct horse");
        let account = parts(CONFIG, &[ENCRYPTED, PUBLIC]).unwrap();
        let options_of_a_profile = options().with_padding(Padding::OaepSha256);
        assert!(account.decrypting_key_with(&options_of_a_profile).is_ok());
        let without = account.decrypting_key().unwrap_err();
        assert_eq!(without.code(), ErrorCode::KeyPassphrase);

        let account = parts(CONFIG, &[ENCRYPTED, STRANGER]).unwrap();
        let error = account.decrypting_key_with(&options()).unwrap_err();
        assert!(sentence(&error).contains("two halves of one key pair"));
    }

    #[test]
    fn parts_that_do_not_belong_together_are_named() {
        for (pems, words) in [
            (&[PRIVATE, STRANGER][..], "two halves of one key pair"),
            (
                &[PRIVATE, key!("other-2048.pem")],
                "found an RSA private key (PKCS#8) and an RSA private key (PKCS#8)",
            ),
            (&[PRIVATE, ENCRYPTED], "and an encrypted private key"),
            (&[ENCRYPTED, ENCRYPTED], "and an encrypted private key"),
            (&[PUBLIC], "found an RSA public key"),
            (&[key!("ec.pem")], "found a private key that is not RSA"),
            (&["hello"], "found a file that is not a key"),
        ] {
            let error = parts(CONFIG, pems).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn the_organisation_s_account_has_credentials_and_no_key_for_claims() {
        let config =
            r#"{"type": "organization", "consumer": "bcn_1", "apikeys": {"live": "bk-live_1"}}"#;
        let account = zip(&[("config.json", config), ("a.pem", PRIVATE)]).unwrap();
        assert_eq!(
            account.kind(),
            &AccountKind::Other("organization".to_owned())
        );
        assert_eq!(account.live_api_key().unwrap().expose_secret(), "bk-live_1");
        let error = sentence(&account.decrypting_key().unwrap_err());
        assert!(
            error.contains(r#"one of type "orga…" (12 characters), the organisation's"#),
            "{error}"
        );
    }

    #[test]
    fn config_json_alone_has_credentials_and_no_key() {
        let account = zip(&[("config.json", CONFIG)]).unwrap();
        assert_eq!(account.app_secret().unwrap().expose_secret(), "snb_1");
        let error = sentence(&account.decrypting_key().unwrap_err());
        assert!(error.contains("found no PEM file"), "{error}");
    }

    #[test]
    fn the_zip_holds_one_account() {
        let error = zip(&[("a.pem", PRIVATE), ("b.pem", PUBLIC)]).unwrap_err();
        assert!(error.contains("found none beside 2 PEM files"), "{error}");
        let other = CONFIG.replace("app_1", "app_2");
        let error = zip(&[
            ("one/config.json", CONFIG),
            ("two/config.json", &other),
            ("config.json", "{"),
        ])
        .unwrap_err();
        assert!(
            error.contains(r#""app_1", "app_2", one that cannot be read"#),
            "{error}"
        );
    }

    #[test]
    fn a_config_that_is_none_is_refused_without_its_secrets() {
        for (config, words) in [
            ("", "this is an empty file"),
            (
                r#"{"secret": "snb_1", "secret": "snb_1"}"#,
                "has a member twice in one object",
            ),
            ("[]", "must be an object"),
            ("{}", "found no type"),
            (r#"{"type": "app", "appid": ""}"#, "has no appid"),
            (r#"{"type": 1}"#, "type must be a string, and is a number"),
            (
                r#"{"type": "app", "appid": "a", "secret": ["snb_1"]}"#,
                "secret must be a string",
            ),
            (
                r#"{"type": "app", "appid": "a", "apikeys": "snb_1"}"#,
                "apikeys must be an object",
            ),
        ] {
            let error = parts(config, &[PRIVATE]).unwrap_err();
            assert!(error.contains(words), "{error}");
            assert!(!error.contains("snb_1"), "{error}");
        }
    }
}
