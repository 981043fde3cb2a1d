//! What a page tells the person, while a flow goes on and when it has ended.

use std::fmt;

use super::api_error::ValidationIssue;
use super::device::Route;
use super::pending::PendingFlow;
use crate::error::{CodeClass, Error, ErrorCode};
use crate::flow::FlowState;
use crate::ground::quoted::quoted;
use crate::ground::tree::Json;
use crate::json;
use crate::limits::Limits;

/// Where a person is with their flow, as far as it is theirs to know.
///
/// It comes from a flow's state or an error, and says less than either: not which check failed, and
/// nothing of the service's own mistakes. [`Words`] have a sentence for each, and
/// [`next`](Self::next) says what to offer.
///
/// ```
/// use flowseal::api::{NextStep, Situation, Words};
/// use flowseal::Flow;
///
/// let error = Flow::from_json(br#"{"status": "successful", "data": {}}"#).unwrap_err();
/// let situation = Situation::of_error(&error);
/// assert_eq!((situation.key(), situation.next()), ("expired", NextStep::Restart));
/// assert_eq!(Words::french().text(situation), "Le délai est dépassé. Veuillez recommencer.");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Situation {
    /// They have approved it, and the result is being checked.
    Approved,
    /// They are to be reminded on their other device.
    AskedElsewhere,
    /// The result of this flow was given before.
    AlreadyFinished,
    /// The number that they gave is not valid.
    CheckNumber,
    /// They have declined, or it was cancelled.
    Declined,
    /// They have taken too long.
    Expired,
    /// What came back is not accepted.
    NotAccepted,
    /// They are to open the link on this device.
    OpenLink,
    /// A device has picked it up, and they are to go on there.
    PickedUp,
    /// They are to scan the code.
    ScanCode,
    /// The service or what it stands on has failed, and trying again will not help.
    ServiceFailed,
    /// Too many people are doing this at the moment.
    TooBusy,
    /// Something did not answer, and may soon.
    TryAgain,
}

impl Situation {
    /// What an error means for the person.
    pub fn of_error(error: &Error) -> Self {
        let is_about_the_number = || {
            let issues = error.api_error().map_or(&[][..], |error| error.issues());
            let names_it = |path: &str| matches!(path.rsplit('.').next(), Some("user" | "nin"));
            let mut paths = issues.iter().filter_map(ValidationIssue::path);
            paths.any(|path| names_it(&path))
        };
        match error.code() {
            ErrorCode::ApiRequest if is_about_the_number() => Self::CheckNumber,
            code => Self::of_code(code),
        }
    }

    /// What an error of this code means for the person.
    pub fn of_code(code: ErrorCode) -> Self {
        match code {
            ErrorCode::FlowExpired | ErrorCode::ApiExpired | ErrorCode::DeadlinePassed => {
                Self::Expired
            }
            ErrorCode::FlowCancelled | ErrorCode::ApiCancelled => Self::Declined,
            ErrorCode::PendingFinished => Self::AlreadyFinished,
            ErrorCode::ApiRateLimited => Self::TooBusy,
            ErrorCode::KeyUnavailable => Self::TryAgain,
            other => match other.class() {
                CodeClass::Retry => Self::TryAgain,
                CodeClass::Refused => Self::NotAccepted,
                CodeClass::Caller | CodeClass::Ended | CodeClass::Fault | CodeClass::Response => {
                    Self::ServiceFailed
                }
            },
        }
    }

    /// What to offer the person.
    pub fn next(self) -> NextStep {
        match self {
            Self::Approved
            | Self::AskedElsewhere
            | Self::OpenLink
            | Self::PickedUp
            | Self::ScanCode => NextStep::Wait,
            Self::CheckNumber | Self::TooBusy | Self::TryAgain => NextStep::Retry,
            Self::AlreadyFinished | Self::Declined | Self::Expired => NextStep::Restart,
            Self::NotAccepted | Self::ServiceFailed => NextStep::Contact,
        }
    }

    /// The stable key, such as `picked_up`.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// Every situation, in the order of their keys.
    pub const ALL: &[Self] = &[
        Self::AlreadyFinished,
        Self::Approved,
        Self::AskedElsewhere,
        Self::CheckNumber,
        Self::Declined,
        Self::Expired,
        Self::NotAccepted,
        Self::OpenLink,
        Self::PickedUp,
        Self::ScanCode,
        Self::ServiceFailed,
        Self::TooBusy,
        Self::TryAgain,
    ];

