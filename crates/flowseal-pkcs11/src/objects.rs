//! What a token holds: keys and certificates, and the public half of a private key.

use cryptoki::object::{
    Attribute, AttributeInfo, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle,
};
use cryptoki::session::Session;
use flowseal::{ErrorCode, Fingerprint, VerifyingKey};

use crate::failure::{Failure, Stop};
use crate::token::{Token, shown};
use crate::uri::{Kind, Uri, percent};

/// A private key, found.
pub(crate) struct PrivateObject {
    pub(crate) handle: ObjectHandle,
    pub(crate) public: PublicHalf,
    /// Every operation wants a login of its own.
    pub(crate) asks_each_time: bool,
}

/// A public half, as a token gives it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PublicHalf {
    pub(crate) modulus: Vec<u8>,
    pub(crate) exponent: Vec<u8>,
}

impl PublicHalf {
    /// The modulus' length in bytes.
    pub(crate) fn size(&self) -> usize {
        trimmed(&self.modulus).len()
    }

    pub(crate) fn is_of(&self, modulus: &[u8]) -> bool {
        trimmed(&self.modulus) == trimmed(modulus)
    }
}

/// The one private RSA key that a URI means, of a session that is logged in.
pub(crate) fn private_key(
    token: &Token,
    session: &Session,
    uri: &Uri,
) -> Result<PrivateObject, Stop> {
    if !uri.allows(Kind::Private) {
        let sentence = format!("{uri} asks for no private key by its type: leave the type out");
        return Err(Failure::new(ErrorCode::KeyKind, sentence).into());
    }
    let mut template = vec![
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::KeyType(KeyType::RSA),
    ];
    narrow(&mut template, uri);
    let mut found = Vec::new();
    let mut not_for_this = 0;
    for handle in session.find_objects(&template)? {
        // What is for signatures alone is not what is meant, under whatever name it stands.
        match flag(session, handle, AttributeType::Decrypt)? {
            Some(false) => not_for_this += 1,
            _ => found.push(handle),
        }
    }
    let handle = match found.as_slice() {
        [handle] => *handle,
        [] => return Err(none(token, session, uri, not_for_this)?.into()),
        several => {
            let names: Result<Vec<_>, _> = several
                .iter()
                .map(|handle| name(session, *handle))
                .collect();
            let sentence = format!(
                "several private RSA keys of {token} match {uri}: name one by object and id: {}",
                names?.join(", ")
            );
            return Err(Failure::new(ErrorCode::KeyAmbiguous, sentence).into());
        }
    };
    Ok(PrivateObject {
        handle,
        public: public_half(token, session, handle)?,
        asks_each_time: flag(session, handle, AttributeType::AlwaysAuthenticate)? == Some(true),
    })
}

/// How another session finds a private key that this one has found: by what tells it from others.
pub(crate) fn likeness(session: &Session, handle: ObjectHandle) -> Result<Vec<Attribute>, Stop> {
    let mut likeness = vec![
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::KeyType(KeyType::RSA),
        Attribute::Token(true),
    ];
    let named: [(_, fn(_) -> _); 3] = [
        (AttributeType::Modulus, Attribute::Modulus),
        (AttributeType::Id, Attribute::Id),
        (AttributeType::Label, Attribute::Label),
    ];
    for (kind, attribute) in named {
        if let Some(value) = bytes(session, handle, kind)?.filter(|value| !value.is_empty()) {
            likeness.push(attribute(value));
        }
    }
    Ok(likeness)
}

