/*
 * flowseal: verify and open the flows of the pasby e-ID.
 *
 * Made by `cargo xtask header` from bindings/c/src. Do not edit.
 *
 * What holds for every function:
 *
 * - It returns a status: 0 for done, else a number of `enum flowseal_status`. Outputs stand last, and
 *   are written on success alone, but for three: the length that a too short buffer needs, details
 *   of the error, and the report of a refused flow.
 * - A handle is a number and no pointer. One that is zero, freed, freed twice, of another type or of
 *   another process is an error and does nothing. Whoever receives a handle frees it with the
 *   function of its type; functions never free handles that they are given.
 * - Pointers are not NULL unless it says so. Inputs have explicit lengths and need no NUL at their
 *   end; where a length is 0, its pointer may be NULL. Inputs are copied or read during the call
 *   only. A pointer must lead to as many values as its length says, and outputs must overlap
 *   neither inputs nor each other: that alone cannot be checked here.
 * - Text is UTF-8. Text and bytes come out into memory of the caller's: `buffer`, `capacity`, `len`.
 *   A buffer of NULL and 0 asks for the length, with FLOWSEAL_STATUS_SHORT_BUFFER.
 * - Every function may be called from every thread at any time, with the same handles. There is no
 *   state of a thread: an error is an output, to be freed like every other.
 * - What is secret is wiped when its handle is freed and the last call that uses it has returned.
 *   What was copied into a buffer is the caller's to wipe, as are the inputs.
 * - A moment is in Unix seconds and given by the caller. There is no clock, file or socket here.
 */

#ifndef FLOWSEAL_H
#define FLOWSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
   * A file could not be read or written. The core never gives it: it reads no files.
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
   * JSON, but no flow: another response of the API, or something else.
   */
  FLOWSEAL_STATUS_NOT_A_FLOW = 8,
  /**
   * A successful ping without data: the flow has expired.
   */
  FLOWSEAL_STATUS_FLOW_EXPIRED = 9,
  /**
   * A member of the flow is missing or of the wrong type.
   */
  FLOWSEAL_STATUS_FLOW_MALFORMED = 10,
  /**
   * A claim's name holds a dot, which its path could not tell from a level.
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
   * Not a key in any form that is read.
   */
  FLOWSEAL_STATUS_KEY_FORMAT = 14,
  /**
   * A key, but not of the kind that is needed here.
   */
  FLOWSEAL_STATUS_KEY_KIND = 15,
  /**
   * The modulus is too short, too long, or the exponent is out of bounds.
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
   * The user has not approved the flow yet.
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
   * The signature is valid, but something that was asked for is not so.
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
   * A leaf's ciphertext is not between 2 and the modulus less 2.
   */
  FLOWSEAL_STATUS_CLAIM_RANGE = 52,
  /**
   * No key of the ring is of the size that the leaves are sealed under.
   */
  FLOWSEAL_STATUS_NO_DECRYPTING_KEY = 53,
  /**
   * The claims do not open: one verdict for the flow, whatever was wrong with which leaf.
   */
  FLOWSEAL_STATUS_CLAIM_UNOPENABLE = 54,
  /**
   * A claim's text is not of the type asked for.
   */
  FLOWSEAL_STATUS_CLAIM_TYPE = 55,
  /**
   * A computation failed its own check. Nothing was released.
   */
  FLOWSEAL_STATUS_INTERNAL_FAULT = 70,
  /**
   * The operating system gave no randomness.
   */
  FLOWSEAL_STATUS_NO_RANDOMNESS = 71,
  /**
   * The engine that was asked for by name is not to be had here.
   */
  FLOWSEAL_STATUS_ENGINE_UNAVAILABLE = 72,
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
   * The API refuses the request, and will again.
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
   * The caller's deadline has passed before the flow has ended.
   */
  FLOWSEAL_STATUS_DEADLINE_PASSED = 111,
  /**
   * The session has ended before, and has given its outcome then.
   */
  FLOWSEAL_STATUS_SESSION_OVER = 112,
  /**
   * The body of a webhook is none.
   */
  FLOWSEAL_STATUS_WEBHOOK = 113,
  /**
   * A webhook of a flow that the caller does not wait for.
   */
  FLOWSEAL_STATUS_WEBHOOK_UNMATCHED = 114,
  /**
   * A webhook that has come before.
   */
  FLOWSEAL_STATUS_WEBHOOK_REPLAYED = 115,
} flowseal_status;

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
} flowseal_claim_type;

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
 * What a flow must be beside genuine: the caller's own.
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
 * A flow whose e-signature is valid and of which nothing that was expected failed.
 *
 * What it tells is under the signature; the rest is in flowseal_verified_unauthenticated().
 *
 * Thread-safe. Freed with flowseal_verified_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_verified;

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
 * The keys that a flow may be sealed to.
 *
 * Thread-safe; a call takes the ring as it stands when it begins. Freed with flowseal_ring_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_ring;

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
 * Opened claims. They are wiped when freed; copies that were given out are the caller's to wipe.
 *
 * Thread-safe. Freed with flowseal_claims_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_claims;

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
 * An app's private key, bound to one padding. It is wiped when it and the rings that hold it are
 * freed.
 *
 * Thread-safe. Freed with flowseal_key_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_key;

