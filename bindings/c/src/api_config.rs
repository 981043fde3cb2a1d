//! What every request to the API needs.

use std::ffi::{c_char, c_void};
use std::sync::Arc;

use flowseal::SecretText;
use flowseal::api::{ApiConfig, ApiVersion, Environment, PollingCredentials};

use crate::edge::{at, call, get, take};
use crate::error::{Failure, flowseal_error};
use crate::handle::{Handle, handle};
use crate::service_account::flowseal_service_account;
use crate::setting::Setting;
use crate::status::flowseal_status;

/// What every request to the API needs: version, environment, credentials and identifiers. The
/// credentials are wiped when it is freed; they appear in no URL and no error.
///
/// A call takes the configuration as it stands when it begins; a session keeps the one that it
/// began with.
///
/// Thread-safe. Freed with flowseal_api_config_free().
#[repr(C)]
#[derive(Clone, Copy)]
pub struct flowseal_api_config {
    /// A number of the library's; not to be changed.
    pub id: u64,
}
handle!(flowseal_api_config, Setting<Arc<ApiConfig>>, 19);

/// A version of the API.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_api_version {
    /// A session token comes first: authorize, then everything else with the token.
    V1 = 1,
    /// Universal authentication: every request carries the API key and the app secret.
    V2 = 2,
}

/// An environment of the API.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_environment {
    /// People are real: `bk-live_` and `prd_`.
    Production = 1,
    /// For trying out: `bk-test_` and `snb_`.
    Sandbox = 2,
}

/// Which credentials v1's long polling carries, beside the API key.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_polling_credentials {
    /// The app secret, as the specification has it.
    AppSecret = 1,
    /// The session token, as the newer documentation has it.
    SessionToken = 2,
}

/// A configuration with the organisation's API key and the app's secret.
///
/// @param version A number of `flowseal_api_version`.
/// @param environment A number of `flowseal_environment`.
/// @param api_key The API key, for `x-api-key`; the memory stays the caller's to wipe.
/// @param api_key_len Its length in bytes.
/// @param app_secret The app secret, for `x-access-secret`; likewise.
/// @param app_secret_len Its length in bytes.
/// @param[out] config The configuration, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_CONFIG for credentials of another
///     environment or in each other's place, and for ones that no header can carry,
///     FLOWSEAL_STATUS_USAGE for another number, FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_new(
    version: u32,
    environment: u32,
    api_key: *const c_void,
    api_key_len: usize,
    app_secret: *const c_void,
    app_secret_len: usize,
    config: *mut flowseal_api_config,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; value(version), value(environment), text(api_key, api_key_len), text(app_secret, app_secret_len), out(config)),
        |(version, environment, api_key, app_secret, config)| {
            let made = ApiConfig::new(
                version_of(version)?,
                environment_of(environment)?,
                flowseal::api::Credentials {
                    api_key: SecretText::copied_from(api_key),
                    app_secret: SecretText::copied_from(app_secret),
                },
            )?;
            config.put(Setting::new(Arc::new(made)))
        },
    )
}

/// The same from a service account, which has the identifiers too.
///
/// @param version A number of `flowseal_api_version`.
/// @param environment A number of `flowseal_environment`.
/// @param account The service account.
/// @param[out] config The configuration, to be freed.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_CONFIG for an account without an API key
///     for this environment or without a secret, and those of flowseal_api_config_new().
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_from_service_account(
    version: u32,
    environment: u32,
    account: flowseal_service_account,
    config: *mut flowseal_api_config,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; value(version), value(environment), handle(account), out(config)),
        |(version, environment, account, config)| {
            let (version, environment) = (version_of(version)?, environment_of(environment)?);
            let made = ApiConfig::from_service_account(version, environment, &account)?;
            config.put(Setting::new(Arc::new(made)))
        },
    )
}

/// The organisation, `bcn_…`, and the app, `app_…`: v1's authorize names them in its URL.
///
/// @param config What is set up.
/// @param organisation_id The organisation.
/// @param organisation_id_len Its length in bytes.
/// @param app_id The app.
/// @param app_id_len Its length in bytes.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_set_ids(
    config: flowseal_api_config,
    organisation_id: *const c_char,
    organisation_id_len: usize,
    app_id: *const c_char,
    app_id_len: usize,
) -> flowseal_status {
    call(
        take!(; handle(config), text(organisation_id, organisation_id_len), text(app_id, app_id_len)),
        |(config, organisation_id, app_id)| {
            config.change(|old| Ok(Arc::new(old.copied().with_ids(organisation_id, app_id))))
        },
    )
}