/// The public half of a private key: of its own attributes, or of the public key or certificate
/// with the same `CKA_ID`. Where several say something, they have to say the same.
pub(crate) fn public_half(
    token: &Token,
    session: &Session,
    private: ObjectHandle,
) -> Result<PublicHalf, Stop> {
    let own_modulus = bytes(session, private, AttributeType::Modulus)?;
    let own_exponent = bytes(session, private, AttributeType::PublicExponent)?;
    let own_exponent = own_exponent.filter(|exponent| !exponent.is_empty());
    if let (Some(modulus), Some(exponent)) = (&own_modulus, own_exponent)
        && !modulus.is_empty()
    {
        return Ok(PublicHalf {
            modulus: modulus.clone(),
            exponent,
        });
    }

    let mut halves = Vec::new();
    let id = bytes(session, private, AttributeType::Id)?.filter(|id| !id.is_empty());
    if let Some(id) = id {
        halves = public_halves(session, &[Attribute::Id(id)])?;
    }
    if let Some(modulus) = own_modulus.filter(|modulus| !modulus.is_empty()) {
        halves.retain(|half| half.is_of(&modulus));
    }
    halves.dedup();
    match halves.as_slice() {
        [half] => Ok(half.clone()),
        [] => Err(Failure::new(
            ErrorCode::KeyKind,
            format!(
                "the private key {} of {token} comes without its public half: store the public \
                 key or a certificate beside it, under the same id",
                name(session, private)?
            ),
        )
        .into()),
        _ => Err(Failure::new(
            ErrorCode::KeyAmbiguous,
            format!(
                "the private key {} of {token} has several public keys under its id: leave the \
                 one that is its own",
                name(session, private)?
            ),
        )
        .into()),
    }
}

/// The public halves of the public keys and certificates that a template describes.
fn public_halves(session: &Session, chosen: &[Attribute]) -> Result<Vec<PublicHalf>, Stop> {
    let mut halves = Vec::new();
    for handle in of_class(session, ObjectClass::PUBLIC_KEY, chosen)? {
        let modulus = bytes(session, handle, AttributeType::Modulus)?;
        let exponent = bytes(session, handle, AttributeType::PublicExponent)?;
        if let (Some(modulus), Some(exponent)) = (modulus, exponent) {
            halves.push(PublicHalf { modulus, exponent });
        }
    }
    for handle in of_class(session, ObjectClass::CERTIFICATE, chosen)? {
        if let Some(der) = certificate(session, handle)?
            && let Ok(key) = VerifyingKey::options().allow_exponent_three().load(&der)
        {
            halves.push(PublicHalf {
                modulus: key.modulus().to_vec(),
                exponent: key.exponent().to_be_bytes().to_vec(),
            });
        }
    }
    // The same number, whatever zeros stand before it.
    for half in &mut halves {
        half.modulus = trimmed(&half.modulus).to_vec();
        half.exponent = trimmed(&half.exponent).to_vec();
    }
    halves.sort_by(|a, b| (&a.modulus, &a.exponent).cmp(&(&b.modulus, &b.exponent)));
    halves.dedup();
    Ok(halves)
}

/// The verifying keys that a URI means, of the objects that this session sees.
pub(crate) fn verifying_keys(session: &Session, uri: &Uri) -> Result<Vec<VerifyingKey>, Stop> {
    let mut keys: Vec<VerifyingKey> = Vec::new();
    for listed in list(session, uri)? {
        let is_asked_for = match listed.kind {
            TokenObjectKind::PrivateKey => uri.allows(Kind::Private),
            TokenObjectKind::PublicKey => uri.allows(Kind::Public),
            TokenObjectKind::Certificate => uri.allows(Kind::Certificate),
            TokenObjectKind::Other => false,
        };
        let Some(key) = listed.public.filter(|_| is_asked_for && listed.verifies) else {
            continue;
        };
        match keys
            .iter_mut()
            .find(|other| other.fingerprint() == key.fingerprint())
        {
            None => keys.push(key),
            // A certificate says whose key it is.
            Some(other) if other.subject().is_none() => *other = key,
            Some(_) => {}
        }
    }
    Ok(keys)
}

