//! A pending flow as JSON, and back: every member is parsed again, since nothing says that the text
//! is the one that was written.

use super::{MOST_SECONDS, PendingFlow, check_binding_is_given};
use crate::api::asked::{Asked, Method, Origin, SigningAction, check_claims};
use crate::api::binding::Binding;
use crate::api::config::ApiConfig;
use crate::api::device::{Person, Route};
use crate::api::webhook_target::check_reference;
use crate::error::{Error, ErrorCode};
use crate::ground::quoted::quoted;
use crate::ground::tree::{Json, Number, Object};
use crate::json;
use crate::limits::Limits;
use crate::time::UnixTime;

impl PendingFlow {
    /// The flow as JSON, to be kept on the server: without any credential and token, with the
    /// number of the person where one was sent.
    ///
    /// It begins `{"flowseal_pending":1,`. The same flow is always the same text.
    ///
    /// Whichever process takes it up can watch the flow and finish it. What a session has
    /// [received](crate::api::ReceivedFlow), and the ticket of a request that is under way, are not
    /// in it: a flow without a signature is finished in the process that has pinged for it.
    pub fn to_json(&self) -> String {
        let text = |text: &str| Some(Json::String(text.to_owned()));
        let maybe = |value: Option<&str>| value.and_then(text);
        let number = |number: u64| Some(Json::Number(Number::of_integer(number)));
        let (asked, of) = (&self.asked, &self.of);
        let claims = asked.claims.iter().cloned().map(Json::String).collect();
        let binding = self.binding.as_ref().map(Binding::to_hex);
        let members = [
            (VERSION_MEMBER, number(VERSION)),
            ("environment", text(of.environment)),
            ("base", text(&of.base)),
            ("organisation", maybe(of.organisation.as_deref())),
            ("app", maybe(of.app.as_deref())),
            ("reference", text(&self.reference)),
            ("method", text(asked.method.endpoint().as_str())),
            ("action", text(asked.method.action())),
            ("device", text(asked.route.as_str())),
            ("person", maybe(self.person())),
            ("claims", Some(Json::Array(claims))),
            ("more_claims", Some(Json::Bool(self.allows_more_claims))),
            ("webhook", maybe(self.webhook_reference())),
            ("binding", maybe(binding.as_deref())),
            ("leeway", number(self.leeway)),
            ("max_age", self.max_age.and_then(number)),
            ("expires", number(self.expires.seconds())),
        ];
        debug_assert!(
            members
                .iter()
                .map(|(name, _)| *name)
                .eq(MEMBERS.iter().copied())
        );
        let members = members.into_iter();
        let members = members.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Json::Object(members.collect::<Object>()).to_string()
    }

    /// The flow of a text that [`to_json`](Self::to_json) wrote, for a configuration of the
    /// environment, the base and the app that started it.
    ///
    /// # Errors
    /// `pending_flow` for anything else: members that are unknown, missing, of another type or that
    /// could not have been sent; another version; another configuration.
    pub fn from_json(text: &[u8], config: &ApiConfig) -> Result<Self, Error> {
        let tree = json::parse(text, &Limits::default());
        let tree = tree
            .map_err(|error| pending_flow_error(&format!("cannot be read ({})", error.code())))?;
        let Json::Object(members) = tree else {
            return Err(pending_flow_error(&format!("is {}", tree.kind())));
        };
        let pending = Self::of_members(&Members(&members))?;
        pending.check_origin(config)?;
        Ok(pending)
    }

