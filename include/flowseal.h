/*
 * flowseal: verify and open the flows of the pasby e-ID.
 *
 * Made by `cargo xtask header` from bindings/c/src. Do not edit.
 *
 * What is true of every function:
 *
 * - It returns a status: 0 for done, else a number of `enum flowseal_status`. Outputs stand last,
 *   and are written on success alone, but for three: the length that a too short buffer needs,
 *   details of the error, and the report of a refused flow.
 * - A handle is a number, not a pointer. One that is zero, freed, freed twice, of another type or
 *   of another program is an error and does nothing; a fork has copies of all. Whoever receives a
 *   handle frees it with the function of its type; functions never free handles that they are
 *   given.
 * - Pointers are not NULL unless it says so. Inputs have explicit lengths and need no NUL at their
 *   end; where a length is 0, its pointer may be NULL. Inputs are copied or read during the call
 *   only. A pointer must lead to as many values as its length says, and outputs must overlap
 *   neither inputs nor each other: that alone cannot be checked here.
 * - Text is UTF-8. Text and bytes come out into the caller's memory: `buffer`, `capacity`,
 *   `len`. A buffer of NULL and 0 asks for the length, with FLOWSEAL_STATUS_SHORT_BUFFER.
 * - Every function may be called from every thread at any time, with the same handles. Nothing is
 *   kept for a thread: an error is an output, to be freed like every other.
 * - What is secret is wiped when its handle is freed and the last call that uses it has returned.
 *   What was copied into a buffer is the caller's to wipe, as are the inputs.
 * - Every time has its unit in its name. A moment is `unix_seconds` or, for a session, `unix_ms`,
 *   both since 1970; a length of time is `seconds` or `ms`. Parameters have it, and functions where
 *   the time is all that they are about.
 * - There is no clock, file or socket here: moments and random numbers are the caller's.
 */

#ifndef FLOWSEAL_H
#define FLOWSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A verification must not go unread. */
#if defined(__cplusplus) && __cplusplus >= 201703L
#define FLOWSEAL_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define FLOWSEAL_MUST_USE __attribute__((warn_unused_result))
#else
#define FLOWSEAL_MUST_USE
#endif

/**
 * How long one QR code is shown: the vendor's sample takes as long.
 */
#define FLOWSEAL_SEED_SHOWN_MS 1200

/**
 * The version of the header, for the preprocessor; that of the library is flowseal_version().
 */
#define FLOWSEAL_VERSION_MAJOR 0

/**
 * The second number of the header's version.
 */
#define FLOWSEAL_VERSION_MINOR 1

/**
 * The third number of the header's version.
 */
#define FLOWSEAL_VERSION_PATCH 0

/**
 * What a call answers: 0, or why it refused.
 *
 * A number is never reused; new ones are appended, so a caller must expect ones that it does not
 * know. 1 to 39 are input that is unusable before a flow exists, 40 to 69 a flow that is refused,
 * 70 to 79 faults of the machine or of this library, 80 to 99 misuse of this interface, 100 to 139
 * requests to the API.
 */
typedef enum {
  /**
   * Done.
   */
  FLOWSEAL_STATUS_OK = 0,
  /**
   * The caller's arguments do not fit together.
   */
  FLOWSEAL_STATUS_USAGE = 1,
  /**
   * A file could not be read or written. The core never gives this code: it reads no files.
   */
  FLOWSEAL_STATUS_IO = 2,
  /**
   * Not JSON (RFC 8259), not UTF-8, or a lone surrogate.
   */
  FLOWSEAL_STATUS_JSON = 3,
  /**
   * An object names a member twice.
   */
  FLOWSEAL_STATUS_JSON_DUPLICATE = 4,
  /**
   * The response is larger than the profile's `limits.response_bytes`.
   */
  FLOWSEAL_STATUS_TOO_LARGE = 5,
  /**
   * The response nests deeper than the profile's `limits.depth`.
   */
  FLOWSEAL_STATUS_TOO_DEEP = 6,
  /**
   * The flow has more leaves than the profile's `limits.leaves`.
   */
  FLOWSEAL_STATUS_TOO_MANY_LEAVES = 7,
  /**
   * JSON, but not a flow: another response of the API, or something else.
   */
  FLOWSEAL_STATUS_NOT_A_FLOW = 8,
  /**
   * The flow expired before the person responded.
   */
  FLOWSEAL_STATUS_FLOW_EXPIRED = 9,
  /**
   * A member of the flow is missing or of the wrong type.
   */
  FLOWSEAL_STATUS_FLOW_MALFORMED = 10,
  /**
   * A claim's name has a dot in it, which its path could not tell from the next level.
   */
  FLOWSEAL_STATUS_CLAIM_NAME = 11,
  /**
   * The profile file is not a profile.
   */
  FLOWSEAL_STATUS_PROFILE = 12,
  /**
   * Two profiles of one operation disagree.
   */
  FLOWSEAL_STATUS_PROFILE_MISMATCH = 13,
  /**
   * Not a key in any format that is read.
   */
  FLOWSEAL_STATUS_KEY_FORMAT = 14,
  /**
   * A key, but not of the kind that is needed here.
   */
  FLOWSEAL_STATUS_KEY_KIND = 15,
  /**
   * The modulus is too short or too long, or the exponent is out of bounds.
   */
  FLOWSEAL_STATUS_KEY_SIZE = 16,
  /**
   * The numbers of the key do not belong together.
   */
  FLOWSEAL_STATUS_KEY_INVALID = 17,
  /**
   * The key is known to be breakable.
   */
  FLOWSEAL_STATUS_KEY_WEAK = 18,
  /**
   * The passphrase is missing or wrong, or the key's KDF costs more than is accepted.
   */
  FLOWSEAL_STATUS_KEY_PASSPHRASE = 19,
  /**
   * More than one usable key where one is wanted.
   */
  FLOWSEAL_STATUS_KEY_AMBIGUOUS = 20,
  /**
   * One modulus in two roles that must not meet.
   */
  FLOWSEAL_STATUS_KEY_CONFLICT = 21,
  /**
   * The service account file is not one, or its parts do not belong together.
   */
  FLOWSEAL_STATUS_SERVICE_ACCOUNT = 22,
  /**
   * The signed statement cannot be built from this flow under this profile.
   */
  FLOWSEAL_STATUS_STATEMENT = 23,
  /**
   * A time that is not in Unix seconds.
   */
  FLOWSEAL_STATUS_TIME = 24,
  /**
   * Not an evidence file, or one that contradicts itself.
   */
  FLOWSEAL_STATUS_EVIDENCE = 25,
  /**
   * Not a disclosure file, or one that contradicts itself.
   */
  FLOWSEAL_STATUS_DISCLOSURE = 26,
  /**
   * A token's PIN is missing, wrong or locked.
   */
  FLOWSEAL_STATUS_PIN = 27,
  /**
   * What was begun cannot be resumed: its checkpoint belongs to other input or options, or is
   * damaged.
   */
  FLOWSEAL_STATUS_CHECKPOINT = 28,
  /**
   * Not a pending flow as it was stored, or one of another configuration.
   */
  FLOWSEAL_STATUS_PENDING_FLOW = 29,
  /**
   * The person has not approved the flow yet.
   */
  FLOWSEAL_STATUS_FLOW_PENDING = 40,
  /**
   * The flow was cancelled.
   */
  FLOWSEAL_STATUS_FLOW_CANCELLED = 41,
  /**
   * The flow has claims but no e-signature.
   */
  FLOWSEAL_STATUS_SIGNATURE_MISSING = 42,
  /**
   * The e-signature is not base64 of an RSA signature.
   */
  FLOWSEAL_STATUS_SIGNATURE_MALFORMED = 43,
  /**
   * No key that was tried verifies the e-signature over the statement.
   */
  FLOWSEAL_STATUS_SIGNATURE_INVALID = 44,
  /**
   * The verifier has no key for this flow's requestee.
   */
  FLOWSEAL_STATUS_NO_VERIFYING_KEY = 45,
  /**
   * The signature is valid, but something that was expected is not so.
   */
  FLOWSEAL_STATUS_EXPECTATION_FAILED = 46,
  /**
   * The flow has claims that the statement does not cover.
   */
  FLOWSEAL_STATUS_CLAIMS_NOT_SIGNED = 47,
  /**
   * An operation that is for verified flows only.
   */
  FLOWSEAL_STATUS_NOT_VERIFIED = 48,
  /**
   * A leaf of the claims tree is not a string.
   */
  FLOWSEAL_STATUS_CLAIM_NOT_SEALED = 49,
  /**
   * A leaf is not strict base64.
   */
  FLOWSEAL_STATUS_CLAIM_BASE64 = 50,
  /**
   * A leaf's ciphertext has a length that no RSA key of the ring produces.
   */
  FLOWSEAL_STATUS_CLAIM_LENGTH = 51,
  /**
   * A leaf's ciphertext is not a number from 2 to the modulus less 2.
   */
  FLOWSEAL_STATUS_CLAIM_RANGE = 52,
  /**
   * No key of the ring is of the size that the leaves are sealed under.
   */
  FLOWSEAL_STATUS_NO_DECRYPTING_KEY = 53,
  /**
   * The claims do not open: one verdict for the whole flow, whichever leaf was wrong.
   */
  FLOWSEAL_STATUS_CLAIM_UNOPENABLE = 54,
  /**
   * A claim's text is not of the type asked for.
   */
  FLOWSEAL_STATUS_CLAIM_TYPE = 55,
  /**
   * The disclosure does not prove what it shows.
   */
  FLOWSEAL_STATUS_DISCLOSURE_INVALID = 56,
  /**
   * No known statement explains the signatures of all the flows given.
   */
  FLOWSEAL_STATUS_STATEMENT_UNKNOWN = 57,
  /**
   * The pending flow is already finished.
   */
  FLOWSEAL_STATUS_PENDING_FINISHED = 58,
  /**
   * A computation failed its own check. Nothing was released.
   */
  FLOWSEAL_STATUS_INTERNAL_FAULT = 70,
  /**
   * The operating system gave no randomness.
   */
  FLOWSEAL_STATUS_NO_RANDOMNESS = 71,
  /**
   * The engine that was asked for by name is not available here.
   */
  FLOWSEAL_STATUS_ENGINE_UNAVAILABLE = 72,
  /**
   * The module or the service that holds the key did not compute.
   */
  FLOWSEAL_STATUS_KEY_UNAVAILABLE = 73,
  /**
   * A handle of zeros: nothing was ever put into it.
   */
  FLOWSEAL_STATUS_HANDLE_NONE = 80,
  /**
   * A handle of another type.
   */
  FLOWSEAL_STATUS_HANDLE_TYPE = 81,
  /**
   * A handle that was freed, or that this library has never given.
   */
  FLOWSEAL_STATUS_HANDLE_STALE = 82,
  /**
   * A pointer that is NULL or misaligned, or a length that no object can have.
   */
  FLOWSEAL_STATUS_POINTER = 83,
  /**
   * The buffer is too short; the length that it needs was written.
   */
  FLOWSEAL_STATUS_SHORT_BUFFER = 84,
  /**
   * Text that is not UTF-8.
   */
  FLOWSEAL_STATUS_NOT_UTF8 = 85,
  /**
   * An index at or above the count.
   */
  FLOWSEAL_STATUS_INDEX = 86,
  /**
   * What was asked for is not there, such as the signature of a flow that has none.
   */
  FLOWSEAL_STATUS_ABSENT = 87,
  /**
   * There is no place for another handle: 2^24 are in use.
   */
  FLOWSEAL_STATUS_HANDLES_EXHAUSTED = 88,
  /**
   * A defect of this library, caught at its edge. The call did nothing more.
   */
  FLOWSEAL_STATUS_PANIC = 89,
  /**
   * A function of the caller's own said that it had failed, so that nothing was given or sent.
   */
  FLOWSEAL_STATUS_CALLBACK = 90,
  /**
   * The configuration for the API lacks something, or its parts do not belong together.
   */
  FLOWSEAL_STATUS_API_CONFIG = 100,
  /**
   * This version of the API does not have what was asked for.
   */
  FLOWSEAL_STATUS_API_VERSION = 101,
  /**
   * The API does not accept the credentials, or a session token is missing: authorise again.
   */
  FLOWSEAL_STATUS_API_UNAUTHORIZED = 102,
  /**
   * The API has had too many requests from this address: wait.
   */
  FLOWSEAL_STATUS_API_RATE_LIMITED = 103,
  /**
   * The API, or something on the way to it, has failed: try again later.
   */
  FLOWSEAL_STATUS_API_UNAVAILABLE = 104,
  /**
   * The API refuses the request, and will do so again.
   */
  FLOWSEAL_STATUS_API_REQUEST = 105,
  /**
   * The API says that the flow or its session has expired: start a new one.
   */
  FLOWSEAL_STATUS_API_EXPIRED = 106,
  /**
   * The API says that the person has cancelled: tell them.
   */
  FLOWSEAL_STATUS_API_CANCELLED = 107,
  /**
   * The API answers with an error that does not say what to do.
   */
  FLOWSEAL_STATUS_API_ERROR = 108,
  /**
   * An answer of the API, but not to this request.
   */
  FLOWSEAL_STATUS_API_ANSWER = 109,
  /**
   * No answer came, and the connection is gone.
   */
  FLOWSEAL_STATUS_CONNECTION_LOST = 110,
  /**
   * The caller's deadline passed before the flow ended.
   */
  FLOWSEAL_STATUS_DEADLINE_PASSED = 111,
  /**
   * The session ended earlier, and gave its outcome then.
   */
  FLOWSEAL_STATUS_SESSION_OVER = 112,
  /**
   * What was received is not a webhook.
   */
  FLOWSEAL_STATUS_WEBHOOK = 113,
  /**
   * A webhook about a flow that the caller is not waiting for.
   */
  FLOWSEAL_STATUS_WEBHOOK_UNMATCHED = 114,
  /**
   * A webhook that has come before.
   */
  FLOWSEAL_STATUS_WEBHOOK_REPLAYED = 115,
} flowseal_status;

/**
 * A version of the API.
 */
typedef enum {
  /**
   * A session token comes first: authorize, then everything else with the token.
   */
  FLOWSEAL_API_VERSION_V1 = 1,
  /**
   * Universal authentication: every request carries the API key and the app secret.
   */
  FLOWSEAL_API_VERSION_V2 = 2,
} flowseal_api_version;

/**
 * An environment of the API.
 */
typedef enum {
  /**
   * People are real: `bk-live_` and `prd_`.
   */
  FLOWSEAL_ENVIRONMENT_PRODUCTION = 1,
  /**
   * For trying out: `bk-test_` and `snb_`.
   */
  FLOWSEAL_ENVIRONMENT_SANDBOX = 2,
} flowseal_environment;

/**
 * What can be done about an error of the API.
 */
typedef enum {
  /**
   * The answer does not say enough.
   */
  FLOWSEAL_REMEDY_INVESTIGATE = 0,
  /**
   * The credentials are missing, wrong or no longer valid.
   */
  FLOWSEAL_REMEDY_AUTHORISE = 1,
  /**
   * The request is wrong, and will be the next time.
   */
  FLOWSEAL_REMEDY_FIX_REQUEST = 2,
  /**
   * It is the API's trouble, or there were too many requests.
   */
  FLOWSEAL_REMEDY_RETRY_LATER = 3,
  /**
   * The flow or the session has expired.
   */
  FLOWSEAL_REMEDY_START_AGAIN = 4,
  /**
   * The person has decided otherwise.
   */
  FLOWSEAL_REMEDY_TELL_USER = 5,
} flowseal_remedy;

/**
 * An RSA encryption scheme of RFC 8017, section 7.
 */
typedef enum {
  /**
   * `rsaes-pkcs1-v1_5`: what pasby documents.
   */
  FLOWSEAL_PADDING_PKCS1_V15 = 1,
  /**
   * `rsaes-oaep-sha256`: SHA-256, MGF1 with SHA-256, an empty label.
   */
  FLOWSEAL_PADDING_OAEP_SHA256 = 2,
  /**
   * `rsaes-oaep-sha1`: SHA-1, MGF1 with SHA-1, an empty label.
   */
  FLOWSEAL_PADDING_OAEP_SHA1 = 3,
  /**
   * `rsaes-oaep-sha256-mgf1-sha1`: SHA-256, MGF1 with SHA-1, an empty label, as Java has it
   * unless it is told otherwise.
   */
  FLOWSEAL_PADDING_OAEP_SHA256_MGF1_SHA1 = 4,
} flowseal_padding;

/**
 * Which cause it is that a key does not verify a signature.
 */
typedef enum {
  /**
   * The signature was not made by this key, or was damaged.
   */
  FLOWSEAL_FINDING_OTHER_KEY = 0,
  /**
   * It was made by this key, with another hash, padding or salt than the profile says.
   */
  FLOWSEAL_FINDING_OTHER_ALGORITHM = 1,
  /**
   * It was made by this key and with this algorithm, over other bytes.
   */
  FLOWSEAL_FINDING_OTHER_BYTES = 2,
} flowseal_finding;

/**
 * How far a flow has come, as it shows from outside.
 */
typedef enum {
  /**
   * No device has picked it up yet.
   */
  FLOWSEAL_STATE_PENDING = 1,
  /**
   * A device has picked it up; the person has not responded yet.
   */
  FLOWSEAL_STATE_ON_SESSION = 2,
  /**
   * It has an e-signature or claims.
   */
  FLOWSEAL_STATE_COMPLETE = 3,
  /**
   * It was cancelled: its result is void.
   */
  FLOWSEAL_STATE_CANCELLED = 4,
} flowseal_state;

/**
 * What a claim is.
 */
typedef enum {
  /**
   * Text, which digits and dates are too.
   */
  FLOWSEAL_CLAIM_TYPE_TEXT = 0,
  /**
   * True or false.
   */
  FLOWSEAL_CLAIM_TYPE_BOOLEAN = 1,
  /**
   * A list of texts.
   */
  FLOWSEAL_CLAIM_TYPE_LIST = 2,
  /**
   * Known to the catalogue as a boolean or a list, and its text is none: `False`, `0`. It has no
   * value. A text in its place would count as true wherever texts do; what was sent is still
   * flowseal_opened_claims_text().
   */
  FLOWSEAL_CLAIM_TYPE_MISTYPED = 3,
} flowseal_claim_type;

/**
 * What a flow needs to be believed.
 */
typedef enum {
  /**
   * The person's e-signature, and nothing else.
   */
  FLOWSEAL_TRUST_SIGNED = 1,
  /**
   * That a session of this library's has received it from the API itself may do in its place.
   * It is no proof that could be shown to anyone.
   */
  FLOWSEAL_TRUST_RECEIVED = 2,
} flowseal_trust;

/**
 * Where a person is with their flow, as far as it is theirs to know.
 */
typedef enum {
  /**
   * The result of this flow was given before.
   */
  FLOWSEAL_SITUATION_ALREADY_FINISHED = 1,
  /**
   * They have approved it, and the result is being checked.
   */
  FLOWSEAL_SITUATION_APPROVED = 2,
  /**
   * They are to be reminded on their other device.
   */
  FLOWSEAL_SITUATION_ASKED_ELSEWHERE = 3,
  /**
   * The number that they gave is not valid.
   */
  FLOWSEAL_SITUATION_CHECK_NUMBER = 4,
  /**
   * They have declined, or it was cancelled.
   */
  FLOWSEAL_SITUATION_DECLINED = 5,
  /**
   * They have taken too long.
   */
  FLOWSEAL_SITUATION_EXPIRED = 6,
  /**
   * What came back is not accepted.
   */
  FLOWSEAL_SITUATION_NOT_ACCEPTED = 7,
  /**
   * They are to open the link on this device.
   */
  FLOWSEAL_SITUATION_OPEN_LINK = 8,
  /**
   * A device has picked it up, and they are to go on there.
   */
  FLOWSEAL_SITUATION_PICKED_UP = 9,
  /**
   * They are to scan the code.
   */
  FLOWSEAL_SITUATION_SCAN_CODE = 10,
  /**
   * The service or what it stands on has failed, and trying again will not help.
   */
  FLOWSEAL_SITUATION_SERVICE_FAILED = 11,
  /**
   * Too many people are doing this at the moment.
   */
  FLOWSEAL_SITUATION_TOO_BUSY = 12,
  /**
   * Something did not answer, and may soon.
   */
  FLOWSEAL_SITUATION_TRY_AGAIN = 13,
} flowseal_situation;

/**
 * What a verification looks at.
 */
typedef enum {
  /**
   * The e-signature is valid over the statement.
   */
  FLOWSEAL_CHECK_SIGNATURE = 1,
  /**
   * The claims are under the signature.
   */
  FLOWSEAL_CHECK_CLAIMS_SIGNED = 2,
  /**
   * The reference is the expected one.
   */
  FLOWSEAL_CHECK_REFERENCE = 3,
  /**
   * The requester is the expected one.
   */
  FLOWSEAL_CHECK_REQUESTER = 4,
  /**
   * The requestee is the expected one.
   */
  FLOWSEAL_CHECK_REQUESTEE = 5,
  /**
   * The mode is the expected one.
   */
  FLOWSEAL_CHECK_MODE = 6,
  /**
   * The flow is not marked as cancelled. Nobody signs this.
   */
  FLOWSEAL_CHECK_NOT_CANCELLED = 7,
  /**
   * The time of signing is possible: not before `iat`, not in the future, but for the leeway.
   */
  FLOWSEAL_CHECK_SIGNED_AT = 8,
  /**
   * The signature is young enough.
   */
  FLOWSEAL_CHECK_AGE = 9,
  /**
   * Every claim of the flow was asked for.
   */
  FLOWSEAL_CHECK_CLAIMS_REQUESTED = 10,
  /**
   * The flow came from the API, by the caller's own session. Not asked of any other flow.
   */
  FLOWSEAL_CHECK_RECEIVED = 11,
} flowseal_check;

/**
 * What a check found. "Not checked" is not "passed".
 */
typedef enum {
  /**
   * It is not so: the flow is refused.
   */
  FLOWSEAL_OUTCOME_FAILED = 0,
  /**
   * The caller did not ask.
   */
  FLOWSEAL_OUTCOME_NOT_ASKED = 1,
  /**
   * It could not be looked at.
   */
  FLOWSEAL_OUTCOME_NOT_CHECKED = 2,
  /**
   * It is so.
   */
  FLOWSEAL_OUTCOME_PASSED = 3,
} flowseal_outcome;