    fn row(self) -> &'static Row {
        match self {
            Self::AlreadyFinished => &Row {
                key: "already_finished",
                english: "This request has already been completed. Please start again.",
                french: "Cette demande a déjà été traitée. Veuillez recommencer.",
            },
            Self::Approved => &Row {
                key: "approved",
                english: "Thank you. We are checking the result.",
                french: "Merci. Nous vérifions le résultat.",
            },
            Self::AskedElsewhere => &Row {
                key: "asked_elsewhere",
                english: "Open the app on your phone and approve the request.",
                french: "Ouvrez l’application sur votre téléphone et validez la demande.",
            },
            Self::CheckNumber => &Row {
                key: "check_number",
                english: "This number was not recognised. Please check it and try again.",
                french: "Ce numéro n’a pas été reconnu. Veuillez le vérifier et réessayer.",
            },
            Self::Declined => &Row {
                key: "declined",
                english: "The request was cancelled. You can start again.",
                french: "La demande a été annulée. Vous pouvez recommencer.",
            },
            Self::Expired => &Row {
                key: "expired",
                english: "The time has run out. Please start again.",
                french: "Le délai est dépassé. Veuillez recommencer.",
            },
            Self::NotAccepted => &Row {
                key: "not_accepted",
                english: "We could not accept this. Please contact us.",
                french: "Nous n’avons pas pu l’accepter. Veuillez nous contacter.",
            },
            Self::OpenLink => &Row {
                key: "open_link",
                english: "Open the app on this device to go on.",
                french: "Ouvrez l’application sur cet appareil pour continuer.",
            },
            Self::PickedUp => &Row {
                key: "picked_up",
                english: "Go on in the app: read the request and approve it there.",
                french: "Continuez dans l’application : lisez la demande et validez-la.",
            },
            Self::ScanCode => &Row {
                key: "scan_code",
                english: "Scan the code with the app on your phone.",
                french: "Scannez le code avec l’application sur votre téléphone.",
            },
            Self::ServiceFailed => &Row {
                key: "service_failed",
                english: "Something went wrong on our side. Please contact us.",
                french: "Une erreur est survenue de notre côté. Veuillez nous contacter.",
            },
            Self::TooBusy => &Row {
                key: "too_busy",
                english: "Many people are doing this right now. Please try again in a minute.",
                french: "Le service est très sollicité. Veuillez réessayer dans une minute.",
            },
            Self::TryAgain => &Row {
                key: "try_again",
                english: "There is no answer at the moment. Please try again.",
                french: "Pas de réponse pour le moment. Veuillez réessayer.",
            },
        }
    }
}

struct Row {
    key: &'static str,
    english: &'static str,
    french: &'static str,
}

impl PendingFlow {
    /// Where the person is while the flow is in this state: what they are to do depends on the
    /// device that they are asked on.
    pub fn situation(&self, state: FlowState) -> Situation {
        match (state, self.route()) {
            (FlowState::Cancelled, _) => Situation::Declined,
            (FlowState::Complete, _) => Situation::Approved,
            (FlowState::OnSession, _) => Situation::PickedUp,
            (FlowState::Pending, Route::Same) => Situation::OpenLink,
            (FlowState::Pending, Route::Different) => Situation::AskedElsewhere,
            (FlowState::Pending, Route::Wildcard) => Situation::ScanCode,
        }
    }
}

/// What to offer a person.
///
/// The list is closed, so that a page that has all of them is complete.
#[expect(
    clippy::exhaustive_enums,
    reason = "a page that offers each of them is complete"
)]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum NextStep {
    /// To ask for help: starting again would end the same way.
    Contact,
    /// To start a new flow.
    Restart,
    /// To try the same again.
    Retry,
    /// Nothing: the flow goes on.
    Wait,
}

impl NextStep {
    /// The stable name, such as `restart`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Restart => "restart",
            Self::Retry => "retry",
            Self::Wait => "wait",
        }
    }
}

impl fmt::Display for NextStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A sentence for each [`Situation`]: in English, in French, or the app's own.
///
/// ```
/// use flowseal::api::{Situation, Words};
/// use flowseal::ErrorCode;
///
/// let words = Words::english();
/// assert_eq!(words.text(Situation::ScanCode), "Scan the code with the app on your phone.");
/// // The app's own replace them whole, so that no sentence is left in another voice.
/// let own = Words::from_json(br#"{"scan_code": "Scan me"}"#).unwrap_err();
/// assert_eq!(own.code(), ErrorCode::Usage);
/// ```
#[derive(Clone, Debug)]
pub struct Words(Vec<String>);

impl Words {
    /// English.
    pub fn english() -> Self {
        Self::of(|row| row.english)
    }

    /// French.
    pub fn french() -> Self {
        Self::of(|row| row.french)
    }

