//! What an answer of the API is: the one place that decides it.

use crate::error::{Error, ErrorCode};
use crate::ground::secret::SecretText;
use crate::ground::tree::wipe::into_secret;
use crate::ground::tree::{Json, Object};

/// An answer of the API, taken apart but not read.
pub(crate) struct Envelope {
    /// What the answer is about.
    pub(crate) content: Content,
    /// `status`, `reason` and every other member but `data`; none where a flow came without.
    pub(crate) members: Object,
    /// What `data` holds beside the content.
    pub(crate) data: Option<Json>,
}

/// What an answer is about, before its members are read.
pub(crate) enum Content {
    /// `data.token` of an authorize answer; `None` where it is no string.
    Authorized(Option<SecretText>),
    /// `data.model` of a cancel answer.
    Cancelled(Object),
    /// `data.request` of the answer that creates a request, and the token beside it.
    Created(Object, Option<SecretText>),
    /// An error with an envelope; its members stay where they are.
    Error,
    /// A success without data: the flow of a ping has expired.
    Expired,
    /// A flow, and `data.username`, which stands beside it and is signed by nobody.
    Flow(Object, Option<String>),
    /// A list of validation issues.
    Issues(Vec<Json>),
    /// An object that is none of these, in words.
    Unknown(&'static str),
}

impl Envelope {
    /// Decides what a response is. A bare flow object is a flow too.
    ///
    /// A token leaves the tree here, whatever the answer turns out to be.
    pub(crate) fn open(response: Json) -> Result<Self, Error> {
        let mut root = match response {
            Json::Object(root) => root,
            Json::Array(issues) => return Ok(Self::bare(Content::Issues(issues))),
            other => return Err(not_a_flow(other.kind())),
        };
        if looks_like_a_flow(&root) && (is_a_whole_flow(&root) || !is_an_error(&root)) {
            return Ok(Self::bare(Content::Flow(root, None)));
        }

        let mut data = root.take("data");
        let content = match &mut data {
            Some(Json::Object(data)) if data.has_present_members() => Content::of_data(data, &root),
            None | Some(Json::Object(_)) if succeeded(&root) => Content::Expired,
            _ => Content::without_data(&root),
        };
        Ok(Self {
            content,
            members: root,
            data,
        })
    }

    /// The members of the flow and the name beside it.
    ///
    /// # Errors
    /// `flow_expired` and `not_a_flow` for every other answer.
    pub(crate) fn into_flow(self) -> Result<(Object, Option<String>), Error> {
        Err(not_a_flow(match self.content {
            Content::Flow(flow, username) => return Ok((flow, username)),
            Content::Expired => return Err(expired()),
            Content::Authorized(_) => "an authorize answer",
            Content::Cancelled(_) => "a cancel answer",
            Content::Created(..) => "the answer that creates a request",
            Content::Error => "an error answer of the API",
            Content::Issues(_) => "a list of validation issues",
            Content::Unknown(what) => what,
        }))
    }

    fn bare(content: Content) -> Self {
        Self {
            content,
            members: Object::default(),
            data: None,
        }
    }
}

impl Content {
    fn of_data(data: &mut Object, root: &Object) -> Self {
        let token = data.take("token").map(into_secret);
        match (data.take("request"), token) {
            (Some(Json::Object(flow)), _)
                if looks_like_a_flow(&flow)
                    && !is_a_whole_flow(&flow)
                    && has_error_members(root) =>
            {
                Self::Error
            }
            (Some(Json::Object(flow)), _) if looks_like_a_flow(&flow) => {
                Self::Flow(flow, data.take("username").and_then(text))
            }
            (Some(Json::Object(request)), token) => Self::Created(request, token.flatten()),
            (Some(_), _) => Self::Unknown("an answer whose data.request is not an object"),
            (None, Some(token)) => Self::Authorized(token),
            (None, None) => match data.take("model") {
                Some(Json::Object(model)) => Self::Cancelled(model),
                Some(_) => Self::Unknown("an answer whose data.model is not an object"),
                None => match Self::without_data(root) {
                    Self::Error => Self::Error,
                    _ => Self::Unknown("an answer without data.request"),
                },
            },
        }
    }

