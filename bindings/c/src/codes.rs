//! Every status, its name and its sentence. Written by `cargo xtask codes` from the core's table of
//! codes and from `own_statuses.txt`.

use crate::status::{Said, flowseal_code_class};

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
    /// A file could not be read or written. The core never gives this code: it reads no files.
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
    /// JSON, but not a flow: another response of the API, or something else.
    NotAFlow = 8,
    /// The flow expired before the person responded.
    FlowExpired = 9,
    /// A member of the flow is missing or of the wrong type.
    FlowMalformed = 10,
    /// A claim's name has a dot in it, which its path could not tell from the next level.
    ClaimName = 11,
    /// The profile file is not a profile.
    Profile = 12,
    /// Two profiles of one operation disagree.
    ProfileMismatch = 13,
    /// Not a key in any format that is read.
    KeyFormat = 14,
    /// A key, but not of the kind that is needed here.
    KeyKind = 15,
    /// The modulus is too short or too long, or the exponent is out of bounds.
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
    /// What was begun cannot be resumed: its checkpoint belongs to other input or options, or is
    /// damaged.
    Checkpoint = 28,
    /// Not a pending flow as it was stored, or one of another configuration.
    PendingFlow = 29,
    /// The person has not approved the flow yet.
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
    /// The signature is valid, but something that was expected is not so.
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
    /// A leaf's ciphertext is not a number from 2 to the modulus less 2.
    ClaimRange = 52,
    /// No key of the ring is of the size that the leaves are sealed under.
    NoDecryptingKey = 53,
    /// The claims do not open: one verdict for the whole flow, whichever leaf was wrong.
    ClaimUnopenable = 54,
    /// A claim's text is not of the type asked for.
    ClaimType = 55,
    /// The disclosure does not prove what it shows.
    DisclosureInvalid = 56,
    /// No known statement explains the signatures of all the flows given.
    StatementUnknown = 57,
    /// The pending flow is already finished.
    PendingFinished = 58,
    /// A computation failed its own check. Nothing was released.
    InternalFault = 70,
    /// The operating system gave no randomness.
    NoRandomness = 71,
    /// The engine that was asked for by name is not available here.
    EngineUnavailable = 72,
    /// The module or the service that holds the key did not compute.
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
    /// A function of the caller's own said that it had failed, so that nothing was given or sent.
    Callback = 90,
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
    /// The API refuses the request, and will do so again.
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
    /// The caller's deadline passed before the flow ended.
    DeadlinePassed = 111,
    /// The session ended earlier, and gave its outcome then.
    SessionOver = 112,
    /// What was received is not a webhook.
    Webhook = 113,
    /// A webhook about a flow that the caller is not waiting for.
    WebhookUnmatched = 114,
    /// A webhook that has come before.
    WebhookReplayed = 115,
}

