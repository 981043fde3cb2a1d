//! What an error is about, as data beside the sentence.

use crate::ground::report::Check;
use crate::ground::tree::Json;

/// What an error is about: for programs that act on it, where [`sentence`](super::Error::sentence)
/// is for people. Each is `None`, or empty, where the error is not about such a thing.
///
/// It holds no secret and no national number: a requestee is masked except for its last two
/// characters.
///
/// ```
/// # use flowseal::report::Check;
/// # use flowseal::{testkit, Expectations};
/// # let sample = testkit::Sample::new()?;
/// # let (flow, verifier, now) = (sample.flow()?, sample.verifier()?, sample.now()?);
/// let refused = flow.verify(&verifier, &Expectations::for_reference("req_2"), now).unwrap_err();
/// let details = refused.error().details();
/// assert_eq!(details.check(), Some(Check::Reference));
/// assert_eq!((details.expected(), details.found()), (Some("req_2"), Some("req_sample")));
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ErrorDetails {
    pub(crate) claim: Option<String>,
    pub(crate) check: Option<Check>,
    pub(crate) expected: Option<String>,
    pub(crate) found: Option<String>,
    pub(crate) seconds: Option<u64>,
    pub(crate) size: Option<usize>,
    pub(crate) sizes: Vec<usize>,
    pub(crate) key: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) why: Option<&'static str>,
}

impl ErrorDetails {
    /// The path of the claim that shows from outside what is wrong with it. Never with
    /// `claim_unopenable`, which is about all of them.
    pub fn claim(&self) -> Option<&str> {
        self.claim.as_deref()
    }

    /// The check that failed, with `expectation_failed` and `claims_not_signed`; `None` where it
    /// was the browser, which no report has a line of: see [`why`](Self::why).
    pub fn check(&self) -> Option<Check> {
        self.check
    }

    /// What was expected of the member that the check is about.
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// What was found in its place.
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }

    /// By how many seconds a time lies outside of what is accepted, the leeway included.
    pub fn seconds(&self) -> Option<u64> {
        self.seconds
    }

    /// The length in bytes that was found: of a claim's ciphertext.
    pub fn size(&self) -> Option<usize> {
        self.size
    }

    /// The lengths in bytes that would have been right: of the ring's moduli, each once.
    pub fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    /// The key that was missing, by its fingerprint.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The same key's name, where it has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// A stable word. With `disclosure_invalid` it says which part of a proof fails, and
    /// [`Disclosure::check`](crate::Disclosure::check) has the list. With `expectation_failed` and
    /// `usage` at the end of a pending flow it is `binding`: the browser is not the one of the
    /// start, or the start had none.
    pub fn why(&self) -> Option<&'static str> {
        self.why
    }

    /// All of it as JSON:
    /// `{"claim", "check", "expected", "found", "seconds", "size", "sizes", "key", "kid"}`, and
    /// `"why"` where there is one.
    pub fn to_json(&self) -> Json {
        let text =
            |text: Option<&str>| text.map_or(Json::Null, |text| Json::String(text.to_owned()));
        let number = |number: u64| Json::Number(i64::try_from(number).unwrap_or(i64::MAX).into());
        let size = |size: usize| number(size as u64);
        let mut members = vec![
            ("claim", text(self.claim())),
            ("check", text(self.check.map(Check::as_str))),
            ("expected", text(self.expected())),
            ("found", text(self.found())),
            ("seconds", self.seconds.map_or(Json::Null, number)),
            ("size", self.size.map_or(Json::Null, size)),
            (
                "sizes",
                Json::Array(self.sizes.iter().copied().map(size).collect()),
            ),
            ("key", text(self.key())),
            ("kid", text(self.kid())),
        ];
        members.extend(self.why.map(|why| ("why", text(Some(why)))));
        let members = members.into_iter();
        Json::Object(
            members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }
}