/**
 * An endpoint of the API, in either version.
 */
typedef enum {
  /**
   * `authorize`, v1 only: gives a session token.
   */
  FLOWSEAL_ENDPOINT_AUTHORIZE = 1,
  /**
   * `cancel`: voids a flow.
   */
  FLOWSEAL_ENDPOINT_CANCEL = 2,
  /**
   * `ping`: gives a flow as it is.
   */
  FLOWSEAL_ENDPOINT_PING = 3,
  /**
   * `polling`: gives a flow when it has changed.
   */
  FLOWSEAL_ENDPOINT_POLLING = 4,
  /**
   * `sse`, v2 only: gives a flow again and again, as server-sent events.
   */
  FLOWSEAL_ENDPOINT_SSE = 5,
  /**
   * `health/check`: says whether the API is there.
   */
  FLOWSEAL_ENDPOINT_HEALTH = 6,
  /**
   * `identification`: starts a flow in which a person says who they are.
   */
  FLOWSEAL_ENDPOINT_IDENTIFICATION = 7,
  /**
   * `signing`: starts a flow in which a person signs or confirms.
   */
  FLOWSEAL_ENDPOINT_SIGNING = 8,
} flowseal_endpoint;

/**
 * What an answer of the API is about.
 */
typedef enum {
  /**
   * Something that this version of the library does not know. Its members are at hand.
   */
  FLOWSEAL_ANSWER_UNKNOWN = 0,
  /**
   * To authorize (v1): the session token.
   */
  FLOWSEAL_ANSWER_AUTHORIZED = 1,
  /**
   * To cancel: the request, which is now void.
   */
  FLOWSEAL_ANSWER_CANCELLED = 2,
  /**
   * To the start of an identification or a signing: the request that was made.
   */
  FLOWSEAL_ANSWER_CREATED = 3,
  /**
   * An error of the API.
   */
  FLOWSEAL_ANSWER_ERROR = 4,
  /**
   * To a ping or a poll: a success without a flow, because the flow has expired.
   */
  FLOWSEAL_ANSWER_EXPIRED = 5,
  /**
   * To a ping or a poll: a flow.
   */
  FLOWSEAL_ANSWER_FLOW = 6,
} flowseal_answer;

/**
 * What to do next.
 */
typedef enum {
  /**
   * Send the request, wait for the whole response for as long as it says, and tell the session.
   */
  FLOWSEAL_ACTION_KIND_SEND = 1,
  /**
   * Ask again after the pause, or earlier.
   */
  FLOWSEAL_ACTION_KIND_WAIT = 2,
  /**
   * The flow has not ended but changed: a device has picked it up. Then ask again at once.
   */
  FLOWSEAL_ACTION_KIND_PROGRESS = 3,
  /**
   * The flow has ended: it is complete, to be verified, or cancelled.
   */
  FLOWSEAL_ACTION_KIND_ENDED = 4,
  /**
   * Open the request as a stream of events, and go on polling meanwhile. Said once, and only by
   * a session that flowseal_session_set_stream() has asked to.
   */
  FLOWSEAL_ACTION_KIND_STREAM = 5,
} flowseal_action_kind;

/**
 * What kind of answer a status wants, for programs that do not care for each.
 */
typedef enum {
  /**
   * None: the call is done, or the status is one of a newer version of this library.
   */
  FLOWSEAL_CODE_CLASS_NONE = 0,
  /**
   * The caller's own code, configuration or keys have to be corrected: it will not pass by
   * itself.
   */
  FLOWSEAL_CODE_CLASS_CALLER = 1,
  /**
   * What was received is not what it should be: look at where it comes from.
   */
  FLOWSEAL_CODE_CLASS_RESPONSE = 2,
  /**
   * What was received is understood, and must not be accepted.
   */
  FLOWSEAL_CODE_CLASS_REFUSED = 3,
  /**
   * It is over, and nobody's fault: start over if the person wants to.
   */
  FLOWSEAL_CODE_CLASS_ENDED = 4,
  /**
   * It may pass by itself: try again later.
   */
  FLOWSEAL_CODE_CLASS_RETRY = 5,
  /**
   * The machine, a module or this library has failed: nothing was released.
   */
  FLOWSEAL_CODE_CLASS_FAULT = 6,
} flowseal_code_class;

/**
 * What to offer a person. The list is closed, so that a page that has all of them is complete.
 */
typedef enum {
  /**
   * To ask for help: starting again would end the same way.
   */
  FLOWSEAL_NEXT_STEP_CONTACT = 1,
  /**
   * To start a new flow.
   */
  FLOWSEAL_NEXT_STEP_RESTART = 2,
  /**
   * To try the same again.
   */
  FLOWSEAL_NEXT_STEP_RETRY = 3,
  /**
   * Nothing: the flow goes on.
   */
  FLOWSEAL_NEXT_STEP_WAIT = 4,
} flowseal_next_step;

/**
 * A detail of an error. Each is absent where the error is not about such a thing.
 */
typedef enum {
  /**
   * Text: the path of the claim that shows from outside what is wrong with it.
   */
  FLOWSEAL_DETAIL_CLAIM = 0,
  /**
   * A number: the check that failed, one of `flowseal_check`.
   */
  FLOWSEAL_DETAIL_CHECK = 1,
  /**
   * Text: what was expected of the member that the check is about.
   */
  FLOWSEAL_DETAIL_EXPECTED = 2,
  /**
   * Text: what was found in its place. A national number is masked.
   */
  FLOWSEAL_DETAIL_FOUND = 3,
  /**
   * Text: the fingerprint of the key that was missing.
   */
  FLOWSEAL_DETAIL_KEY = 4,
  /**
   * A number: by how many seconds a time lies outside of what is accepted.
   */
  FLOWSEAL_DETAIL_SECONDS = 5,
  /**
   * A number: the length in bytes that was found. What would have been right:
   * flowseal_error_detail_sizes().
   */
  FLOWSEAL_DETAIL_SIZE = 6,
  /**
   * Text: the name of the key that was missing, where it has one.
   */
  FLOWSEAL_DETAIL_KID = 7,
  /**
   * Text: which part of a proof fails, with FLOWSEAL_STATUS_DISCLOSURE_INVALID: a stable word.
   */
  FLOWSEAL_DETAIL_WHY = 8,
} flowseal_detail;

/**
 * What is known of a key that was tried. Each but the fingerprint may be absent.
 */
typedef enum {
  /**
   * Text: SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hexadecimal.
   */
  FLOWSEAL_DIAGNOSED_FINGERPRINT = 0,
  /**
   * Text: the key's name.
   */
  FLOWSEAL_DIAGNOSED_KID = 1,
  /**
   * Text: `v1_5` or `pss`; absent where this key did not make the signature, like all below.
   */
  FLOWSEAL_DIAGNOSED_PADDING = 2,
  /**
   * Text: the hash that was signed, such as `sha256`.
   */
  FLOWSEAL_DIAGNOSED_HASH = 3,
  /**
   * A number: the length of the salt in bytes, of PSS alone.
   */
  FLOWSEAL_DIAGNOSED_SALT_LENGTH = 4,
} flowseal_diagnosed;

/**
 * Which credentials v1's long polling carries, beside the API key.
 */
typedef enum {
  /**
   * The app secret, as the specification has it.
   */
  FLOWSEAL_POLLING_CREDENTIALS_APP_SECRET = 1,
  /**
   * The session token, as the newer documentation has it.
   */
  FLOWSEAL_POLLING_CREDENTIALS_SESSION_TOKEN = 2,
} flowseal_polling_credentials;

/**
 * What a person identifies themselves for: `action` on the wire.
 */
typedef enum {
  /**
   * To tie an account that they have here to their e-ID.
   */
  FLOWSEAL_PURPOSE_LINK = 1,
  /**
   * To log in.
   */
  FLOWSEAL_PURPOSE_LOGIN = 2,
  /**
   * To get an account.
   */
  FLOWSEAL_PURPOSE_SIGNUP = 3,
} flowseal_purpose;

/**
 * What every request to the API needs: version, environment, credentials and identifiers. The
 * credentials are wiped when it is freed; they appear in no URL and no error.
 *
 * A call takes the configuration as it stands when it begins; a session keeps the one that it
 * began with.
 *
 * Thread-safe. Freed with flowseal_api_config_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_api_config;

/**
 * Why a call refused, with a sentence for people.
 *
 * Thread-safe. Freed with flowseal_error_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_error;

/**
 * A service account: identifiers, secrets and the app's private key. It is wiped when it is freed.
 *
 * Thread-safe. Freed with flowseal_service_account_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_service_account;

/**
 * An error that the API answered with. All of it is untrusted text; flowseal_api_error_message()
 * alone escapes and cuts what it quotes.
 *
 * Thread-safe. Freed with flowseal_api_error_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_api_error;

/**
 * A maker of events for an audit log: one for each thing that happens to a flow, from its start to
 * the opening of its claims. Each is one line of JSON, which `audit.schema.json` in flowseal's
 * documentation describes.
 *
 * An event says what happened, when, to which flow, how it went, what was believed and how long it
 * took. It never holds a claim, a credential, a token, the payload, data, a digest of any of
 * these, a link or a seed. The person is in it as an HMAC under the caller's key, which keeps
 * the events of one person together, or not at all.
 *
 * It keeps nothing but that key and writes nothing: what is made of an event is the caller's.
 *
 * Thread-safe. Freed with flowseal_audit_free(), which wipes the key.
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_audit;

/**
 * A flow that is to be started: the request to be sent, and what it asks.
 *
 * A configuration makes it, by flowseal_api_config_identify(), flowseal_api_config_sign() and
 * flowseal_api_config_confirm(). What comes back is read by flowseal_start_read(), and both
 * together are the pending flow, which leads to the end.
 *
 * Thread-safe. Freed with flowseal_start_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_start;

/**
 * A flow that the API has started: its identifier, and what brings a person to it. Nothing of it
 * is signed by anybody whose key is known; who is asked and for what is in the pending flow, as
 * it was sent.
 *
 * Thread-safe. Freed with flowseal_created_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_created;

/**
 * A flow between its start and its end: what was asked, of whom, and for which browser.
 *
 * It is the way to an end. It gives the session that watches the flow, knows which webhook is
 * meant for it, and finishes the flow: what has to be compared then is compared without anyone
 * remembering to. The person expected is the one that was sent, never the one that the API's
 * answer names; the mode follows from what was started; the reference is the identifier that the
 * API gave; claims are those asked for, and others fail; a result is given once.
 *
 * Between start and end it is kept as JSON, which holds no credential and no token. That JSON is
 * no proof of itself: keep it on the server, and give the browser a random id of it. Where it has
 * to travel, seal it.
 *
 * A call takes it as it stands when the call begins.
 *
 * Thread-safe. Freed with flowseal_pending_flow_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_pending_flow;

/**
 * A flow as it was received. Nothing of it is proved yet.
 *
 * Thread-safe. Freed with flowseal_flow_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_flow;

/**
 * A flow whose e-signature is valid and that met every expectation.
 *
 * What it tells is under the signature; the rest is in flowseal_verified_flow_unauthenticated().
 *
 * Thread-safe. Freed with flowseal_verified_flow_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_verified_flow;

/**
 * A flow that is believed because the API itself gave it to the caller's own session.
 *
 * This is another level of trust than a verified flow's, and an honest one: it is the caller's
 * word that these bytes answered that request. It rests on the API's honesty, on TLS, and on
 * nobody else answering in the API's place; nothing of it can be shown to anyone later, and
 * claims that somebody on the way has exchanged are not seen.
 *
 * flowseal_pending_flow_finish_received() alone makes one. There is no evidence of it, and it
 * opens whole or not at all.
 *
 * Thread-safe. Freed with flowseal_received_flow_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_received_flow;

/**
 * Opened claims. They are wiped when freed; copies that were given out are the caller's to wipe.
 *
 * Thread-safe. Freed with flowseal_opened_claims_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_opened_claims;

/**
 * What a flow must be, beyond being genuine: the caller's own.
 *
 * Thread-safe; a call takes the expectations as they stand when it begins. Freed with
 * flowseal_expectations_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_expectations;

/**
 * A rule that says whose keys may sign which flows.
 *
 * Thread-safe; a call takes the verifier as it stands when it begins. Freed with
 * flowseal_verifier_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_verifier;

/**
 * What a verification looked at and what it found.
 *
 * Thread-safe. Freed with flowseal_report_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_report;

/**
 * The keys that a flow may be sealed to.
 *
 * Thread-safe; a call takes the ring as it stands when it begins. Freed with
 * flowseal_key_ring_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_key_ring;

/**
 * What to open, and how.
 *
 * Thread-safe; a call takes the options as they stand when it begins. Freed with
 * flowseal_open_options_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_open_options;

/**
 * What ties a flow to the browser that it was started for: the SHA-256 of a secret which that
 * browser alone brings along, such as the random id of its session's cookie. It is compared in
 * constant time. It does not stop a person from approving what somebody else has started in their
 * own browser: against that there is the text that the person reads.
 *
 * Thread-safe. Freed with flowseal_binding_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_binding;

/**
 * What an address may ask of the API in a minute, shared by the sessions of a process: by
 * flowseal_session_set_budget().
 *
 * The API counts 100 requests a minute by address, and a session asks every one to three seconds:
 * five people who log in at the same time use it up. Sessions with a budget take turns instead,
 * and are slower and not refused. At most 97 requests of any kind are sent in any 60 s, by base
 * URL.
 *
 * It has no clock and no thread: whoever asks says what time it is, and waits for as long as it
 * is told. A session keeps the budget as it stood when it was given.
 *
 * Thread-safe. Freed with flowseal_budget_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_budget;

/**
 * Counts a request that is about to be sent to this base URL, and writes 0 to `wait_ms`; or writes
 * how long to wait before asking again. It returns 0; anything else says that it has failed, and
 * then nothing is sent. It may be called from several threads at once, by a session that waits for
 * it: it must not use that session. It must return: no exception of C++ and no longjmp may leave
 * it.
 */
typedef int32_t (*flowseal_shared_count_callback)(void *context,
                                                  const char *base,
                                                  size_t base_len,
                                                  uint64_t now_unix_ms,
                                                  uint64_t *wait_ms);

/**
 * An app's private key, bound to one padding. It is wiped when it and the rings that hold it are
 * freed.
 *
 * Thread-safe. Freed with flowseal_decrypting_key_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_decrypting_key;

/**
 * How to load a private key.
 *
 * Thread-safe; a call takes the options as they stand when it begins. Freed with
 * flowseal_decrypting_key_options_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_decrypting_key_options;

/**
 * How flows are signed, sealed and bounded.
 *
 * Without one the defaults of the profile file apply.
 *
 * Thread-safe. Freed with flowseal_profile_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_profile;

/**
 * Where a person identifies themselves, and who is expected, where the app knows.
 *
 * Thread-safe. Freed with flowseal_device_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_device;

/**
 * Who signs, and where. Signing differs from identifying: the app says who is asked on the same
 * device too.
 *
 * Thread-safe. Freed with flowseal_signer_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_signer;

/**
 * Where the API posts when a flow has changed, and the app's own reference that it posts.
 *
 * Thread-safe. Freed with flowseal_webhook_target_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_webhook_target;

/**
 * An app's public key, under which disclosures of flows that were sealed to it are checked.
 *
 * It has to come from somewhere other than the disclosure: whoever chooses the key afterwards may
 * choose one that fits.
 *
 * Thread-safe. Freed with flowseal_app_key_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_app_key;

/**
 * Bytes or text that a list is made of.
 */
typedef struct {
  /**
   * The first byte; may be NULL where `len` is 0.
   */
  const void *data;
  /**
   * How many bytes there are.
   */
  size_t len;
} flowseal_slice;

/**
 * Some claims of a flow that a person signed, with the proof, and without the others.
 *
 * Whoever has the file also sees the national number, the reference, the times, and the names of
 * all claims beside their ciphertexts. It is wiped when freed; copies that were given out are the
 * caller's to wipe.
 *
 * Thread-safe. Freed with flowseal_disclosure_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_disclosure;

/**
 * The proof that a person signed a flow: the signed bytes, the signature, which key, which
 * profile.
 *
 * Thread-safe. Freed with flowseal_evidence_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_evidence;

/**
 * A list of public keys.
 *
 * Thread-safe; a call takes the list as it stands when it begins. Freed with
 * flowseal_verifying_keys_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_verifying_keys;

/**
 * What a disclosure has proved beside the claims: the signed members around them, and which claims
 * are withheld.
 *
 * Thread-safe. Freed with flowseal_disclosed_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_disclosed;

/**
 * A reader of the stream that v2's `sse` answers with, fed with whatever chunks arrive. Threads
 * that feed one stream decide the order of its bytes among themselves.
 *
 * Thread-safe. Freed with flowseal_event_stream_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_event_stream;

/**
 * An event of a stream.
 *
 * Thread-safe. Freed with flowseal_server_event_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_server_event;

/**
 * An answer of the API, whichever it is. Nothing of it is proved: a flow is yet to be verified,
 * and the rest is signed by nobody.
 *
 * Thread-safe. Freed with flowseal_response_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_response;

/**
 * The claims of a flow that did not open, and why, in the flow's order.
 *
 * Thread-safe. Freed with flowseal_failures_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_failures;

/**
 * Remembers which pending flows have come to their end. It is asked after a flow was judged,
 * before its result is given.
 *
 * Thread-safe. Freed with flowseal_finish_once_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_finish_once;

/**
 * Marks the flow of this reference as finished, to be remembered until then, and writes to `first`
 * whether it was not marked before: of two calls at the same time with one reference, from
 * whichever process, only one may get true. It returns 0; anything else says that it has
 * failed, and then nothing is given to anyone. It may be called from several threads at once. It
 * must return: no exception of C++ and no longjmp may leave it.
 */
typedef int32_t (*flowseal_finish_once_callback)(void *context,
                                                 const char *reference,
                                                 size_t reference_len,
                                                 int64_t until_unix_seconds,
                                                 bool *first);

/**
 * The answer to a request as an HTTP client received it: status, headers and body, and what it
 * answers. It is copied, and the copy is wiped when it is freed.
 *
 * A call takes it as it stands when the call begins.
 *
 * Thread-safe. Freed with flowseal_http_response_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_http_response;

/**
 * A request to the API: all that an HTTP client has to be told, and nothing sent yet. Its
 * credentials are wiped when it is freed.
 *
 * Follow no redirects: the API has none, and one would take the credentials elsewhere.
 *
 * Thread-safe. Freed with flowseal_request_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_request;

/**
 * An opening, of one flow or of many, that goes on when the results of raw operations come: those
 * of keys whose private half is elsewhere. It says what is to be computed, takes results in any
 * order, and ends in what opening at once gives. It owns what it needs: flows and rings may be
 * freed meanwhile.
 *
 * Thread-safe; callers take turns. Freed with flowseal_opening_free(), which wipes it.
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_opening;

/**
 * A webhook as it was received: a hint that something has happened to a flow, and no more.
 * Anyone who knows the address can send one, so there is no way from its body to a flow: all
 * that it can cause is the ping that confirms it.
 *
 * Thread-safe. Freed with flowseal_webhook_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_webhook;

/**
 * A flow that is watched until it ends: the state machine between an app and the API. Ask
 * flowseal_session_poll() what to do, do it, and tell what came of it by
 * flowseal_session_handle() or flowseal_session_lost().
 *
 * It is deterministic: time and chance are the caller's.
 *
 * Thread-safe. Freed with flowseal_session_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_session;

/**
 * How to make a key whose private half is elsewhere.
 *
 * Thread-safe; a call takes the options as they stand when it begins. Freed with
 * flowseal_remote_key_options_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_remote_key_options;

/**
 * One raw private operation that somebody else is to compute: the ciphertext to the power of the
 * private exponent, modulo the key's modulus. No padding is taken off.
 */
typedef struct {
  /**
   * The number by which its result is matched to it.
   */
  uint64_t id;
  /**
   * The key to compute with, as flowseal_decrypting_key_fingerprint() gives it, and a NUL.
   */
  char fingerprint[65];
  /**
   * What to compute with: a big-endian number, as long as the modulus.
   */
  const uint8_t *ciphertext;
  /**
   * Its length in bytes, k.
   */
  size_t ciphertext_len;
} flowseal_raw_operation;

/**
 * Computes raw private operations, all of them under one key: writes the result of each, k bytes,
 * one after the other in their order, to `results`, and returns 0; or returns another number where
 * it does not compute, by which the flows that wait are refused with
 * FLOWSEAL_STATUS_KEY_UNAVAILABLE. Operations and results are there for the time of the call. It
 * is called from whichever threads open flows, at the same time where there are several. It must
 * return: no exception of C++ and no longjmp may leave it.
 */
typedef int32_t (*flowseal_key_holder_callback)(void *context,
                                                const flowseal_raw_operation *operations,
                                                size_t count,
                                                uint8_t *results);

/**
 * Frees a context: called once, when no key and no options can use it any more, by the thread that
 * has freed the last of them. It calls no function of this library, and must return, likewise.
 */
typedef void (*flowseal_release_callback)(void *context);

/**
 * The session token that v1's authorize gives, for `x-access-token`. It carries the app's secret
 * and is one itself: it is wiped when it is freed.
 *
 * Thread-safe. Freed with flowseal_session_token_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_session_token;

/**
 * What to do next, and what for.
 */
typedef struct {
  /**
   * What to do.
   */
  flowseal_action_kind kind;
  /**
   * To send: how long to wait for the response. To wait: the pause. To stream: how long to wait
   * for the head of the response. Else 0.
   */
  uint64_t wait_ms;
  /**
   * To send or to stream: the request, to be freed. Else zero.
   */
  flowseal_request request;
  /**
   * Progress or ended: the flow, to be freed. Else zero.
   */
  flowseal_flow flow;
} flowseal_action;

/**
 * Persons and their keys, for flowseal_verifier_by_requestee().
 *
 * Thread-safe; a call takes the list as it stands when it begins. Freed with
 * flowseal_users_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_users;

/**
 * How to load public keys.
 *
 * Thread-safe; a call takes the options as they stand when it begins. Freed with
 * flowseal_verifying_key_options_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_verifying_key_options;

/**
 * Writes the identifier of the flow that waits for a webhook of this reference to `flow`, and its
 * length to `flow_len`. It returns false where none waits, or where the identifier is longer than
 * the capacity, which is at least 256. It must return: no exception of C++ and no longjmp may
 * leave it.
 */