impl flowseal_status {
    /// What is said of every status.
    #[rustfmt::skip]
    pub(crate) const ALL: &[Said] = &[
        Said { status: Self::Ok, name: c"ok", class: flowseal_code_class::None, http_status: 200,
            cause: c"Done.",
            mend: c"done",
            message: c"done" },
        Said { status: Self::Usage, name: c"usage", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The caller's arguments do not fit together.",
            mend: c"Correct the call.",
            message: c"The caller's arguments do not fit together. Correct the call." },
        Said { status: Self::Io, name: c"io", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A file could not be read or written. The core never gives this code: it reads no files.",
            mend: c"Check the path and its permissions.",
            message: c"A file could not be read or written. The core never gives this code: it reads no files. Check the path and its permissions." },
        Said { status: Self::Json, name: c"json", class: flowseal_code_class::Response, http_status: 502,
            cause: c"Not JSON (RFC 8259), not UTF-8, or a lone surrogate.",
            mend: c"Pass the bytes as they were received; look at what stands between this service and the API.",
            message: c"Not JSON (RFC 8259), not UTF-8, or a lone surrogate. Pass the bytes as they were received; look at what stands between this service and the API." },
        Said { status: Self::JsonDuplicate, name: c"json_duplicate", class: flowseal_code_class::Response, http_status: 502,
            cause: c"An object names a member twice.",
            mend: c"Refuse the answer and fetch it again.",
            message: c"An object names a member twice. Refuse the answer and fetch it again." },
        Said { status: Self::TooLarge, name: c"too_large", class: flowseal_code_class::Response, http_status: 502,
            cause: c"The response is larger than the profile's limits.response_bytes.",
            mend: c"Refuse it, or raise the limit where such answers are expected.",
            message: c"The response is larger than the profile's limits.response_bytes. Refuse it, or raise the limit where such answers are expected." },
        Said { status: Self::TooDeep, name: c"too_deep", class: flowseal_code_class::Response, http_status: 502,
            cause: c"The response nests deeper than the profile's limits.depth.",
            mend: c"Refuse it, or raise the limit where such answers are expected.",
            message: c"The response nests deeper than the profile's limits.depth. Refuse it, or raise the limit where such answers are expected." },
        Said { status: Self::TooManyLeaves, name: c"too_many_leaves", class: flowseal_code_class::Response, http_status: 502,
            cause: c"The flow has more leaves than the profile's limits.leaves.",
            mend: c"Refuse it, or raise the limit where such flows are expected.",
            message: c"The flow has more leaves than the profile's limits.leaves. Refuse it, or raise the limit where such flows are expected." },
        Said { status: Self::NotAFlow, name: c"not_a_flow", class: flowseal_code_class::Response, http_status: 502,
            cause: c"JSON, but not a flow: another response of the API, or something else.",
            mend: c"Read the answer as a Response, which says what it is.",
            message: c"JSON, but not a flow: another response of the API, or something else. Read the answer as a Response, which says what it is." },
        Said { status: Self::FlowExpired, name: c"flow_expired", class: flowseal_code_class::Ended, http_status: 410,
            cause: c"The flow expired before the person responded.",
            mend: c"Start a new flow.",
            message: c"The flow expired before the person responded. Start a new flow." },
        Said { status: Self::FlowMalformed, name: c"flow_malformed", class: flowseal_code_class::Response, http_status: 502,
            cause: c"A member of the flow is missing or of the wrong type.",
            mend: c"Pass the answer as the API sent it; if it is, ask pasby.",
            message: c"A member of the flow is missing or of the wrong type. Pass the answer as the API sent it; if it is, ask pasby." },
        Said { status: Self::ClaimName, name: c"claim_name", class: flowseal_code_class::Response, http_status: 502,
            cause: c"A claim's name has a dot in it, which its path could not tell from the next level.",
            mend: c"Refuse the answer.",
            message: c"A claim's name has a dot in it, which its path could not tell from the next level. Refuse the answer." },
        Said { status: Self::Profile, name: c"profile", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The profile file is not a profile.",
            mend: c"Correct the member that the sentence names.",
            message: c"The profile file is not a profile. Correct the member that the sentence names." },
        Said { status: Self::ProfileMismatch, name: c"profile_mismatch", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"Two profiles of one operation disagree.",
            mend: c"Give one profile to everything that takes part in an operation.",
            message: c"Two profiles of one operation disagree. Give one profile to everything that takes part in an operation." },
        Said { status: Self::KeyFormat, name: c"key_format", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"Not a key in any format that is read.",
            mend: c"Export the key as PEM or DER.",
            message: c"Not a key in any format that is read. Export the key as PEM or DER." },
        Said { status: Self::KeyKind, name: c"key_kind", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A key, but not of the kind that is needed here.",
            mend: c"Give the key of the other role, or of the profile's algorithm.",
            message: c"A key, but not of the kind that is needed here. Give the key of the other role, or of the profile's algorithm." },
        Said { status: Self::KeySize, name: c"key_size", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The modulus is too short or too long, or the exponent is out of bounds.",
            mend: c"Make a new key.",
            message: c"The modulus is too short or too long, or the exponent is out of bounds. Make a new key." },
        Said { status: Self::KeyInvalid, name: c"key_invalid", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The numbers of the key do not belong together.",
            mend: c"Export the key again, or make a new one.",
            message: c"The numbers of the key do not belong together. Export the key again, or make a new one." },
        Said { status: Self::KeyWeak, name: c"key_weak", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The key is known to be breakable.",
            mend: c"Make a new key, elsewhere.",
            message: c"The key is known to be breakable. Make a new key, elsewhere." },
        Said { status: Self::KeyPassphrase, name: c"key_passphrase", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The passphrase is missing or wrong, or the key's KDF costs more than is accepted.",
            mend: c"Give the passphrase without a line end; encrypt the key again where its KDF is the reason.",
            message: c"The passphrase is missing or wrong, or the key's KDF costs more than is accepted. Give the passphrase without a line end; encrypt the key again where its KDF is the reason." },
        Said { status: Self::KeyAmbiguous, name: c"key_ambiguous", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"More than one usable key where one is wanted.",
            mend: c"Name the key, or give a file with one.",
            message: c"More than one usable key where one is wanted. Name the key, or give a file with one." },
        Said { status: Self::KeyConflict, name: c"key_conflict", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"One modulus in two roles that must not meet.",
            mend: c"Check which key is the app's and which is the user's.",
            message: c"One modulus in two roles that must not meet. Check which key is the app's and which is the user's." },
        Said { status: Self::ServiceAccount, name: c"service_account", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The service account file is not one, or its parts do not belong together.",
            mend: c"Download the file again from pasby's console.",
            message: c"The service account file is not one, or its parts do not belong together. Download the file again from pasby's console." },
        Said { status: Self::Statement, name: c"statement", class: flowseal_code_class::Response, http_status: 502,
            cause: c"The signed statement cannot be built from this flow under this profile.",
            mend: c"Correct the profile's statement, or refuse the flow.",
            message: c"The signed statement cannot be built from this flow under this profile. Correct the profile's statement, or refuse the flow." },
        Said { status: Self::Time, name: c"time", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A time that is not in Unix seconds.",
            mend: c"Give whole seconds since 1970; a flow with such a time is refused.",
            message: c"A time that is not in Unix seconds. Give whole seconds since 1970; a flow with such a time is refused." },
        Said { status: Self::Evidence, name: c"evidence", class: flowseal_code_class::Caller, http_status: 400,
            cause: c"Not an evidence file, or one that contradicts itself.",
            mend: c"Give the file as it was written.",
            message: c"Not an evidence file, or one that contradicts itself. Give the file as it was written." },
        Said { status: Self::Disclosure, name: c"disclosure", class: flowseal_code_class::Caller, http_status: 400,
            cause: c"Not a disclosure file, or one that contradicts itself.",
            mend: c"Give the file as it was written.",
            message: c"Not a disclosure file, or one that contradicts itself. Give the file as it was written." },
        Said { status: Self::Pin, name: c"pin", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A token's PIN is missing, wrong or locked.",
            mend: c"Give the right PIN once: tokens lock themselves after a few wrong ones.",
            message: c"A token's PIN is missing, wrong or locked. Give the right PIN once: tokens lock themselves after a few wrong ones." },
        Said { status: Self::Checkpoint, name: c"checkpoint", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"What was begun cannot be resumed: its checkpoint belongs to other input or options, or is damaged.",
            mend: c"Resume with the same input and options, or start again.",
            message: c"What was begun cannot be resumed: its checkpoint belongs to other input or options, or is damaged. Resume with the same input and options, or start again." },
        Said { status: Self::PendingFlow, name: c"pending_flow", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"Not a pending flow as it was stored, or one of another configuration.",
            mend: c"Give what was stored, to the configuration that started it.",
            message: c"Not a pending flow as it was stored, or one of another configuration. Give what was stored, to the configuration that started it." },
        Said { status: Self::FlowPending, name: c"flow_pending", class: flowseal_code_class::Retry, http_status: 202,
            cause: c"The person has not approved the flow yet.",
            mend: c"Ask again, until the flow ends.",
            message: c"The person has not approved the flow yet. Ask again, until the flow ends." },
        Said { status: Self::FlowCancelled, name: c"flow_cancelled", class: flowseal_code_class::Ended, http_status: 410,
            cause: c"The flow was cancelled.",
            mend: c"Start a new flow if the person wants one.",
            message: c"The flow was cancelled. Start a new flow if the person wants one." },
        Said { status: Self::SignatureMissing, name: c"signature_missing", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"The flow has claims but no e-signature.",
            mend: c"Refuse it: anyone may have made its claims.",
            message: c"The flow has claims but no e-signature. Refuse it: anyone may have made its claims." },
        Said { status: Self::SignatureMalformed, name: c"signature_malformed", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"The e-signature is not base64 of an RSA signature.",
            mend: c"Refuse it; check that the answer was passed on as the API sent it.",
            message: c"The e-signature is not base64 of an RSA signature. Refuse it; check that the answer was passed on as the API sent it." },
        Said { status: Self::SignatureInvalid, name: c"signature_invalid", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"No key that was tried verifies the e-signature over the statement.",
            mend: c"Refuse it; the diagnosis tells a wrong profile from a forgery.",
            message: c"No key that was tried verifies the e-signature over the statement. Refuse it; the diagnosis tells a wrong profile from a forgery." },
        Said { status: Self::NoVerifyingKey, name: c"no_verifying_key", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"The verifier has no key for this flow's requestee.",
            mend: c"Register the person's key first.",
            message: c"The verifier has no key for this flow's requestee. Register the person's key first." },
        Said { status: Self::ExpectationFailed, name: c"expectation_failed", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"The signature is valid, but something that was expected is not so.",
            mend: c"Refuse it; the report says which check failed, and the sentence by how much.",
            message: c"The signature is valid, but something that was expected is not so. Refuse it; the report says which check failed, and the sentence by how much." },
        Said { status: Self::ClaimsNotSigned, name: c"claims_not_signed", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"The flow has claims that the statement does not cover.",
            mend: c"Refuse it, or use a statement that covers them.",
            message: c"The flow has claims that the statement does not cover. Refuse it, or use a statement that covers them." },
        Said { status: Self::NotVerified, name: c"not_verified", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"An operation that is for verified flows only.",
            mend: c"Verify the flow first.",
            message: c"An operation that is for verified flows only. Verify the flow first." },
        Said { status: Self::ClaimNotSealed, name: c"claim_not_sealed", class: flowseal_code_class::Refused, http_status: 502,
            cause: c"A leaf of the claims tree is not a string.",
            mend: c"Refuse it: what is not sealed is not to be trusted.",
            message: c"A leaf of the claims tree is not a string. Refuse it: what is not sealed is not to be trusted." },
        Said { status: Self::ClaimBase64, name: c"claim_base64", class: flowseal_code_class::Refused, http_status: 502,
            cause: c"A leaf is not strict base64.",
            mend: c"Check that the answer was passed on as the API sent it.",
            message: c"A leaf is not strict base64. Check that the answer was passed on as the API sent it." },
        Said { status: Self::ClaimLength, name: c"claim_length", class: flowseal_code_class::Refused, http_status: 502,
            cause: c"A leaf's ciphertext has a length that no RSA key of the ring produces.",
            mend: c"Check that the answer was passed on as the API sent it.",
            message: c"A leaf's ciphertext has a length that no RSA key of the ring produces. Check that the answer was passed on as the API sent it." },
        Said { status: Self::ClaimRange, name: c"claim_range", class: flowseal_code_class::Refused, http_status: 502,
            cause: c"A leaf's ciphertext is not a number from 2 to the modulus less 2.",
            mend: c"Refuse it: no sender makes such a number by chance.",
            message: c"A leaf's ciphertext is not a number from 2 to the modulus less 2. Refuse it: no sender makes such a number by chance." },
        Said { status: Self::NoDecryptingKey, name: c"no_decrypting_key", class: flowseal_code_class::Refused, http_status: 500,
            cause: c"No key of the ring is of the size that the leaves are sealed under.",
            mend: c"Give the app's own key, and during a rotation the old one too.",
            message: c"No key of the ring is of the size that the leaves are sealed under. Give the app's own key, and during a rotation the old one too." },
        Said { status: Self::ClaimUnopenable, name: c"claim_unopenable", class: flowseal_code_class::Refused, http_status: 502,
            cause: c"The claims do not open: one verdict for the whole flow, whichever leaf was wrong.",
            mend: c"Check that the key is the app's and the padding the profile's, and refuse the flow.",
            message: c"The claims do not open: one verdict for the whole flow, whichever leaf was wrong. Check that the key is the app's and the padding the profile's, and refuse the flow." },
        Said { status: Self::ClaimType, name: c"claim_type", class: flowseal_code_class::Refused, http_status: 502,
            cause: c"A claim's text is not of the type asked for.",
            mend: c"Read it as text, or correct the type.",
            message: c"A claim's text is not of the type asked for. Read it as text, or correct the type." },
        Said { status: Self::DisclosureInvalid, name: c"disclosure_invalid", class: flowseal_code_class::Refused, http_status: 403,
            cause: c"The disclosure does not prove what it shows.",
            mend: c"Refuse it; the sentence says which part fails.",
            message: c"The disclosure does not prove what it shows. Refuse it; the sentence says which part fails." },
        Said { status: Self::StatementUnknown, name: c"statement_unknown", class: flowseal_code_class::Refused, http_status: 500,
            cause: c"No known statement explains the signatures of all the flows given.",
            mend: c"Ask pasby which bytes are signed; the diagnosis says which algorithm is.",
            message: c"No known statement explains the signatures of all the flows given. Ask pasby which bytes are signed; the diagnosis says which algorithm is." },
        Said { status: Self::PendingFinished, name: c"pending_finished", class: flowseal_code_class::Refused, http_status: 409,
            cause: c"The pending flow is already finished.",
            mend: c"Refuse it: its result is given once, and was given then.",
            message: c"The pending flow is already finished. Refuse it: its result is given once, and was given then." },
        Said { status: Self::InternalFault, name: c"internal_fault", class: flowseal_code_class::Fault, http_status: 500,
            cause: c"A computation failed its own check. Nothing was released.",
            mend: c"Try again on a sound machine.",
            message: c"A computation failed its own check. Nothing was released. Try again on a sound machine." },
        Said { status: Self::NoRandomness, name: c"no_randomness", class: flowseal_code_class::Fault, http_status: 500,
            cause: c"The operating system gave no randomness.",
            mend: c"Try again on a sound machine.",
            message: c"The operating system gave no randomness. Try again on a sound machine." },
        Said { status: Self::EngineUnavailable, name: c"engine_unavailable", class: flowseal_code_class::Fault, http_status: 500,
            cause: c"The engine that was asked for by name is not available here.",
            mend: c"Let the machine choose.",
            message: c"The engine that was asked for by name is not available here. Let the machine choose." },
        Said { status: Self::KeyUnavailable, name: c"key_unavailable", class: flowseal_code_class::Fault, http_status: 503,
            cause: c"The module or the service that holds the key did not compute.",
            mend: c"Check that module, then try again.",
            message: c"The module or the service that holds the key did not compute. Check that module, then try again." },
        Said { status: Self::HandleNone, name: c"handle_none", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A handle of zeros: nothing was ever put into it.",
            mend: c"the handle is zero, so nothing was written to it, or its object was moved from: give one that a call has written",
            message: c"the handle is zero, so nothing was written to it, or its object was moved from: give one that a call has written" },
        Said { status: Self::HandleType, name: c"handle_type", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A handle of another type.",
            mend: c"the handle is of another type: give one of the type in the prototype",
            message: c"the handle is of another type: give one of the type in the prototype" },
        Said { status: Self::HandleStale, name: c"handle_stale", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A handle that was freed, or that this library has never given.",
            mend: c"the handle was freed, moved from, or is not of this library in this process: make a new one",
            message: c"the handle was freed, moved from, or is not of this library in this process: make a new one" },
        Said { status: Self::Pointer, name: c"pointer", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"A pointer that is NULL or misaligned, or a length that no object can have.",
            mend: c"a pointer is NULL or misaligned, or a length is impossible: give what the header asks for",
            message: c"a pointer is NULL or misaligned, or a length is impossible: give what the header asks for" },
        Said { status: Self::ShortBuffer, name: c"short_buffer", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The buffer is too short; the length that it needs was written.",
            mend: c"the buffer is too short: give as many bytes as were written to the length",
            message: c"the buffer is too short: give as many bytes as were written to the length" },
        Said { status: Self::NotUtf8, name: c"not_utf8", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"Text that is not UTF-8.",
            mend: c"the text is not UTF-8: convert it",
            message: c"the text is not UTF-8: convert it" },
        Said { status: Self::Index, name: c"index", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"An index at or above the count.",
            mend: c"the index is at or above the count: ask for the count first",
            message: c"the index is at or above the count: ask for the count first" },
        Said { status: Self::Absent, name: c"absent", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"What was asked for is not there, such as the signature of a flow that has none.",
            mend: c"what was asked for is not there",
            message: c"what was asked for is not there" },
        Said { status: Self::HandlesExhausted, name: c"handles_exhausted", class: flowseal_code_class::Retry, http_status: 503,
            cause: c"There is no place for another handle: 2^24 are in use.",
            mend: c"16777216 handles are in use: free those that are done",
            message: c"16777216 handles are in use: free those that are done" },
        Said { status: Self::Panic, name: c"panic", class: flowseal_code_class::Fault, http_status: 500,
            cause: c"A defect of this library, caught at its edge. The call did nothing more.",
            mend: c"a defect of this library was met: please report it",
            message: c"a defect of this library was met: please report it" },
        Said { status: Self::Callback, name: c"callback", class: flowseal_code_class::Retry, http_status: 503,
            cause: c"A function of the caller's own said that it had failed, so that nothing was given or sent.",
            mend: c"the function that was given says that it has failed, so nothing was done: try again when it works",
            message: c"the function that was given says that it has failed, so nothing was done: try again when it works" },
        Said { status: Self::ApiConfig, name: c"api_config", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The configuration for the API lacks something, or its parts do not belong together.",
            mend: c"Correct the configuration.",
            message: c"The configuration for the API lacks something, or its parts do not belong together. Correct the configuration." },
        Said { status: Self::ApiVersion, name: c"api_version", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"This version of the API does not have what was asked for.",
            mend: c"Use what the sentence names in its place.",
            message: c"This version of the API does not have what was asked for. Use what the sentence names in its place." },
        Said { status: Self::ApiUnauthorized, name: c"api_unauthorized", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The API does not accept the credentials, or a session token is missing: authorise again.",
            mend: c"Authorise again (v1), or check the API key and the app secret.",
            message: c"The API does not accept the credentials, or a session token is missing: authorise again. Authorise again (v1), or check the API key and the app secret." },
        Said { status: Self::ApiRateLimited, name: c"api_rate_limited", class: flowseal_code_class::Retry, http_status: 503,
            cause: c"The API has had too many requests from this address: wait.",
            mend: c"Wait as long as the answer says, then try again.",
            message: c"The API has had too many requests from this address: wait. Wait as long as the answer says, then try again." },
        Said { status: Self::ApiUnavailable, name: c"api_unavailable", class: flowseal_code_class::Retry, http_status: 503,
            cause: c"The API, or something on the way to it, has failed: try again later.",
            mend: c"Try again later, with growing pauses.",
            message: c"The API, or something on the way to it, has failed: try again later. Try again later, with growing pauses." },
        Said { status: Self::ApiRequest, name: c"api_request", class: flowseal_code_class::Caller, http_status: 500,
            cause: c"The API refuses the request, and will do so again.",
            mend: c"Correct the request.",
            message: c"The API refuses the request, and will do so again. Correct the request." },
        Said { status: Self::ApiExpired, name: c"api_expired", class: flowseal_code_class::Ended, http_status: 410,
            cause: c"The API says that the flow or its session has expired: start a new one.",
            mend: c"Start a new flow.",
            message: c"The API says that the flow or its session has expired: start a new one. Start a new flow." },
        Said { status: Self::ApiCancelled, name: c"api_cancelled", class: flowseal_code_class::Ended, http_status: 410,
            cause: c"The API says that the person has cancelled: tell them.",
            mend: c"Tell the person, who may start again.",
            message: c"The API says that the person has cancelled: tell them. Tell the person, who may start again." },
        Said { status: Self::ApiError, name: c"api_error", class: flowseal_code_class::Response, http_status: 502,
            cause: c"The API answers with an error that does not say what to do.",
            mend: c"Read its message; ask pasby.",
            message: c"The API answers with an error that does not say what to do. Read its message; ask pasby." },
        Said { status: Self::ApiAnswer, name: c"api_answer", class: flowseal_code_class::Response, http_status: 502,
            cause: c"An answer of the API, but not to this request.",
            mend: c"Look at what stands between this service and the API.",
            message: c"An answer of the API, but not to this request. Look at what stands between this service and the API." },
        Said { status: Self::ConnectionLost, name: c"connection_lost", class: flowseal_code_class::Retry, http_status: 503,
            cause: c"No answer came, and the connection is gone.",
            mend: c"Try again later; look at the network.",
            message: c"No answer came, and the connection is gone. Try again later; look at the network." },
        Said { status: Self::DeadlinePassed, name: c"deadline_passed", class: flowseal_code_class::Ended, http_status: 504,
            cause: c"The caller's deadline passed before the flow ended.",
            mend: c"Cancel the flow, or watch it longer.",
            message: c"The caller's deadline passed before the flow ended. Cancel the flow, or watch it longer." },
        Said { status: Self::SessionOver, name: c"session_over", class: flowseal_code_class::Ended, http_status: 500,
            cause: c"The session ended earlier, and gave its outcome then.",
            mend: c"Make a new session for another flow.",
            message: c"The session ended earlier, and gave its outcome then. Make a new session for another flow." },
        Said { status: Self::Webhook, name: c"webhook", class: flowseal_code_class::Response, http_status: 400,
            cause: c"What was received is not a webhook.",
            mend: c"Do nothing: pasby did not send it.",
            message: c"What was received is not a webhook. Do nothing: pasby did not send it." },
        Said { status: Self::WebhookUnmatched, name: c"webhook_unmatched", class: flowseal_code_class::Refused, http_status: 200,
            cause: c"A webhook about a flow that the caller is not waiting for.",
            mend: c"Answer the sender as always, and do nothing.",
            message: c"A webhook about a flow that the caller is not waiting for. Answer the sender as always, and do nothing." },
        Said { status: Self::WebhookReplayed, name: c"webhook_replayed", class: flowseal_code_class::Refused, http_status: 200,
            cause: c"A webhook that has come before.",
            mend: c"Answer the sender as always, and do nothing.",
            message: c"A webhook that has come before. Answer the sender as always, and do nothing." },
    ];
}