/// Speaks to another address than the environment's: the caller's gateway, or the server of
/// `flowseal mock`.
///
/// @param config What is set up.
/// @param url `https://host[:port]`; without TLS only of a loopback address, because every
///     request carries the credentials.
/// @param url_len Its length in bytes.
/// @param[out] error Details where the call refuses, to be freed; may be NULL.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_API_CONFIG for any other,
///     FLOWSEAL_STATUS_NOT_UTF8.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_set_base_url(
    config: flowseal_api_config,
    url: *const c_char,
    url_len: usize,
    error: *mut flowseal_error,
) -> flowseal_status {
    call(
        take!(error; handle(config), text(url, url_len)),
        |(config, url)| config.change(|old| Ok(Arc::new(old.copied().with_base_url(url)?))),
    )
}

/// Which credentials v1's long polling carries, beside the API key; the app secret unless given.
///
/// @param config What is set up.
/// @param credentials A number of `flowseal_polling_credentials`.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_USAGE for another number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_set_polling_credentials(
    config: flowseal_api_config,
    credentials: u32,
) -> flowseal_status {
    call(
        take!(; handle(config), value(credentials)),
        |(config, credentials)| {
            let credentials = polling_credentials_of(credentials)?;
            config.change(|old| Ok(Arc::new(old.copied().with_polling_credentials(credentials))))
        },
    )
}

/// The version of the API.
///
/// @param config The configuration.
/// @param[out] version The version.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_version(
    config: flowseal_api_config,
    version: *mut flowseal_api_version,
) -> flowseal_status {
    call(
        take!(; handle(config), out(version)),
        |(config, version)| {
            version.set(match config.value().version() {
                ApiVersion::V2 => flowseal_api_version::V2,
                _ => flowseal_api_version::V1,
            })
        },
    )
}

/// The environment that the credentials are for.
///
/// @param config The configuration.
/// @param[out] environment The environment.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_environment(
    config: flowseal_api_config,
    environment: *mut flowseal_environment,
) -> flowseal_status {
    call(
        take!(; handle(config), out(environment)),
        |(config, environment)| {
            environment.set(match config.value().environment() {
                Environment::Sandbox => flowseal_environment::Sandbox,
                _ => flowseal_environment::Production,
            })
        },
    )
}

/// How many things are unusual and may still be right, such as a credential with an unknown
/// prefix.
///
/// @param config The configuration.
/// @param[out] count Their number.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_warning_count(
    config: flowseal_api_config,
    count: *mut usize,
) -> flowseal_status {
    get!(config to out(count): set(config.value().warnings().len()))
}

/// One of them, as a sentence for the log of a start-up. It never holds a secret.
///
/// @param config The configuration.
/// @param index Which, from 0.
/// @param[out] buffer The caller's memory for the text, which gets no NUL; NULL with a capacity
///     of 0 asks for the length.
/// @param capacity How many bytes it holds.
/// @param[out] len The length of the text; also where the buffer is too short for it.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_SHORT_BUFFER, FLOWSEAL_STATUS_INDEX.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn flowseal_api_config_warning(
    config: flowseal_api_config,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    len: *mut usize,
) -> flowseal_status {
    get!(config[index] to buffer(buffer, capacity, len):
        copy(at(config.value().warnings().iter(), index)?.as_bytes()))
}

/// Frees a configuration.
///
/// @param api_config The handle, unusable from here on. A call that uses it in another thread ends
///     as if nothing had happened, and what stands behind it is wiped when the last such call
///     returns.
/// @return FLOWSEAL_STATUS_OK, or: FLOWSEAL_STATUS_HANDLE_STALE where it was freed before.
///
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn flowseal_api_config_free(api_config: flowseal_api_config) -> flowseal_status {
    call(|| (None, Ok(())), |()| api_config.free())
}

fn version_of(number: u32) -> Result<ApiVersion, Failure> {
    match number {
        1 => Ok(ApiVersion::V1),
        2 => Ok(ApiVersion::V2),
        _ => Err(Failure::own(flowseal_status::Usage)),
    }
}

fn polling_credentials_of(number: u32) -> Result<PollingCredentials, Failure> {
    match number {
        1 => Ok(PollingCredentials::AppSecret),
        2 => Ok(PollingCredentials::SessionToken),
        _ => Err(Failure::own(flowseal_status::Usage)),
    }
}

fn environment_of(number: u32) -> Result<Environment, Failure> {
    match number {
        1 => Ok(Environment::Production),
        2 => Ok(Environment::Sandbox),
        _ => Err(Failure::own(flowseal_status::Usage)),
    }
}
