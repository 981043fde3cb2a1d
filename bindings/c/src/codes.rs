//! Every status, its name and its sentence. Written by `cargo xtask codes` from the core's table of codes and from
//! `own_statuses.txt`.

use std::ffi::CStr;

/// What a call answers: 0, or why it refused.
///
/// A number is never reused; new ones are appended, so a caller must expect ones that it does not
/// know. 1 to 39 are input that is unusable before a flow exists, 40 to 69 a flow that is refused,
/// 70 to 79 faults of the machine or of this library, 80 to 99 misuse of this interface, 100 to 139
/// requests to the API.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_status {
    /// Done.
    Ok = 0,
    /// The caller's arguments do not fit together.
    Usage = 1,
    /// A file could not be read or written. The core never gives it: it reads no files.
    Io = 2,
    /// Not JSON (RFC 8259), not UTF-8, or a lone surrogate.
    Json = 3,
    /// An object names a member twice.
    JsonDuplicate = 4,
    /// The response is larger than the profile's `limits.response_bytes`.
    TooLarge = 5,
    /// The response nests deeper than the profile's `limits.depth`.
    TooDeep = 6,
    /// The flow has more leaves than the profile's `limits.leaves`.
    TooManyLeaves = 7,
    /// JSON, but no flow: another response of the API, or something else.
    NotAFlow = 8,
    /// The flow has expired before the person has responded.
    FlowExpired = 9,
    /// A member of the flow is missing or of the wrong type.
    FlowMalformed = 10,
    /// A claim's name holds a dot, which its path could not tell from a level.
    ClaimName = 11,
    /// The profile file is not a profile.
    Profile = 12,
    /// Two profiles of one operation disagree.
    ProfileMismatch = 13,
    /// Not a key in any form that is read.
    KeyFormat = 14,
    /// A key, but not of the kind that is needed here.
    KeyKind = 15,
    /// The modulus is too short, too long, or the exponent is out of bounds.
    KeySize = 16,
    /// The numbers of the key do not belong together.
    KeyInvalid = 17,
    /// The key is known to be breakable.
    KeyWeak = 18,
    /// The passphrase is missing or wrong, or the key's KDF costs more than is accepted.
    KeyPassphrase = 19,
    /// More than one usable key where one is wanted.
    KeyAmbiguous = 20,
    /// One modulus in two roles that must not meet.
    KeyConflict = 21,
    /// The service account file is not one, or its parts do not belong together.
    ServiceAccount = 22,
    /// The signed statement cannot be built from this flow under this profile.
    Statement = 23,
    /// A time that is not in Unix seconds.
    Time = 24,
    /// Not an evidence file, or one that contradicts itself.
    Evidence = 25,
    /// Not a disclosure file, or one that contradicts itself.
    Disclosure = 26,
    /// A token's PIN is missing, wrong or locked.
    Pin = 27,
    /// What was begun cannot be resumed: its checkpoint is of other input, other options or
    /// damaged.
    Checkpoint = 28,
    /// Not a pending flow as it was stored, or one of another configuration.
    PendingFlow = 29,
    /// The user has not approved the flow yet.
    FlowPending = 40,
    /// The flow was cancelled.
    FlowCancelled = 41,
    /// The flow has claims but no e-signature.
    SignatureMissing = 42,
    /// The e-signature is not base64 of an RSA signature.
    SignatureMalformed = 43,
    /// No key that was tried verifies the e-signature over the statement.
    SignatureInvalid = 44,
    /// The verifier has no key for this flow's requestee.
    NoVerifyingKey = 45,
    /// The signature is valid, but something that was asked for is not so.
    ExpectationFailed = 46,
    /// The flow has claims that the statement does not cover.
    ClaimsNotSigned = 47,
    /// An operation that is for verified flows only.
    NotVerified = 48,
    /// A leaf of the claims tree is not a string.
    ClaimNotSealed = 49,
    /// A leaf is not strict base64.
    ClaimBase64 = 50,
    /// A leaf's ciphertext has a length that no RSA key of the ring produces.
    ClaimLength = 51,
    /// A leaf's ciphertext is not between 2 and the modulus less 2.
    ClaimRange = 52,
    /// No key of the ring is of the size that the leaves are sealed under.
    NoDecryptingKey = 53,
    /// The claims do not open: one verdict for the flow, whatever was wrong with which leaf.
    ClaimUnopenable = 54,
    /// A claim's text is not of the type asked for.
    ClaimType = 55,
    /// The disclosure does not prove what it shows.
    DisclosureInvalid = 56,
    /// No known statement explains the signatures of all the flows given.
    StatementUnknown = 57,
    /// The pending flow was finished before.
    PendingFinished = 58,
    /// A computation failed its own check. Nothing was released.
    InternalFault = 70,
    /// The operating system gave no randomness.
    NoRandomness = 71,
    /// The engine that was asked for by name is not to be had here.
    EngineUnavailable = 72,
    /// The module or the service that holds the key does not compute.
    KeyUnavailable = 73,
    /// A handle of zeros: nothing was ever put into it.
    HandleNone = 80,
    /// A handle of another type.
    HandleType = 81,
    /// A handle that was freed, or that this library has never given.
    HandleStale = 82,
    /// A pointer that is NULL or misaligned, or a length that no object can have.
    Pointer = 83,
    /// The buffer is too short; the length that it needs was written.
    ShortBuffer = 84,
    /// Text that is not UTF-8.
    NotUtf8 = 85,
    /// An index at or above the count.
    Index = 86,
    /// What was asked for is not there, such as the signature of a flow that has none.
    Absent = 87,
    /// There is no place for another handle: 2^24 are in use.
    HandlesExhausted = 88,
    /// A defect of this library, caught at its edge. The call did nothing more.
    Panic = 89,
    /// The configuration for the API lacks something, or its parts do not belong together.
    ApiConfig = 100,
    /// This version of the API does not have what was asked for.
    ApiVersion = 101,
    /// The API does not accept the credentials, or a session token is missing: authorise again.
    ApiUnauthorized = 102,
    /// The API has had too many requests from this address: wait.
    ApiRateLimited = 103,
    /// The API, or something on the way to it, has failed: try again later.
    ApiUnavailable = 104,
    /// The API refuses the request, and will again.
    ApiRequest = 105,
    /// The API says that the flow or its session has expired: start a new one.
    ApiExpired = 106,
    /// The API says that the person has cancelled: tell them.
    ApiCancelled = 107,
    /// The API answers with an error that does not say what to do.
    ApiError = 108,
    /// An answer of the API, but not to this request.
    ApiAnswer = 109,
    /// No answer came, and the connection is gone.
    ConnectionLost = 110,
    /// The caller's deadline has passed before the flow has ended.
    DeadlinePassed = 111,
    /// The session has ended before, and has given its outcome then.
    SessionOver = 112,
    /// What was received is not a webhook.
    Webhook = 113,
    /// A webhook of a flow that the caller does not wait for.
    WebhookUnmatched = 114,
    /// A webhook that has come before.
    WebhookReplayed = 115,
}

