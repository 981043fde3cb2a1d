//! What stands around a flow in a response of the API.

use crate::error::{Error, ErrorCode};
use crate::json::{Json, Object};

/// The part of a response that is a flow, before its members are read.
pub(crate) struct Envelope {
    /// The members of the flow object.
    pub(crate) flow: Object,
    /// `data.username`: beside the flow, signed by nobody.
    pub(crate) username: Option<String>,
}

impl Envelope {
    /// Finds the flow in a whole response, or takes a bare flow object.
    pub(crate) fn open(response: Json) -> Result<Self, Error> {
        let mut root = match response {
            Json::Object(root) => root,
            Json::Array(_) => return Err(not_a_flow("a list of validation issues")),
            other => return Err(not_a_flow(other.kind())),
        };
        if looks_like_a_flow(&root) {
            return Ok(Self {
                flow: root,
                username: None,
            });
        }

        let succeeded = root.present("status").and_then(Json::as_str) == Some("successful");
        let data = root.take("data");
        let is_error = ["type", "code", "message", "helper_url", "body"]
            .iter()
            .any(|name| root.present(name).is_some());
        match data {
            Some(Json::Object(mut data)) if !data.is_empty() => match data.take("request") {
                Some(Json::Object(flow)) if looks_like_a_flow(&flow) => Ok(Self {
                    flow,
                    username: data.take("username").and_then(|name| match name {
                        Json::String(name) => Some(name),
                        _ => None,
                    }),
                }),
                Some(_) => Err(not_a_flow("the answer that creates a request")),
                None if data.present("token").is_some() => Err(not_a_flow("an authorize answer")),
                None if data.present("model").is_some() => Err(not_a_flow("a cancel answer")),
                None => Err(not_a_flow("an answer without data.request")),
            },
            None | Some(Json::Object(_)) if succeeded && !is_error => Err(Error::new(
                ErrorCode::FlowExpired,
                "the ping succeeded but has no data: the flow has expired, so start a new one",
            )),
            _ if is_error || root.present("status").is_some() => {
                Err(not_a_flow("an error answer of the API"))
            }
            _ => Err(not_a_flow("an object without a flow's members")),
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
    use crate::profile::Limits;

    fn open(text: &str) -> Result<Envelope, ErrorCode> {
        Envelope::open(Json::parse(text.as_bytes(), &Limits::default()).unwrap())
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
            assert_eq!(open(text).err(), Some(ErrorCode::NotAFlow), "{text}");
        }
    }

    #[test]
    fn a_successful_answer_without_data_is_an_expired_flow() {
        for text in [
            r#"{"status": "successful", "reason": "Ping successful"}"#,
            r#"{"status": "successful", "data": null}"#,
            r#"{"status": "successful", "data": {}}"#,
        ] {
            assert_eq!(open(text).err(), Some(ErrorCode::FlowExpired), "{text}");
        }
    }

    #[test]
    fn the_flow_is_found_whole_or_bare() {
        let bare = r#"{"reference": "req_1", "data": {"request": {"reference": "req_2"}}}"#;
        let whole =
            format!(r#"{{"status": "handled", "data": {{"request": {bare}, "username": "ada"}}}}"#);
        for text in [bare, &whole] {
            let flow = open(text).unwrap().flow;
            assert_eq!(
                flow.present("reference").and_then(Json::as_str),
                Some("req_1")
            );
        }
        assert_eq!(open(&whole).unwrap().username.as_deref(), Some("ada"));
    }
}
