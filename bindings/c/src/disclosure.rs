//! Some claims of a verified flow for someone else, with the proof.

use std::ffi::{c_char, c_void};

use flowseal::{AppKey, Disclosed, Disclosure, Error};

use crate::edge::{Out, at, call, flowseal_slice, get, take};
use crate::error::{ABSENT, Failure, flowseal_error};
use crate::evidence::flowseal_evidence;
use crate::handle::{Handle, handle};
use crate::key_ring::flowseal_key_ring;
use crate::opened_claims::flowseal_opened_claims;
use crate::profile::flowseal_profile;
use crate::report::flowseal_report;
use crate::status::flowseal_status;
use crate::verified_flow::flowseal_verified_flow;
use crate::verify::tell;
use crate::verifying_keys::flowseal_verifying_keys;

/// An app's public key, under which disclosures of flows that were sealed to it are checked.
///
/// It has to come from somewhere other than the disclosure: whoever chooses the key afterwards may
/// choose one that fits.
///
/// Thread-safe. Freed with flowseal_app_key_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_app_key {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_app_key, AppKey, 60);

/// Some claims of a flow that a person signed, with the proof, and without the others.
///
/// Whoever has the file also sees the national number, the reference, the times, and the names of
/// all claims beside their ciphertexts. It is wiped when freed; copies that were given out are the
/// caller's to wipe.
///
/// Thread-safe. Freed with flowseal_disclosure_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_disclosure {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_disclosure, Disclosure, 61);

/// What a disclosure has proved beside the claims: the signed members around them, and which claims
/// are withheld.
///
/// Thread-safe. Freed with flowseal_disclosed_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_disclosed {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_disclosed, Signed, 62);

/// The same without the claims, which have a handle of their own.
pub(crate) struct Signed {
    withheld: Vec<String>,
    reference: Option<String>,
    requester: Option<String>,
    requestee: Option<String>,
    signed_at: Option<i64>,
}

impl Signed {
    fn of(disclosed: &Disclosed) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let signed_at = disclosed.signed_at();
        Self {
            withheld: disclosed.withheld().to_vec(),
            reference: owned(disclosed.reference()),
            requester: owned(disclosed.requester()),
            requestee: owned(disclosed.requestee()),
            signed_at: signed_at.and_then(|at| i64::try_from(at.seconds()).ok()),
        }
    }
}

/// Reads the one public key of a file: PEM or DER, with the public exponent 65537.
///
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_app_key_load(
    file: *const c_void,
    file_len: usize,
    key: *mut flowseal_app_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(file, file_len), out(key)),
        |(file, key)| key.put(AppKey::load(file)?),
    )
}

/// The same of a key that is known to have another public exponent than 65537.
///
/// @param file The bytes of the file.
/// @param file_len How many.
/// @param exponent The exponent that it must have.
/// @param[out] key The key, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_FORMAT to FLOWSEAL_STATUS_KEY_AMBIGUOUS.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_app_key_load_with_exponent(
    file: *const c_void,
    file_len: usize,
    exponent: u64,
    key: *mut flowseal_app_key,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(file, file_len), value(exponent), out(key)),
        |(file, exponent, key)| key.put(AppKey::options().with_exponent(exponent).load(file)?),
    )
}

/// SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hexadecimal.
///
/// @param key The key.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_app_key_fingerprint(
    key: flowseal_app_key,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(key to buffer(buffer, capacity, len): copy(key.fingerprint().to_string().as_bytes()))
}

/// Frees an app's public key.
///
/// @param key The handle, unusable from here on. A call that uses it in another thread ends as if
///     nothing had happened.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_app_key_free(key: flowseal_app_key) -> flowseal_status {
    call(|| (None, Ok(())), |()| key.free())
}

