//! A request as the API keeps it: what cancel and the create answers show.

use std::fmt;

use crate::api::session_token::SessionToken;
use crate::flow::Mode;
use crate::ground::tree::{Json, Object};
use crate::time::UnixTime;

/// A request for a person's approval, as the API keeps it.
///
/// Nobody signs it, and nothing depends on it: a member that is absent or of another type than
/// expected is `None` in its own method, and [`member`](Self::member) shows it as it was sent.
/// Source: the cancel answer of the API.
///
/// ```
/// use flowseal::api::{Answer, Response};
///
/// let response = Response::from_json(br#"{"status": "successful", "data": {"model": {"id": "req_",
///     "iat": 1707028058, "exp": 1707028418, "acquireClaims": ["naming.given"],
///     "useragent": "x"}}}"#)?;
/// if let Answer::Cancelled(model) = response.answer() {
///     assert_eq!(model.exp().unwrap().seconds() - model.iat().unwrap().seconds(), 360);
///     assert_eq!(model.acquire_claims().next(), Some("naming.given"));
///     assert_eq!(model.member("useragent").unwrap().as_str(), Some("x"));
/// }
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct RequestModel(Object);

impl RequestModel {
    pub(super) fn new(members: Object) -> Self {
        Self(members)
    }

    /// `id`: the flow's reference, `req_…`.
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// `consumer`: the organisation, `bcn_…`.
    pub fn consumer(&self) -> Option<&str> {
        self.text("consumer")
    }

    /// `app`: the app, `app_…`.
    pub fn app(&self) -> Option<&str> {
        self.text("app")
    }

    /// `mode`: what the person is asked for.
    pub fn mode(&self) -> Option<Mode> {
        self.text("mode").map(Mode::from_name)
    }

    /// `action`: what the app wants it for, such as `login`.
    pub fn action(&self) -> Option<&str> {
        self.text("action")
    }

    /// `payload`: the text that the person is shown.
    pub fn payload(&self) -> Option<&str> {
        self.text("payload")
    }

    /// `iat`: when the request was made.
    pub fn iat(&self) -> Option<UnixTime> {
        self.moment("iat")
    }

    /// `exp`: when the request expires.
    pub fn exp(&self) -> Option<UnixTime> {
        self.moment("exp")
    }

    /// `user`: the person asked, `bid_…` or a national number.
    pub fn user(&self) -> Option<&str> {
        self.text("user")
    }

    /// `ip`: the address that the request came from.
    pub fn ip(&self) -> Option<&str> {
        self.text("ip")
    }

    /// `name`: the app's name, as the person sees it.
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// `acquireClaims`: the paths of the claims asked for, such as `naming.given`.
    pub fn acquire_claims(&self) -> impl Iterator<Item = &str> {
        self.member("acquireClaims")
            .and_then(Json::as_array)
            .unwrap_or_default()
            .iter()
            .filter_map(Json::as_str)
    }

    /// Any member by its name on the wire, known or unknown; `None` if it is absent or `null`.
    pub fn member(&self, name: &str) -> Option<&Json> {
        self.0.present(name)
    }

    /// Every member, as received.
    pub fn members(&self) -> &Object {
        &self.0
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.member(name).and_then(Json::as_str)
    }

    fn moment(&self, name: &str) -> Option<UnixTime> {
        let seconds = self.member(name).and_then(Json::as_integer)?;
        UnixTime::from_seconds(i64::try_from(seconds).ok()?).ok()
    }
}

impl fmt::Debug for RequestModel {
    /// The identifier alone: the person, their address and what they were asked stay out of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestModel")
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}

/// A request that has just been made, by the start of an identification or a signing.
///
/// ```
/// use flowseal::api::{Answer, Response};
///
/// let response = Response::from_json(br#"{"status": "successful", "data": {"request":
///     {"id": "req_", "mode": "signature", "signature": "eyJ"}}}"#)?;
/// if let Answer::Created(created) = response.answer() {
///     assert_eq!(created.request().id(), Some("req_"));
///     assert_eq!(created.server_stamp_unverified(), Some("eyJ"));
/// }
/// # Ok::<(), flowseal::Error>(())
/// ```
#[derive(Debug)]
pub struct CreatedRequest {
    request: RequestModel,
    token: Option<SessionToken>,
}

impl CreatedRequest {
    pub(super) fn new(request: RequestModel, token: Option<SessionToken>) -> Self {
        Self { request, token }
    }

    pub(crate) fn into_parts(self) -> (RequestModel, Option<SessionToken>) {
        (self.request, self.token)
    }

    /// The request.
    pub fn request(&self) -> &RequestModel {
        &self.request
    }

    /// `data.token`, which some create answers have beside the request. Its purpose is documented
    /// nowhere, so it is kept as the secret that it is elsewhere; `None` also for one that could
    /// not be sent in a header.
    pub fn token(&self) -> Option<&SessionToken> {
        self.token.as_ref()
    }

    /// `signature` of the request: a JWT by which the server stamps its answer.
    ///
    /// Neither its algorithm nor its key is published, so it proves nothing. It is not the person's
    /// e-signature, which only a completed flow has.
    pub fn server_stamp_unverified(&self) -> Option<&str> {
        self.request.text("signature")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::limits::Limits;

    fn model(text: &str) -> RequestModel {
        match json::parse(text.as_bytes(), &Limits::default()) {
            Ok(Json::Object(members)) => RequestModel::new(members),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_member_of_the_specification_is_reached() {
        let seed: &str = include_str!("../../../tests/vectors/seed/cancel.json");
        let tree = json::parse(seed.as_bytes(), &Limits::default()).unwrap();
        let data = tree.as_object().unwrap().present("data").unwrap();
        let model = data.as_object().unwrap().present("model").unwrap();
        let model = RequestModel::new(model.as_object().unwrap().clone());

        assert_eq!(model.id(), Some("req_"));
        assert_eq!(model.consumer(), Some("bcn_•••••••"));
        assert_eq!(model.app(), Some("app_•••••••"));
        assert_eq!(model.mode(), Some(Mode::Identification));
        assert_eq!(model.action(), Some("login"));
        let payload = "A simple payload used during describing identification flow intent";
        assert_eq!(model.payload(), Some(payload));
        assert_eq!(model.iat().unwrap().seconds(), 1_707_028_058);
        assert_eq!(model.exp().unwrap().seconds(), 1_707_028_418);
        assert_eq!(model.user(), Some("bid_•••••••"));
        assert_eq!(model.ip(), Some("•••••••"));
        assert_eq!(model.name(), Some("My app name"));
        assert_eq!(model.members().len(), 12);
    }

    #[test]
    fn members_of_another_type_are_shown_and_not_read() {
        let model = model(r#"{"id": 1, "iat": "now", "exp": -1, "acquireClaims": ["a", 1, "b"]}"#);
        assert_eq!((model.id(), model.iat(), model.exp()), (None, None, None));
        assert_eq!(model.member("id").unwrap().as_integer(), Some(1));
        assert_eq!(model.acquire_claims().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn debug_does_not_show_the_person() {
        let shown = format!(
            "{:?}",
            model(r#"{"id": "req_1", "user": "222", "ip": "10.0.0.1"}"#)
        );
        assert!(shown.contains("req_1") && !shown.contains("222") && !shown.contains("10.0"));
    }
}