typedef bool (*flowseal_flow_of_callback)(void *context,
                                          const char *reference,
                                          size_t reference_len,
                                          char *flow,
                                          size_t capacity,
                                          size_t *flow_len);

/**
 * Remembers a key until a moment in Unix seconds. It returns false if the key is remembered
 * already; of two calls at the same time with one key, only one may get true. It must return,
 * likewise.
 */
typedef bool (*flowseal_remember_callback)(void *context,
                                           const char *key,
                                           size_t key_len,
                                           int64_t until_unix_seconds);

/**
 * A sentence for each situation: in English, in French, or the app's own.
 *
 * Thread-safe. Freed with flowseal_words_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_words;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * A configuration with the organisation's API key and the app's secret.
 *
 * @param version A number of `flowseal_api_version`.
 * @param environment A number of `flowseal_environment`.
 * @param api_key The API key, for `x-api-key`; the memory stays the caller's to wipe.
 * @param api_key_len Its length in bytes.
 * @param app_secret The app secret, for `x-access-secret`; likewise.
 * @param app_secret_len Its length in bytes.
 * @param[out] config The configuration, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_CONFIG for credentials of another
 *     environment or in each other's place, and for ones that no header can carry,
 *     FLOWSEAL_STATUS_USAGE for another number, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_new(uint32_t version,
                                        uint32_t environment,
                                        const void *api_key,
                                        size_t api_key_len,
                                        const void *app_secret,
                                        size_t app_secret_len,
                                        flowseal_api_config *config,
                                        flowseal_error *error);

/**
 * The same from a service account, which has the identifiers too.
 *
 * @param version A number of `flowseal_api_version`.
 * @param environment A number of `flowseal_environment`.
 * @param account The service account.
 * @param[out] config The configuration, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_CONFIG for an account without an API key
 *     for this environment or without a secret, and those of flowseal_api_config_new().
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_from_service_account(uint32_t version,
                                                         uint32_t environment,
                                                         flowseal_service_account account,
                                                         flowseal_api_config *config,
                                                         flowseal_error *error);

/**
 * The organisation, `bcn_…`, and the app, `app_…`: v1's authorize names them in its URL.
 *
 * @param config What is set up.
 * @param organisation_id The organisation.
 * @param organisation_id_len Its length in bytes.
 * @param app_id The app.
 * @param app_id_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_set_ids(flowseal_api_config config,
                                            const char *organisation_id,
                                            size_t organisation_id_len,
                                            const char *app_id,
                                            size_t app_id_len);

/**
 * Speaks to another address than the environment's: the caller's gateway, or the server of
 * `flowseal mock`.
 *
 * @param config What is set up.
 * @param url `https://host[:port]`; without TLS only of a loopback address, because every
 *     request carries the credentials.
 * @param url_len Its length in bytes.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_CONFIG for any other,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_set_base_url(flowseal_api_config config,
                                                 const char *url,
                                                 size_t url_len,
                                                 flowseal_error *error);

/**
 * Which credentials v1's long polling carries, beside the API key; the app secret unless given.
 *
 * @param config What is set up.
 * @param credentials A number of `flowseal_polling_credentials`.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_set_polling_credentials(flowseal_api_config config,
                                                            uint32_t credentials);

/**
 * The version of the API.
 *
 * @param config The configuration.
 * @param[out] version The version.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_version(flowseal_api_config config,
                                            flowseal_api_version *version);

/**
 * The environment that the credentials are for.
 *
 * @param config The configuration.
 * @param[out] environment The environment.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_environment(flowseal_api_config config,
                                                flowseal_environment *environment);

/**
 * How many things are unusual and may still be right, such as a credential with an unknown
 * prefix.
 *
 * @param config The configuration.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_warning_count(flowseal_api_config config,
                                                  size_t *count);

/**
 * One of them, as a sentence for the log of a start-up. It never holds a secret.
 *
 * @param config The configuration.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_warning(flowseal_api_config config,
                                            size_t index,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * Frees a configuration.
 *
 * @param api_config The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_free(flowseal_api_config api_config);

/**
 * Understands the body of an answer that failed, in any of its shapes; any body is an error of
 * some kind.
 *
 * @param status The HTTP status; 0 where it is not known.
 * @param body The body: any bytes.
 * @param body_len Its length in bytes.
 * @param[out] api_error The error of the API, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_from_body(uint16_t status,
                                             const void *body,
                                             size_t body_len,
                                             flowseal_api_error *api_error);

/**
 * The error of the API that is behind the details of a refusal.
 *
 * @param error The error.
 * @param[out] api_error The error of the API, to be freed.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_api_error(flowseal_error error,
                                         flowseal_api_error *api_error);

/**
 * What can be done about it.
 *
 * @param api_error The error of the API.
 * @param[out] remedy The remedy.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_remedy(flowseal_api_error api_error,
                                          flowseal_remedy *remedy);

/**
 * The remedy as a sentence.
 *
 * @param api_error The error of the API.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_advice(flowseal_api_error api_error,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * All of it as a sentence for a log.
 *
 * @param api_error The error of the API.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_message(flowseal_api_error api_error,
                                           char *buffer,
                                           size_t capacity,
                                           size_t *len);

/**
 * What the API says to people.
 *
 * @param api_error The error of the API.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_reason(flowseal_api_error api_error,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * The `type`, such as `session_cancel`.
 *
 * @param api_error The error of the API.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_type(flowseal_api_error api_error,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The `helper_url`, where the API says more: to be shown, not to be fetched.
 *
 * @param api_error The error of the API.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_helper_url(flowseal_api_error api_error,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * Any member by its name on the wire, as JSON.
 *
 * @param api_error The error of the API.
 * @param name The member's name.
 * @param name_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_member(flowseal_api_error api_error,
                                          const char *name,
                                          size_t name_len,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * The HTTP status that the answer came with.
 *
 * @param api_error The error of the API.
 * @param[out] number The number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_http_status(flowseal_api_error api_error,
                                               uint16_t *number);

/**
 * The seconds that the API asks to wait, by the header `retry-after`.
 *
 * @param api_error The error of the API.
 * @param[out] number The number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_retry_after_seconds(flowseal_api_error api_error,
                                                       uint64_t *number);

/**
 * The `code`, a number like an HTTP status.
 *
 * @param api_error The error of the API.
 * @param[out] number The number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_code(flowseal_api_error api_error,
                                        uint16_t *number);

/**
 * How long to wait before trying again. It says nothing of whether that makes sense: the remedy
 * does.
 *
 * @param api_error The error of the API.
 * @param failures How many tries in a row have failed.
 * @param jitter Any random number; half of the pause is by chance.
 * @param[out] ms The pause.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_back_off_ms(flowseal_api_error api_error,
                                               uint32_t failures,
                                               uint32_t jitter,
                                               uint64_t *ms);

/**
 * How many issues of validation the answer lists.
 *
 * @param api_error The error of the API.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_issue_count(flowseal_api_error api_error,
                                               size_t *count);

/**
 * Where an issue is, its steps joined by dots, such as `body.user`.
 *
 * @param api_error The error of the API.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_issue_path(flowseal_api_error api_error,
                                              size_t index,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * What an issue is, such as `too_small`.
 *
 * @param api_error The error of the API.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_issue_code(flowseal_api_error api_error,
                                              size_t index,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * An issue as a sentence for people.
 *
 * @param api_error The error of the API.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_issue_message(flowseal_api_error api_error,
                                                 size_t index,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * Frees an error of the API.
 *
 * @param api_error The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_error_free(flowseal_api_error api_error);

/**
 * An audit whose events name no person.
 *
 * @param[out] audit The audit, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_new(flowseal_audit *audit);

/**
 * One whose events have people as 64 hexadecimal digits: HMAC-SHA-256 of their number under this
 * key.
 *
 * Numbers of people are few: whoever has the key and the events can find out who each is. Keep it
 * apart from both, and use it for nothing else.
 *
 * @param person_key 32 random bytes or more: any bytes.
 * @param person_key_len How many.
 * @param[out] audit The audit, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a key of fewer than 32 bytes.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_new_with(const void *person_key,
                                        size_t person_key_len,
                                        flowseal_audit *audit,
                                        flowseal_error *error);

/**
 * A start is about to be sent. Its flow has no identifier yet.
 *
 * @param audit The audit.
 * @param start The start.
 * @param now_unix_seconds When.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_started(flowseal_audit audit,
                                       flowseal_start start,
                                       int64_t now_unix_seconds,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * The API has answered a start: there is a flow.
 *
 * @param audit The audit.
 * @param start The start.
 * @param created What the answer has created.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_created(flowseal_audit audit,
                                       flowseal_start start,
                                       flowseal_created created,
                                       int64_t now_unix_seconds,
                                       const uint64_t *took_ms,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * A start has led to no flow: the API has refused it, or no answer came.
 *
 * @param audit The audit.
 * @param start The start.
 * @param status Why, as the call's status.
 * @param check The check that failed, a number of `flowseal_check`; 0 where none did.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
 *     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_created_error(flowseal_audit audit,
                                             flowseal_start start,
                                             uint32_t status,
                                             uint32_t check,
                                             int64_t now_unix_seconds,
                                             const uint64_t *took_ms,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * A device has picked the flow up: the session's FLOWSEAL_ACTION_KIND_PROGRESS.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param now_unix_seconds When.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_picked_up(flowseal_audit audit,
                                         flowseal_pending_flow pending,
                                         int64_t now_unix_seconds,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * The app wants the flow cancelled.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param now_unix_seconds When.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_cancel_asked(flowseal_audit audit,
                                            flowseal_pending_flow pending,
                                            int64_t now_unix_seconds,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The session has ended with its flow. That it is complete says nothing of whether it is genuine.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param flow The flow at its end.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_ended(flowseal_audit audit,
                                     flowseal_pending_flow pending,
                                     flowseal_flow flow,
                                     int64_t now_unix_seconds,
                                     const uint64_t *took_ms,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *len);

/**
 * The session has ended without the flow's end.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param status Why, as the call's status.
 * @param check The check that failed, a number of `flowseal_check`; 0 where none did.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
 *     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_ended_error(flowseal_audit audit,
                                           flowseal_pending_flow pending,
                                           uint32_t status,
                                           uint32_t check,
                                           int64_t now_unix_seconds,
                                           const uint64_t *took_ms,
                                           char *buffer,
                                           size_t capacity,
                                           size_t *len);

/**
 * The flow was judged, and flowseal_pending_flow_finish() has given its result.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param verified The verified flow.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_finished(flowseal_audit audit,
                                        flowseal_pending_flow pending,
                                        flowseal_verified_flow verified,
                                        int64_t now_unix_seconds,
                                        const uint64_t *took_ms,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The same of flowseal_pending_flow_finish_received().
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param received The received flow.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_finished_received(flowseal_audit audit,
                                                 flowseal_pending_flow pending,
                                                 flowseal_received_flow received,
                                                 int64_t now_unix_seconds,
                                                 const uint64_t *took_ms,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The flow was judged, and either of them has refused it.
 *
 * FLOWSEAL_DETAIL_CHECK of the error's details is the check that failed, where one did.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param status Why, as the call's status.
 * @param check The check that failed, a number of `flowseal_check`; 0 where none did.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
 *     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_finished_error(flowseal_audit audit,
                                              flowseal_pending_flow pending,
                                              uint32_t status,
                                              uint32_t check,
                                              int64_t now_unix_seconds,
                                              const uint64_t *took_ms,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * The flow's claims were opened.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param claims The claims, of which nothing but their trust is in the event.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_opened(flowseal_audit audit,
                                      flowseal_pending_flow pending,
                                      flowseal_opened_claims claims,
                                      int64_t now_unix_seconds,
                                      const uint64_t *took_ms,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * The flow's claims were not opened.
 *
 * @param audit The audit.
 * @param pending The pending flow.
 * @param status Why, as the call's status.
 * @param check The check that failed, a number of `flowseal_check`; 0 where none did.
 * @param now_unix_seconds When.
 * @param took_ms How long it took, by the caller's clock; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_TIME,
 *     FLOWSEAL_STATUS_USAGE for another number, and for a status that is no reason.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_opened_error(flowseal_audit audit,
                                            flowseal_pending_flow pending,
                                            uint32_t status,
                                            uint32_t check,
                                            int64_t now_unix_seconds,
                                            const uint64_t *took_ms,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * Frees an audit.
 *
 * @param audit The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_audit_free(flowseal_audit audit);

/**
 * Verifies many flows at once, on as many threads as flowseal_verifier_set_threads() says.
 *
 * A refused flow does not stop the others: the status of each is in `statuses`. Each place of
 * `verified`, `reports` and `errors` gets a handle or, where there is none for that flow, zeros. A
 * flow for which no handle is left has FLOWSEAL_STATUS_HANDLES_EXHAUSTED.
 *
 * @param flows The flows; they stay as they were.
 * @param expectations What each flow must be, in the same order; one of them may stand here
 *     several times.
 * @param count How many flows there are, and places in each of the lists.
 * @param verifier Whose keys are trusted.
 * @param now_unix_seconds The moment against which they are judged.
 * @param[out] statuses The status of each flow.
 * @param[out] verified The verified flow of each that was not refused, to be freed.
 * @param[out] reports The report of each that has one, to be freed; may be NULL.
 * @param[out] errors The error of each that was refused, to be freed; may be NULL.
 * @param[out] error Details where the call itself refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or:
 *     FLOWSEAL_STATUS_TIME and misuse, where no list was written to.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_verify_many(const flowseal_flow *flows,
                                     const flowseal_expectations *expectations,
                                     size_t count,
                                     flowseal_verifier verifier,
                                     int64_t now_unix_seconds,
                                     flowseal_status *statuses,
                                     flowseal_verified_flow *verified,
                                     flowseal_report *reports,
                                     flowseal_error *errors,
                                     flowseal_error *error);

/**
 * Opens many verified flows at once, on as many threads as the options say.
 *
 * A refused flow does not stop the others: the status of each is in `statuses`. Each place of
 * `claims` and `errors` gets a handle or, where there is none for that flow, zeros. A flow for
 * which no handle is left has FLOWSEAL_STATUS_HANDLES_EXHAUSTED.
 *
 * @param verified The flows; they stay as they were.
 * @param count How many flows there are, and places in each of the lists.
 * @param ring The keys that they may be sealed to.
 * @param options What to open, and how.
 * @param[out] statuses The status of each flow.
 * @param[out] claims The claims of each that opened, to be freed.
 * @param[out] errors The error of each that did not, to be freed; may be NULL.
 * @param[out] error Details where the call itself refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or: misuse, where no
 *     list was written to.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_open_many(const flowseal_verified_flow *verified,
                                   size_t count,
                                   flowseal_key_ring ring,
                                   flowseal_open_options options,
                                   flowseal_status *statuses,
                                   flowseal_opened_claims *claims,
                                   flowseal_error *errors,
                                   flowseal_error *error);

/**
 * Opens many flows at once whose e-signatures nobody has looked at, on as many threads as the
 * options say: what flowseal_flow_open_unverified() says of one flow is true of each. Right for an
 * archive; not for what strangers send.
 *
 * A refused flow does not stop the others: the status of each is in `statuses`. Each place of
 * `claims`, `reports` and `errors` gets a handle or, where there is none for that flow, zeros. A
 * flow for which no handle is left has FLOWSEAL_STATUS_HANDLES_EXHAUSTED.
 *
 * @param flows The flows; they stay as they were.
 * @param count How many flows there are, and places in each of the lists.
 * @param ring The keys that they may be sealed to.
 * @param expectations What each flow must be.
 * @param now_unix_seconds The moment against which they are judged.
 * @param options What to open, and how.
 * @param[out] statuses The status of each flow.
 * @param[out] claims The claims of each that opened, to be freed.
 * @param[out] reports The report of each that has one, to be freed; may be NULL.
 * @param[out] errors The error of each that did not open, to be freed; may be NULL.
 * @param[out] error Details where the call itself refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or:
 *     FLOWSEAL_STATUS_TIME and misuse, where no list was written to.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_open_many_unverified(const flowseal_flow *flows,
                                              size_t count,
                                              flowseal_key_ring ring,
                                              flowseal_expectations expectations,
                                              int64_t now_unix_seconds,
                                              flowseal_open_options options,
                                              flowseal_status *statuses,
                                              flowseal_opened_claims *claims,
                                              flowseal_report *reports,
                                              flowseal_error *errors,
                                              flowseal_error *error);

/**
 * The binding to who has this secret.
 *
 * @param secret The secret: any bytes. The memory stays the caller's to wipe.
 * @param secret_len Its length in bytes.
 * @param[out] binding The binding, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for less than 16 bytes, which could be
 *     guessed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_binding_new(const void *secret,
                                     size_t secret_len,
                                     flowseal_binding *binding,
                                     flowseal_error *error);

/**
 * Frees a binding.
 *
 * @param binding The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_binding_free(flowseal_binding binding);

/**
 * A whole budget, for 200 sessions a base URL. One for the process.
 *
 * @param[out] budget The budget, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_budget_new(flowseal_budget *budget);

/**
 * How many sessions may share it, by base URL; 200 unless given. Of `n` each asks every `0.8 n`
 * seconds, and a flow lives for 360.
 *
 * @param budget The budget.
 * @param most_sessions How many.
 *
 * Thread-safe.
 */
flowseal_status flowseal_budget_set_most_sessions(flowseal_budget budget,
                                                  size_t most_sessions);

/**
 * Asks a count that other processes share, beside its own.
 *
 * @param budget The budget.
 * @param take Counts a request.
 * @param context Given to the function as it is; may be NULL. It has to be there until the budget
 *     and every session that has it are freed and the last call that uses them has returned, for
 *     every thread.
 *
 * Thread-safe.
 */
flowseal_status flowseal_budget_set_shared_count(flowseal_budget budget,
                                                 flowseal_shared_count_callback take,
                                                 void *context);

/**
 * Takes a request that does not wait for a turn: the start of a flow, a cancel, a ping that
 * confirms a webhook. Ask just before it is sent.
 *
 * @param budget The budget.
 * @param config The configuration of the request.
 * @param now_unix_ms The time.
 * @param[out] wait_ms 0: send it. Else how long to wait before asking again: even the reserved
 *     share is used up.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_CALLBACK where the shared count has failed:
 *     nothing may be sent.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_budget_urgent(flowseal_budget budget,
                                       flowseal_api_config config,
                                       uint64_t now_unix_ms,
                                       uint64_t *wait_ms,
                                       flowseal_error *error);

/**
 * Frees a budget.
 *
 * @param budget The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_budget_free(flowseal_budget budget);

/**
 * Reads the one private key of a PEM or DER file, for RSAES-PKCS1-v1_5.
 *
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_load(const void *file,
                                             size_t file_len,
                                             flowseal_decrypting_key *key,
                                             flowseal_error *error);

/**
 * Reads a private key with a passphrase, a name, a padding or a profile.
 *
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param options How to load it.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_load_with(const void *file,
                                                  size_t file_len,
                                                  flowseal_decrypting_key_options options,
                                                  flowseal_decrypting_key *key,
                                                  flowseal_error *error);

/**
 * SHA-256 of the public half's SubjectPublicKeyInfo, in lower-case hexadecimal.
 *
 * @param key The key.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_fingerprint(flowseal_decrypting_key key,
                                                    char *buffer,
                                                    size_t capacity,
                                                    size_t *len);

/**
 * The modulus' length in bits.
 *
 * @param key The key.
 * @param[out] bits The length.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_bits(flowseal_decrypting_key key,
                                             size_t *bits);

/**
 * The name that the key was given.
 *
 * @param key The key.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_kid(flowseal_decrypting_key key,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The padding that the key is bound to.
 *
 * @param key The key.
 * @param[out] padding The padding.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_padding(flowseal_decrypting_key key,
                                                flowseal_padding *padding);

/**
 * Frees a key.
 *
 * @param key The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_free(flowseal_decrypting_key key);

/**
 * Options that change nothing.
 *
 * @param[out] options The options, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_new(flowseal_decrypting_key_options *options);

/**
 * The passphrase of an encrypted key. It is copied; the copy is wiped when the options are freed.
 *
 * @param options The options.
 * @param passphrase Its bytes.
 * @param passphrase_len How many.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_set_passphrase(flowseal_decrypting_key_options options,
                                                               const void *passphrase,
                                                               size_t passphrase_len);

/**
 * The name of the key, by which flowseal_key_ring_only() finds it.
 *
 * @param options The options.
 * @param kid The name.
 * @param kid_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_set_kid(flowseal_decrypting_key_options options,
                                                        const char *kid,
                                                        size_t kid_len);

/**
 * The padding for this key alone. Of a padding and a profile, the one that is set last counts.
 *
 * @param options The options.
 * @param padding A number of `flowseal_padding`.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_set_padding(flowseal_decrypting_key_options options,
                                                            uint32_t padding);

/**
 * The profile whose padding the key gets, which then has to be that of the whole operation.
 *
 * @param options The options.
 * @param profile The profile.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_set_profile(flowseal_decrypting_key_options options,
                                                            flowseal_profile profile);

/**
 * Accepts a key of 1024 bits, which is weak.
 *
 * @param options The options.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_allow_1024_bits(flowseal_decrypting_key_options options);

/**
 * Frees the options of a private key.
 *
 * @param key_options The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_options_free(flowseal_decrypting_key_options key_options);

/**
 * A detail of an error that is text.
 *
 * @param error The error.
 * @param detail Which, of `enum flowseal_detail`.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where the
 *     error is not about such a thing, FLOWSEAL_STATUS_USAGE for one that is no text.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_detail_text(flowseal_error error,
                                           uint32_t detail,
                                           char *buffer,
                                           size_t capacity,
                                           size_t *len);

/**
 * A detail of an error that is a number.
 *
 * @param error The error.
 * @param detail Which, of `enum flowseal_detail`.
 * @param[out] number The number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where the error is not about such a
 *     thing, FLOWSEAL_STATUS_USAGE for one that is not such a number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_detail_number(flowseal_error error,
                                             uint32_t detail,
                                             uint64_t *number);

/**
 * How many lengths would have been right where a claim's is not: those of the ring's moduli.
 *
 * @param error The error.
 * @param[out] count Their number; 0 where the error is not about lengths.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_detail_sizes_count(flowseal_error error,
                                                  size_t *count);

/**
 * One of these lengths.
 *
 * @param error The error.
 * @param index Which, from 0.
 * @param[out] size The length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_detail_sizes(flowseal_error error,
                                            size_t index,
                                            size_t *size);

/**
 * The details as JSON: `{"claim", "check", "expected", "found", "seconds", "size", "sizes", "key",
 * "kid"}`, each `null` or empty where the error is not about such a thing. It holds no secret and
 * no national number.
 *
 * @param error The error.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT for an
 *     error of this library's edge, such as a stale handle.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_details_to_json(flowseal_error error,
                                               char *buffer,
                                               size_t capacity,
                                               size_t *len);

/**
 * The report of the verification that refused.
 *
 * @param error The error.
 * @param[out] report The report, to be freed.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where no verification was under way.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_report(flowseal_error error,
                                      flowseal_report *report);

/**
 * How many keys were tried on a signature that is not valid.
 *
 * @param error The error.
 * @param[out] count Their number; 0 with any status but FLOWSEAL_STATUS_SIGNATURE_INVALID.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_diagnosis_count(flowseal_error error,
                                               size_t *count);

/**
 * What one of these keys shows of the signature.
 *
 * @param error The error.
 * @param index Which key, from 0.
 * @param[out] finding Which cause it is.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_diagnosis_finding(flowseal_error error,
                                                 size_t index,
                                                 flowseal_finding *finding);

/**
 * What is known of one of these keys, as text.
 *
 * @param error The error.
 * @param index Which key, from 0.
 * @param field What, of `enum flowseal_diagnosed`.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
 *     FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_USAGE for what is no text.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_diagnosis_text(flowseal_error error,
                                              size_t index,
                                              uint32_t field,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * What is known of one of these keys, as a number.
 *
 * @param error The error.
 * @param index Which key, from 0.
 * @param field What, of `enum flowseal_diagnosed`.
 * @param[out] number The number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX, FLOWSEAL_STATUS_ABSENT,
 *     FLOWSEAL_STATUS_USAGE for anything that is not such a number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_diagnosis_number(flowseal_error error,
                                                size_t index,
                                                uint32_t field,
                                                uint64_t *number);

/**
 * The digest that was signed, which a signature of RSASSA-PKCS1-v1_5 shows. It is personal data,
 * since a national number is guessed from it in minutes: keep it out of logs.
 *
 * @param error The error.
 * @param index Which key, from 0.
 * @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len Their number; also where the buffer is too short for them.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
 *     FLOWSEAL_STATUS_ABSENT where the signature shows none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_diagnosis_digest(flowseal_error error,
                                                size_t index,
                                                uint8_t *buffer,
                                                size_t capacity,
                                                size_t *len);

/**
 * The diagnosis as a JSON array with an object for each key that was tried:
 * `{"fingerprint", "kid", "finding", "padding", "hash", "salt_length", "digest"}`; `finding` is
 * `other_key`, `other_algorithm` or `other_bytes`. The digest is personal data: keep it out of
 * logs.
 *
 * @param error The error.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT with any
 *     status but FLOWSEAL_STATUS_SIGNATURE_INVALID.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_diagnosis_to_json(flowseal_error error,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The device that the browser runs on. Whoever opens the link is asked, and the result is for the
 * browser that the flow is bound to.
 *
 * @param[out] device The device, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_device_same(flowseal_device *device);

/**
 * Another device: that of the person with this number, and of nobody else.
 *
 * @param user The person's number.
 * @param user_len Its length in bytes.
 * @param[out] device The device, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a number that the API would refuse,
 *     of less than 11 characters or with something in it that is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_device_different(const char *user,
                                          size_t user_len,
                                          flowseal_device *device,
                                          flowseal_error *error);

/**
 * Any device that scans one of so many QR codes.
 *
 * @param seeds How many QR codes.
 * @param[out] device The device, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number than 1 to 10.
 *
 * Thread-safe.
 */
