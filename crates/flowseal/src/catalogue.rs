//! The types of claims that the catalogue of request keys knows.

/// What a claim's text is, by its path.
///
/// ```
/// use flowseal::ClaimType;
///
/// assert_eq!(ClaimType::of("contact.emailVerified"), ClaimType::Boolean);
/// assert_eq!(ClaimType::of("bio.birthnumber"), ClaimType::Text);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClaimType {
    /// `true` or `false`.
    Boolean,
    /// A list of texts.
    List,
    /// Text; digits, dates and claims that the catalogue does not know are text too.
    Text,
}

impl ClaimType {
    /// The type of the claim at `path`.
    ///
    /// `bio.birthnumber` is a number in the SDK's types; its digits are kept as they were sent,
    /// since a number would lose leading zeros.
    pub fn of(path: &str) -> Self {
        match path {
            "contact.emailVerified" | "contact.phoneVerified" | "nationality.pep" => Self::Boolean,
            "nationality.nationalities" => Self::List,
            _ => Self::Text,
        }
    }
}
