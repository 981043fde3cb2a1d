//! The body that starts a flow, looked at as the API does: what is wrong is told member by member.

use flowseal::testkit::Persona;
use serde_json::{Map, Value, json};

use super::route::{Device, Kind, Version};
use super::webhook::Webhook;

/// What a person is asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) device: Device,
    pub(super) action: String,
    pub(super) payload: String,
    pub(super) claims: Vec<String>,
    /// The number of who is asked, where the app has said so.
    pub(super) person: Option<String>,
    pub(super) seeds: u64,
    pub(super) webhook: Option<Webhook>,
}

/// A number that nobody has, for whoever wants to see how the API says so.
const NOBODY: &str = "00000000000";

const SHORTEST_NUMBER: usize = 11;
const MOST_SEEDS: u64 = 10;

impl Asked {
    /// Reads a body, or says what is wrong with it.
    pub(super) fn read(
        body: &[u8],
        version: Version,
        kind: Kind,
        device: Device,
    ) -> Result<Self, Vec<Value>> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let Some(members) = body.as_object() else {
            return Err(vec![issue("invalid_type", &[], "Expected object")]);
        };
        let mut reader = Reader {
            members,
            issues: Vec::new(),
        };
        let asked = Self {
            kind,
            device,
            action: reader.action(kind),
            payload: reader.payload(),
            claims: match kind {
                Kind::Identification => reader.claims(),
                Kind::Signing => Vec::new(),
            },
            person: match (kind, device) {
                (_, Device::Wildcard) | (Kind::Identification, Device::Same) => None,
                (Kind::Identification, Device::Different) => reader.person("user"),
                (Kind::Signing, _) => reader.person("nin"),
            },
            seeds: match device {
                Device::Wildcard => reader.seeds(),
                Device::Same | Device::Different => 0,
            },
            webhook: match kind {
                Kind::Signing => reader.webhook(version),
                Kind::Identification => None,
            },
        };
        match reader.issues.as_slice() {
            [] => Ok(asked),
            _ => Err(reader.issues),
        }
    }

    /// Who the flow says was asked: the persona who responds. A number that is none of the
    /// personas' is taken for theirs, so that an app can be tried with its own.
    pub(super) fn requestee<'a>(&'a self, persona: &'a Persona) -> &'a str {
        let has = |number: &str| Persona::ALL.iter().any(|known| known.requestee == number);
        match &self.person {
            Some(number) if !has(number) => number,
            _ => persona.requestee,
        }
    }

    /// What of a persona's claims is asked for. A key may name a claim, or all that is below it.
    pub(super) fn of_the_claims(&self, claims: &Value) -> Value {
        let kept = self.kept("", claims);
        kept.unwrap_or_else(|| Value::Object(Map::new()))
    }

    fn kept(&self, path: &str, value: &Value) -> Option<Value> {
        // The catalogue has two spellings of some.
        if self.claims.iter().any(|key| key.eq_ignore_ascii_case(path)) {
            return Some(value.clone());
        }
        let mut kept = Map::new();
        for (name, value) in value.as_object()? {
            let path = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            if let Some(value) = self.kept(&path, value) {
                kept.insert(name.clone(), value);
            }
        }
        (!kept.is_empty()).then_some(Value::Object(kept))
    }
}

/// Reads members, and collects what is wrong with them.
struct Reader<'a> {
    members: &'a Map<String, Value>,
    issues: Vec<Value>,
}

impl Reader<'_> {
    fn action(&mut self, kind: Kind) -> String {
        let known: &[&str] = match kind {
            Kind::Identification => &["login", "signup", "link"],
            Kind::Signing => &["sign", "confirm"],
        };
        let action = self.text("action");
        if !action.is_empty() && !known.contains(&action.as_str()) {
            let message = format!("Expected one of {}", known.join(", "));
            self.refuse("invalid_enum_value", &["action"], &message);
        }
        action
    }

    fn payload(&mut self) -> String {
        let payload = self.text("payload");
        if payload.trim().is_empty() && self.members.get("payload").is_some_and(Value::is_string) {
            self.refuse("too_small", &["payload"], "Payload must not be empty");
        }
        payload
    }

    fn claims(&mut self) -> Vec<String> {
        let Some(claims) = self.members.get("claims") else {
            self.refuse("invalid_type", &["claims"], "Required");
            return Vec::new();
        };
        let keys = claims.as_array().and_then(|keys| {
            let keys = keys.iter().map(Value::as_str);
            let keys = keys.map(|key| key.filter(|key| !key.is_empty()).map(str::to_owned));
            keys.collect::<Option<Vec<_>>>()
        });
        keys.unwrap_or_else(|| {
            self.refuse("invalid_type", &["claims"], "Expected an array of claims");
            Vec::new()
        })
    }

    fn person(&mut self, member: &str) -> Option<String> {
        let number = self.text(member);
        let is_short = number.chars().count() < SHORTEST_NUMBER;
        if is_short && self.members.get(member).is_some_and(Value::is_string) {
            let message = format!("Invalid {member} identifier");
            self.refuse("too_small", &[member], &message);
        } else if number == NOBODY {
            self.refuse("custom", &[member], "No user has this identifier");
        }
        Some(number)
    }

    fn seeds(&mut self) -> u64 {
        let seeds = self.members.get("seeds");
        match (seeds, seeds.and_then(Value::as_u64)) {
            (_, Some(count @ 1..=MOST_SEEDS)) => return count,
            (None, _) => self.refuse("invalid_type", &["seeds"], "Required"),
            (_, Some(0)) => self.refuse("too_small", &["seeds"], "At least 1 seed"),
            (_, Some(_)) => self.refuse("too_big", &["seeds"], "At most 10 seeds"),
            (_, None) => self.refuse("invalid_type", &["seeds"], "Expected an integer"),
        }
        0
    }

    /// A signature is told to a webhook; in v1 a confirmation is, too.
    fn webhook(&mut self, version: Version) -> Option<Webhook> {
        let is_signed = self
            .members
            .get("action")
            .is_some_and(|action| action == "sign");
        let Some(webhook) = self.members.get("webhook") else {
            if is_signed || version == Version::V1 {
                self.refuse("invalid_type", &["webhook"], "Required");
            }
            return None;
        };
        let Some(webhook) = webhook.as_object() else {
            self.refuse("invalid_type", &["webhook"], "Expected object");
            return None;
        };
        let text = |name: &str| webhook.get(name).and_then(Value::as_str);
        let reference = text("reference").filter(|reference| !reference.is_empty());
        if reference.is_none() {
            let path = ["webhook", "reference"];
            self.refuse("invalid_type", &path, "Expected a reference");
        }
        let webhook = Webhook::new(
            text("host").unwrap_or_default(),
            reference.unwrap_or_default(),
        );
        if webhook.is_none() {
            self.refuse(
                "invalid_string",
                &["webhook", "host"],
                "Expected an https URL",
            );
        }
        webhook
    }

    fn text(&mut self, member: &str) -> String {
        match self.members.get(member) {
            Some(Value::String(text)) => return text.clone(),
            Some(_) => self.refuse("invalid_type", &[member], "Expected string"),
            None => self.refuse("invalid_type", &[member], "Required"),
        }
        String::new()
    }

    fn refuse(&mut self, code: &str, path: &[&str], message: &str) {
        self.issues.push(issue(code, path, message));
    }
}

fn issue(code: &str, path: &[&str], message: &str) -> Value {
    let path: Vec<_> = ["body"].iter().chain(path).collect();
    json!({"code": code, "path": path, "message": message})
}