    fn of_members(members: &Members<'_>) -> Result<Self, Error> {
        if members.number(VERSION_MEMBER)? != VERSION {
            return Err(pending_flow_error("is of another version of flowseal's"));
        }
        for (name, value) in members.0.iter() {
            if !MEMBERS.contains(&name) || value.is_null() {
                return Err(pending_flow_error(&format!(
                    "has a member {} that is unknown or null",
                    quoted(name)
                )));
            }
        }
        let environment = match members.text("environment")? {
            "production" => "production",
            "sandbox" => "sandbox",
            _ => return Err(strange("environment")),
        };
        let owned = |name| Ok::<_, Error>(members.maybe_text(name)?.map(str::to_owned));
        let of = Origin {
            environment,
            base: members.text("base")?.to_owned(),
            organisation: owned("organisation")?,
            app: owned("app")?,
        };
        let method = Method::from_names(members.text("method")?, members.text("action")?);
        let person = members.maybe_text("person")?.map(Person::new).transpose();
        let asked = Asked {
            method: method.ok_or_else(|| strange("method"))?,
            route: Route::from_name(members.text("device")?).ok_or_else(|| strange("device"))?,
            person: person.map_err(|_| strange("person"))?,
            claims: members.claims()?,
            webhook: owned("webhook")?,
        };
        asked.check()?;
        let binding = members.maybe_text("binding")?.map(Binding::from_hex);
        let binding = match binding {
            Some(None) => return Err(strange("binding")),
            Some(Some(binding)) => Some(binding),
            None => None,
        };
        check_binding_is_given(asked.route, binding.as_ref()).map_err(|_| strange("binding"))?;
        let reference = members.text("reference")?;
        crate::api::request::checked(reference).map_err(|_| strange("reference"))?;
        let span = |name, seconds: u64| match seconds {
            0..=MOST_SECONDS => Ok(seconds),
            _ => Err(strange(name)),
        };
        let expires = i64::try_from(members.number("expires")?).unwrap_or(i64::MAX);
        Ok(Self {
            reference: reference.to_owned(),
            asked,
            of,
            expires: UnixTime::from_seconds(expires).map_err(|_| strange("expires"))?,
            binding,
            allows_more_claims: members.boolean("more_claims")?,
            leeway: span("leeway", members.number("leeway")?)?,
            max_age: match members.0.present("max_age") {
                Some(_) => Some(span("max_age", members.number("max_age")?)?),
                None => None,
            },
            detached: None,
        })
    }
}

impl Asked {
    /// Refuses what no start could have asked.
    fn check(&self) -> Result<(), Error> {
        let names_a_person = match (self.method, self.route) {
            (Method::Identification(_), Route::Same) | (_, Route::Wildcard) => false,
            (Method::Identification(_), Route::Different) | (Method::Signing(_), _) => true,
        };
        if self.person.is_some() != names_a_person {
            return Err(strange("person"));
        }
        if matches!(self.method, Method::Signing(_)) && !self.claims.is_empty() {
            return Err(strange("claims"));
        }
        check_claims(&self.claims).map_err(|_| strange("claims"))?;
        match (&self.webhook, self.method) {
            (Some(_), Method::Identification(_)) => Err(strange("webhook")),
            (Some(reference), _) => check_reference(reference).map_err(|_| strange("webhook")),
            (None, Method::Signing(SigningAction::Sign)) => Err(strange("webhook")),
            (None, _) => Ok(()),
        }
    }
}

/// The members of a stored flow, each of its one type.
struct Members<'a>(&'a Object);

impl<'a> Members<'a> {
    fn text(&self, name: &str) -> Result<&'a str, Error> {
        self.maybe_text(name)?.ok_or_else(|| strange(name))
    }

    fn maybe_text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        let value = self.0.present(name);
        value
            .map(|value| value.as_str().ok_or_else(|| strange(name)))
            .transpose()
    }

    fn number(&self, name: &str) -> Result<u64, Error> {
        let number = self.0.present(name).and_then(Json::as_integer);
        let number = number.and_then(|number| u64::try_from(number).ok());
        number.ok_or_else(|| strange(name))
    }

    fn boolean(&self, name: &str) -> Result<bool, Error> {
        let value = self.0.present(name).and_then(Json::as_bool);
        value.ok_or_else(|| strange(name))
    }

    fn claims(&self) -> Result<Vec<String>, Error> {
        let claims = self.0.present("claims").and_then(Json::as_array);
        let claims = claims.ok_or_else(|| strange("claims"))?.iter();
        claims
            .map(|key| key.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| strange("claims"))
    }
}

fn strange(member: &str) -> Error {
    pending_flow_error(&format!(
        "has no member {} as it would have been written",
        quoted(member)
    ))
}

pub(super) fn pending_flow_error(what: &str) -> Error {
    Error::new(
        ErrorCode::PendingFlow,
        format!("what was given as a pending flow {what}: give it as it was stored, or start over"),
    )
}

const VERSION_MEMBER: &str = "flowseal_pending";
const VERSION: u64 = 1;

/// In the order in which they are written.
const MEMBERS: &[&str] = &[
    VERSION_MEMBER,
    "environment",
    "base",
    "organisation",
    "app",
    "reference",
    "method",
    "action",
    "device",
    "person",
    "claims",
    "more_claims",
    "webhook",
    "binding",
    "leeway",
    "max_age",
    "expires",
];