    fn without_data(root: &Object) -> Self {
        if is_an_error(root) {
            Self::Error
        } else if root.present("status").is_some() {
            Self::Unknown("an answer whose data is not an object")
        } else if root.present("flowseal_evidence").is_some() {
            Self::Unknown("an evidence file")
        } else if root.present("flowseal_disclosure").is_some() {
            Self::Unknown("a disclosure")
        } else {
            Self::Unknown("an object without a flow's members")
        }
    }
}

/// Whether an object is meant as a flow, complete or not. Cancel's model and the create answers
/// have `id`, `consumer` and `user` where a flow has these.
fn looks_like_a_flow(object: &Object) -> bool {
    ["reference", "requester", "requestee"]
        .iter()
        .any(|name| object.present(name).is_some())
}

/// Whether it has every member that a flow must have: whatever else it has, it is one.
fn is_a_whole_flow(object: &Object) -> bool {
    [
        "reference",
        "requester",
        "requestee",
        "mode",
        "cancelled",
        "iat",
    ]
    .iter()
    .all(|name| object.present(name).is_some())
}

/// Whether an answer says that it is an error, whatever else it holds: errors name flows and
/// people.
fn is_an_error(root: &Object) -> bool {
    // The SDK types the status of authorize as a number.
    let well = |status: &Json| succeeded(root) || matches!(status.as_integer(), Some(200..300));
    has_error_members(root) || root.present("status").is_some_and(|status| !well(status))
}

fn succeeded(root: &Object) -> bool {
    root.present("status").and_then(Json::as_str) == Some("successful")
}

/// Whether members are there that only errors have. A success has a `reason` too.
fn has_error_members(root: &Object) -> bool {
    ["type", "code", "message", "helper_url", "body"]
        .iter()
        .any(|name| root.present(name).is_some())
}

fn text(value: Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text),
        _ => None,
    }
}

/// What a success without data means.
pub(crate) fn expired() -> Error {
    Error::new(
        ErrorCode::FlowExpired,
        "the ping succeeded but has no data: the flow has expired, so start a new one",
    )
}

