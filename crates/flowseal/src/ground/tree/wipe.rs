//! Wiping of trees that may hold a token, an app secret, an API key or a private key.

use std::ops::{Deref, DerefMut};

use zeroize::Zeroize as _;

use super::Json;
use crate::ground::secret::SecretText;

/// A tree whose strings are wiped when it is dropped.
pub(crate) struct SecretJson(Json);

impl SecretJson {
    pub(crate) fn new(tree: Json) -> Self {
        Self(tree)
    }
}

impl Deref for SecretJson {
    type Target = Json;

    fn deref(&self) -> &Json {
        &self.0
    }
}

impl Drop for SecretJson {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// The members or elements of a value that is still being read.
///
/// Text that turns out to be no JSON after its token was read leaves the token here.
pub(crate) struct Unfinished<T: Wipe>(Vec<T>);

impl<T: Wipe> Unfinished<T> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// All of them, now that the value has been read.
    pub(crate) fn finish(mut self) -> Vec<T> {
        std::mem::take(&mut self.0)
    }
}

impl<T: Wipe> Deref for Unfinished<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: Wipe> DerefMut for Unfinished<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T: Wipe> Drop for Unfinished<T> {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Wipe::wipe);
    }
}

/// What an array or an object is read from.
pub(crate) trait Wipe {
    fn wipe(&mut self);
}

impl Wipe for Json {
    fn wipe(&mut self) {
        wipe(self);
    }
}

impl Wipe for (String, Json) {
    fn wipe(&mut self) {
        wipe(&mut self.1);
    }
}

/// Wipes every string of a tree but the names of its members, which are no secrets.
pub(crate) fn wipe(tree: &mut Json) {
    match tree {
        Json::Array(elements) => elements.iter_mut().for_each(wipe),
        Json::Object(members) => members.0.iter_mut().for_each(Wipe::wipe),
        Json::String(text) => text.zeroize(),
        Json::Bool(_) | Json::Null | Json::Number(_) => {}
    }
}

/// The text of a string out of a tree, as a secret; `None` for another value, which is wiped.
pub(crate) fn into_secret(mut value: Json) -> Option<SecretText> {
    let secret = value.as_str().map(SecretText::copied_from);
    wipe(&mut value);
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_of_a_tree_is_wiped() {
        let secret = || Json::String("secret".to_owned());
        let mut tree = Json::object([
            (
                "a",
                Json::Array(vec![secret(), Json::object([("b", secret())])]),
            ),
            ("c", secret()),
            ("d", Json::Number(1_i64.into())),
        ]);
        wipe(&mut tree);
        assert_eq!(tree.to_string(), r#"{"a":["",{"b":""}],"c":"","d":1}"#);
    }

    #[test]
    fn a_secret_is_the_string_and_nothing_else() {
        let secret = into_secret(Json::String("eyJ".to_owned())).unwrap();
        assert_eq!(secret.expose_secret(), "eyJ");
        assert!(into_secret(Json::Array(vec![Json::String("eyJ".to_owned())])).is_none());
    }
}