flowseal_status flowseal_device_wildcard(uint32_t seeds,
                                         flowseal_device *device,
                                         flowseal_error *error);

/**
 * The person who is asked, where the app says so.
 *
 * @param device The device.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_device_user(flowseal_device device,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *len);

/**
 * Frees a device.
 *
 * @param device The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_device_free(flowseal_device device);

/**
 * The person with this number, on the device that the browser runs on.
 *
 * @param nin The person's number.
 * @param nin_len Its length in bytes.
 * @param[out] signer The signer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a number that the API would refuse,
 *     of less than 11 characters or with something in it that is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_signer_same_device(const char *nin,
                                            size_t nin_len,
                                            flowseal_signer *signer,
                                            flowseal_error *error);

/**
 * The person with this number, on another device.
 *
 * @param nin The person's number.
 * @param nin_len Its length in bytes.
 * @param[out] signer The signer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a number that the API would refuse,
 *     of less than 11 characters or with something in it that is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_signer_different_device(const char *nin,
                                                 size_t nin_len,
                                                 flowseal_signer *signer,
                                                 flowseal_error *error);

/**
 * Whoever scans one of so many QR codes (v2).
 *
 * @param seeds How many QR codes.
 * @param[out] signer The signer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number than 1 to 10.
 *
 * Thread-safe.
 */
flowseal_status flowseal_signer_wildcard(uint32_t seeds,
                                         flowseal_signer *signer,
                                         flowseal_error *error);

/**
 * The person who is asked, where the app says so.
 *
 * @param signer The signer.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_signer_nin(flowseal_signer signer,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *len);

/**
 * Frees a signer.
 *
 * @param signer The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_signer_free(flowseal_signer signer);

/**
 * Posts to this URL, with this reference: text that finds the flow again and that nobody can
 * guess, such as a random number.
 *
 * @param host The URL.
 * @param host_len Its length in bytes.
 * @param reference The app's own reference.
 * @param reference_len Its length in bytes.
 * @param[out] target The target, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for anything but an https URL, or the
 *     http URL of a loopback address that is written as a number, and for a reference that is
 *     empty or longer than 256 bytes, or with control characters, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_target_new(const char *host,
                                            size_t host_len,
                                            const char *reference,
                                            size_t reference_len,
                                            flowseal_webhook_target *target,
                                            flowseal_error *error);

/**
 * The URL. It may have a secret of the app's in its query.
 *
 * @param target The target.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_target_host(flowseal_webhook_target target,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * The app's own reference.
 *
 * @param target The target.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_target_reference(flowseal_webhook_target target,
                                                  char *buffer,
                                                  size_t capacity,
                                                  size_t *len);

/**
 * Frees a target.
 *
 * @param webhook_target The handle, unusable from here on. A call that uses it in another thread
 *     ends as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_target_free(flowseal_webhook_target webhook_target);

/**
 * Reads the one public key of a file: PEM or DER, with the public exponent 65537.
 *
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
 *
 * Thread-safe.
 */
flowseal_status flowseal_app_key_load(const void *file,
                                      size_t file_len,
                                      flowseal_app_key *key,
                                      flowseal_error *error);

/**
 * The same of a key that is known to have another public exponent than 65537.
 *
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param exponent The exponent that it must have.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
 *
 * Thread-safe.
 */
flowseal_status flowseal_app_key_load_with_exponent(const void *file,
                                                    size_t file_len,
                                                    uint64_t exponent,
                                                    flowseal_app_key *key,
                                                    flowseal_error *error);

/**
 * SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hexadecimal.
 *
 * @param key The key.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_app_key_fingerprint(flowseal_app_key key,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * Frees an app's public key.
 *
 * @param key The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_app_key_free(flowseal_app_key key);

/**
 * Shows the claims at or under these paths to whoever gets the result, with the proof, and
 * withholds the others.
 *
 * @param verified The verified flow.
 * @param ring The keys that it may be sealed to.
 * @param paths The paths of claims or groups.
 * @param paths_count Their number, at least one.
 * @param[out] disclosure The disclosure, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE without a path, or with an empty one;
 *     FLOWSEAL_STATUS_DISCLOSURE for a path at which no claim is signed;
 *     FLOWSEAL_STATUS_DISCLOSURE_INVALID, whose detail FLOWSEAL_DETAIL_WHY says why the claims may
 *     not be shown; those of flowseal_verified_flow_open(), which all claims have to pass.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_verified_flow_disclose(flowseal_verified_flow verified,
                                                flowseal_key_ring ring,
                                                const flowseal_slice *paths,
                                                size_t paths_count,
                                                flowseal_disclosure *disclosure,
                                                flowseal_error *error);

/**
 * Reads a disclosure file. Nothing of it is proved yet.
 *
 * @param json The text of the file.
 * @param json_len Its length in bytes.
 * @param[out] disclosure The disclosure, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_DISCLOSURE, FLOWSEAL_STATUS_JSON and its
 *     relatives.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_from_json(const char *json,
                                              size_t json_len,
                                              flowseal_disclosure *disclosure,
                                              flowseal_error *error);

/**
 * The disclosure as a file: to hand it to someone is to show the claims in it.
 *
 * @param disclosure The disclosure.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_to_json(flowseal_disclosure disclosure,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * How many claims it shows.
 *
 * @param disclosure The disclosure.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_count(flowseal_disclosure disclosure,
                                          size_t *count);

/**
 * The path of a claim that it shows.
 *
 * @param disclosure The disclosure.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_path(flowseal_disclosure disclosure,
                                         size_t index,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * The fingerprint that the file gives the app's key: a note.
 *
 * @param disclosure The disclosure.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_app_key_fingerprint(flowseal_disclosure disclosure,
                                                        char *buffer,
                                                        size_t capacity,
                                                        size_t *len);

/**
 * The proof that the person signed the ciphertexts.
 *
 * @param disclosure The disclosure.
 * @param[out] evidence The evidence, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_evidence(flowseal_disclosure disclosure,
                                             flowseal_evidence *evidence);

/**
 * Verifies the signature, and for each claim that what is shown is what was sealed and signed.
 *
 * Both keys have to come from somewhere other than the file.
 *
 * @param disclosure The disclosure.
 * @param app_key The key of the app that the claims were sealed to.
 * @param keys The keys that the person may have signed with.
 * @param[out] claims The claims that are shown, to be freed.
 * @param[out] disclosed The signed members around them, to be freed.
 * @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
 *     be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_CONFLICT, FLOWSEAL_STATUS_NO_VERIFYING_KEY,
 *     FLOWSEAL_STATUS_SIGNATURE_INVALID, FLOWSEAL_STATUS_DISCLOSURE,
 *     FLOWSEAL_STATUS_DISCLOSURE_INVALID, whose detail FLOWSEAL_DETAIL_WHY says which part proves
 *     nothing.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_disclosure_check(flowseal_disclosure disclosure,
                                          flowseal_app_key app_key,
                                          flowseal_verifying_keys keys,
                                          flowseal_opened_claims *claims,
                                          flowseal_disclosed *disclosed,
                                          flowseal_report *report,
                                          flowseal_error *error);

/**
 * The same under the profile of the time, which leads.
 *
 * @param disclosure The disclosure.
 * @param app_key The key of the app that the claims were sealed to.
 * @param keys The keys that the person may have signed with.
 * @param profile The profile.
 * @param[out] claims The claims that are shown, to be freed.
 * @param[out] disclosed The signed members around them, to be freed.
 * @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
 *     be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_disclosure_check(),
 *     FLOWSEAL_STATUS_PROFILE_MISMATCH where the file has another statement, algorithm or padding.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_disclosure_check_under(flowseal_disclosure disclosure,
                                                flowseal_app_key app_key,
                                                flowseal_verifying_keys keys,
                                                flowseal_profile profile,
                                                flowseal_opened_claims *claims,
                                                flowseal_disclosed *disclosed,
                                                flowseal_report *report,
                                                flowseal_error *error);

/**
 * Frees a disclosure.
 *
 * @param disclosure The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosure_free(flowseal_disclosure disclosure);

/**
 * How many claims were signed and are not shown.
 *
 * @param disclosed What was proved.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_withheld_count(flowseal_disclosed disclosed,
                                                  size_t *count);

/**
 * The path of a claim that was signed and is not shown.
 *
 * @param disclosed What was proved.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_withheld(flowseal_disclosed disclosed,
                                            size_t index,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The `reference`, signed.
 *
 * @param disclosed What was proved.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_reference(flowseal_disclosed disclosed,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * The `requester`, signed.
 *
 * @param disclosed What was proved.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_requester(flowseal_disclosed disclosed,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * The `requestee`, signed: the national number of the person.
 *
 * @param disclosed What was proved.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_requestee(flowseal_disclosed disclosed,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * When the person signed, in Unix seconds; signed.
 *
 * @param disclosed What was proved.
 * @param[out] unix_seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_signed_at_unix_seconds(flowseal_disclosed disclosed,
                                                          int64_t *unix_seconds);

/**
 * Frees what a disclosure has proved.
 *
 * @param disclosed The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_disclosed_free(flowseal_disclosed disclosed);

/**
 * The status that the call returned.
 *
 * @param error The error.
 * @param[out] status Its status.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_status(flowseal_error error,
                                      flowseal_status *status);

/**
 * What went wrong and what to do, as a sentence. It never holds a secret.
 *
 * @param error The error.
 * @param[out] buffer The caller's memory for the text, which gets no NUL.
 * @param capacity Its length.
 * @param[out] len The length of the text.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_message(flowseal_error error,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * Frees an error.
 *
 * @param error The error; its handle is unusable from here on.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_free(flowseal_error error);

/**
 * A stream whose events have at most as many bytes as a response by default.
 *
 * @param[out] stream The stream, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_event_stream_new(flowseal_event_stream *stream);

/**
 * The same under a profile, which bounds the events and travels with their flows.
 *
 * @param profile The profile.
 * @param[out] stream The stream, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_event_stream_new_with(flowseal_profile profile,
                                               flowseal_event_stream *stream);

/**
 * Takes what has arrived. The events that it completes are taken by
 * flowseal_event_stream_next().
 *
 * @param stream The stream.
 * @param chunk What has arrived: any bytes.
 * @param chunk_len How many.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TOO_LARGE where more than 4 MiB of events wait
 *     to be taken: nothing of the chunk was taken.
 *
 * Thread-safe.
 */
flowseal_status flowseal_event_stream_push(flowseal_event_stream stream,
                                           const void *chunk,
                                           size_t chunk_len);

/**
 * The next event that is complete.
 *
 * @param stream The stream.
 * @param[out] event The event, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where none is,
 *     FLOWSEAL_STATUS_TOO_LARGE for one that exceeds its bound: the stream is of no use then,
 *     and the connection should be closed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_event_stream_next(flowseal_event_stream stream,
                                           flowseal_server_event *event,
                                           flowseal_error *error);

/**
 * Frees a stream.
 *
 * @param stream The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_event_stream_free(flowseal_event_stream stream);

/**
 * What the event is about: the answer to a ping, each time.
 *
 * @param event The event.
 * @param[out] response The answer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_response_from_json().
 *
 * Thread-safe.
 */
flowseal_status flowseal_server_event_response(flowseal_server_event event,
                                               flowseal_response *response,
                                               flowseal_error *error);

/**
 * The `event`: its type; empty for the default one, `message`.
 *
 * @param event The event.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_server_event_name(flowseal_server_event event,
                                           char *buffer,
                                           size_t capacity,
                                           size_t *len);

/**
 * The `data`, its lines joined by LF.
 *
 * @param event The event.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_server_event_data(flowseal_server_event event,
                                           char *buffer,
                                           size_t capacity,
                                           size_t *len);

/**
 * The last `id` of the stream so far, for `last-event-id` of a new connection.
 *
 * @param event The event.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_server_event_id(flowseal_server_event event,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * Frees an event.
 *
 * @param event The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_server_event_free(flowseal_server_event event);

/**
 * Reads an evidence file.
 *
 * @param json The text of the file.
 * @param json_len Its length in bytes.
 * @param[out] evidence The evidence, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_EVIDENCE, FLOWSEAL_STATUS_PROFILE,
 *     FLOWSEAL_STATUS_JSON and its relatives.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_from_json(const char *json,
                                            size_t json_len,
                                            flowseal_evidence *evidence,
                                            flowseal_error *error);

/**
 * Checks the signature again, and believes nothing else of the file.
 *
 * @param evidence The evidence.
 * @param keys The keys that it may have been made with.
 * @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
 *     be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NO_VERIFYING_KEY,
 *     FLOWSEAL_STATUS_SIGNATURE_INVALID.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_evidence_check(flowseal_evidence evidence,
                                        flowseal_verifying_keys keys,
                                        flowseal_report *report,
                                        flowseal_error *error);

/**
 * The same under the profile of the time, which leads: a template too is known then, and not the
 * file's word.
 *
 * @param evidence The evidence.
 * @param keys The keys that it may have been made with.
 * @param profile The profile.
 * @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
 *     be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_evidence_check(),
 *     FLOWSEAL_STATUS_PROFILE_MISMATCH where the file has another statement, algorithm or padding.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_evidence_check_under(flowseal_evidence evidence,
                                              flowseal_verifying_keys keys,
                                              flowseal_profile profile,
                                              flowseal_report *report,
                                              flowseal_error *error);

/**
 * The evidence as a file.
 *
 * @param evidence The evidence.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_to_json(flowseal_evidence evidence,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * The bytes that were signed.
 *
 * @param evidence The evidence.
 * @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len Their number; also where the buffer is too short for them.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_statement(flowseal_evidence evidence,
                                            uint8_t *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * How many members are under the signature.
 *
 * @param evidence The evidence.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_covers_count(flowseal_evidence evidence,
                                               size_t *count);

/**
 * The name of a member that is under the signature.
 *
 * @param evidence The evidence.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_covers(flowseal_evidence evidence,
                                         size_t index,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * Frees evidence.
 *
 * @param evidence The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_free(flowseal_evidence evidence);

/**
 * The evidence as one page of HTML: what was signed, by which key, every check in words, and how
 * to repeat it, with openssl too. Nothing in it runs or is fetched.
 *
 * Evidence that was read from a file is shown as not checked, whatever the file says of itself:
 * flowseal_evidence_check_to_html() checks it first.
 *
 * @param evidence The evidence.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_evidence_to_html(flowseal_evidence evidence,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * Checks the evidence as flowseal_evidence_check() does, or flowseal_evidence_check_under() where
 * there is a profile, and gives the page of what was found. Each call checks anew: a buffer of
 * 64 KiB is long enough for most pages at once.
 *
 * @param evidence The evidence.
 * @param keys The keys that the person may have signed with.
 * @param profile The profile of the time, which leads; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 *     flowseal_error_to_html() gives the page of a refusal.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, and those of the check.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_evidence_check_to_html(flowseal_evidence evidence,
                                                flowseal_verifying_keys keys,
                                                const flowseal_profile *profile,
                                                char *buffer,
                                                size_t capacity,
                                                size_t *len,
                                                flowseal_error *error);

/**
 * Checks the disclosure as flowseal_disclosure_check() does, or flowseal_disclosure_check_under()
 * where there is a profile, and gives the page of what was found: that of
 * flowseal_evidence_to_html(), with the claims that are shown. Each call checks anew: a buffer of
 * 64 KiB is long enough for most pages at once.
 *
 * The page has the claims, the person and all that the disclosure shows. The library's copy is
 * wiped; the caller's is theirs to wipe.
 *
 * @param disclosure The disclosure.
 * @param app_key The key of the app that the claims were sealed to.
 * @param keys The keys that the person may have signed with.
 * @param profile The profile of the time, which leads; may be NULL.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 *     flowseal_error_to_html() gives the page of a refusal.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, and those of the check.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_disclosure_check_to_html(flowseal_disclosure disclosure,
                                                  flowseal_app_key app_key,
                                                  flowseal_verifying_keys keys,
                                                  const flowseal_profile *profile,
                                                  char *buffer,
                                                  size_t capacity,
                                                  size_t *len,
                                                  flowseal_error *error);

/**
 * The page of a refusal, in the form of flowseal_evidence_to_html().
 *
 * @param error The error.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     nothing was looked at, since there is no report.
 *
 * Thread-safe.
 */