fn not_a_flow(found: &str) -> Error {
    Error::new(
        ErrorCode::NotAFlow,
        format!(
            "this is {found}, not a flow: pass the answer to a ping or a poll, or its data.request"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::limits::Limits;

    fn open(text: &str) -> Result<Envelope, Error> {
        Envelope::open(json::parse(text.as_bytes(), &Limits::default()).unwrap())
    }

    fn flow(text: &str) -> Result<(Object, Option<String>), ErrorCode> {
        open(text)
            .and_then(Envelope::into_flow)
            .map_err(|error| error.code())
    }

    #[test]
    fn other_answers_are_no_flows() {
        for text in [
            "[]",
            "{}",
            "1",
            "null",
            r#"[{"code": "invalid_type", "path": ["request"], "message": "Required"}]"#,
            r#"{"status": "successful", "reason": "", "data": {"token": "eyJ"}}"#,
            r#"{"status": 200, "data": {"token": "eyJ"}}"#,
            r#"{"status": "successful", "data": {"model": {"id": "req_"}}}"#,
            r#"{"status": "successful", "data": {"request": {"id": "req_", "consumer": "bcn_", "signature": "eyJ"}}}"#,
            r#"{"status": "failed", "message": "no such flow"}"#,
            r#"{"type": "session_expiry", "code": 401, "helper_url": "", "body": {}}"#,
            r#"{"status": "failed", "data": null}"#,
            r#"{"data": {}}"#,
        ] {
            assert_eq!(flow(text).err(), Some(ErrorCode::NotAFlow), "{text}");
        }
    }

    #[test]
    fn a_successful_answer_without_data_is_an_expired_flow() {
        for text in [
            r#"{"status": "successful", "reason": "Ping successful"}"#,
            r#"{"status": "successful", "data": null}"#,
            r#"{"status": "successful", "data": {}}"#,
        ] {
            assert_eq!(flow(text).err(), Some(ErrorCode::FlowExpired), "{text}");
        }
    }

    #[test]
    fn the_flow_is_found_whole_or_bare() {
        let bare = r#"{"reference": "req_1", "data": {"request": {"reference": "req_2"}}}"#;
        let whole =
            format!(r#"{{"status": "handled", "data": {{"request": {bare}, "username": "ada"}}}}"#);
        for text in [bare, &whole] {
            let (flow, _) = flow(text).unwrap();
            assert_eq!(
                flow.present("reference").and_then(Json::as_str),
                Some("req_1")
            );
        }
        assert_eq!(flow(&whole).unwrap().1.as_deref(), Some("ada"));
    }

    #[test]
    fn a_token_leaves_the_tree_of_every_answer() {
        for text in [
            r#"{"data": {"token": "eyJ"}}"#,
            r#"{"data": {"token": "eyJ", "model": {}}}"#,
            r#"{"data": {"token": "eyJ", "request": {"id": "req_"}}}"#,
            r#"{"data": {"token": "eyJ", "request": {"reference": "req_"}}}"#,
            r#"{"data": {"token": "eyJ", "request": "req_"}}"#,
            r#"{"data": {"token": ["eyJ"]}, "type": "api_error"}"#,
        ] {
            let envelope = open(text).unwrap();
            let left = envelope.data.map(|data| data.to_string());
            assert!(!left.unwrap_or_default().contains("eyJ"), "{text}");
        }
    }

    #[test]
    fn members_of_a_flow_that_are_called_token_stay() {
        let (flow, _) = flow(r#"{"reference": "req_", "data": {"token": "eyJ"}}"#).unwrap();
        let data = flow.present("data").unwrap();
        assert_eq!(data.to_string(), r#"{"token":"eyJ"}"#);
    }

    #[test]
    fn an_error_that_names_a_flow_is_no_flow() {
        for text in [
            r#"{"type": "param_error", "code": 400, "requestee": "222", "reason": "unknown"}"#,
            r#"{"status": "failed", "message": "no such flow", "reference": "req_1"}"#,
            r#"{"status": "unauthorized", "reference": "req_1"}"#,
            r#"{"type": "session_expiry", "code": 401, "data": {"request": {"reference": "req_1"}}}"#,
        ] {
            let content = open(text).unwrap().content;
            assert!(matches!(content, Content::Error), "{text}");
        }
        let flow = r#""reference": "r", "requester": "b", "requestee": "2", "iat": 1, "mode": "x",
            "cancelled": false"#;
        for text in [
            // A member of a later version of the API may be called so.
            format!(r#"{{{flow}, "message": "hello", "type": "login"}}"#),
            format!(r#"{{"status": "handled", "data": {{"request": {{{flow}, "code": 7}}}}}}"#),
        ] {
            let content = open(&text).unwrap().content;
            assert!(matches!(content, Content::Flow(..)), "{text}");
        }
    }

    #[test]
    fn an_error_with_data_is_an_error() {
        for text in [
            r#"{"status": "failed", "data": {"hint": 1}}"#,
            r#"{"status": "successful", "type": "api_error", "data": {"hint": 1}}"#,
            r#"{"status": 401, "reason": "no"}"#,
        ] {
            let content = open(text).unwrap().content;
            assert!(matches!(content, Content::Error), "{text}");
        }
        let content = open(r#"{"status": 200, "data": {"hint": 1}}"#);
        assert!(matches!(content.unwrap().content, Content::Unknown(_)));
    }
}