/**
 * How to load a private key.
 *
 * Thread-safe; a call takes the options as they stand when it begins. Freed with
 * flowseal_key_options_free().
 */
typedef struct {
  /**
   * A number of the library's; not to be changed.
   */
  uint64_t id;
} flowseal_key_options;

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

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Verifies many flows at once, on as many threads as flowseal_verifier_threads() says.
 *
 * A refused flow does not stop the others: the status of each is in `statuses`. Each place of
 * `verified`, `reports` and `errors` gets a handle or, where there is none for that flow, zeros.
 *
 * @param flows The flows; they stay as they were.
 * @param expectations What each flow must be, in the same order; one of them may stand here
 *     several times.
 * @param count How many flows there are, and places in each of the lists.
 * @param verifier Whose keys are trusted.
 * @param now The moment against which they are judged, in Unix seconds.
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
flowseal_status flowseal_verify_many(const flowseal_flow *flows,
                                     const flowseal_expectations *expectations,
                                     size_t count,
                                     flowseal_verifier verifier,
                                     int64_t now,
                                     flowseal_status *statuses,
                                     flowseal_verified *verified,
                                     flowseal_report *reports,
                                     flowseal_error *errors,
                                     flowseal_error *error);

/**
 * Opens many verified flows at once, on as many threads as the options say.
 *
 * A refused flow does not stop the others: the status of each is in `statuses`. Each place of
 * `claims` and `errors` gets a handle or, where there is none for that flow, zeros.
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
flowseal_status flowseal_open_many(const flowseal_verified *verified,
                                   size_t count,
                                   flowseal_ring ring,
                                   flowseal_open_options options,
                                   flowseal_status *statuses,
                                   flowseal_claims *claims,
                                   flowseal_error *errors,
                                   flowseal_error *error);

/**
 * How many claims there are.
 *
 * @param claims The claims.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_count(flowseal_claims claims,
                                      size_t *count);

/**
 * The path of a claim, such as `naming.given`, in the flow's order.
 *
 * @param claims The claims.
 * @param index Which, from 0.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_path(flowseal_claims claims,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_text(flowseal_claims claims,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_text_at(flowseal_claims claims,
                                        size_t index,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * What a claim is: text, a boolean or a list.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] kind Its type.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_type(flowseal_claims claims,
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
flowseal_status flowseal_claims_boolean(flowseal_claims claims,
                                        const char *path,
                                        size_t path_len,
                                        bool *boolean);

/**
 * A claim that is digits, with its leading zeros. FLOWSEAL_STATUS_CLAIM_TYPE for any other.
 *
 * @param claims The claims.
 * @param path The claim's path.
 * @param path_len Its length in bytes.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_digits(flowseal_claims claims,
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
flowseal_status flowseal_claims_date(flowseal_claims claims,
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
flowseal_status flowseal_claims_list_count(flowseal_claims claims,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_list_item(flowseal_claims claims,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_to_json(flowseal_claims claims,
                                        char *buffer,
                                        size_t capacity,
                                        size_t *len);

/**
 * Whether they were opened of a verified flow.
 *
 * @param claims The claims.
 * @param[out] verified False for flowseal_flow_open_unverified().
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_verified(flowseal_claims claims,
                                         bool *verified);

/**
 * The report of the flow that they were opened of.
 *
 * @param claims The claims.
 * @param[out] report The report, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_claims_report(flowseal_claims claims,
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
flowseal_status flowseal_claims_free(flowseal_claims claims);

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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL.
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
flowseal_status flowseal_evidence_check(flowseal_evidence evidence,
                                        flowseal_verifying_keys keys,
                                        flowseal_report *report,
                                        flowseal_error *error);

/**
 * The evidence as a file.
 *
 * @param evidence The evidence.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the bytes; NULL with a capacity of 0 asks for the
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * Ties the flow to nothing of the caller's: any flow that anyone ever signed will do.
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
flowseal_status flowseal_expectations_reference(flowseal_expectations expectations,
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
flowseal_status flowseal_expectations_requester(flowseal_expectations expectations,
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
flowseal_status flowseal_expectations_requestee(flowseal_expectations expectations,
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
flowseal_status flowseal_expectations_mode(flowseal_expectations expectations,
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
flowseal_status flowseal_expectations_max_age(flowseal_expectations expectations,
                                              uint64_t seconds);

/**
 * The seconds by which the signer's clock may differ from the caller's; 0 unless given.
 *
 * @param expectations What is set up.
 * @param seconds The seconds.
 *
 * Thread-safe.
 */