/// Shows the claims at or under these paths to whoever gets the result, with the proof, and
/// withholds the others.
///
/// @param verified The verified flow.
/// @param ring The keys that it may be sealed to.
/// @param paths The paths of claims or groups.
/// @param paths_count Their number, at least one.
/// @param[out] disclosure The disclosure, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE without a path, or with an empty one;
///     FLOWSEAL_STATUS_DISCLOSURE for a path at which no claim is signed;
///     FLOWSEAL_STATUS_DISCLOSURE_INVALID, whose detail FLOWSEAL_DETAIL_WHY says why the claims may
///     not be shown; those of flowseal_verified_flow_open(), which all claims have to pass.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_verified_flow_disclose(
    verified: flowseal_verified_flow,
    ring: flowseal_key_ring,
    paths: *const flowseal_slice,
    paths_count: usize,
    disclosure: *mut flowseal_disclosure,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(verified), handle(ring), texts(paths, paths_count), out(disclosure)),
        |(verified, ring, paths, disclosure)| {
            disclosure.put(verified.disclose(ring.value().core(), paths)?)
        },
    )
}

/// Reads a disclosure file. Nothing of it is proved yet.
///
/// @param json The text of the file.
/// @param json_len Its length in bytes.
/// @param[out] disclosure The disclosure, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_DISCLOSURE, FLOWSEAL_STATUS_JSON and its
///     relatives.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_from_json(
    json: *const c_char,
    json_len: usize,
    disclosure: *mut flowseal_disclosure,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; bytes(json, json_len), out(disclosure)),
        |(json, disclosure)| disclosure.put(Disclosure::from_json(json)?),
    )
}

/// The disclosure as a file: to hand it to someone is to show the claims in it.
///
/// @param disclosure The disclosure.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_to_json(
    disclosure: flowseal_disclosure,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosure to buffer(buffer, capacity, len):
        copy(disclosure.to_json().expose_secret().as_bytes()))
}

/// How many claims it shows.
///
/// @param disclosure The disclosure.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_count(
    disclosure: flowseal_disclosure,
    count: *mut usize,
) -> flowseal_status {
    get!(disclosure to out(count): set(disclosure.paths().count()))
}

/// The path of a claim that it shows.
///
/// @param disclosure The disclosure.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_path(
    disclosure: flowseal_disclosure,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosure[index] to buffer(buffer, capacity, len):
        copy(at(disclosure.paths(), index)?.as_bytes()))
}

/// The fingerprint that the file gives the app's key: a note.
///
/// @param disclosure The disclosure.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_app_key_fingerprint(
    disclosure: flowseal_disclosure,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosure to buffer(buffer, capacity, len):
        copy(disclosure.app_key_fingerprint().as_bytes()))
}

/// The proof that the person signed the ciphertexts.
///
/// @param disclosure The disclosure.
/// @param[out] evidence The evidence, to be freed.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_evidence(
    disclosure: flowseal_disclosure,
    evidence: *mut flowseal_evidence,
) -> flowseal_status {
    get!(disclosure to out(evidence): put(disclosure.evidence().clone()))
}

/// Verifies the signature, and for each claim that what is shown is what was sealed and signed.
///
/// Both keys have to come from somewhere other than the file.
///
/// @param disclosure The disclosure.
/// @param app_key The key of the app that the claims were sealed to.
/// @param keys The keys that the person may have signed with.
/// @param[out] claims The claims that are shown, to be freed.
/// @param[out] disclosed The signed members around them, to be freed.
/// @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
///     be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_KEY_CONFLICT, FLOWSEAL_STATUS_NO_VERIFYING_KEY,
///     FLOWSEAL_STATUS_SIGNATURE_INVALID, FLOWSEAL_STATUS_DISCLOSURE,
///     FLOWSEAL_STATUS_DISCLOSURE_INVALID, whose detail FLOWSEAL_DETAIL_WHY says which part proves
///     nothing.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_check(
    disclosure: flowseal_disclosure,
    app_key: flowseal_app_key,
    keys: flowseal_verifying_keys,
    claims: *mut flowseal_opened_claims,
    disclosed: *mut flowseal_disclosed,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(disclosure), handle(app_key), handle(keys), out(claims),
            out(disclosed), optional(report)),
        |(disclosure, app_key, keys, claims, disclosed, report)| {
            let checked = disclosure.check(&app_key, &keys.value());
            handed_out(checked, claims, disclosed, report)
        },
    )
}

