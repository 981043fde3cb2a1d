//! The types of claims that the catalogue of request keys knows.

use crate::ground::claim_path::at_or_under;
use crate::ground::quoted::quoted;

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

    /// The paths that the catalogue knows, in both spellings where there are two: what can be a
    /// column before the first flow is read.
    ///
    /// ```
    /// use flowseal::ClaimType;
    ///
    /// assert!(ClaimType::catalogue().contains(&"naming.given"));
    /// ```
    pub fn catalogue() -> &'static [&'static str] {
        KNOWN
    }
}

/// The claims that the catalogue of request keys knows, and those seen in responses.
const KNOWN: &[&str] = &[
    "address.city",
    "address.country",
    "address.countryCode",
    "address.formatted",
    "address.latitude",
    "address.longitude",
    "address.place",
    "address.postCode",
    "address.postcode",
    "address.state",
    "bio.age",
    "bio.birthdate",
    "bio.birthnumber",
    "bio.birthplace",
    "bio.dateOfDeath",
    "bio.gender",
    "bio.maritalStatus",
    "bio.maritalstatus",
    "contact.email",
    "contact.emailVerified",
    "contact.phone",
    "contact.phoneVerified",
    "financial.bvn",
    "financial.bvnBank",
    "financial.bvnIAT",
    "financial.bvnLevel",
    "idcards.passport",
    "naming.family",
    "naming.given",
    "naming.middle",
    "naming.name",
    "naming.nickname",
    "naming.preferredUsername",
    "naming.title",
    "naming.titlePrefix",
    "naming.titleSuffix",
    "nationality.nationalities",
    "nationality.pep",
    "nationality.primary",
    "nationality.residence",
    "nationality.watchListed",
];

/// What is odd about a path that somebody asks for: the catalogue knows no claim or group of that
/// name. It may be right, since apps can have claims of their own.
pub(crate) fn warning_about(path: &str) -> Option<String> {
    if KNOWN
        .iter()
        .any(|known| at_or_under(known, path) || at_or_under(path, known))
    {
        return None;
    }
    let near = KNOWN.iter().filter(|known| distance(known, path) <= 2);
    let nearest = near.min_by_key(|known| distance(known, path));
    let hint = nearest.map_or_else(
        || "check its spelling, unless it is your app's own".to_owned(),
        |known| format!("did you mean {known}?"),
    );
    Some(format!(
        "the catalogue has no claim or group {}: {hint}",
        quoted(path)
    ))
}

/// What is odd about a key that the API is asked for: it knows claims, and no groups of them.
pub(crate) fn warning_about_request(key: &str) -> Option<String> {
    if KNOWN.contains(&key) {
        return None;
    }
    let is_group = KNOWN.iter().any(|known| at_or_under(known, key));
    if is_group {
        return Some(format!(
            "{} is a group of claims, and the API is asked for claims: name each",
            quoted(key)
        ));
    }
    warning_about(key).or_else(|| Some(format!("the catalogue has no claim {}", quoted(key))))
}

/// The spellings under which the claim of this key may come back: the catalogue of requests and
/// what is seen in responses differ in some.
pub(crate) fn spellings_of(key: &str) -> impl Iterator<Item = &str> {
    let pair = SPELT_TWICE.iter().find(|pair| pair.contains(&key));
    let (own, others): (_, &[&str]) = match pair {
        Some(pair) => (None, pair),
        None => (Some(key), &[]),
    };
    own.into_iter().chain(others.iter().copied())
}

const SPELT_TWICE: &[[&str; 2]] = &[
    ["address.postcode", "address.postCode"],
    ["bio.maritalstatus", "bio.maritalStatus"],
];

/// How many characters have to be put in, taken out or exchanged to make one of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<_> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, of_left) in left.chars().enumerate() {
        let mut next = vec![index + 1];
        let pairs = row.iter().zip(row.iter().skip(1)).zip(&right);
        for ((exchanged, taken), of_right) in pairs {
            let exchanged = exchanged + usize::from(of_left != *of_right);
            let put = next.last().map_or(usize::MAX, |put| put + 1);
            next.push(exchanged.min(taken + 1).min(put));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_has_one_or_two_spellings() {
        let spellings = |key| spellings_of(key).collect::<Vec<_>>();
        assert_eq!(spellings("naming.given"), ["naming.given"]);
        for key in ["address.postcode", "address.postCode"] {
            assert_eq!(spellings(key), ["address.postcode", "address.postCode"]);
        }
        assert!(SPELT_TWICE.iter().flatten().all(|key| KNOWN.contains(key)));
    }

    #[test]
    fn the_api_is_asked_for_claims_and_not_for_groups() {
        assert_eq!(warning_about_request("naming.given"), None);
        for (key, hint) in [
            ("naming", "is a group of claims"),
            ("naming.givn", "did you mean naming.given?"),
            ("naming.given.x", "has no claim"),
            ("hobbies", "unless it is your app's own"),
        ] {
            let warning = warning_about_request(key).unwrap();
            assert!(warning.contains(hint), "{warning}");
        }
    }

    #[test]
    fn a_misspelt_path_is_told_from_what_is_known() {
        for known in [
            "naming",
            "naming.given",
            "nationality.nationalities.0",
            "bio.age",
        ] {
            assert_eq!(warning_about(known), None, "{known}");
        }
        for (odd, hint) in [
            ("naming.givn", "naming.given"),
            ("bio.birthDate", "bio.birthdate"),
            ("hobbies", "unless it is your app's own"),
        ] {
            assert!(warning_about(odd).unwrap().contains(hint), "{odd}");
        }
        for (left, right, steps) in [
            ("", "", 0),
            ("a", "", 1),
            ("abc", "abd", 1),
            ("ab", "ba", 2),
        ] {
            assert_eq!(distance(left, right), steps, "{left} {right}");
        }
    }
}