/// Whether a token shows, to whoever is not logged in, that it holds what is meant.
pub(crate) fn any_shown(session: &Session, uri: &Uri) -> Result<bool, Stop> {
    let mut template = Vec::new();
    narrow(&mut template, uri);
    for class in [
        ObjectClass::PRIVATE_KEY,
        ObjectClass::PUBLIC_KEY,
        ObjectClass::CERTIFICATE,
    ] {
        if !of_class(session, class, &template)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Something that a token holds, as far as it shows it.
///
/// ```no_run
/// use flowseal_pkcs11::{TokenObjectKind, TokenOptions, Uri};
///
/// let uri = Uri::parse("pkcs11:token=apps")?;
/// for object in TokenOptions::new().list(&uri)? {
///     if object.kind() == TokenObjectKind::PrivateKey {
///         println!("{:?}: {:?} bits", object.label(), object.bits());
///     }
/// }
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenObject {
    kind: TokenObjectKind,
    token: String,
    label: Option<String>,
    id: Vec<u8>,
    bits: Option<usize>,
    /// As it is taken for opening, which is more than what verifies.
    public: Option<VerifyingKey>,
    verifies: bool,
    opens: bool,
    note: Option<String>,
}

/// What a token's object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenObjectKind {
    /// A private RSA key.
    PrivateKey,
    /// A public RSA key.
    PublicKey,
    /// An X.509 certificate, as the container of its key.
    Certificate,
    /// A key of another kind, or data.
    Other,
}

impl TokenObject {
    /// What it is.
    pub fn kind(&self) -> TokenObjectKind {
        self.kind
    }

    /// The label of the token that holds it.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Its `CKA_LABEL`; `None` where it has none.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// Its `CKA_ID`, which may be empty.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// The modulus' length in bits; `None` where the token does not tell.
    pub fn bits(&self) -> Option<usize> {
        self.bits
    }

    /// Its public half, which verifies; `None` where the token does not show one, or it is not one
    /// that is used for that.
    pub fn public(&self) -> Option<&VerifyingKey> {
        self.public.as_ref().filter(|_| self.verifies)
    }

    /// Its fingerprint: also of a key that opens and does not verify, whose public exponent is 3.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.public.as_ref().map(VerifyingKey::fingerprint)
    }

    /// Whether claims can be opened with it.
    pub fn opens(&self) -> bool {
        self.opens
    }

    /// What stands in the way of using it, for people.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// Everything that a session sees and a URI means.
pub(crate) fn list(session: &Session, uri: &Uri) -> Result<Vec<TokenObject>, Stop> {
    let mut template = Vec::new();
    narrow(&mut template, uri);
    let mut listed = Vec::new();
    for handle in session.find_objects(&template)? {
        if let Some(object) = describe(session, handle)?
            && object.is_asked_for(uri)
        {
            listed.push(object);
        }
    }
    Ok(listed)
}

impl TokenObject {
    pub(crate) fn in_token(mut self, token: &Token) -> Self {
        token.name.label.clone_into(&mut self.token);
        self
    }

    fn is_asked_for(&self, uri: &Uri) -> bool {
        match self.kind {
            TokenObjectKind::PrivateKey => uri.allows(Kind::Private),
            TokenObjectKind::PublicKey => uri.allows(Kind::Public),
            TokenObjectKind::Certificate => uri.allows(Kind::Certificate),
            TokenObjectKind::Other => true,
        }
    }
}

/// `None` for what the token keeps for itself, such as its mechanisms.
fn describe(session: &Session, handle: ObjectHandle) -> Result<Option<TokenObject>, Stop> {
    let class = session
        .get_attributes(handle, &[AttributeType::Class])?
        .into_iter()
        .find_map(|attribute| match attribute {
            Attribute::Class(class) => Some(class),
            _ => None,
        });
    let is_rsa = || {
        let attributes = session.get_attributes(handle, &[AttributeType::KeyType]);
        attributes.is_ok_and(|found| found.contains(&Attribute::KeyType(KeyType::RSA)))
    };
    let kind = match class {
        Some(ObjectClass::PRIVATE_KEY) if is_rsa() => TokenObjectKind::PrivateKey,
        Some(ObjectClass::PUBLIC_KEY) if is_rsa() => TokenObjectKind::PublicKey,
        Some(ObjectClass::CERTIFICATE) => TokenObjectKind::Certificate,
        Some(
            ObjectClass::PRIVATE_KEY
            | ObjectClass::PUBLIC_KEY
            | ObjectClass::SECRET_KEY
            | ObjectClass::DATA,
        ) => TokenObjectKind::Other,
        _ => return Ok(None),
    };
    let label = bytes(session, handle, AttributeType::Label)?;
    let label = label.filter(|label| !label.is_empty());
    let mut object = TokenObject {
        kind,
        token: String::new(),
        label: label.map(|label| String::from_utf8_lossy(&label).into_owned()),
        id: bytes(session, handle, AttributeType::Id)?.unwrap_or_default(),
        bits: None,
        public: None,
        verifies: false,
        opens: false,
        note: None,
    };
    let public = match kind {
        TokenObjectKind::PrivateKey | TokenObjectKind::PublicKey => {
            numbers(session, handle, &mut object)?
        }
        TokenObjectKind::Certificate => {
            let der = certificate(session, handle)?;
            der.map(|der| VerifyingKey::options().allow_exponent_three().load(&der))
        }
        TokenObjectKind::Other => None,
    };
    match public {
        Some(Ok(key)) => {
            object.bits = Some(key.bits());
            object.verifies = key.exponent() != 3;
            // As a file's it opens: its claims are others' to seal.
            if !object.verifies && kind != TokenObjectKind::PrivateKey {
                let strict = VerifyingKey::from_numbers(key.modulus(), &[3]);
                object.note = strict.err().map(|error| error.sentence().to_owned());
            }
            object.public = Some(key);
        }
        Some(Err(error)) => object.note = Some(error.sentence().to_owned()),
        None if kind == TokenObjectKind::Other => {
            object.note = Some("not an RSA key".to_owned());
        }
        None => object.note = Some("the token does not show its public half".to_owned()),
    }
    if kind == TokenObjectKind::PrivateKey {
        match flag(session, handle, AttributeType::Decrypt)? {
            Some(false) => object.note = Some("the token does not decrypt with it".to_owned()),
            _ => object.opens = object.note.is_none(),
        }
    }
    Ok(Some(object))
}

type Loaded = Result<VerifyingKey, flowseal::Error>;

fn numbers(
    session: &Session,
    handle: ObjectHandle,
    object: &mut TokenObject,
) -> Result<Option<Loaded>, Stop> {
    let modulus = bytes(session, handle, AttributeType::Modulus)?;
    let Some(modulus) = modulus.filter(|modulus| !modulus.is_empty()) else {
        return Ok(None);
    };
    let trimmed = trimmed(&modulus);
    let zeros = trimmed
        .first()
        .map_or(0, |byte| byte.leading_zeros() as usize);
    object.bits = Some((trimmed.len() * 8).saturating_sub(zeros));
    let mut exponent = bytes(session, handle, AttributeType::PublicExponent)?;
    if exponent.as_ref().is_none_or(Vec::is_empty) && !object.id.is_empty() {
        let others = public_halves(session, &[Attribute::Id(object.id.clone())])?;
        let other = others.into_iter().find(|half| half.is_of(&modulus));
        exponent = other.map(|half| half.exponent);
    }
    let options = VerifyingKey::options().allow_exponent_three();
    Ok(exponent.map(|exponent| options.from_numbers(&modulus, &exponent)))
}

fn certificate(session: &Session, handle: ObjectHandle) -> Result<Option<Vec<u8>>, Stop> {
    let kind = session.get_attributes(handle, &[AttributeType::CertificateType]);
    let is_x509 =
        kind.is_ok_and(|found| found.contains(&Attribute::CertificateType(CertificateType::X_509)));
    match is_x509 {
        true => bytes(session, handle, AttributeType::Value),
        false => Ok(None),
    }
}

fn of_class(
    session: &Session,
    class: ObjectClass,
    chosen: &[Attribute],
) -> Result<Vec<ObjectHandle>, Stop> {
    let mut template = vec![Attribute::Class(class)];
    template.extend_from_slice(chosen);
    Ok(session.find_objects(&template)?)
}

/// What a URI says of an object. It means what the token keeps: a copy that a session has is seen
/// by every session of the process, and is no second key.
fn narrow(template: &mut Vec<Attribute>, uri: &Uri) {
    template.push(Attribute::Token(true));
    if let Some(label) = &uri.object {
        template.push(Attribute::Label(label.clone().into_bytes()));
    }
    if let Some(id) = &uri.id {
        template.push(Attribute::Id(id.clone()));
    }
}

/// An attribute of bytes; `None` where the object has none or does not show it. Its length is asked
/// for first: NSS refuses a buffer that is larger.
fn bytes(
    session: &Session,
    handle: ObjectHandle,
    attribute: AttributeType,
) -> Result<Option<Vec<u8>>, Stop> {
    let info = session.get_attribute_info(handle, &[attribute])?;
    if !matches!(info.first(), Some(AttributeInfo::Available(_))) {
        return Ok(None);
    }
    let found = session.get_attributes(handle, &[attribute])?;
    Ok(found.into_iter().find_map(|attribute| match attribute {
        Attribute::Id(bytes)
        | Attribute::Label(bytes)
        | Attribute::Modulus(bytes)
        | Attribute::PublicExponent(bytes)
        | Attribute::Value(bytes) => Some(bytes),
        _ => None,
    }))
}

/// A flag; `None` where the object has none.
fn flag(
    session: &Session,
    handle: ObjectHandle,
    attribute: AttributeType,
) -> Result<Option<bool>, Stop> {
    let info = session.get_attribute_info(handle, &[attribute])?;
    if !matches!(info.first(), Some(AttributeInfo::Available(_))) {
        return Ok(None);
    }
    let found = session.get_attributes(handle, &[attribute])?;
    Ok(found.into_iter().find_map(|attribute| match attribute {
        Attribute::AlwaysAuthenticate(flag) | Attribute::Decrypt(flag) => Some(flag),
        _ => None,
    }))
}

/// `"app" (id %01)`
fn name(session: &Session, handle: ObjectHandle) -> Result<String, Stop> {
    let label = bytes(session, handle, AttributeType::Label)?.unwrap_or_default();
    let id = bytes(session, handle, AttributeType::Id)?.unwrap_or_default();
    Ok(named(&String::from_utf8_lossy(&label), &id))
}

fn named(label: &str, id: &[u8]) -> String {
    match id {
        [] => format!("{} (no id)", shown(label)),
        id => format!("{} (id {})", shown(label), percent(id)),
    }
}

fn none(token: &Token, session: &Session, uri: &Uri, not_for_this: usize) -> Result<Failure, Stop> {
    let all = list(session, &Uri::default())?;
    let one = |object: &TokenObject| {
        let kind = match object.kind {
            TokenObjectKind::PrivateKey => "the private RSA key",
            TokenObjectKind::PublicKey => "the public RSA key",
            TokenObjectKind::Certificate => "the certificate",
            TokenObjectKind::Other => "another object",
        };
        let name = named(object.label().unwrap_or_default(), &object.id);
        format!("{kind} {name}")
    };
    let some: Vec<_> = all.iter().take(8).map(one).collect();
    let more = if all.len() > some.len() {
        " and more"
    } else {
        ""
    };
    let holds = match some.as_slice() {
        [] => "nothing that this user sees".to_owned(),
        some => format!("{}{more}", some.join(", ")),
    };
    let advice = match not_for_this {
        0 => "give the object and id of the app's own key",
        _ => "the key that matches is not for decryption (CKA_DECRYPT): import it for that",
    };
    Ok(Failure::new(
        ErrorCode::KeyKind,
        format!(
            "no private RSA key of {token} that decrypts matches {uri}; it holds {holds}: {advice}"
        ),
    ))
}

fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