/// The same under the profile of the time, which leads.
///
/// @param disclosure The disclosure.
/// @param app_key The key of the app that the claims were sealed to.
/// @param keys The keys that the person may have signed with.
/// @param profile The profile.
/// @param[out] claims The claims that are shown, to be freed.
/// @param[out] disclosed The signed members around them, to be freed.
/// @param[out] report What was found, to be freed; on success, and on a refusal that has one. May
///     be NULL.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: those of flowseal_disclosure_check(),
///     FLOWSEAL_STATUS_PROFILE_MISMATCH where the file has another statement, algorithm or padding.
///
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosure_check_under(
    disclosure: flowseal_disclosure,
    app_key: flowseal_app_key,
    keys: flowseal_verifying_keys,
    profile: flowseal_profile,
    claims: *mut flowseal_opened_claims,
    disclosed: *mut flowseal_disclosed,
    report: *mut flowseal_report,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(disclosure), handle(app_key), handle(keys), handle(profile),
            out(claims), out(disclosed), optional(report)),
        |(disclosure, app_key, keys, profile, claims, disclosed, report)| {
            let checked = disclosure.check_under(&app_key, &keys.value(), &profile);
            handed_out(checked, claims, disclosed, report)
        },
    )
}

/// Everything that a check gives, or nothing but a refusal's report.
fn handed_out(
    checked: Result<Disclosed, Error>,
    claims: Out<flowseal_opened_claims>,
    disclosed: Out<flowseal_disclosed>,
    report: Option<Out<flowseal_report>>,
) -> Result<(), Failure> {
    let checked = match checked.map_err(Failure::from) {
        Ok(checked) => checked,
        Err(failure) => {
            tell(report, failure.report())?;
            return Err(failure);
        }
    };
    let signed = flowseal_disclosed::insert(Signed::of(&checked))?;
    let told = checked.report().clone();
    let opened = flowseal_opened_claims::insert(checked.into_claims()).inspect_err(|_| {
        // The caller will not know of it.
        let _ = signed.free();
    })?;
    tell(report, Some(&told)).inspect_err(|_| {
        let _ = (signed.free(), opened.free());
    })?;
    claims.set(opened)?;
    disclosed.set(signed)
}

/// Frees a disclosure.
///
/// @param disclosure The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_disclosure_free(disclosure: flowseal_disclosure) -> flowseal_status {
    call(|| (None, Ok(())), |()| disclosure.free())
}

/// How many claims were signed and are not shown.
///
/// @param disclosed What was proved.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosed_withheld_count(
    disclosed: flowseal_disclosed,
    count: *mut usize,
) -> flowseal_status {
    get!(disclosed to out(count): set(disclosed.withheld.len()))
}

/// The path of a claim that was signed and is not shown.
///
/// @param disclosed What was proved.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosed_withheld(
    disclosed: flowseal_disclosed,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosed[index] to buffer(buffer, capacity, len):
        copy(at(disclosed.withheld.iter(), index)?.as_bytes()))
}

/// The `reference`, signed.
///
/// @param disclosed What was proved.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosed_reference(
    disclosed: flowseal_disclosed,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosed to buffer(buffer, capacity, len): copy_if_present(disclosed.reference.as_ref()))
}

/// The `requester`, signed.
///
/// @param disclosed What was proved.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosed_requester(
    disclosed: flowseal_disclosed,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosed to buffer(buffer, capacity, len): copy_if_present(disclosed.requester.as_ref()))
}

/// The `requestee`, signed: the national number of the person.
///
/// @param disclosed What was proved.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_ABSENT where there
///     is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosed_requestee(
    disclosed: flowseal_disclosed,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(disclosed to buffer(buffer, capacity, len): copy_if_present(disclosed.requestee.as_ref()))
}

/// When the person signed, in Unix seconds; signed.
///
/// @param disclosed What was proved.
/// @param[out] unix_seconds The moment.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_ABSENT where there is none.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_disclosed_signed_at_unix_seconds(
    disclosed: flowseal_disclosed,
    unix_seconds: *mut i64,
) -> flowseal_status {
    get!(disclosed to out(unix_seconds): set(disclosed.signed_at.ok_or(ABSENT)?))
}

/// Frees what a disclosure has proved.
///
/// @param disclosed The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_disclosed_free(disclosed: flowseal_disclosed) -> flowseal_status {
    call(|| (None, Ok(())), |()| disclosed.free())
}