    /// The app's own: an object with a text for each [key](Situation::key), and nothing else.
    ///
    /// # Errors
    /// `usage` for a key that is missing, unknown or without a text, and for anything that is not
    /// such an object.
    pub fn from_json(text: &[u8]) -> Result<Self, Error> {
        let usage = |what: String| Error::new(ErrorCode::Usage, what);
        let tree = json::parse(text, &Limits::default());
        let tree = tree.map_err(|error| usage(format!("the words cannot be read: {error}")))?;
        let members = tree.as_object().ok_or_else(|| {
            usage(format!(
                "the words must be an object with a text for each key, and are {}",
                tree.kind()
            ))
        })?;
        let is_known = |name: &str| Situation::ALL.iter().any(|known| known.key() == name);
        if let Some((name, _)) = members.iter().find(|(name, _)| !is_known(name)) {
            return Err(usage(format!(
                "there is no situation {}: correct the key, or take it out",
                quoted(name)
            )));
        }
        let text_of = |situation: &Situation| {
            let text = members.present(situation.key()).and_then(Json::as_str);
            let text = text.filter(|text| !text.trim().is_empty());
            text.map(str::to_owned).ok_or_else(|| {
                usage(format!(
                    "the words have no text for {}: give one for each key",
                    quoted(situation.key())
                ))
            })
        };
        let texts: Result<_, _> = Situation::ALL.iter().map(text_of).collect();
        texts.map(Self)
    }

    /// The sentence for this situation.
    pub fn text(&self, situation: Situation) -> &str {
        let index = Situation::ALL.iter().position(|known| *known == situation);
        let text = index.and_then(|index| self.0.get(index));
        text.map(String::as_str).unwrap_or_default()
    }

    fn of(language: impl Fn(&Row) -> &'static str) -> Self {
        let texts = Situation::ALL.iter();
        Self(
            texts
                .map(|known| language(known.row()).to_owned())
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_situation_has_a_key_and_a_sentence_in_each_language() {
        let (english, french) = (Words::english(), Words::french());
        let keys: Vec<_> = Situation::ALL.iter().map(|known| known.key()).collect();
        assert!(keys.is_sorted() && keys.windows(2).all(|pair| pair[0] != pair[1]));
        for situation in Situation::ALL {
            for text in [english.text(*situation), french.text(*situation)] {
                assert!(
                    text.ends_with('.') && text.len() > 20,
                    "{situation:?}: {text}"
                );
            }
            assert_ne!(english.text(*situation), french.text(*situation));
        }
    }

    #[test]
    fn every_code_means_something_to_a_person() {
        for code in ErrorCode::ALL {
            let situation = Situation::of_code(*code);
            assert!(Situation::ALL.contains(&situation), "{code}");
            // Nothing that must not be accepted asks to be tried again.
            if code.class() == CodeClass::Refused {
                assert!(situation.next() != NextStep::Retry, "{code}");
            }
            if code.class() == CodeClass::Retry {
                assert_eq!(situation.next(), NextStep::Retry, "{code}");
            }
        }
        for (code, situation) in [
            (ErrorCode::SignatureInvalid, Situation::NotAccepted),
            (ErrorCode::ClaimUnopenable, Situation::NotAccepted),
            (ErrorCode::ExpectationFailed, Situation::NotAccepted),
            (ErrorCode::ApiConfig, Situation::ServiceFailed),
            (ErrorCode::InternalFault, Situation::ServiceFailed),
            (ErrorCode::SessionOver, Situation::ServiceFailed),
            (ErrorCode::ConnectionLost, Situation::TryAgain),
            (ErrorCode::KeyUnavailable, Situation::TryAgain),
            (ErrorCode::ApiRateLimited, Situation::TooBusy),
            (ErrorCode::DeadlinePassed, Situation::Expired),
            (ErrorCode::ApiCancelled, Situation::Declined),
            (ErrorCode::PendingFinished, Situation::AlreadyFinished),
        ] {
            assert_eq!(Situation::of_code(code), situation, "{code}");
        }
    }

    #[test]
    fn words_of_the_app_s_own_are_whole() {
        let own = |change: &dyn Fn(&str) -> Option<String>| {
            let members = Situation::ALL.iter().filter_map(|known| {
                let text = change(known.key())?;
                Some(format!("\"{}\":{text}", known.key()))
            });
            let members: Vec<_> = members.collect();
            Words::from_json(format!("{{{}}}", members.join(",")).as_bytes())
        };
        let words = own(&|key| Some(format!("\"our {key}\""))).unwrap();
        assert_eq!(words.text(Situation::TooBusy), "our too_busy");
        for missing in ["null", "1", "\"\"", "\" \""] {
            let change = |key: &str| {
                let text = if key == "expired" { missing } else { "\"x\"" };
                Some(text.to_owned())
            };
            assert_eq!(
                own(&change).unwrap_err().code(),
                ErrorCode::Usage,
                "{missing}"
            );
        }
        let fewer = own(&|key| (key != "expired").then(|| "\"x\"".to_owned()));
        assert!(fewer.unwrap_err().sentence().contains("expired"));
        for text in ["", "[]", "{}", r#"{"x": "y"}"#] {
            let error = Words::from_json(text.as_bytes()).unwrap_err();
            assert_eq!(error.code(), ErrorCode::Usage, "{text}");
        }
    }
}