impl flowseal_status {
    /// Every status, its name, which is that of Rust, Python and the command, and a sentence that
    /// holds for every occasion.
    #[rustfmt::skip]
    pub(crate) const ALL: &[(Self, &CStr, &CStr)] = &[
        (Self::Ok, c"ok",
            c"done"),
        (Self::Usage, c"usage",
            c"The caller's arguments do not fit together. Correct the call."),
        (Self::Io, c"io",
            c"A file could not be read or written. The core never gives it: it reads no files. Look at the path and its permissions."),
        (Self::Json, c"json",
            c"Not JSON (RFC 8259), not UTF-8, or a lone surrogate. Pass the bytes as they were received; look at what stands between this service and the API."),
        (Self::JsonDuplicate, c"json_duplicate",
            c"An object names a member twice. Refuse the answer and fetch it again."),
        (Self::TooLarge, c"too_large",
            c"The response is larger than the profile's limits.response_bytes. Refuse it, or raise the limit where such answers are expected."),
        (Self::TooDeep, c"too_deep",
            c"The response nests deeper than the profile's limits.depth. Refuse it, or raise the limit where such answers are expected."),
        (Self::TooManyLeaves, c"too_many_leaves",
            c"The flow has more leaves than the profile's limits.leaves. Refuse it, or raise the limit where such flows are expected."),
        (Self::NotAFlow, c"not_a_flow",
            c"JSON, but no flow: another response of the API, or something else. Read the answer as a Response, which says what it is."),
        (Self::FlowExpired, c"flow_expired",
            c"The flow has expired before the person has responded. Start a new flow."),
        (Self::FlowMalformed, c"flow_malformed",
            c"A member of the flow is missing or of the wrong type. Pass the answer as the API sent it; if it is, ask pasby."),
        (Self::ClaimName, c"claim_name",
            c"A claim's name holds a dot, which its path could not tell from a level. Refuse the answer."),
        (Self::Profile, c"profile",
            c"The profile file is not a profile. Correct the member that the sentence names."),
        (Self::ProfileMismatch, c"profile_mismatch",
            c"Two profiles of one operation disagree. Give one profile to everything that takes part in an operation."),
        (Self::KeyFormat, c"key_format",
            c"Not a key in any form that is read. Export the key as PEM or DER."),
        (Self::KeyKind, c"key_kind",
            c"A key, but not of the kind that is needed here. Give the key of the other role, or of the profile's algorithm."),
        (Self::KeySize, c"key_size",
            c"The modulus is too short, too long, or the exponent is out of bounds. Make a new key."),
        (Self::KeyInvalid, c"key_invalid",
            c"The numbers of the key do not belong together. Export the key again, or make a new one."),
        (Self::KeyWeak, c"key_weak",
            c"The key is known to be breakable. Make a new key, elsewhere."),
        (Self::KeyPassphrase, c"key_passphrase",
            c"The passphrase is missing or wrong, or the key's KDF costs more than is accepted. Give the passphrase without a line's end; encrypt the key again where its KDF is the reason."),
        (Self::KeyAmbiguous, c"key_ambiguous",
            c"More than one usable key where one is wanted. Name the key, or give a file with one."),
        (Self::KeyConflict, c"key_conflict",
            c"One modulus in two roles that must not meet. Check which key is the app's and which is the user's."),
        (Self::ServiceAccount, c"service_account",
            c"The service account file is not one, or its parts do not belong together. Get the file anew from pasby's console."),
        (Self::Statement, c"statement",
            c"The signed statement cannot be built from this flow under this profile. Correct the profile's statement, or refuse the flow."),
        (Self::Time, c"time",
            c"A time that is not in Unix seconds. Give whole seconds since 1970; a flow with such a time is refused."),
        (Self::Evidence, c"evidence",
            c"Not an evidence file, or one that contradicts itself. Give the file as it was written."),
        (Self::Disclosure, c"disclosure",
            c"Not a disclosure file, or one that contradicts itself. Give the file as it was written."),
        (Self::Pin, c"pin",
            c"A token's PIN is missing, wrong or locked. Give the right PIN once: tokens lock themselves after a few wrong ones."),
        (Self::Checkpoint, c"checkpoint",
            c"What was begun cannot be resumed: its checkpoint is of other input, other options or damaged. Resume with what it was begun with, or begin anew."),
        (Self::PendingFlow, c"pending_flow",
            c"Not a pending flow as it was stored, or one of another configuration. Give what was stored, to the configuration that started it."),
        (Self::FlowPending, c"flow_pending",
            c"The user has not approved the flow yet. Ask again, until the flow ends."),
        (Self::FlowCancelled, c"flow_cancelled",
            c"The flow was cancelled. Start a new flow if the person wants one."),
        (Self::SignatureMissing, c"signature_missing",
            c"The flow has claims but no e-signature. Refuse it: anyone may have made its claims."),
        (Self::SignatureMalformed, c"signature_malformed",
            c"The e-signature is not base64 of an RSA signature. Refuse it; check that the answer was passed on as the API sent it."),
        (Self::SignatureInvalid, c"signature_invalid",
            c"No key that was tried verifies the e-signature over the statement. Refuse it; the diagnosis tells a wrong profile from a forgery."),
        (Self::NoVerifyingKey, c"no_verifying_key",
            c"The verifier has no key for this flow's requestee. Register the person's key first."),
        (Self::ExpectationFailed, c"expectation_failed",
            c"The signature is valid, but something that was asked for is not so. Refuse it; the report says which check failed, and the sentence by how much."),
        (Self::ClaimsNotSigned, c"claims_not_signed",
            c"The flow has claims that the statement does not cover. Refuse it, or use a statement that covers them."),
        (Self::NotVerified, c"not_verified",
            c"An operation that is for verified flows only. Verify the flow first."),
        (Self::ClaimNotSealed, c"claim_not_sealed",
            c"A leaf of the claims tree is not a string. Refuse it: what is not sealed is not to be trusted."),
        (Self::ClaimBase64, c"claim_base64",
            c"A leaf is not strict base64. Check that the answer was passed on as the API sent it."),
        (Self::ClaimLength, c"claim_length",
            c"A leaf's ciphertext has a length that no RSA key of the ring produces. Check that the answer was passed on as the API sent it."),
        (Self::ClaimRange, c"claim_range",
            c"A leaf's ciphertext is not between 2 and the modulus less 2. Refuse it: no sender makes such a one by chance."),
        (Self::NoDecryptingKey, c"no_decrypting_key",
            c"No key of the ring is of the size that the leaves are sealed under. Give the app's own key, of the rotation too."),
        (Self::ClaimUnopenable, c"claim_unopenable",
            c"The claims do not open: one verdict for the flow, whatever was wrong with which leaf. Check that the key is the app's and the padding the profile's, and refuse the flow."),
        (Self::ClaimType, c"claim_type",
            c"A claim's text is not of the type asked for. Read it as text, or correct the type."),
        (Self::DisclosureInvalid, c"disclosure_invalid",
            c"The disclosure does not prove what it shows. Refuse it; the sentence says which part fails."),
        (Self::StatementUnknown, c"statement_unknown",
            c"No known statement explains the signatures of all the flows given. Ask pasby which bytes are signed; the diagnosis says which algorithm is."),
        (Self::PendingFinished, c"pending_finished",
            c"The pending flow was finished before. Refuse it: its result was given then, and is given once."),
        (Self::InternalFault, c"internal_fault",
            c"A computation failed its own check. Nothing was released. Try again on a sound machine."),
        (Self::NoRandomness, c"no_randomness",
            c"The operating system gave no randomness. Try again on a sound machine."),
        (Self::EngineUnavailable, c"engine_unavailable",
            c"The engine that was asked for by name is not to be had here. Let the machine choose."),
        (Self::KeyUnavailable, c"key_unavailable",
            c"The module or the service that holds the key does not compute. Look at that module; then try again."),
        (Self::HandleNone, c"handle_none",
            c"the handle is zero, so nothing was written to it, or its object was moved from: give one that a call has written"),
        (Self::HandleType, c"handle_type",
            c"the handle is of another type: give one of the type in the prototype"),
        (Self::HandleStale, c"handle_stale",
            c"the handle was freed, moved from, or is not of this library in this process: make a new one"),
        (Self::Pointer, c"pointer",
            c"a pointer is NULL or misaligned, or a length is impossible: give what the header asks for"),
        (Self::ShortBuffer, c"short_buffer",
            c"the buffer is too short: give as many bytes as were written to the length"),
        (Self::NotUtf8, c"not_utf8",
            c"the text is not UTF-8: convert it"),
        (Self::Index, c"index",
            c"the index is at or above the count: ask for the count first"),
        (Self::Absent, c"absent",
            c"what was asked for is not there"),
        (Self::HandlesExhausted, c"handles_exhausted",
            c"16777216 handles are in use: free those that are done"),
        (Self::Panic, c"panic",
            c"a defect of this library was met: please report it"),
        (Self::ApiConfig, c"api_config",
            c"The configuration for the API lacks something, or its parts do not belong together. Correct the configuration."),
        (Self::ApiVersion, c"api_version",
            c"This version of the API does not have what was asked for. Use what the sentence names in its place."),
        (Self::ApiUnauthorized, c"api_unauthorized",
            c"The API does not accept the credentials, or a session token is missing: authorise again. Authorise again (v1), or check the API key and the app secret."),
        (Self::ApiRateLimited, c"api_rate_limited",
            c"The API has had too many requests from this address: wait. Try again as late as the answer says."),
        (Self::ApiUnavailable, c"api_unavailable",
            c"The API, or something on the way to it, has failed: try again later. Try again later, with growing pauses."),
        (Self::ApiRequest, c"api_request",
            c"The API refuses the request, and will again. Correct the request."),
        (Self::ApiExpired, c"api_expired",
            c"The API says that the flow or its session has expired: start a new one. Start a new flow."),
        (Self::ApiCancelled, c"api_cancelled",
            c"The API says that the person has cancelled: tell them. Tell the person, who may start again."),
        (Self::ApiError, c"api_error",
            c"The API answers with an error that does not say what to do. Read its message; ask pasby."),
        (Self::ApiAnswer, c"api_answer",
            c"An answer of the API, but not to this request. Look at what stands between this service and the API."),
        (Self::ConnectionLost, c"connection_lost",
            c"No answer came, and the connection is gone. Try again later; look at the network."),
        (Self::DeadlinePassed, c"deadline_passed",
            c"The caller's deadline has passed before the flow has ended. Cancel the flow, or watch it longer."),
        (Self::SessionOver, c"session_over",
            c"The session has ended before, and has given its outcome then. Make a new session for another flow."),
        (Self::Webhook, c"webhook",
            c"What was received is not a webhook. Do nothing: it is none of pasby's."),
        (Self::WebhookUnmatched, c"webhook_unmatched",
            c"A webhook of a flow that the caller does not wait for. Answer the sender as always, and do nothing."),
        (Self::WebhookReplayed, c"webhook_replayed",
            c"A webhook that has come before. Answer the sender as always, and do nothing."),
    ];
}
