//! Where a person is asked, and who.

use std::fmt;

use crate::error::{Error, ErrorCode};

/// Where a person identifies themselves, and who is expected, where the app knows.
///
/// ```
/// use flowseal::api::Device;
/// use flowseal::ErrorCode;
///
/// // On the phone that the browser runs on: the answer has a link.
/// let here = Device::same();
/// // On another one: the app says who is to be asked, and nobody else will do.
/// let elsewhere = Device::different("22212345610")?;
/// assert_eq!(elsewhere.user(), Some("22212345610"));
/// // On whichever phone scans one of these QR codes first.
/// let anywhere = Device::wildcard(5)?;
/// assert_eq!(Device::wildcard(11).unwrap_err().code(), ErrorCode::Usage);
/// # let _ = (here, anywhere);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Device(Place);

#[derive(Clone)]
enum Place {
    Same,
    Different(Person),
    Wildcard(Seeds),
}

impl Device {
    /// The device that the browser runs on. Whoever opens the link is asked, and the result is for
    /// the browser that the flow is [bound](crate::api::Binding) to.
    pub fn same() -> Self {
        Self(Place::Same)
    }

    /// Another device: that of the person with this number.
    ///
    /// # Errors
    /// `usage` for a number that the API would refuse: of less than 11 characters, or with
    /// something in it that is none.
    pub fn different(user: &str) -> Result<Self, Error> {
        Person::new(user).map(|user| Self(Place::Different(user)))
    }

    /// Any device that scans one of so many QR codes.
    ///
    /// # Errors
    /// `usage` for another number than 1 to 10.
    pub fn wildcard(seeds: u8) -> Result<Self, Error> {
        Seeds::new(seeds).map(|seeds| Self(Place::Wildcard(seeds)))
    }

    /// The person who is asked, where the app says so.
    pub fn user(&self) -> Option<&str> {
        match &self.0 {
            Place::Different(user) => Some(user.number()),
            Place::Same | Place::Wildcard(_) => None,
        }
    }

    pub(super) fn taken_apart(&self) -> (Route, Option<Person>, Option<Seeds>) {
        match &self.0 {
            Place::Same => (Route::Same, None, None),
            Place::Different(user) => (Route::Different, Some(user.clone()), None),
            Place::Wildcard(seeds) => (Route::Wildcard, None, Some(*seeds)),
        }
    }
}

impl fmt::Debug for Device {
    /// Without the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({})", self.taken_apart().0.as_str())
    }
}

/// Who signs, and where.
///
/// Signing differs from identifying: the app says who is asked on the same device too.
///
/// ```
/// use flowseal::api::Signer;
/// use flowseal::ErrorCode;
///
/// let here = Signer::same_device("22212345610")?;
/// assert_eq!(here.nin(), Some("22212345610"));
/// assert_eq!(Signer::different_device("222").unwrap_err().code(), ErrorCode::Usage);
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone)]
pub struct Signer(SignerPlace);

#[derive(Clone)]
enum SignerPlace {
    Same(Person),
    Different(Person),
    Wildcard(Seeds),
}

impl Signer {
    /// The person with this number, on the device that the browser runs on.
    ///
    /// # Errors
    /// Those of [`Device::different`].
    pub fn same_device(nin: &str) -> Result<Self, Error> {
        Person::new(nin).map(|nin| Self(SignerPlace::Same(nin)))
    }

    /// The person with this number, on another device.
    ///
    /// # Errors
    /// Those of [`Device::different`].
    pub fn different_device(nin: &str) -> Result<Self, Error> {
        Person::new(nin).map(|nin| Self(SignerPlace::Different(nin)))
    }

    /// Whoever scans one of so many QR codes (v2).
    ///
    /// # Errors
    /// Those of [`Device::wildcard`].
    pub fn wildcard(seeds: u8) -> Result<Self, Error> {
        Seeds::new(seeds).map(|seeds| Self(SignerPlace::Wildcard(seeds)))
    }

    /// The person who is asked, where the app says so.
    pub fn nin(&self) -> Option<&str> {
        match &self.0 {
            SignerPlace::Same(nin) | SignerPlace::Different(nin) => Some(nin.number()),
            SignerPlace::Wildcard(_) => None,
        }
    }

