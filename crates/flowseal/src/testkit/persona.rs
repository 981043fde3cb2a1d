//! People who do not exist.

/// Someone who approves flows in tests: a national number and a tree of claims.
///
/// ```
/// use flowseal::testkit::Persona;
///
/// assert!(Persona::ALL.iter().any(|persona| persona.name == "ada"));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Persona {
    /// What the persona is called by, such as `ada`.
    pub name: &'static str,
    /// The national identity number.
    pub requestee: &'static str,
    /// The claims as JSON, each leaf in the clear; `{}` for someone who shares nothing.
    pub claims: &'static str,
}

impl Persona {
    /// Everyone.
    pub const ALL: &[Self] = &[Self::ADA, Self::BAYO, Self::CHIDI, Self::DAYO];

    /// Shares what the specification's example shares, with letters that test every encoding.
    pub const ADA: Self = Self {
        name: "ada",
        requestee: "22212345610",
        claims: r#"{
            "bio": {"birthnumber": "22212345610", "birthdate": "1987-04-12", "gender": "female"},
            "contact": {"email": "ada@example.ng", "emailVerified": true},
            "naming": {"family": "Ọláwálé 😀", "given": "Adébáyọ̀"},
            "nationality": {"primary": "NG", "nationalities": ["NG", "GB"]}
        }"#,
    };

    /// Has declined everything but a name.
    pub const BAYO: Self = Self {
        name: "bayo",
        requestee: "00112345678",
        claims: r#"{"naming": {"given": "Báyọ̀", "family": null}, "bio": {}}"#,
    };

    /// Shares every claim that the catalogue knows, and some that it does not.
    pub const CHIDI: Self = Self {
        name: "chidi",
        requestee: "33312345610",
        claims: r#"{
            "bio": {"birthplace": "Enugu", "birthdate": "1990-02-28", "gender": "male",
                "maritalstatus": "single", "birthnumber": "00042", "age": "36"},
            "contact": {"email": "chidi@example.ng", "emailVerified": false,
                "phone": "+2348012345678", "phoneVerified": true},
            "address": {"city": "Lagos", "postcode": "100001", "state": "Lagos", "country": "Nigeria",
                "place": "12 Marina", "formatted": "12 Marina\n100001 Lagos", "longitude": "3.3958",
                "latitude": "6.4541"},
            "naming": {"family": "Okeke", "given": "Chidi", "title": "Dr", "name": "Chidi Okeke",
                "middle": "Emeka", "titlePrefix": "Dr", "titleSuffix": "PhD", "nickname": "\"Chi\""},
            "nationality": {"nationalities": ["NG"], "pep": false, "primary": "NG",
                "residence": "NG", "watchListed": "false"},
            "idcards": {"passport": "A01234567"},
            "financial": {"bvn": "22212345678", "bvnBank": "044", "bvnLevel": "2",
                "bvnIAT": "1716820052"},
            "hobbies": {"sports": ["football", "chess"], "deep": {"er": {"still": "here"}}}
        }"#,
    };

    /// Signs, and shares nothing: a flow in signature mode.
    pub const DAYO: Self = Self {
        name: "dayo",
        requestee: "44412345610",
        claims: "{}",
    };

    /// The persona of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|persona| persona.name == name)
    }
}