flowseal_status flowseal_expectations_leeway(flowseal_expectations expectations,
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
flowseal_status flowseal_expectations_claims(flowseal_expectations expectations,
                                             const flowseal_slice *paths,
                                             size_t paths_count);

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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * The state as it shows from outside: `pending`, `cancelled`, and so on.
 *
 * @param flow The flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_state(flowseal_flow flow,
                                    char *buffer,
                                    size_t capacity,
                                    size_t *len);

/**
 * The e-signature as it was sent, not looked at.
 *
 * @param flow The flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] seconds The moment.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_iat(flowseal_flow flow,
                                  int64_t *seconds);

/**
 * When the flow was signed, in Unix seconds; proved by nobody.
 *
 * @param flow The flow.
 * @param[out] seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_signed_at(flowseal_flow flow,
                                        int64_t *seconds);

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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
flowseal_status flowseal_key_load(const void *file,
                                  size_t file_len,
                                  flowseal_key *key,
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
flowseal_status flowseal_key_load_with(const void *file,
                                       size_t file_len,
                                       flowseal_key_options options,
                                       flowseal_key *key,
                                       flowseal_error *error);

/**
 * SHA-256 of the public half's SubjectPublicKeyInfo, in lower-case hexadecimal.
 *
 * @param key The key.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_fingerprint(flowseal_key key,
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
flowseal_status flowseal_key_bits(flowseal_key key,
                                  size_t *bits);

/**
 * The name that the key was given.
 *
 * @param key The key.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_kid(flowseal_key key,
                                 char *buffer,
                                 size_t capacity,
                                 size_t *len);

/**
 * The padding that the key is bound to, such as `rsaes-oaep-sha256`.
 *
 * @param key The key.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_padding(flowseal_key key,
                                     char *buffer,
                                     size_t capacity,
                                     size_t *len);

/**
 * Frees a key.
 *
 * @param key The handle, unusable from here on. A call that uses it in another thread ends as if
 *     nothing had happened, and what stands behind it is wiped when the last such call returns.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_free(flowseal_key key);

/**
 * Options that change nothing.
 *
 * @param[out] options The options, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_options_new(flowseal_key_options *options);

/**
 * The passphrase of an encrypted key. It is copied; the copy is wiped when the options are freed.
 *
 * @param options The options.
 * @param passphrase Its bytes.
 * @param passphrase_len How many.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_options_passphrase(flowseal_key_options options,
                                                const void *passphrase,
                                                size_t passphrase_len);

/**
 * The name of the key, by which flowseal_ring_only() finds it.
 *
 * @param options The options.
 * @param kid The name.
 * @param kid_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_options_kid(flowseal_key_options options,
                                         const char *kid,
                                         size_t kid_len);

/**
 * The padding for this key alone.
 *
 * @param options The options.
 * @param padding `rsaes-pkcs1-v1_5`, `rsaes-oaep-sha256` or `rsaes-oaep-sha1`.
 * @param padding_len Its length in bytes.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is no padding of that name,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_options_padding(flowseal_key_options options,
                                             const char *padding,
                                             size_t padding_len);

/**
 * The profile whose padding the key gets, which then has to be that of the whole operation.
 *
 * @param options The options.
 * @param profile The profile.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_options_profile(flowseal_key_options options,
                                             flowseal_profile profile);

/**
 * Accepts a key of 1024 bits, which is weak.
 *
 * @param options The options.
 *
 * Thread-safe.
 */
flowseal_status flowseal_key_options_allow_1024_bits(flowseal_key_options options);

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
flowseal_status flowseal_key_options_free(flowseal_key_options key_options);

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
flowseal_status flowseal_open_options_profile(flowseal_open_options options,
                                              flowseal_profile profile);

/**
 * Computes on so many threads; 1 unless given.
 *
 * @param options The options.
 * @param threads How many.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for none at all.
 *
 * Thread-safe.
 */
flowseal_status flowseal_open_options_threads(flowseal_open_options options,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * The report as a JSON array of `{"check", "outcome", "why"}`.
 *
 * @param report The report.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * The name of a check, such as `claims_signed`.
 *
 * @param report The report.
 * @param index Which, from 0.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_check(flowseal_report report,
                                      size_t index,
                                      char *buffer,
                                      size_t capacity,
                                      size_t *len);

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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * What the check of this name found.
 *
 * @param report The report.
 * @param check Its name.
 * @param check_len Its length in bytes.
 * @param[out] outcome The outcome.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is no check of that name,
 *     FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_report_outcome_of(flowseal_report report,
                                           const char *check,
                                           size_t check_len,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * A ring without keys.
 *
 * @param[out] ring The ring, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_ring_new(flowseal_ring *ring);

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
flowseal_status flowseal_ring_add(flowseal_ring ring,
                                  flowseal_key key,
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
flowseal_status flowseal_ring_only(flowseal_ring ring,
                                   const char *name,
                                   size_t name_len,
                                   flowseal_ring *only,
                                   flowseal_error *error);

/**
 * How many keys there are.
 *
 * @param ring The ring.
 * @param[out] count Their number.
 *
 * Thread-safe.
 */
flowseal_status flowseal_ring_count(flowseal_ring ring,
                                    size_t *count);

/**
 * The fingerprint of a key, in the order in which they were added.
 *
 * @param ring The ring.
 * @param index Which, from 0.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
 *
 * Thread-safe.
 */
flowseal_status flowseal_ring_fingerprint(flowseal_ring ring,
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
flowseal_status flowseal_ring_free(flowseal_ring ring);

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
 *     and those of flowseal_key_load().
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_key(flowseal_service_account account,
                                             flowseal_key *key,
                                             flowseal_error *error);

/**
 * The app's private key with a passphrase, a name, a padding or a profile.
 *
 * @param account The service account.
 * @param options How to load it.
 * @param[out] key The key, to be freed.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: those of flowseal_service_account_key().
 *
 * Thread-safe.
 */
flowseal_status flowseal_service_account_key_with(flowseal_service_account account,
                                                  flowseal_key_options options,
                                                  flowseal_key *key,
                                                  flowseal_error *error);

/**
 * The app, `app_…`.
 *
 * @param account The service account.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * The version of this library, such as `0.1.0`.
 *
 * @return Text that ends with a NUL and lives as long as the library. Never NULL.
 *
 * Thread-safe.
 */
const char *flowseal_version(void);

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
flowseal_status flowseal_verified_open(flowseal_verified verified,
                                       flowseal_ring ring,
                                       flowseal_claims *claims,
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
flowseal_status flowseal_verified_open_with(flowseal_verified verified,
                                            flowseal_ring ring,
                                            flowseal_open_options options,
                                            flowseal_claims *claims,
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
flowseal_status flowseal_verified_open_partial(flowseal_verified verified,
                                               flowseal_ring ring,
                                               flowseal_open_options options,
                                               flowseal_claims *claims,
                                               flowseal_failures *failures,
                                               flowseal_error *error);

/**
 * The `reference`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_reference(flowseal_verified verified,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The `requester`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_requester(flowseal_verified verified,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The `requestee`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_requestee(flowseal_verified verified,
                                            char *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The `mode`, signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_mode(flowseal_verified verified,
                                       char *buffer,
                                       size_t capacity,
                                       size_t *len);

/**
 * When the flow was started, in Unix seconds; signed. Absent where the statement does not cover
 * it.
 *
 * @param verified The verified flow.
 * @param[out] seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_iat(flowseal_verified verified,
                                      int64_t *seconds);

/**
 * When it was signed, in Unix seconds; signed. Absent where the statement does not cover it.
 *
 * @param verified The verified flow.
 * @param[out] seconds The moment.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_signed_at(flowseal_verified verified,
                                            int64_t *seconds);

/**
 * A member that the signature covers, as JSON.
 *
 * @param verified The verified flow.
 * @param name The member's name.
 * @param name_len Its length in bytes.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
 *     is none, FLOWSEAL_STATUS_NOT_UTF8.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_member(flowseal_verified verified,
                                         const char *name,
                                         size_t name_len,
                                         char *buffer,
                                         size_t capacity,
                                         size_t *len);

/**
 * The bytes that were signed.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len Their number; also where the buffer is too short for them.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_statement(flowseal_verified verified,
                                            uint8_t *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * The e-signature.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the bytes; NULL with a capacity of 0 asks for the
 *     length.
 * @param capacity How many bytes it holds.
 * @param[out] len Their number; also where the buffer is too short for them.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_signature(flowseal_verified verified,
                                            uint8_t *buffer,
                                            size_t capacity,
                                            size_t *len);

/**
 * What to remember, so that the same flow is not accepted twice.
 *
 * @param verified The verified flow.
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
 *     of 0 asks for the length.
 * @param capacity How many bytes it holds.
 * @param[out] len The length of the text; also where the buffer is too short for it.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_replay_key(flowseal_verified verified,
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
flowseal_status flowseal_verified_report(flowseal_verified verified,
                                         flowseal_report *report);

/**
 * What an auditor must keep of it.
 *
 * @param verified The verified flow.
 * @param[out] evidence The evidence, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_evidence(flowseal_verified verified,
                                           flowseal_evidence *evidence);

/**
 * The flow as it was received, whatever the signature covers.
 *
 * @param verified The verified flow.
 * @param[out] flow The flow, to be freed.
 *
 * Thread-safe.
 */
flowseal_status flowseal_verified_unauthenticated(flowseal_verified verified,
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
flowseal_status flowseal_verified_free(flowseal_verified verified);

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
flowseal_status flowseal_verifier_profile(flowseal_verifier verifier,
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
flowseal_status flowseal_verifier_threads(flowseal_verifier verifier,
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
 * @param now The moment against which it is judged, in Unix seconds.
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
flowseal_status flowseal_flow_verify(flowseal_flow flow,
                                     flowseal_verifier verifier,
                                     flowseal_expectations expectations,
                                     int64_t now,
                                     flowseal_verified *verified,
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
 * @param now The moment against which it is judged, in Unix seconds.
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
flowseal_status flowseal_flow_verify_detached(flowseal_flow flow,
                                              flowseal_verifier verifier,
                                              flowseal_expectations expectations,
                                              const void *statement,
                                              size_t statement_len,
                                              const flowseal_slice *covers,
                                              size_t covers_count,
                                              int64_t now,
                                              flowseal_verified *verified,
                                              flowseal_report *report,
                                              flowseal_error *error);

/**
 * Opens the claims of a flow whose e-signature nobody has looked at.
 *
 * Anyone can encrypt to an app's public key: such claims may be anyone's, and whoever can send
 * flows here and watch
 * the answers has part of a padding oracle (SECURITY.md). What is expected of the flow is held
 * against it all the same.
 *
 * @param flow The flow.
 * @param ring The keys that it may be sealed to.
 * @param expectations What the flow must be.
 * @param now The moment against which it is judged, in Unix seconds.
 * @param options What to open, and how.
 * @param[out] claims The claims, to be freed; on success alone.
 * @param[out] report What was looked at and found, to be freed; on success, and on a refusal that
 *     has one. May be NULL.
 * @param[out] error Details where the call refuses, to be freed; may be NULL.
 * @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_TIME, FLOWSEAL_STATUS_FLOW_PENDING,
 *     FLOWSEAL_STATUS_FLOW_CANCELLED, FLOWSEAL_STATUS_EXPECTATION_FAILED, and those of
 *     flowseal_verified_open().
 *
 * Thread-safe.
 */
flowseal_status flowseal_flow_open_unverified(flowseal_flow flow,
                                              flowseal_ring ring,
                                              flowseal_expectations expectations,
                                              int64_t now,
                                              flowseal_open_options options,
                                              flowseal_claims *claims,
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
 * @param[out] buffer Memory of the caller's for the text, which gets no NUL; NULL with a capacity
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
flowseal_status flowseal_verifying_key_options_kid(flowseal_verifying_key_options options,
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
flowseal_status flowseal_verifying_key_options_profile(flowseal_verifying_key_options options,
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

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* FLOWSEAL_H */