flowseal_status flowseal_error_to_html(flowseal_error error,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * Expects the flow of this reference: the one that the caller started.
 *
 * @param reference The reference.
 * @param reference_len Its length in bytes.
 * @param[out] expectations The expectations, to be freed.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_for_reference(const char *reference,
                                                    size_t reference_len,
                                                    flowseal_expectations *expectations);

/**
 * Ties the flow to nothing that the caller knows: any flow that anyone ever signed will do.
 *
 * Right for an archive or an inspection; for a login it is a replay waiting to happen.
 *
 * @param[out] expectations The expectations, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_unbound(flowseal_expectations *expectations);

/**
 * The flow's `reference`, byte for byte.
 *
 * @param expectations What is set up.
 * @param reference The text.
 * @param reference_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_reference(flowseal_expectations expectations,
                                                    const char *reference,
                                                    size_t reference_len);

/**
 * The flow's `requester`, byte for byte: the caller's own organisation.
 *
 * @param expectations What is set up.
 * @param requester The text.
 * @param requester_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_requester(flowseal_expectations expectations,
                                                    const char *requester,
                                                    size_t requester_len);

/**
 * The flow's `requestee`, byte for byte: the person who is expected.
 *
 * @param expectations What is set up.
 * @param requestee The text.
 * @param requestee_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_requestee(flowseal_expectations expectations,
                                                    const char *requestee,
                                                    size_t requestee_len);

/**
 * The flow's `mode`.
 *
 * @param expectations What is set up.
 * @param mode Its name.
 * @param mode_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_mode(flowseal_expectations expectations,
                                               const char *mode,
                                               size_t mode_len);

/**
 * The most seconds that the signature may be old.
 *
 * @param expectations What is set up.
 * @param seconds The seconds.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_max_age_seconds(flowseal_expectations expectations,
                                                          uint64_t seconds);

/**
 * The seconds by which the signer's clock may differ from the caller's; 0 unless given.
 *
 * @param expectations What is set up.
 * @param seconds The seconds.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_leeway_seconds(flowseal_expectations expectations,
                                                         uint64_t seconds);

/**
 * The claims that were asked for, as paths of leaves or groups: the flow must not have others.
 *
 * It may have fewer, since a person may decline.
 *
 * @param expectations What is set up.
 * @param paths The paths, as UTF-8.
 * @param paths_count How many paths; with none the flow must have no claims.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_set_claims(flowseal_expectations expectations,
                                                 const flowseal_slice *paths,
                                                 size_t paths_count);

/**
 * How many things about what is expected are unusual and may still be right: a mode that this
 * library does not know, an identifier of an unknown form, a claim that the catalogue does not
 * have.
 *
 * @param expectations The expectations.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_warning_count(flowseal_expectations expectations,
                                                    size_t *count);

/**
 * One of them, as a sentence for a log.
 *
 * @param expectations The expectations.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_warning(flowseal_expectations expectations,
                                              size_t index,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * Frees expectations.
 *
 * @param expectations The handle, unusable from here on. A call that uses it in another thread
 *     ends as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_free(flowseal_expectations expectations);

/**
 * How many claims did not open.
 *
 * @param failures The failures.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_failures_count(flowseal_failures failures,
                                        size_t *count);

/**
 * The path of a claim that did not open.
 *
 * @param failures The failures.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_failures_path(flowseal_failures failures,
                                       size_t index,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * Why a claim did not open.
 *
 * @param failures The failures.
 * @param index Which, from 0.
 * @param[out] status The reason.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_failures_status(flowseal_failures failures,
                                         size_t index,
                                         flowseal_status *status);

/**
 * Why a claim did not open, as a sentence.
 *
 * @param failures The failures.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_failures_message(flowseal_failures failures,
                                          size_t index,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * Frees the list of failures.
 *
 * @param failures The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_failures_free(flowseal_failures failures);

/**
 * Verifies the flow against all that was asked, and gives its result once. A refusal finishes
 * nothing: the right flow can still come.
 *
 * @param pending The pending flow.
 * @param flow The flow; it stays as it was and has still to be freed.
 * @param verifier Whose keys are trusted.
 * @param once Remembers which flows were finished. It is asked after the judgement and before the
 *     result is given; where it fails, nothing is given.
 * @param binding That of the browser which asks for the end. It is needed where the flow was
 *     started with one, and refused where it was not; may be NULL.
 * @param now_unix_seconds The moment against which it is judged.
 * @param[out] verified The verified flow, to be freed; on success alone.
 * @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
 *     has one. May be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_flow_verify(), for whatever differs from what
 *     was asked; FLOWSEAL_STATUS_EXPECTATION_FAILED for another browser than that of the start,
 *     and FLOWSEAL_STATUS_USAGE for one where the start had none;
 *     FLOWSEAL_STATUS_FLOW_EXPIRED after flowseal_pending_flow_finish_by_unix_seconds();
 *     FLOWSEAL_STATUS_PENDING_FINISHED where the result was given before;
 *     FLOWSEAL_STATUS_CALLBACK where that could not be known.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_pending_flow_finish(flowseal_pending_flow pending,
                                             flowseal_flow flow,
                                             flowseal_verifier verifier,
                                             flowseal_finish_once once,
                                             const flowseal_binding *binding,
                                             int64_t now_unix_seconds,
                                             flowseal_verified_flow *verified,
                                             flowseal_report *report,
                                             flowseal_error *error);

/**
 * Takes a flow that a session on this one received, signed or not, and gives its result once.
 *
 * A signature that is there is verified, where a verifier is at hand, and has to be valid.
 *
 * @param pending The pending flow.
 * @param flow The flow; it stays as it was and has still to be freed.
 * @param verifier Whose keys are trusted; may be NULL.
 * @param once Remembers which flows were finished. It is asked after the judgement and before the
 *     result is given; where it fails, nothing is given.
 * @param binding That of the browser which asks for the end. It is needed where the flow was
 *     started with one, and refused where it was not; may be NULL.
 * @param now_unix_seconds The moment against which it is judged.
 * @param[out] received The received flow, to be freed; on success alone.
 * @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
 *     has one. May be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_pending_flow_finish(), but that there may be
 *     no signature; FLOWSEAL_STATUS_SIGNATURE_MISSING for a flow without one that no session of
 *     this pending flow has received, and FLOWSEAL_STATUS_EXPECTATION_FAILED by the check
 *     `received` for one with it.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_pending_flow_finish_received(flowseal_pending_flow pending,
                                                      flowseal_flow flow,
                                                      const flowseal_verifier *verifier,
                                                      flowseal_finish_once once,
                                                      const flowseal_binding *binding,
                                                      int64_t now_unix_seconds,
                                                      flowseal_received_flow *received,
                                                      flowseal_report *report,
                                                      flowseal_error *error);

/**
 * Remembers the flows that this process has finished: right where there is only one, and for
 * tests.
 *
 * @param[out] once What remembers, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_finish_once_in_memory(flowseal_finish_once *once);

/**
 * Asks a function of the caller's, which usually is a database that all processes share: an
 * `INSERT` under a unique key.
 *
 * @param finish Marks a flow as finished, once.
 * @param context Given to the function as it is; may be NULL. It has to be there until the handle
 *     is freed and the last call that uses it has returned, for every thread.
 * @param[out] once What remembers, to be freed.
 * @return FLOWSEAL_STATUS_OK.
 *
 * Thread-safe.
 */
flowseal_status flowseal_finish_once_calling(flowseal_finish_once_callback finish,
                                             void *context,
                                             flowseal_finish_once *once);

/**
 * Marks the flow of this reference as finished, as flowseal_pending_flow_finish() does: for flows
 * that are finished elsewhere.
 *
 * @param once What remembers.
 * @param reference The flow's reference.
 * @param reference_len Its length in bytes.
 * @param until_unix_seconds Until when it has to be remembered.
 * @param[out] first Whether it was not marked before.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_CALLBACK where the caller's function has
 *     failed, FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_finish_once_finish(flowseal_finish_once once,
                                            const char *reference,
                                            size_t reference_len,
                                            int64_t until_unix_seconds,
                                            bool *first,
                                            flowseal_error *error);

/**
 * Forgets what had to be remembered until a moment before this one: now and then, so that it does
 * not grow for ever. In memory alone.
 *
 * @param once What remembers.
 * @param unix_seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_USAGE where a function of
 *     the caller's remembers.
 *
 * Thread-safe.
 */
flowseal_status flowseal_finish_once_forget_before_unix_seconds(flowseal_finish_once once,
                                                                int64_t unix_seconds);

/**
 * How many are remembered. In memory alone.
 *
 * @param once What remembers.
 * @param[out] count Their number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE where a function of the caller's
 *     remembers.
 *
 * Thread-safe.
 */
flowseal_status flowseal_finish_once_count(flowseal_finish_once once,
                                           size_t *count);

/**
 * Frees what remembers.
 *
 * @param finish_once The handle, unusable from here on. A call that uses it in another thread
 *     ends as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_finish_once_free(flowseal_finish_once finish_once);

/**
 * Reads the flow of a response of the API, or a bare flow.
 *
 * @param json The response.
 * @param json_len Its length in bytes.
 * @param[out] flow The flow, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_JSON to FLOWSEAL_STATUS_CLAIM_NAME,
 *     FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_from_json(const char *json,
                                        size_t json_len,
                                        flowseal_flow *flow,
                                        flowseal_error *error);

/**
 * Reads a flow under a profile, which then has to be that of the verifier and the keys too.
 *
 * @param json The response.
 * @param json_len Its length in bytes.
 * @param profile The profile.
 * @param[out] flow The flow, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_flow_from_json().
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_from_json_with(const char *json,
                                             size_t json_len,
                                             flowseal_profile profile,
                                             flowseal_flow *flow,
                                             flowseal_error *error);

/**
 * The flow's `reference`, proved by nobody.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_reference(flowseal_flow flow,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The flow's `requester`, proved by nobody.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_requester(flowseal_flow flow,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The flow's `requestee`, proved by nobody.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_requestee(flowseal_flow flow,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The flow's `mode`, proved by nobody.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_mode(flowseal_flow flow,
                                   char *buffer,
                                   size_t capacity,
                                   size_t *len);

/**
 * The state as it shows from outside.
 *
 * @param flow The flow.
 * @param[out] state How far it has come.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_state(flowseal_flow flow,
                                    flowseal_state *state);

/**
 * The e-signature as it was sent, not looked at.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_signature(flowseal_flow flow,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The `username` beside the flow, which nobody signs.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_username_unverified(flowseal_flow flow,
                                                  char *buffer,
                                                  size_t capacity,
                                                  size_t *len);

/**
 * When the flow was started, in Unix seconds; proved by nobody.
 *
 * @param flow The flow.
 * @param[out] unix_seconds The moment.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_iat_unix_seconds(flowseal_flow flow,
                                               int64_t *unix_seconds);

/**
 * When the flow was signed, in Unix seconds; proved by nobody.
 *
 * @param flow The flow.
 * @param[out] unix_seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_signed_at_unix_seconds(flowseal_flow flow,
                                                     int64_t *unix_seconds);

/**
 * Whether the flow is marked as cancelled.
 *
 * @param flow The flow.
 * @param[out] cancelled The mark.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_cancelled(flowseal_flow flow,
                                        bool *cancelled);

/**
 * The flow's `onsession`.
 *
 * @param flow The flow.
 * @param[out] onsession Its value.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_onsession(flowseal_flow flow,
                                        bool *onsession);

/**
 * A member of the flow as JSON, proved by nobody.
 *
 * @param flow The flow.
 * @param name The member's name.
 * @param name_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_member(flowseal_flow flow,
                                     const char *name,
                                     size_t name_len,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *len);

/**
 * The whole flow as JSON, its claims still sealed.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_to_json(flowseal_flow flow,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * The flow from outside as JSON, without claims and people: what may go into a ticket.
 *
 * Members: `reference`, `mode`, `state`, `iat`, `signedAt`, `leaves` (`path`, `bytes`),
 * `signature_bytes`.
 *
 * @param flow The flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_inspect(flowseal_flow flow,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * How many sealed claims the flow has.
 *
 * @param flow The flow.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_leaf_count(flowseal_flow flow,
                                         size_t *count);

/**
 * The path of a sealed claim, such as `naming.given`.
 *
 * @param flow The flow.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_leaf_path(flowseal_flow flow,
                                        size_t index,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * Frees a flow.
 *
 * @param flow The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_free(flowseal_flow flow);

/**
 * Takes what was received without its headers.
 *
 * @param status The status, such as 200.
 * @param body The body, without chunks and compression: any bytes.
 * @param body_len Its length in bytes.
 * @param[out] response The response, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_http_response_new(uint16_t status,
                                           const void *body,
                                           size_t body_len,
                                           flowseal_http_response *response);

/**
 * The headers, in place of those that were set before.
 *
 * @param response The response.
 * @param names The names of the headers, in any case.
 * @param values Their values, in the same order: any bytes.
 * @param headers_count How many headers.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8 for the name of a header.
 *
 * Thread-safe.
 */
flowseal_status flowseal_http_response_set_headers(flowseal_http_response response,
                                                   const flowseal_slice *names,
                                                   const flowseal_slice *values,
                                                   size_t headers_count);

/**
 * Says which request it answers. A session drops the answer to a request of another kind than the
 * one that it waits for, and receives a flow by the answer to its latest ping alone.
 *
 * @param response The response.
 * @param request What was sent.
 *
 * Thread-safe.
 */
flowseal_status flowseal_http_response_set_answering(flowseal_http_response response,
                                                     flowseal_request request);

/**
 * Says which address has answered, as the client reports it when all is done: it follows no
 * redirect, so that this is the request's own. Without it no flow is received.
 *
 * @param response The response.
 * @param url The URL.
 * @param url_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_http_response_set_url(flowseal_http_response response,
                                               const char *url,
                                               size_t url_len);

/**
 * Whether the API says that it is there, in answer to flowseal_request_health_check(): by the
 * status alone, since the body of that answer is documented nowhere.
 *
 * @param response The response.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: the status of what can be done about it,
 *     FLOWSEAL_STATUS_API_UNAVAILABLE as a rule.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_http_response_check_health(flowseal_http_response response,
                                                    flowseal_error *error);

/**
 * Frees a response.
 *
 * @param response The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_http_response_free(flowseal_http_response response);

/**
 * A ring without keys.
 *
 * @param[out] ring The ring, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_ring_new(flowseal_key_ring *ring);

/**
 * Adds a key. The same key twice is one key: the first.
 *
 * @param ring The ring.
 * @param key The key; its handle has still to be freed, and may be at once.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_CONFLICT for one modulus under two paddings;
 *     the ring stays as it was.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_ring_add(flowseal_key_ring ring,
                                      flowseal_decrypting_key key,
                                      flowseal_error *error);

/**
 * The ring of the one key of a name.
 *
 * @param ring The ring.
 * @param name Its kid, or its fingerprint in hexadecimal.
 * @param name_len Its length in bytes.
 * @param[out] only The ring, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NO_DECRYPTING_KEY,
 *     FLOWSEAL_STATUS_KEY_AMBIGUOUS, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_ring_only(flowseal_key_ring ring,
                                       const char *name,
                                       size_t name_len,
                                       flowseal_key_ring *only,
                                       flowseal_error *error);

/**
 * How many keys there are.
 *
 * @param ring The ring.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_ring_count(flowseal_key_ring ring,
                                        size_t *count);

/**
 * The fingerprint of a key, in the order in which they were added.
 *
 * @param ring The ring.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_ring_fingerprint(flowseal_key_ring ring,
                                              size_t index,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * Frees a ring.
 *
 * @param ring The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_ring_free(flowseal_key_ring ring);

/**
 * The name of a check, such as `claims_signed`: the same as in Rust, Python and the command.
 *
 * @param check A number, of `flowseal_check` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_check_name(uint32_t check);

/**
 * The name of a state, such as `on_session`.
 *
 * @param state A number, of `flowseal_state` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_state_name(uint32_t state);

/**
 * The name of a padding in a profile, such as `rsaes-oaep-sha256`.
 *
 * @param padding A number, of `flowseal_padding` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_padding_name(uint32_t padding);

/**
 * The name of a purpose, such as `login`.
 *
 * @param purpose A number, of `flowseal_purpose` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_purpose_name(uint32_t purpose);

/**
 * The name of a trust, such as `received`: the same as in a profile.
 *
 * @param trust A number, of `flowseal_trust` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_trust_name(uint32_t trust);

/**
 * The name of a step, such as `restart`.
 *
 * @param next A number, of `flowseal_next_step` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_next_step_name(uint32_t next);

/**
 * The name of a situation, such as `picked_up`: its key in `flowseal_words_from_json()`.
 *
 * @param situation A number, of `flowseal_situation` or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_situation_key(uint32_t situation);

/**
 * How many claims there are.
 *
 * @param claims The claims.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_count(flowseal_opened_claims claims,
                                             size_t *count);

/**
 * The path of a claim, such as `naming.given`, in the flow's order.
 *
 * @param claims The claims.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_path(flowseal_opened_claims claims,
                                            size_t index,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The text of a claim.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_USAGE for the path of a group, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_text(flowseal_opened_claims claims,
                                            const char *path,
                                            size_t path_len,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The text of a claim, by its place.
 *
 * @param claims The claims.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_text_at(flowseal_opened_claims claims,
                                               size_t index,
                                               char *buffer,
                                               size_t capacity,
                                               size_t *len);

/**
 * What a claim is: text, a boolean, a list, or none of these where the catalogue knows it as one.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] kind Its type.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_type(flowseal_opened_claims claims,
                                            const char *path,
                                            size_t path_len,
                                            flowseal_claim_type *kind);

/**
 * A claim that is true or false.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] boolean Its value.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_CLAIM_TYPE,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_boolean(flowseal_opened_claims claims,
                                               const char *path,
                                               size_t path_len,
                                               bool *boolean);

/**
 * A claim that is digits, with its leading zeros. FLOWSEAL_STATUS_CLAIM_TYPE for any other.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_digits(flowseal_opened_claims claims,
                                              const char *path,
                                              size_t path_len,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * A claim that is a date.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] year The year.
 * @param[out] month The month, from 1.
 * @param[out] day The day, from 1.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_CLAIM_TYPE,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_date(flowseal_opened_claims claims,
                                            const char *path,
                                            size_t path_len,
                                            uint16_t *year,
                                            uint8_t *month,
                                            uint8_t *day);

/**
 * How many elements a claim has that is a list.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] count Their number.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_CLAIM_TYPE,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_list_count(flowseal_opened_claims claims,
                                                  const char *path,
                                                  size_t path_len,
                                                  size_t *count);

/**
 * An element of a claim that is a list. FLOWSEAL_STATUS_CLAIM_TYPE where it is none.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_list_item(flowseal_opened_claims claims,
                                                 const char *path,
                                                 size_t path_len,
                                                 size_t index,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * All claims as JSON, nested as they were sent: the catalogue's booleans and lists typed, all else
 * as text.
 *
 * @param claims The claims.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_to_json(flowseal_opened_claims claims,
                                               char *buffer,
                                               size_t capacity,
                                               size_t *len);

/**
 * What makes them ones to believe: the e-signature, or that a session received the flow.
 *
 * @param claims The claims.
 * @param[out] trust The trust.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where nothing does.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_trust(flowseal_opened_claims claims,
                                             flowseal_trust *trust);

/**
 * Whether they were opened of a verified flow.
 *
 * @param claims The claims.
 * @param[out] verified False for flowseal_flow_open_unverified(), and of a received flow.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_verified(flowseal_opened_claims claims,
                                                bool *verified);

/**
 * The report of the flow that they were opened of.
 *
 * @param claims The claims.
 * @param[out] report The report, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_report(flowseal_opened_claims claims,
                                              flowseal_report *report);

/**
 * Frees claims.
 *
 * @param claims The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opened_claims_free(flowseal_opened_claims claims);

/**
 * Begins to open what the options select of a verified flow.
 *
 * @param verified The verified flow.
 * @param ring The keys that it may be sealed to.
 * @param options What to open, and how.
 * @param[out] opening The opening, to be freed; flowseal_opening_finish() ends it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_begin_opening(flowseal_verified_flow verified,
                                                     flowseal_key_ring ring,
                                                     flowseal_open_options options,
                                                     flowseal_opening *opening,
                                                     flowseal_error *error);

/**
 * Begins what flowseal_verified_flow_open_partial() does at once.
 *
 * @param verified The verified flow.
 * @param ring The keys that it may be sealed to.
 * @param options What to open, and how.
 * @param[out] opening The opening, to be freed; flowseal_opening_finish_partial() ends it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_begin_opening_partial(flowseal_verified_flow verified,
                                                             flowseal_key_ring ring,
                                                             flowseal_open_options options,
                                                             flowseal_opening *opening,
                                                             flowseal_error *error);

/**
 * Begins to open what the options select of a received flow.
 *
 * @param received The received flow.
 * @param ring The keys that it may be sealed to.
 * @param options What to open, and how.
 * @param[out] opening The opening, to be freed; flowseal_opening_finish() ends it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_begin_opening(flowseal_received_flow received,
                                                     flowseal_key_ring ring,
                                                     flowseal_open_options options,
                                                     flowseal_opening *opening,
                                                     flowseal_error *error);

/**
 * Begins what flowseal_flow_open_unverified() does at once, of which all that it says is true.
 *
 * @param flow The flow; it stays as it was.
 * @param ring The keys that it may be sealed to.
 * @param expectations What the flow must be.
 * @param now_unix_seconds The moment against which it is judged.
 * @param options What to open, and how.
 * @param[out] opening The opening, to be freed; flowseal_opening_finish() ends it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_FLOW_PENDING, FLOWSEAL_STATUS_FLOW_CANCELLED,
 *     FLOWSEAL_STATUS_EXPECTATION_FAILED, FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_PROFILE_MISMATCH.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_begin_opening_unverified(flowseal_flow flow,
                                                       flowseal_key_ring ring,
                                                       flowseal_expectations expectations,
                                                       int64_t now_unix_seconds,
                                                       flowseal_open_options options,
                                                       flowseal_opening *opening,
                                                       flowseal_error *error);

/**
 * Begins to open many verified flows at once: all their operations are one list.
 *
 * @param verified The flows; they stay as they were.
 * @param count How many flows there are.
 * @param ring The keys that they may be sealed to.
 * @param options What to open, and how.
 * @param[out] opening The opening, to be freed; flowseal_opening_finish_many() ends it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 *
 * Thread-safe.
 */
flowseal_status flowseal_begin_opening_many(const flowseal_verified_flow *verified,
                                            size_t count,
                                            flowseal_key_ring ring,
                                            flowseal_open_options options,
                                            flowseal_opening *opening,
                                            flowseal_error *error);

/**
 * The same of many flows whose e-signatures nobody has looked at: what
 * flowseal_flow_open_unverified() says of one flow is true of each.
 *
 * A flow that is refused from the outset has no operations, and its status at the end.
 *
 * @param flows The flows; they stay as they were.
 * @param count How many flows there are.
 * @param ring The keys that they may be sealed to.
 * @param expectations What each flow must be.
 * @param now_unix_seconds The moment against which they are judged.
 * @param options What to open, and how.
 * @param[out] opening The opening, to be freed; flowseal_opening_finish_many() ends it.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME.
 *
 * Thread-safe.
 */
flowseal_status flowseal_begin_opening_many_unverified(const flowseal_flow *flows,
                                                       size_t count,
                                                       flowseal_key_ring ring,
                                                       flowseal_expectations expectations,
                                                       int64_t now_unix_seconds,
                                                       flowseal_open_options options,
                                                       flowseal_opening *opening,
                                                       flowseal_error *error);

/**
 * How many operations there are, answered or not: always as many. None where every key is here.
 *
 * @param opening The opening.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_operation_count(flowseal_opening opening,
                                                 size_t *count);

/**
 * How many operations have no result yet.
 *
 * @param opening The opening.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_missing_count(flowseal_opening opening,
                                               size_t *count);

/**
 * By what an operation's result is told apart from others.
 *
 * @param opening The opening.
 * @param index Which operation, from 0.
 * @param[out] id Its number, for flowseal_opening_supply().
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_operation_id(flowseal_opening opening,
                                              size_t index,
                                              uint64_t *id);

/**
 * The key to compute an operation with, as flowseal_decrypting_key_fingerprint() gives it.
 *
 * @param opening The opening.
 * @param index Which operation, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_operation_fingerprint(flowseal_opening opening,
                                                       size_t index,
                                                       char *buffer,
                                                       size_t capacity,
                                                       size_t *len);

/**
 * What to compute with: a big-endian number, as long as the key's modulus.
 *
 * @param opening The opening.
 * @param index Which operation, from 0.
 * @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length, k; also where the buffer is too short.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_operation_ciphertext(flowseal_opening opening,
                                                      size_t index,
                                                      uint8_t *buffer,
                                                      size_t capacity,
                                                      size_t *len);

/**
 * Takes the result of an operation. It is copied into memory that is wiped.
 *
 * @param opening The opening.
 * @param id The operation's number.
 * @param result Its result: a big-endian number of k bytes, any bytes.
 * @param result_len Its length in bytes.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for an id that belongs to no operation,
 *     for a second result, and for another length; the opening is as it was.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_supply(flowseal_opening opening,
                                        uint64_t id,
                                        const void *result,
                                        size_t result_len,
                                        flowseal_error *error);

/**
 * Checks the results, applies the keys that are here, and gives the claims.
 *
 * @param opening The opening, of one flow.
 * @param[out] claims The claims, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE while results are missing, by which
 *     nothing is lost, and after it was finished once; FLOWSEAL_STATUS_INTERNAL_FAULT for a result
 *     that is none; and FLOWSEAL_STATUS_CLAIM_NOT_SEALED to FLOWSEAL_STATUS_CLAIM_UNOPENABLE.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_opening_finish(flowseal_opening opening,
                                        flowseal_opened_claims *claims,
                                        flowseal_error *error);

/**
 * The same of an opening that flowseal_verified_flow_begin_opening_partial() has begun.
 *
 * @param opening The opening.
 * @param[out] claims What opened, to be freed.
 * @param[out] failures What did not, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE and FLOWSEAL_STATUS_INTERNAL_FAULT, as
 *     flowseal_opening_finish() has them.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_opening_finish_partial(flowseal_opening opening,
                                                flowseal_opened_claims *claims,
                                                flowseal_failures *failures,
                                                flowseal_error *error);

/**
 * The same of an opening of many flows: each has a status, as flowseal_open_many() gives them.
 *
 * @param opening The opening.
 * @param count How many flows it was begun with, and places in each of the lists.
 * @param[out] statuses The status of each flow.
 * @param[out] claims The claims of each that opened, to be freed.
 * @param[out] errors The error of each that did not, to be freed; may be NULL.
 * @param[out] error Details where the call itself refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK where each flow has a status, refused or not; or:
 *     FLOWSEAL_STATUS_USAGE while results are missing, for another count, and after it was
 *     finished once, where no list was written to.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_opening_finish_many(flowseal_opening opening,
                                             size_t count,
                                             flowseal_status *statuses,
                                             flowseal_opened_claims *claims,
                                             flowseal_error *errors,
                                             flowseal_error *error);

/**
 * Frees an opening, finished or not.
 *
 * @param opening The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_opening_free(flowseal_opening opening);

/**
 * Every claim, one thread.
 *
 * @param[out] options The options, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_new(flowseal_open_options *options);

/**
 * Opens the leaves at or under these paths alone. A path that the flow lacks is left out.
 *
 * @param options The options.
 * @param paths The paths, as UTF-8.
 * @param paths_count How many paths.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_select(flowseal_open_options options,
                                             const flowseal_slice *paths,
                                             size_t paths_count);

/**
 * The profile of the operation, where neither the flow nor the keys have brought it.
 *
 * @param options The options.
 * @param profile The profile.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_set_profile(flowseal_open_options options,
                                                  flowseal_profile profile);

/**
 * How many things about the selection are unusual and may still be right: a path that the
 * catalogue does not have.
 *
 * @param options The options.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_warning_count(flowseal_open_options options,
                                                    size_t *count);

/**
 * One of them, as a sentence for a log.
 *
 * @param options The options.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_warning(flowseal_open_options options,
                                              size_t index,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * Computes on so many threads; 1 unless given.
 *
 * @param options The options.
 * @param threads How many.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for none at all.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_set_threads(flowseal_open_options options,
                                                  size_t threads);

/**
 * Frees the options of opening.
 *
 * @param open_options The handle, unusable from here on. A call that uses it in another thread
 *     ends as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_free(flowseal_open_options open_options);

/**
 * The flow of a text that flowseal_pending_flow_to_json() wrote, for a configuration of the
 * environment, the base and the app that started it.
 *
 * @param json The text.
 * @param json_len Its length in bytes.
 * @param config The configuration.
 * @param[out] pending The pending flow, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PENDING_FLOW for anything else: members that
 *     are unknown, missing, of another type or that could not have been sent; another version;
 *     another configuration.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_from_json(const char *json,
                                                size_t json_len,
                                                flowseal_api_config config,
                                                flowseal_pending_flow *pending,
                                                flowseal_error *error);

/**
 * The flow as JSON, to be kept on the server: without any credential and token, with the number
 * of the person where one was sent. The same flow is always the same text.
 *
 * @param pending The pending flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_to_json(flowseal_pending_flow pending,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * The flow as text that its holder can read and not change: its JSON with an HMAC-SHA-256.
 *
 * It is not encrypted: where a person was named, their number is in it. And it can be brought
 * back as often as its holder likes; what is given once is the result.
 *
 * @param pending The pending flow.
 * @param key The key: any bytes, which are random and the server's alone. The memory stays the
 *     caller's to wipe.
 * @param key_len Its length in bytes, 32.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_USAGE for a key
 *     of another length.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_seal(flowseal_pending_flow pending,
                                           const void *key,
                                           size_t key_len,
                                           char *buffer,
                                           size_t capacity,
                                           size_t *len);

/**
 * The flow of a text that was sealed with this key.
 *
 * @param sealed The text.
 * @param sealed_len Its length in bytes.
 * @param key The key: any bytes, which are random and the server's alone. The memory stays the
 *     caller's to wipe.
 * @param key_len Its length in bytes, 32.
 * @param config The configuration.
 * @param[out] pending The pending flow, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PENDING_FLOW for a text that was changed or
 *     sealed with another key, and for what flowseal_pending_flow_from_json() refuses,
 *     FLOWSEAL_STATUS_USAGE for a key of another length, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_unseal(const char *sealed,
                                             size_t sealed_len,
                                             const void *key,
                                             size_t key_len,
                                             flowseal_api_config config,
                                             flowseal_pending_flow *pending,
                                             flowseal_error *error);

/**
 * Accepts claims that were not asked for, too.
 *
 * @param pending The pending flow.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_allow_more_claims(flowseal_pending_flow pending);

/**
 * The seconds by which the signer's clock may differ from the caller's; 0 unless given.
 *
 * @param pending The pending flow.
 * @param seconds The seconds.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_set_leeway_seconds(flowseal_pending_flow pending,
                                                         uint64_t seconds);

/**
 * The most seconds that the signature may be old at the end.
 *
 * @param pending The pending flow.
 * @param seconds The seconds.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_set_max_age_seconds(flowseal_pending_flow pending,
                                                          uint64_t seconds);

/**
 * The bytes that were signed, for its end under a profile whose statement is "detached". They are
 * not kept with the rest: whoever finishes the flow has them.
 *
 * @param pending The pending flow.
 * @param statement The bytes that were signed.
 * @param statement_len How many.
 * @param covers The names of the members that these bytes cover, as UTF-8.
 * @param covers_count How many names.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8. Whether the profile asks for them is
 *     judged at the end.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_set_detached(flowseal_pending_flow pending,
                                                   const void *statement,
                                                   size_t statement_len,
                                                   const flowseal_slice *covers,
                                                   size_t covers_count);

/**
 * The flow's identifier, `req_…`.
 *
 * @param pending The pending flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_reference(flowseal_pending_flow pending,
                                                char *buffer,
                                                size_t capacity,
                                                size_t *len);

/**
 * The person who was asked, as it was sent; absent where whoever comes will do.
 *
 * @param pending The pending flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_person(flowseal_pending_flow pending,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * When the flow expires, by the API's clock.
 *
 * @param pending The pending flow.
 * @param[out] unix_seconds The moment.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_expires_unix_seconds(flowseal_pending_flow pending,
                                                           int64_t *unix_seconds);

/**
 * The last moment at which it can be finished, and until which that has to be remembered.
 *
 * @param pending The pending flow.
 * @param[out] unix_seconds The moment.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_finish_by_unix_seconds(flowseal_pending_flow pending,
                                                             int64_t *unix_seconds);

/**
 * The reference by which webhooks name it, where one was asked for.
 *
 * @param pending The pending flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_webhook_reference(flowseal_pending_flow pending,
                                                        char *buffer,
                                                        size_t capacity,
                                                        size_t *len);

/**
 * The flow's identifier, where a webhook's reference means this flow: what a
 * `flowseal_flow_of_callback` gives.
 *
 * @param pending The pending flow.
 * @param reference The webhook's reference.
 * @param reference_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where it
 *     means another, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_flow_of(flowseal_pending_flow pending,
                                              const char *reference,
                                              size_t reference_len,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * Whether a webhook names this flow. It is a hint to ping, and never proof.
 *
 * @param pending The pending flow.
 * @param webhook The webhook.
 * @param[out] meant The answer.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_is_meant_by(flowseal_pending_flow pending,
                                                  flowseal_webhook webhook,
                                                  bool *meant);

/**
 * What the flow has to be at its end. flowseal_pending_flow_finish() compares it with these
 * itself.
 *
 * @param pending The pending flow.
 * @param[out] expectations The expectations, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_expectations(flowseal_pending_flow pending,
                                                   flowseal_expectations *expectations);

/**
 * Where the person is while the flow is in this state: what they are to do depends on the device
 * that they are asked on.
 *
 * @param pending The pending flow.
 * @param state A number of `flowseal_state`.
 * @param[out] situation The situation.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_situation(flowseal_pending_flow pending,
                                                uint32_t state,
                                                flowseal_situation *situation);

/**
 * Watches the flow until it ends.
 *
 * @param pending The pending flow.
 * @param config The configuration, as it stands: that which started it.
 * @param[out] session The session, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PENDING_FLOW for a configuration of another
 *     environment, base or app than the flow was started with, and those of
 *     flowseal_session_new().
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_session(flowseal_pending_flow pending,
                                              flowseal_api_config config,
                                              flowseal_session *session,
                                              flowseal_error *error);

/**
 * Frees a pending flow.
 *
 * @param pending_flow The handle, unusable from here on. A call that uses it in another thread
 *     ends as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_pending_flow_free(flowseal_pending_flow pending_flow);

/**
 * Reads a profile file.
 *
 * @param json The text of the file.
 * @param json_len Its length in bytes.
 * @param[out] profile The profile, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE, FLOWSEAL_STATUS_JSON and its relatives.
 *
 * Thread-safe.
 */
flowseal_status flowseal_profile_from_json(const char *json,
                                           size_t json_len,
                                           flowseal_profile *profile,
                                           flowseal_error *error);

/**
 * The profile as a profile file with every member.
 *
 * @param profile The profile.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_profile_to_json(flowseal_profile profile,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * Frees a profile.
 *
 * @param profile The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_profile_free(flowseal_profile profile);

/**
 * Opens every claim, all or none, on the calling thread.
 *
 * @param received The received flow.
 * @param ring The keys that it may be sealed to.
 * @param[out] claims The claims, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_verified_flow_open().
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_received_flow_open(flowseal_received_flow received,
                                            flowseal_key_ring ring,
                                            flowseal_opened_claims *claims,
                                            flowseal_error *error);

/**
 * Opens what the options select, all or none.
 *
 * @param received The received flow.
 * @param ring The keys that it may be sealed to.
 * @param options What to open, and how.
 * @param[out] claims The claims, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_verified_flow_open().
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_received_flow_open_with(flowseal_received_flow received,
                                                 flowseal_key_ring ring,
                                                 flowseal_open_options options,
                                                 flowseal_opened_claims *claims,
                                                 flowseal_error *error);

/**
 * The flow's reference, which is the pending flow's.
 *
 * @param received The received flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_reference(flowseal_received_flow received,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The person, as the API says: under no signature that was verified.
 *
 * @param received The received flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_requestee_received(flowseal_received_flow received,
                                                          char *buffer,
                                                          size_t capacity,
                                                          size_t *len);

/**
 * What makes it one to believe: FLOWSEAL_TRUST_RECEIVED.
 *
 * @param received The received flow.
 * @param[out] trust The trust.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_trust(flowseal_received_flow received,
                                             flowseal_trust *trust);

/**
 * What was looked at and found. The check `received` has passed, on the caller's word.
 *
 * @param received The received flow.
 * @param[out] report The report, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_report(flowseal_received_flow received,
                                              flowseal_report *report);

/**
 * The flow as it was received.
 *
 * @param received The received flow.
 * @param[out] flow The flow, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_unauthenticated(flowseal_received_flow received,
                                                       flowseal_flow *flow);

/**
 * Frees a received flow.
 *
 * @param received The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_received_flow_free(flowseal_received_flow received);

/**
 * Options that change nothing: no one computes, so that the key opens in the resumable form only.
 *
 * @param[out] options The options, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_new(flowseal_remote_key_options *options);

/**
 * Who computes, so that flowseal_verified_flow_open() and the others do as they do with any key.
 *
 * @param options The options.
 * @param compute Computes, as its type describes.
 * @param context Given to both functions as it is; may be NULL. Several threads may use it at the
 *     same time.
 * @param release Frees the context once nobody uses it; may be NULL. Where this call refuses, it
 *     is not called.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_POINTER without a function.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_set_holder(flowseal_remote_key_options options,
                                                       flowseal_key_holder_callback compute,
                                                       void *context,
                                                       flowseal_release_callback release);

/**
 * Sends ciphertexts as they are. Right for a module in the same process or machine, which learns
 * what it decrypts anyway, and nowhere else; answers are checked all the same.
 *
 * @param options The options.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_set_unblinded(flowseal_remote_key_options options);

/**
 * The name of the key, by which flowseal_key_ring_only() finds it.
 *
 * @param options The options.
 * @param kid The name.
 * @param kid_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_set_kid(flowseal_remote_key_options options,
                                                    const char *kid,
                                                    size_t kid_len);

/**
 * The padding for this key alone.
 *
 * @param options The options.
 * @param padding A number of `flowseal_padding`.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_set_padding(flowseal_remote_key_options options,
                                                        uint32_t padding);

/**
 * The profile whose padding the key gets, which then has to be that of the whole operation.
 *
 * @param options The options.
 * @param profile The profile.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_set_profile(flowseal_remote_key_options options,
                                                        flowseal_profile profile);

/**
 * Frees the options of a key whose private half is elsewhere.
 *
 * @param key_options The handle, unusable from here on. A call that uses it in another thread ends
 *     as if nothing had happened, and what stands behind it is freed when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_remote_key_options_free(flowseal_remote_key_options key_options);

/**
 * Makes the key whose public half is in this PEM or DER file, and whose private half is elsewhere.
 *
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param options Who computes, and how the key is used.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_remote(const void *file,
                                               size_t file_len,
                                               flowseal_remote_key_options options,
                                               flowseal_decrypting_key *key,
                                               flowseal_error *error);

/**
 * Makes the same key of the numbers of its public half, as tokens and services give them.
 *
 * @param modulus The modulus, big-endian: any bytes.
 * @param modulus_len Its length in bytes.
 * @param exponent The public exponent, likewise: any bytes.
 * @param exponent_len Its length in bytes.
 * @param options Who computes, and how the key is used.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_SIZE, FLOWSEAL_STATUS_KEY_INVALID,
 *     FLOWSEAL_STATUS_KEY_WEAK.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_remote_from_numbers(const void *modulus,
                                                            size_t modulus_len,
                                                            const void *exponent,
                                                            size_t exponent_len,
                                                            flowseal_remote_key_options options,
                                                            flowseal_decrypting_key *key,
                                                            flowseal_error *error);

/**
 * Whether a key's private half is elsewhere.
 *
 * @param key The key.
 * @param[out] is_remote Whether it is.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_is_remote(flowseal_decrypting_key key,
                                                  bool *is_remote);

/**
 * Adds the key of this modulus and public exponent, as a token gives them: verifying stays in
 * software.
 *
 * @param keys The list.
 * @param modulus The modulus, big-endian: any bytes.
 * @param modulus_len Its length in bytes.
 * @param exponent The public exponent, likewise: any bytes.
 * @param exponent_len Its length in bytes.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_SIZE, FLOWSEAL_STATUS_KEY_INVALID,
 *     FLOWSEAL_STATUS_KEY_WEAK.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_add_numbers(flowseal_verifying_keys keys,
                                                    const void *modulus,
                                                    size_t modulus_len,
                                                    const void *exponent,
                                                    size_t exponent_len,
                                                    flowseal_error *error);

/**
 * The report as a JSON array of `{"check", "outcome", "why"}`.
 *
 * @param report The report.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_to_json(flowseal_report report,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * How many checks it has.
 *
 * @param report The report.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_count(flowseal_report report,
                                      size_t *count);

/**
 * What a line of the report is about.
 *
 * @param report The report.
 * @param index Which, from 0.
 * @param[out] check The check.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_check(flowseal_report report,
                                      size_t index,
                                      flowseal_check *check);

/**
 * What a check found.
 *
 * @param report The report.
 * @param index Which, from 0.
 * @param[out] outcome The outcome.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_outcome(flowseal_report report,
                                        size_t index,
                                        flowseal_outcome *outcome);

/**
 * Why a check was not passed, as a word.
 *
 * @param report The report.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_why(flowseal_report report,
                                    size_t index,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *len);

/**
 * What a check found.
 *
 * @param report The report.
 * @param check A number of `flowseal_check`.
 * @param[out] outcome The outcome.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_outcome_of(flowseal_report report,
                                           uint32_t check,
                                           flowseal_outcome *outcome);

/**
 * How many members are under the signature.
 *
 * @param report The report.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_covers_count(flowseal_report report,
                                             size_t *count);

/**
 * The name of a member that is under the signature.
 *
 * @param report The report.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_covers(flowseal_report report,
                                       size_t index,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * The fingerprint of the key under which the signature is valid: SHA-256 of its
 * SubjectPublicKeyInfo, in lower-case hexadecimal.
 *
 * @param report The report.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_key_fingerprint(flowseal_report report,
                                                char *buffer,
                                                size_t capacity,
                                                size_t *len);

/**
 * That key's name.
 *
 * @param report The report.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_key_kid(flowseal_report report,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The subject of the certificate that it came in, whose dates and chain nobody checked.
 *
 * @param report The report.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_key_subject(flowseal_report report,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * That key as JSON: `fingerprint`, `kid`, `subject`, `certificate`.
 *
 * @param report The report.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_key_to_json(flowseal_report report,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * Frees a report.
 *
 * @param report The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_free(flowseal_report report);

/**
 * Asks for a session token (v1).
 *
 * @param config The configuration.
 * @param[out] request The request, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v2, which has none,
 *     FLOWSEAL_STATUS_API_CONFIG where the identifiers are missing.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_authorize(flowseal_api_config config,
                                           flowseal_request *request,
                                           flowseal_error *error);

/**
 * Asks how a flow is.
 *
 * @param config The configuration.
 * @param flow The flow's identifier, `req_…`.
 * @param flow_len Its length in bytes.
 * @param token The session token, which v1 needs; may be NULL.
 * @param[out] request The request, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED where a session token is
 *     needed, FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_ping(flowseal_api_config config,
                                      const char *flow,
                                      size_t flow_len,
                                      const flowseal_session_token *token,
                                      flowseal_request *request,
                                      flowseal_error *error);

/**
 * Asks how a flow is, to be answered when it has changed (v1).
 *
 * @param config The configuration.
 * @param flow The flow's identifier, `req_…`.
 * @param flow_len Its length in bytes.
 * @param token The session token, which v1 needs where it is what polling carries; may be NULL.
 * @param[out] request The request, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED where a session token is
 *     needed, FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_polling(flowseal_api_config config,
                                         const char *flow,
                                         size_t flow_len,
                                         const flowseal_session_token *token,
                                         flowseal_request *request,
                                         flowseal_error *error);

/**
 * Asks for a stream of events, one for each change of the flow (v2).
 *
 * @param config The configuration.
 * @param flow The flow's identifier, `req_…`.
 * @param flow_len Its length in bytes.
 * @param[out] request The request, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v1, which has none,
 *     FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_sse(flowseal_api_config config,
                                     const char *flow,
                                     size_t flow_len,
                                     flowseal_request *request,
                                     flowseal_error *error);

/**
 * Voids a flow.
 *
 * @param config The configuration.
 * @param flow The flow's identifier, `req_…`.
 * @param flow_len Its length in bytes.
 * @param token The session token, which v1 needs; may be NULL.
 * @param[out] request The request, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED where a session token is
 *     needed, FLOWSEAL_STATUS_USAGE for an empty identifier, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_cancel(flowseal_api_config config,
                                        const char *flow,
                                        size_t flow_len,
                                        const flowseal_session_token *token,
                                        flowseal_request *request,
                                        flowseal_error *error);

/**
 * Asks whether the API is there: without any credential.
 *
 * @param config The configuration.
 * @param[out] request The request, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_health_check(flowseal_api_config config,
                                              flowseal_request *request);

/**
 * Which endpoint it is for.
 *
 * @param request The request.
 * @param[out] endpoint The endpoint.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_endpoint(flowseal_request request,
                                          flowseal_endpoint *endpoint);

/**
 * The method, `GET` or `POST`.
 *
 * @param request The request.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_method(flowseal_request request,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * The URL, whole. It holds no secret.
 *
 * @param request The request.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_url(flowseal_request request,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *len);

/**
 * The body, JSON. Absent for a GET.
 *
 * @param request The request.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_body(flowseal_request request,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * How many headers it has.
 *
 * @param request The request.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_header_count(flowseal_request request,
                                              size_t *count);

/**
 * The name of a header, in lower case. A client adds `host` and `content-length`.
 *
 * @param request The request.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_header_name(flowseal_request request,
                                             size_t index,
                                             char *buffer,
                                             size_t capacity,
                                             size_t *len);

/**
 * The value of a header. Where it is sensitive the copy is the caller's to wipe.
 *
 * @param request The request.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_header_value(flowseal_request request,
                                              size_t index,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * Whether a header's value is a credential, which belongs in no log and in no table of HTTP/2.
 *
 * @param request The request.
 * @param index Which, from 0.
 * @param[out] sensitive The answer.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_header_is_sensitive(flowseal_request request,
                                                     size_t index,
                                                     bool *sensitive);

/**
 * Frees a request.
 *
 * @param request The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_request_free(flowseal_request request);

/**
 * Reads an answer as an HTTP client received it. A status that is not of success makes any body
 * an error of the API, which is an answer, too.
 *
 * @param request What was sent.
 * @param status The status, such as 200.
 * @param names The names of the headers, in any case.
 * @param values Their values, in the same order: any bytes.
 * @param headers_count How many headers.
 * @param body The body, without chunks and compression: any bytes.
 * @param body_len Its length in bytes.
 * @param[out] response The answer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_JSON and its relatives,
 *     FLOWSEAL_STATUS_NOT_A_FLOW for JSON that is not an answer, FLOWSEAL_STATUS_FLOW_MALFORMED,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_from_http(flowseal_request request,
                                            uint16_t status,
                                            const flowseal_slice *names,
                                            const flowseal_slice *values,
                                            size_t headers_count,
                                            const void *body,
                                            size_t body_len,
                                            flowseal_response *response,
                                            flowseal_error *error);

/**
 * The same under a profile, which then has to be that of the verifier and the keys too.
 *
 * @param request What was sent.
 * @param status The status, such as 200.
 * @param names The names of the headers, in any case.
 * @param values Their values, in the same order: any bytes.
 * @param headers_count How many headers.
 * @param body The body, without chunks and compression: any bytes.
 * @param body_len Its length in bytes.
 * @param profile The profile.
 * @param[out] response The answer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_response_from_http().
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_from_http_with(flowseal_request request,
                                                 uint16_t status,
                                                 const flowseal_slice *names,
                                                 const flowseal_slice *values,
                                                 size_t headers_count,
                                                 const void *body,
                                                 size_t body_len,
                                                 flowseal_profile profile,
                                                 flowseal_response *response,
                                                 flowseal_error *error);

/**
 * Reads an answer's body, of which it is known that it came with a status of success.
 *
 * @param json The body.
 * @param json_len Its length in bytes.
 * @param[out] response The answer, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_JSON and its relatives,
 *     FLOWSEAL_STATUS_NOT_A_FLOW for JSON that is not an answer, FLOWSEAL_STATUS_FLOW_MALFORMED.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_from_json(const char *json,
                                            size_t json_len,
                                            flowseal_response *response,
                                            flowseal_error *error);

/**
 * What the answer is about.
 *
 * @param response The answer.
 * @param[out] answer What it is.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_answer(flowseal_response response,
                                         flowseal_answer *answer);

/**
 * The flow of the answer to a ping or a poll, or an event of a stream.
 *
 * @param response The answer.
 * @param[out] flow The flow, to be freed; yet to be verified.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_FLOW_EXPIRED for an answer without data,
 *     FLOWSEAL_STATUS_API_UNAUTHORIZED to FLOWSEAL_STATUS_API_ERROR for an error of the API,
 *     FLOWSEAL_STATUS_API_ANSWER for the answer to another request.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_flow(flowseal_response response,
                                       flowseal_flow *flow,
                                       flowseal_error *error);

/**
 * The session token of the answer to authorize.
 *
 * @param response The answer.
 * @param[out] token The session token, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_response_flow().
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_token(flowseal_response response,
                                        flowseal_session_token *token,
                                        flowseal_error *error);

/**
 * The session token that the answer to the start of an identification or a signing may have beside
 * the request. What it is for is documented nowhere.
 *
 * @param response The answer.
 * @param[out] token The session token, to be freed.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_created_token(flowseal_response response,
                                                flowseal_session_token *token);

/**
 * The error of the API that the answer is.
 *
 * @param response The answer.
 * @param[out] api_error The error of the API, to be freed.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where it is something else.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_api_error(flowseal_response response,
                                            flowseal_api_error *api_error);

/**
 * The request of an answer that voids or makes one, as JSON.
 *
 * @param response The answer.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT for
 *     another answer.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_request(flowseal_response response,
                                          char *buffer,
                                          size_t capacity,
                                          size_t *len);

/**
 * A member of that request, as JSON, such as `"req_…"` of `id`.
 *
 * @param response The answer.
 * @param name The member's name.
 * @param name_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_request_member(flowseal_response response,
                                                 const char *name,
                                                 size_t name_len,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The `reason`: a sentence for people.
 *
 * @param response The answer.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_reason(flowseal_response response,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * A member beside `data`, as JSON, such as `"successful"` of `status`.
 *
 * @param response The answer.
 * @param name The member's name.
 * @param name_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_member(flowseal_response response,
                                         const char *name,
                                         size_t name_len,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * What `data` holds beside the flow, request or token that the answer is about, as JSON.
 *
 * @param response The answer.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_data(flowseal_response response,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * Frees an answer.
 *
 * @param response The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_response_free(flowseal_response response);

/**
 * Reads the zip as it comes from pasby's console.
 *
 * @param zip The bytes of the zip.
 * @param zip_len How many.
 * @param[out] account The service account, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SERVICE_ACCOUNT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_from_zip(const void *zip,
                                                  size_t zip_len,
                                                  flowseal_service_account *account,
                                                  flowseal_error *error);

/**
 * Reads the parts of a zip that was unpacked.
 *
 * @param config The text of config.json.
 * @param config_len Its length in bytes.
 * @param pems Every PEM file, in any order; the content tells them apart.
 * @param pems_count How many files.
 * @param[out] account The service account, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SERVICE_ACCOUNT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_from_parts(const void *config,
                                                    size_t config_len,
                                                    const flowseal_slice *pems,
                                                    size_t pems_count,
                                                    flowseal_service_account *account,
                                                    flowseal_error *error);

/**
 * The app's private key, for RSAES-PKCS1-v1_5.
 *
 * @param account The service account.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SERVICE_ACCOUNT for the organisation's account,
 *     and those of flowseal_decrypting_key_load().
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_decrypting_key(flowseal_service_account account,
                                                        flowseal_decrypting_key *key,
                                                        flowseal_error *error);

/**
 * The app's private key with a passphrase, a name, a padding or a profile.
 *
 * @param account The service account.
 * @param options How to load it.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_service_account_decrypting_key().
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_decrypting_key_with(flowseal_service_account account,
                                                             flowseal_decrypting_key_options options,
                                                             flowseal_decrypting_key *key,
                                                             flowseal_error *error);

/**
 * The app, `app_…`.
 *
 * @param account The service account.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_app_id(flowseal_service_account account,
                                                char *buffer,
                                                size_t capacity,
                                                size_t *len);

/**
 * The organisation, `bcn_…`.
 *
 * @param account The service account.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_organisation_id(flowseal_service_account account,
                                                         char *buffer,
                                                         size_t capacity,
                                                         size_t *len);

/**
 * The app secret, for `x-access-secret`. The copy is the caller's to wipe.
 *
 * @param account The service account.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_app_secret(flowseal_service_account account,
                                                    char *buffer,
                                                    size_t capacity,
                                                    size_t *len);

/**
 * The organisation's API key in production, for `x-api-key`. The copy is the caller's to wipe.
 *
 * @param account The service account.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_live_api_key(flowseal_service_account account,
                                                      char *buffer,
                                                      size_t capacity,
                                                      size_t *len);

/**
 * The organisation's API key in the sandbox, for `x-api-key`. The copy is the caller's to wipe.
 *
 * @param account The service account.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_test_api_key(flowseal_service_account account,
                                                      char *buffer,
                                                      size_t capacity,
                                                      size_t *len);

/**
 * Frees a service account.
 *
 * @param account The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_free(flowseal_service_account account);

/**
 * Watches the flow of this identifier, which the app has started.
 *
 * @param config The configuration, as it stands.
 * @param flow The identifier, `req_…`.
 * @param flow_len Its length in bytes.
 * @param[out] session The session, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for an identifier that is empty or too
 *     long, FLOWSEAL_STATUS_API_CONFIG for v1 without the identifiers that authorising needs,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_new(flowseal_api_config config,
                                     const char *flow,
                                     size_t flow_len,
                                     flowseal_session *session,
                                     flowseal_error *error);

/**
 * How many things about the session are unusual and may still be right: an identifier that does
 * not begin with `req_`.
 *
 * @param session The session.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_warning_count(flowseal_session session,
                                               size_t *count);

/**
 * One of them, as a sentence for a log.
 *
 * @param session The session.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_warning(flowseal_session session,
                                         size_t index,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * What to do next. While a request is under way that is to wait, at most for its timeout; then
 * it counts as lost.
 *
 * A session that has ended without the flow's end refuses, and says why:
 * FLOWSEAL_STATUS_FLOW_EXPIRED where the person has not responded in time,
 * FLOWSEAL_STATUS_FLOW_CANCELLED after a flowseal_session_cancel(), else the status says what
 * can be done. From then on it is FLOWSEAL_STATUS_SESSION_OVER.
 *
 * Where the shared count of its budget has failed it says so, and goes on: ask again later.
 *
 * @param session The session.
 * @param now_unix_ms The time.
 * @param jitter Any random number; it spreads the pauses.
 * @param[out] action What to do.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_FLOW_EXPIRED, FLOWSEAL_STATUS_FLOW_CANCELLED,
 *     FLOWSEAL_STATUS_API_UNAUTHORIZED to FLOWSEAL_STATUS_SESSION_OVER, FLOWSEAL_STATUS_CALLBACK,
 *     and the errors of flowseal_response_from_http().
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_poll(flowseal_session session,
                                      uint64_t now_unix_ms,
                                      uint32_t jitter,
                                      flowseal_action *action,
                                      flowseal_error *error);

/**
 * Tells the session what came back.
 *
 * @param session The session.
 * @param status The status, such as 200.
 * @param names The names of the headers, in any case.
 * @param values Their values, in the same order: any bytes.
 * @param headers_count How many headers.
 * @param body The body, without chunks and compression: any bytes.
 * @param body_len Its length in bytes.
 * @param now_unix_ms The time.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8 for the name of a header.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_handle(flowseal_session session,
                                        uint16_t status,
                                        const flowseal_slice *names,
                                        const flowseal_slice *values,
                                        size_t headers_count,
                                        const void *body,
                                        size_t body_len,
                                        uint64_t now_unix_ms);

/**
 * The same, tied to the request that was sent: what answers another than the session waits for is
 * dropped, such as the answer to a ping that arrives after flowseal_session_cancel().
 *
 * @param session The session.
 * @param request What was sent.
 * @param status The status, such as 200.
 * @param names The names of the headers, in any case.
 * @param values Their values, in the same order: any bytes.
 * @param headers_count How many headers.
 * @param body The body, without chunks and compression: any bytes.
 * @param body_len Its length in bytes.
 * @param now_unix_ms The time.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8 for the name of a header.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_handle_answering(flowseal_session session,
                                                  flowseal_request request,
                                                  uint16_t status,
                                                  const flowseal_slice *names,
                                                  const flowseal_slice *values,
                                                  size_t headers_count,
                                                  const void *body,
                                                  size_t body_len,
                                                  uint64_t now_unix_ms);

/**
 * Tells the session what came back, and what it answers, where that was said.
 *
 * @param session The session.
 * @param response What came back.
 * @param now_unix_ms The time.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_handle_response(flowseal_session session,
                                                 flowseal_http_response response,
                                                 uint64_t now_unix_ms);

/**
 * Tells the session that no response came: the connection failed, or the time was up.
 *
 * @param session The session.
 * @param now_unix_ms The time.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_lost(flowseal_session session,
                                      uint64_t now_unix_ms);

/**
 * Cancels the flow: the next request is the one that voids it. Nothing happens where the flow
 * has ended already.
 *
 * @param session The session.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_cancel(flowseal_session session);

/**
 * Frees a session.
 *
 * @param session The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_free(flowseal_session session);

/**
 * Uses long polling (v1): the API holds its answer back until the flow has changed. Before the
 * first poll only.
 *
 * @param session The session.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v2, FLOWSEAL_STATUS_USAGE after
 *     the first poll.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_long_polling(flowseal_session session,
                                                  flowseal_error *error);

/**
 * Gives up after this time, counted from the first poll. Before the first poll only.
 *
 * @param session The session.
 * @param ms The time, a day at most: it is a length and no moment.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll, or for more than a
 *     day.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_deadline_ms(flowseal_session session,
                                                 uint64_t ms,
                                                 flowseal_error *error);

/**
 * Takes a flow as expired when it is this old; 360 s unless given. Before the first poll only.
 *
 * @param session The session.
 * @param ms The time, a day at most: it is a length and no moment.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll, or for more than a
 *     day.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_lifetime_ms(flowseal_session session,
                                                 uint64_t ms,
                                                 flowseal_error *error);

/**
 * Reads answers under a profile, which then has to be that of the verifier and the keys too.
 * Before the first poll only.
 *
 * @param session The session.
 * @param profile The profile.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_profile(flowseal_session session,
                                             flowseal_profile profile,
                                             flowseal_error *error);

/**
 * What the flow at the end needs to be believed, FLOWSEAL_TRUST_SIGNED unless the profile of a
 * pending flow's session says otherwise: a flow that is to be received has to be asked for by
 * name. Before the first poll only.
 *
 * @param session The session.
 * @param trust A number of `flowseal_trust`.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE after the first poll, for another number,
 *     and for FLOWSEAL_TRUST_RECEIVED of a session that is on no pending flow, or on one that is
 *     not an identification; that speaks without TLS, but to loopback in the sandbox; or that
 *     polls in place of pinging.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_trust(flowseal_session session,
                                           uint32_t trust,
                                           flowseal_error *error);

/**
 * Takes turns with the other sessions of an address. It is given last: nothing else can be set
 * after it. Before the first poll only.
 *
 * @param session The session.
 * @param budget The budget, as it stands.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_RATE_LIMITED where so many share it that
 *     another would not end in time, FLOWSEAL_STATUS_USAGE after the first poll, or where it has
 *     one already.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_budget(flowseal_session session,
                                            flowseal_budget budget,
                                            flowseal_error *error);

/**
 * Listens to v2's stream of events, one a flow, and pings only to confirm what it tells. Before
 * the first poll only.
 *
 * flowseal_session_poll() then says FLOWSEAL_ACTION_KIND_STREAM once. Open that request, give what
 * arrives to flowseal_session_heard() and its end, or that it could not be opened, to
 * flowseal_session_stream_ended(); meanwhile go on polling, after each chunk and whenever a pause
 * has passed. An event never ends a session: it causes the ping whose answer is believed. A stream
 * that breaks off, says nothing for 10 s or cannot be understood is given up, and pings take its
 * place.
 *
 * @param session The session.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_VERSION in v1, which has no stream,
 *     FLOWSEAL_STATUS_USAGE after the first poll.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_set_stream(flowseal_session session,
                                            flowseal_error *error);

/**
 * Whether the session listens to a stream. Close the one that it was given as soon as it does not.
 *
 * @param session The session.
 * @param[out] listens The answer.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_listens(flowseal_session session,
                                         bool *listens);

/**
 * Tells the session what has arrived of the stream, however it is cut into chunks. Then poll.
 * Nothing happens where it does not listen.
 *
 * @param session The session.
 * @param chunk What has arrived: any bytes.
 * @param chunk_len How many.
 * @param now_unix_ms The time.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_heard(flowseal_session session,
                                       const void *chunk,
                                       size_t chunk_len,
                                       uint64_t now_unix_ms);

/**
 * Tells the session that the stream has ended, or that it could not be opened: the API said
 * something else, no connection, a time-out. Pings go on from here.
 *
 * @param session The session.
 * @param now_unix_ms The time.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_stream_ended(flowseal_session session,
                                              uint64_t now_unix_ms);

/**
 * Takes the value of an answer's `x-access-token` header.
 *
 * @param value The value; it stays the caller's to wipe.
 * @param value_len Its length in bytes.
 * @param[out] token The token, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a value that cannot be sent back in
 *     a header, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_token_from_header(const void *value,
                                                   size_t value_len,
                                                   flowseal_session_token *token,
                                                   flowseal_error *error);

/**
 * The token, to be sent in `x-access-token`, bare. The copy is the caller's to wipe.
 *
 * @param token The session token.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_token_expose(flowseal_session_token token,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * When it expires, in Unix seconds, as the API says in it.
 *
 * @param token The session token.
 * @param[out] unix_seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where it does not say so.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_token_expires_at_unix_seconds(flowseal_session_token token,
                                                               int64_t *unix_seconds);

/**
 * Frees a session token.
 *
 * @param token The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_session_token_free(flowseal_session_token token);

/**
 * Asks a person who they are.
 *
 * @param config The configuration.
 * @param purpose A number of `flowseal_purpose`.
 * @param claims Keys of the catalogue, such as `naming.given`, as UTF-8.
 * @param claims_count How many claims.
 * @param payload What the person reads before they approve: what it is about, and where, so that
 *     they can tell it from what somebody else has started.
 * @param payload_len Its length in bytes.
 * @param device Where the person is asked, and who.
 * @param[out] start The start, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a payload that is empty, for a claim
 *     that is empty or named twice, and for another number, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_identify(flowseal_api_config config,
                                             uint32_t purpose,
                                             const flowseal_slice *claims,
                                             size_t claims_count,
                                             const char *payload,
                                             size_t payload_len,
                                             flowseal_device device,
                                             flowseal_start *start,
                                             flowseal_error *error);

/**
 * Asks a person to sign. When they have, the API says so to the webhook.
 *
 * @param config The configuration.
 * @param signer Who signs, and where.
 * @param payload What the person reads before they approve: what it is about, and where, so that
 *     they can tell it from what somebody else has started.
 * @param payload_len Its length in bytes.
 * @param webhook Where the API posts when the flow has changed.
 * @param[out] start The start, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a payload that is empty, and for a
 *     webhook on this machine where the API is on another, FLOWSEAL_STATUS_API_VERSION for a
 *     wildcard in v1, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_sign(flowseal_api_config config,
                                         flowseal_signer signer,
                                         const char *payload,
                                         size_t payload_len,
                                         flowseal_webhook_target webhook,
                                         flowseal_start *start,
                                         flowseal_error *error);

/**
 * Asks a person to confirm something.
 *
 * @param config The configuration.
 * @param signer Who confirms, and where.
 * @param payload What the person reads before they approve: what it is about, and where, so that
 *     they can tell it from what somebody else has started.
 * @param payload_len Its length in bytes.
 * @param webhook Where the API posts when the flow has changed; may be NULL.
 * @param[out] start The start, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_api_config_sign(), and FLOWSEAL_STATUS_USAGE
 *     without a webhook in v1, which wants one always.
 *
 * Thread-safe.
 */
flowseal_status flowseal_api_config_confirm(flowseal_api_config config,
                                            flowseal_signer signer,
                                            const char *payload,
                                            size_t payload_len,
                                            const flowseal_webhook_target *webhook,
                                            flowseal_start *start,
                                            flowseal_error *error);

/**
 * What to send. An answer may take as long as that to a ping: give up after 10 s.
 *
 * @param start The start.
 * @param[out] request The request, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_start_request(flowseal_start start,
                                       flowseal_request *request);

/**
 * How many things about what is asked are unusual and may still be right: a claim that the
 * catalogue does not have.
 *
 * @param start The start.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_start_warning_count(flowseal_start start,
                                             size_t *count);

/**
 * One of them, as a sentence for a log.
 *
 * @param start The start.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_start_warning(flowseal_start start,
                                       size_t index,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * Reads the answer.
 *
 * @param start The start.
 * @param response What came back.
 * @param[out] created What was created, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_UNAUTHORIZED to FLOWSEAL_STATUS_API_ERROR
 *     for an error of the API, whose issues name the members that are wrong;
 *     FLOWSEAL_STATUS_API_ANSWER for the answer to another request, and for one without an
 *     identifier or what the device needs, or with a link that is not an https URL;
 *     FLOWSEAL_STATUS_JSON and its relatives.
 *
 * Thread-safe.
 */
flowseal_status flowseal_start_read(flowseal_start start,
                                    flowseal_http_response response,
                                    flowseal_created *created,
                                    flowseal_error *error);

/**
 * Frees a start.
 *
 * @param start The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_start_free(flowseal_start start);

/**
 * The flow's identifier, `req_…`: its reference from here on.
 *
 * @param created What was created.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_flow(flowseal_created created,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * The https URL to be opened on the device, where the person is asked on the same one. Whoever
 * opens it first is asked: give it to the browser that the flow is bound to, and to nothing else.
 *
 * @param created What was created.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_link(flowseal_created created,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * How many QR codes there are, where any device may scan one.
 *
 * @param created What was created.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_seed_count(flowseal_created created,
                                            size_t *count);

/**
 * The text of one of them.
 *
 * @param created What was created.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_seed(flowseal_created created,
                                      size_t index,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * The QR code to be shown so long after the first one: another every FLOWSEAL_SEED_SHOWN_MS.
 *
 * @param created What was created.
 * @param since_shown_ms The time since the first one was shown.
 * @param chance Any random number that stays the same for the flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there are no seeds.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_seed_at(flowseal_created created,
                                         uint64_t since_shown_ms,
                                         uint32_t chance,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * The token that some of these answers have. Its purpose is documented nowhere, so it is kept as
 * the secret that it is elsewhere, and stands in no pending flow.
 *
 * @param created What was created.
 * @param[out] token The token, to be freed.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_token(flowseal_created created,
                                       flowseal_session_token *token);

/**
 * When the flow expires, by the API's clock.
 *
 * @param created What was created.
 * @param[out] unix_seconds The moment.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_expires_unix_seconds(flowseal_created created,
                                                      int64_t *unix_seconds);

/**
 * What the flow costs, as a number of JSON, where the answer says so.
 *
 * @param created What was created.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where
 *     there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_cost(flowseal_created created,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

/**
 * The request as the API keeps it, as JSON, to be shown and not to be believed: what was asked is
 * what was sent.
 *
 * @param created What was created.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_request(flowseal_created created,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * The flow as it is pending from now on: what this answer and its request say, and the browser
 * that it was started for.
 *
 * @param created What was created.
 * @param binding The browser; may be NULL.
 * @param[out] pending The pending flow, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE without a binding where the person is
 *     asked on the same device: any other browser could fetch the result.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_pending(flowseal_created created,
                                         const flowseal_binding *binding,
                                         flowseal_pending_flow *pending,
                                         flowseal_error *error);

/**
 * Frees what was created.
 *
 * @param created The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_created_free(flowseal_created created);

/**
 * The name of a status, such as `signature_invalid`: the same as in Rust, Python and the command.
 *
 * @param status A number, of this enum or not.
 * @return Text that ends with a NUL and lives as long as the library; `unknown` for a number that
 *     this version does not know. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_status_name(uint32_t status);

/**
 * What a status means and what to do, as sentences that hold for every occasion; an error's own
 * says more.
 *
 * @param status A number, of this enum or not.
 * @return Text that ends with a NUL and lives as long as the library. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_status_message(uint32_t status);

/**
 * What is so, as a sentence: the first half of what a status means.
 *
 * @param status A number, of this enum or not.
 * @return Text that ends with a NUL and lives as long as the library. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_status_cause(uint32_t status);

/**
 * What to do, as a sentence: the other half. The sentence of an error knows more of its case.
 *
 * @param status A number, of this enum or not.
 * @return Text that ends with a NUL and lives as long as the library. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_status_mend(uint32_t status);

/**
 * What kind of answer a status wants.
 *
 * @param status A number, of this enum or not.
 * @return The class.
 *
 * Thread-safe.
 */
flowseal_code_class flowseal_status_class(uint32_t status);

/**
 * What a web service may answer its own caller with, such as 502. A suggestion: never show that
 * caller which check of a flow failed.
 *
 * @param status A number, of this enum or not.
 * @return A status of HTTP.
 *
 * Thread-safe.
 */
uint16_t flowseal_status_http(uint32_t status);

/**
 * The version of this library, such as `0.1.0`.
 *
 * @return Text that ends with a NUL and lives as long as the library. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_version(void);

#if defined(FLOWSEAL_PKCS11)
/**
 * The private RSA key of a token that a `pkcs11:` URI (RFC 7512) means. It stays in its token,
 * which computes in threads of the library's; with the key its sessions are closed.
 *
 * It is there in a library that was built with the feature `pkcs11`, and here where
 * FLOWSEAL_PKCS11 is defined. Unlike the rest of the library it loads code, and waits: for nothing
 * longer than its patience. After a fork the child's uses are FLOWSEAL_STATUS_KEY_UNAVAILABLE.
 *
 * @param uri Which key is meant; the one that matches.
 * @param uri_len Its length in bytes.
 * @param module The path of the PKCS#11 library, which is loaded into this process and runs there;
 *     a URI's `module-path` comes before it. Where the length is 0: p11-kit's.
 * @param module_len Its length in bytes.
 * @param initialisation A text that some modules take, as NSS's softokn does; most take none.
 * @param initialisation_len Its length in bytes; 0 for none.
 * @param pin The user's PIN. It is copied; the copy is wiped with the key. One that a token has
 *     refused is not tried on it again: flowseal_forget_refused_pins().
 * @param pin_len Its length in bytes; 0 for none.
 * @param patience_ms How long an operation, a login or the way to the key may take; 0 for ten
 *     seconds.
 * @param options How the key is used: what is sent is blinded unless they say otherwise. The token
 *     takes the place of a holder that they name.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for the URI or without a module,
 *     FLOWSEAL_STATUS_IO where the module is not a library, FLOWSEAL_STATUS_PIN,
 *     FLOWSEAL_STATUS_KEY_KIND where no key matches, FLOWSEAL_STATUS_KEY_AMBIGUOUS where several
 *     do, FLOWSEAL_STATUS_KEY_SIZE, FLOWSEAL_STATUS_KEY_WEAK, FLOWSEAL_STATUS_KEY_INVALID,
 *     FLOWSEAL_STATUS_KEY_UNAVAILABLE.
 *
 * Thread-safe.
 */
flowseal_status flowseal_decrypting_key_from_token(const char *uri,
                                                   size_t uri_len,
                                                   const char *module,
                                                   size_t module_len,
                                                   const char *initialisation,
                                                   size_t initialisation_len,
                                                   const void *pin,
                                                   size_t pin_len,
                                                   uint64_t patience_ms,
                                                   flowseal_remote_key_options options,
                                                   flowseal_decrypting_key *key,
                                                   flowseal_error *error);
#endif

#if defined(FLOWSEAL_PKCS11)
/**
 * Adds the public key of a token that a `pkcs11:` URI means: of a public key, a certificate or a
 * private key that comes with its public half. Verifying stays in software.
 *
 * It is there in a library that was built with the feature `pkcs11`, and here where
 * FLOWSEAL_PKCS11 is defined. What is not said here is said of
 * flowseal_decrypting_key_from_token().
 *
 * @param keys The list.
 * @param uri Which key is meant; the one that matches.
 * @param uri_len Its length in bytes.
 * @param module The path of the PKCS#11 library; p11-kit's where the length is 0.
 * @param module_len Its length in bytes.
 * @param initialisation A text that some modules take.
 * @param initialisation_len Its length in bytes; 0 for none.
 * @param pin The user's PIN. Without one it is a key that the token shows to everyone.
 * @param pin_len Its length in bytes; 0 for none.
 * @param patience_ms How long a login or the way to the key may take; 0 for ten seconds.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or what flowseal_decrypting_key_from_token() returns; the list stays
 *     as it was.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_add_from_token(flowseal_verifying_keys keys,
                                                       const char *uri,
                                                       size_t uri_len,
                                                       const char *module,
                                                       size_t module_len,
                                                       const char *initialisation,
                                                       size_t initialisation_len,
                                                       const void *pin,
                                                       size_t pin_len,
                                                       uint64_t patience_ms,
                                                       flowseal_error *error);
#endif

#if defined(FLOWSEAL_PKCS11)
/**
 * Forgets which PINs tokens have refused, so that they are tried again: after a token was
 * unlocked, or its PIN was changed to one that had been wrong. Until then no PIN is tried on a
 * token again that it has refused, by anything in this process: tokens count, and lock.
 *
 * It is there in a library that was built with the feature `pkcs11`, and here where
 * FLOWSEAL_PKCS11 is defined.
 *
 * Thread-safe.
 */
flowseal_status flowseal_forget_refused_pins(void);
#endif

/**
 * Opens every claim, on the calling thread.
 *
 * @param verified The verified flow.
 * @param ring The keys that it may be sealed to.
 * @param[out] claims The claims, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT,
 *     and FLOWSEAL_STATUS_CLAIM_NOT_SEALED to FLOWSEAL_STATUS_CLAIM_UNOPENABLE.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_verified_flow_open(flowseal_verified_flow verified,
                                            flowseal_key_ring ring,
                                            flowseal_opened_claims *claims,
                                            flowseal_error *error);

/**
 * Opens what the options select.
 *
 * @param verified The verified flow.
 * @param ring The keys that it may be sealed to.
 * @param options What to open, and how.
 * @param[out] claims The claims, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT,
 *     and FLOWSEAL_STATUS_CLAIM_NOT_SEALED to FLOWSEAL_STATUS_CLAIM_UNOPENABLE.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_verified_flow_open_with(flowseal_verified_flow verified,
                                                 flowseal_key_ring ring,
                                                 flowseal_open_options options,
                                                 flowseal_opened_claims *claims,
                                                 flowseal_error *error);

/**
 * Opens what opens, and says of every other claim why it does not.
 *
 * @param verified The verified flow.
 * @param ring The keys that it may be sealed to.
 * @param options What to open, and how.
 * @param[out] claims What opened, to be freed.
 * @param[out] failures What did not, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_PROFILE_MISMATCH, FLOWSEAL_STATUS_KEY_CONFLICT.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_verified_flow_open_partial(flowseal_verified_flow verified,
                                                    flowseal_key_ring ring,
                                                    flowseal_open_options options,
                                                    flowseal_opened_claims *claims,
                                                    flowseal_failures *failures,
                                                    flowseal_error *error);

/**
 * The `reference`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_reference(flowseal_verified_flow verified,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The `requester`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_requester(flowseal_verified_flow verified,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The `requestee`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_requestee(flowseal_verified_flow verified,
                                                 char *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The `mode`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_mode(flowseal_verified_flow verified,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * When the flow was started, in Unix seconds; signed. Absent where the statement does not cover
 * it.
 *
 * @param verified The verified flow.
 * @param[out] unix_seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_iat_unix_seconds(flowseal_verified_flow verified,
                                                        int64_t *unix_seconds);

/**
 * When it was signed, in Unix seconds; signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] unix_seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_signed_at_unix_seconds(flowseal_verified_flow verified,
                                                              int64_t *unix_seconds);

/**
 * A member that the signature covers, as JSON.
 *
 * @param verified The verified flow.
 * @param name The member's name.
 * @param name_len Its length in bytes.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_member(flowseal_verified_flow verified,
                                              const char *name,
                                              size_t name_len,
                                              char *buffer,
                                              size_t capacity,
                                              size_t *len);

/**
 * The bytes that were signed.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len Their number; also where the buffer is too short for them.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_statement(flowseal_verified_flow verified,
                                                 uint8_t *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * The e-signature.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len Their number; also where the buffer is too short for them.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_signature(flowseal_verified_flow verified,
                                                 uint8_t *buffer,
                                                 size_t capacity,
                                                 size_t *len);

/**
 * What to remember, so that the same flow is not accepted twice.
 *
 * @param verified The verified flow.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_replay_key(flowseal_verified_flow verified,
                                                  char *buffer,
                                                  size_t capacity,
                                                  size_t *len);

/**
 * What was looked at and found.
 *
 * @param verified The verified flow.
 * @param[out] report The report, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_report(flowseal_verified_flow verified,
                                              flowseal_report *report);

/**
 * What makes it one to believe: FLOWSEAL_TRUST_SIGNED.
 *
 * @param verified The verified flow.
 * @param[out] trust The trust.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_trust(flowseal_verified_flow verified,
                                             flowseal_trust *trust);

/**
 * What an auditor must keep of it.
 *
 * @param verified The verified flow.
 * @param[out] evidence The evidence, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_evidence(flowseal_verified_flow verified,
                                                flowseal_evidence *evidence);

/**
 * The flow as it was received, whatever the signature covers.
 *
 * @param verified The verified flow.
 * @param[out] flow The flow, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_unauthenticated(flowseal_verified_flow verified,
                                                       flowseal_flow *flow);

/**
 * Frees a verified flow.
 *
 * @param verified The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_flow_free(flowseal_verified_flow verified);

/**
 * These keys verify every flow, whoever the requestee is: right where one authority signs for all.
 *
 * @param keys The keys.
 * @param[out] verifier The verifier, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifier_trusting(flowseal_verifying_keys keys,
                                           flowseal_verifier *verifier);

/**
 * Each person's keys verify that person's flows and no other's: the rule for a service that knows
 * its users.
 *
 * @param users The persons and their keys.
 * @param[out] verifier The verifier, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifier_by_requestee(flowseal_users users,
                                               flowseal_verifier *verifier);

/**
 * Verifies under a profile other than the default one.
 *
 * @param verifier The verifier.
 * @param profile The profile.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifier_set_profile(flowseal_verifier verifier,
                                              flowseal_profile profile);

/**
 * Computes batches on so many threads; 1 unless given.
 *
 * @param verifier The verifier.
 * @param threads How many.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for none at all.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifier_set_threads(flowseal_verifier verifier,
                                              size_t threads);

/**
 * Frees a verifier.
 *
 * @param verifier The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifier_free(flowseal_verifier verifier);

/**
 * A list without persons.
 *
 * @param[out] users The list, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_users_new(flowseal_users *users);

/**
 * Adds keys of a person.
 *
 * @param users The list.
 * @param requestee The person, as the flow's `requestee` names them, byte for byte.
 * @param requestee_len Its length in bytes.
 * @param keys Keys of theirs.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_users_add(flowseal_users users,
                                   const char *requestee,
                                   size_t requestee_len,
                                   flowseal_verifying_keys keys);

/**
 * Frees a list of persons.
 *
 * @param users The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_users_free(flowseal_users users);

/**
 * Verifies the e-signature, and that the flow is the expected one.
 *
 * @param flow The flow; it stays as it was and has still to be freed.
 * @param verifier Whose keys are trusted.
 * @param expectations What the flow must be beside genuine.
 * @param now_unix_seconds The moment against which it is judged.
 * @param[out] verified The verified flow, to be freed; on success alone.
 * @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
 *     has one. May be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_PROFILE_MISMATCH,
 *     FLOWSEAL_STATUS_STATEMENT, and FLOWSEAL_STATUS_FLOW_PENDING to
 *     FLOWSEAL_STATUS_CLAIMS_NOT_SIGNED.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_flow_verify(flowseal_flow flow,
                                     flowseal_verifier verifier,
                                     flowseal_expectations expectations,
                                     int64_t now_unix_seconds,
                                     flowseal_verified_flow *verified,
                                     flowseal_report *report,
                                     flowseal_error *error);

/**
 * Verifies the flow over bytes that the caller gives, for the profile's statement "detached".
 *
 * @param flow The flow; it stays as it was and has still to be freed.
 * @param verifier Whose keys are trusted.
 * @param expectations What the flow must be beside genuine.
 * @param statement The bytes that were signed.
 * @param statement_len How many.
 * @param covers The names of the members that these bytes cover, as UTF-8.
 * @param covers_count How many names.
 * @param now_unix_seconds The moment against which it is judged.
 * @param[out] verified The verified flow, to be freed; on success alone.
 * @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
 *     has one. May be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_PROFILE_MISMATCH,
 *     FLOWSEAL_STATUS_STATEMENT, and FLOWSEAL_STATUS_FLOW_PENDING to
 *     FLOWSEAL_STATUS_CLAIMS_NOT_SIGNED.
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_flow_verify_detached(flowseal_flow flow,
                                              flowseal_verifier verifier,
                                              flowseal_expectations expectations,
                                              const void *statement,
                                              size_t statement_len,
                                              const flowseal_slice *covers,
                                              size_t covers_count,
                                              int64_t now_unix_seconds,
                                              flowseal_verified_flow *verified,
                                              flowseal_report *report,
                                              flowseal_error *error);

/**
 * Opens the claims of a flow whose e-signature nobody has looked at.
 *
 * Anyone can encrypt to an app's public key: such claims may be anyone's, and whoever can send
 * flows here and watch
 * the answers has part of a padding oracle (SECURITY.md). What is expected of the flow is compared
 * with it all the same.
 *
 * @param flow The flow.
 * @param ring The keys that it may be sealed to.
 * @param expectations What the flow must be.
 * @param now_unix_seconds The moment against which it is judged.
 * @param options What to open, and how.
 * @param[out] claims The claims, to be freed; on success alone.
 * @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
 *     has one. May be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_FLOW_PENDING,
 *     FLOWSEAL_STATUS_FLOW_CANCELLED, FLOWSEAL_STATUS_EXPECTATION_FAILED, and those of
 *     flowseal_verified_flow_open().
 *
 * Thread-safe.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_flow_open_unverified(flowseal_flow flow,
                                              flowseal_key_ring ring,
                                              flowseal_expectations expectations,
                                              int64_t now_unix_seconds,
                                              flowseal_open_options options,
                                              flowseal_opened_claims *claims,
                                              flowseal_report *report,
                                              flowseal_error *error);

/**
 * A list without keys.
 *
 * @param[out] keys The list, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_new(flowseal_verifying_keys *keys);

/**
 * Adds every key of a file: PEM, DER, an X.509 certificate (dates and chain are not checked), a
 * JWK or a set of them.
 *
 * @param keys The list.
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS; the
 *     list stays as it was.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_load(flowseal_verifying_keys keys,
                                             const void *file,
                                             size_t file_len,
                                             flowseal_error *error);

/**
 * Adds every key of a file, with a name, an algorithm or the exponent 3.
 *
 * @param keys The list.
 * @param file The bytes of the file.
 * @param file_len How many.
 * @param options How to load them.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS; the
 *     list stays as it was.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_load_with(flowseal_verifying_keys keys,
                                                  const void *file,
                                                  size_t file_len,
                                                  flowseal_verifying_key_options options,
                                                  flowseal_error *error);

/**
 * How many keys there are.
 *
 * @param keys The list.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_count(flowseal_verifying_keys keys,
                                              size_t *count);

/**
 * A key's fingerprint: SHA-256 of its SubjectPublicKeyInfo, in lower-case hexadecimal.
 *
 * @param keys The list.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_fingerprint(flowseal_verifying_keys keys,
                                                    size_t index,
                                                    char *buffer,
                                                    size_t capacity,
                                                    size_t *len);

/**
 * The length of a key's modulus in bits.
 *
 * @param keys The list.
 * @param index Which, from 0.
 * @param[out] bits The length.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_bits(flowseal_verifying_keys keys,
                                             size_t index,
                                             size_t *bits);

/**
 * A key's name.
 *
 * @param keys The list.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_kid(flowseal_verifying_keys keys,
                                            size_t index,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The subject of the certificate that a key came in, whose dates and chain nobody checked.
 *
 * @param keys The list.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_subject(flowseal_verifying_keys keys,
                                                size_t index,
                                                char *buffer,
                                                size_t capacity,
                                                size_t *len);

/**
 * How many keys of the files that were added were skipped, such as a JWK of another type.
 *
 * @param keys The list.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_warning_count(flowseal_verifying_keys keys,
                                                      size_t *count);

/**
 * Which one it is, by its kid, shortened, and why it was skipped: a sentence for a log.
 *
 * @param keys The list.
 * @param index Which, from 0.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_warning(flowseal_verifying_keys keys,
                                                size_t index,
                                                char *buffer,
                                                size_t capacity,
                                                size_t *len);

/**
 * Frees a list of keys.
 *
 * @param verifying_keys The handle, unusable from here on. A call that uses it in another thread
 *     ends as if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_keys_free(flowseal_verifying_keys verifying_keys);

/**
 * Options that change nothing.
 *
 * @param[out] options The options, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_key_options_new(flowseal_verifying_key_options *options);

/**
 * The name of the key, for a file that gives it none.
 *
 * @param options The options.
 * @param kid The name.
 * @param kid_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_key_options_set_kid(flowseal_verifying_key_options options,
                                                       const char *kid,
                                                       size_t kid_len);

/**
 * The profile by whose algorithm the keys of a set are chosen.
 *
 * @param options The options.
 * @param profile The profile.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_key_options_set_profile(flowseal_verifying_key_options options,
                                                           flowseal_profile profile);

/**
 * Accepts keys whose public exponent is 3.
 *
 * @param options The options.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_key_options_allow_exponent_three(flowseal_verifying_key_options options);

/**
 * Frees the options of public keys.
 *
 * @param verifying_key_options The handle, unusable from here on. A call that uses it in another
 *     thread ends as if nothing had happened, and what stands behind it is wiped when the last
 *     such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verifying_key_options_free(flowseal_verifying_key_options verifying_key_options);

/**
 * Reads the body of a webhook.
 *
 * @param json The body.
 * @param json_len Its length in bytes.
 * @param[out] webhook The webhook, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_WEBHOOK for a body that is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_from_json(const char *json,
                                           size_t json_len,
                                           flowseal_webhook *webhook,
                                           flowseal_error *error);

/**
 * The ping that confirms it, for the one flow that it is about and that the caller waits for. Send
 * it, and believe its answer alone.
 *
 * The functions are called before this one returns, in the same thread. Where it refuses nothing
 * is remembered, so that the sender's next try is heard.
 *
 * @param webhook The webhook.
 * @param config The configuration.
 * @param token The session token, which v1 needs; may be NULL.
 * @param flow_of Tells which of the caller's flows waits for a reference.
 * @param remember Remembers a webhook, so that it is taken once.
 * @param context Given to both functions as it is; may be NULL.
 * @param now_unix_seconds The time.
 * @param[out] request The ping, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_WEBHOOK_UNMATCHED for references that the
 *     caller waits for none of, FLOWSEAL_STATUS_WEBHOOK for those of several flows,
 *     FLOWSEAL_STATUS_WEBHOOK_REPLAYED for one that has come before, FLOWSEAL_STATUS_TIME,
 *     FLOWSEAL_STATUS_API_UNAUTHORIZED in v1 without a token.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_confirm(flowseal_webhook webhook,
                                         flowseal_api_config config,
                                         const flowseal_session_token *token,
                                         flowseal_flow_of_callback flow_of,
                                         flowseal_remember_callback remember,
                                         void *context,
                                         int64_t now_unix_seconds,
                                         flowseal_request *request,
                                         flowseal_error *error);

/**
 * Frees a webhook.
 *
 * @param webhook The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_webhook_free(flowseal_webhook webhook);

/**
 * English.
 *
 * @param[out] words The words, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_words_english(flowseal_words *words);

/**
 * French.
 *
 * @param[out] words The words, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_words_french(flowseal_words *words);

/**
 * The app's own: an object with a text for each key, and nothing else, so that no sentence is
 * left in another voice.
 *
 * @param json The object.
 * @param json_len Its length in bytes.
 * @param[out] words The words, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for a key that is missing, unknown or
 *     without a text, and for anything that is not such an object.
 *
 * Thread-safe.
 */
flowseal_status flowseal_words_from_json(const char *json,
                                         size_t json_len,
                                         flowseal_words *words,
                                         flowseal_error *error);

/**
 * The sentence for a situation.
 *
 * @param words The words.
 * @param situation A number of `flowseal_situation`.
 * @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_USAGE for another
 *     number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_words_text(flowseal_words words,
                                    uint32_t situation,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *len);

/**
 * Frees words.
 *
 * @param words The handle, unusable from here on. A call that uses it in another thread ends as
 *     if nothing had happened, and what stands behind it is wiped when the last such call
 *     returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_words_free(flowseal_words words);

/**
 * What an error means for the person. It says less than the error: not which check failed, and
 * nothing of the service's own mistakes.
 *
 * @param error The error.
 * @param[out] situation The situation.
 *
 * Thread-safe.
 */
flowseal_status flowseal_situation_of_error(flowseal_error error,
                                            flowseal_situation *situation);

/**
 * What an error of this status means for the person, where there are no details of it.
 *
 * @param status A number of `flowseal_status`.
 * @param[out] situation The situation.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for 0 and a number that is not a status.
 *
 * Thread-safe.
 */
flowseal_status flowseal_situation_of_status(uint32_t status,
                                             flowseal_situation *situation);

/**
 * What to offer the person.
 *
 * @param situation A number of `flowseal_situation`.
 * @param[out] next What to offer.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_situation_next(uint32_t situation,
                                        flowseal_next_step *next);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* FLOWSEAL_H */