    pub(super) fn taken_apart(&self) -> (Route, Option<Person>, Option<Seeds>) {
        match &self.0 {
            SignerPlace::Same(nin) => (Route::Same, Some(nin.clone()), None),
            SignerPlace::Different(nin) => (Route::Different, Some(nin.clone()), None),
            SignerPlace::Wildcard(seeds) => (Route::Wildcard, None, Some(*seeds)),
        }
    }
}

impl fmt::Debug for Signer {
    /// Without the person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.taken_apart().0.as_str())
    }
}

/// The last step of a path that starts a flow.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Route {
    Same,
    Different,
    Wildcard,
}

impl Route {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same-device",
            Self::Different => "different-device",
            Self::Wildcard => "wildcard",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        let mut routes = [Self::Same, Self::Different, Self::Wildcard].into_iter();
        routes.find(|route| route.as_str() == name)
    }
}

/// A person's number, of a length that the API takes.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct Person(String);

impl Person {
    pub(super) fn new(number: &str) -> Result<Self, Error> {
        let usage = |what: String| Err(Error::new(ErrorCode::Usage, what));
        let characters = number.chars().count();
        if characters < SHORTEST_NUMBER {
            return usage(format!(
                "the person's number has {characters} characters and the API wants {SHORTEST_NUMBER} at least: give it whole, as text"
            ));
        }
        let is_odd = |c: char| c.is_whitespace() || c.is_control();
        if number.len() > LONGEST_NUMBER || number.contains(is_odd) {
            return usage(format!(
                "what was given as the person's number ({characters} characters) is too long, or has a space or a line's end in it: give the number alone"
            ));
        }
        Ok(Self(number.to_owned()))
    }

    pub(super) fn number(&self) -> &str {
        &self.0
    }
}

/// How many QR codes are asked for.
#[derive(Clone, Copy)]
pub(super) struct Seeds(u8);

impl Seeds {
    fn new(seeds: u8) -> Result<Self, Error> {
        if !(1..=MOST_SEEDS).contains(&seeds) {
            return Err(Error::new(
                ErrorCode::Usage,
                format!(
                    "{seeds} seeds were asked for, and the API gives 1 to {MOST_SEEDS}: ask for a number in that range"
                ),
            ));
        }
        Ok(Self(seeds))
    }

    pub(super) fn count(self) -> u8 {
        self.0
    }
}

/// "Invalid nin identifier" is what the API says of a shorter one.
const SHORTEST_NUMBER: usize = 11;
const LONGEST_NUMBER: usize = 128;
const MOST_SEEDS: u8 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_each_bound() {
        for (number, accepted) in [
            ("1234567890", false),
            ("12345678901", true),
            ("éééééééééé", false),
            ("ééééééééééé", true),
            ("bid_2f9c1a77", true),
            ("12345678901\n", false),
            ("123456 78901", false),
            ("", false),
            (&"1".repeat(128), true),
            (&"1".repeat(129), false),
        ] {
            assert_eq!(Device::different(number).is_ok(), accepted, "{number:?}");
            assert_eq!(Signer::same_device(number).is_ok(), accepted, "{number:?}");
            let elsewhere = Signer::different_device(number);
            assert_eq!(elsewhere.is_ok(), accepted, "{number:?}");
            if let Err(error) = elsewhere {
                assert_eq!(error.code(), ErrorCode::Usage);
                assert!(number.is_empty() || !error.sentence().contains(number.trim()));
            }
        }
        for (seeds, accepted) in [(0, false), (1, true), (10, true), (11, false), (255, false)] {
            assert_eq!(Device::wildcard(seeds).is_ok(), accepted, "{seeds}");
            assert_eq!(Signer::wildcard(seeds).is_ok(), accepted, "{seeds}");
        }
    }

    #[test]
    fn debug_does_not_show_the_person() {
        let shown = format!(
            "{:?} {:?}",
            Device::different("22212345610").unwrap(),
            Signer::same_device("22212345610").unwrap()
        );
        assert_eq!(shown, "Device(different-device) Signer(same-device)");
    }
}
