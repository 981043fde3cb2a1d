//! Where a person is asked, who, and where the API is to post a webhook.

use flowseal::ErrorCode;
use flowseal::api::{Device as CoreDevice, Signer as CoreSigner, WebhookTarget as CoreTarget};
use pyo3::prelude::*;

use crate::errors::Failure;
use crate::input::Text;

/// Where a person identifies themselves, and who is expected, where the app knows.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Device(CoreDevice);

impl Device {
    pub(crate) fn core(&self) -> &CoreDevice {
        &self.0
    }
}

#[pymethods]
impl Device {
    /// The device that the browser runs on. Whoever opens the link is asked, and the result is for
    /// the browser that the flow is bound to.
    #[staticmethod]
    fn same() -> Self {
        Self(CoreDevice::same())
    }

    /// Another device: that of the person with this number.
    ///
    /// Raises ``usage`` for a number that the API would refuse: of less than 11 characters, or
    /// with something in it that is none.
    #[staticmethod]
    fn different(user: Text) -> Result<Self, Failure> {
        Ok(Self(CoreDevice::different(&user)?))
    }

    /// Any device that scans one of so many QR codes, 1 to 10.
    #[staticmethod]
    fn wildcard(seeds: i64) -> Result<Self, Failure> {
        Ok(Self(CoreDevice::wildcard(count(seeds)?)?))
    }

    /// The person who is asked, where the app says so.
    #[getter]
    fn user(&self) -> Option<&str> {
        self.0.user()
    }

    /// Without the person.
    fn __repr__(&self) -> String {
        format!("<flowseal.{:?}>", self.0)
    }
}

/// Who signs, and where.
///
/// Signing differs from identifying: the app says who is asked on the same device too.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct Signer(CoreSigner);

impl Signer {
    pub(crate) fn core(&self) -> &CoreSigner {
        &self.0
    }
}

#[pymethods]
impl Signer {
    /// The person with this number, on the device that the browser runs on.
    ///
    /// Raises ``usage`` for a number that ``Device.different`` refuses.
    #[staticmethod]
    fn same_device(nin: Text) -> Result<Self, Failure> {
        Ok(Self(CoreSigner::same_device(&nin)?))
    }

    /// The person with this number, on another device.
    #[staticmethod]
    fn different_device(nin: Text) -> Result<Self, Failure> {
        Ok(Self(CoreSigner::different_device(&nin)?))
    }

    /// Whoever scans one of so many QR codes, 1 to 10 (v2).
    #[staticmethod]
    fn wildcard(seeds: i64) -> Result<Self, Failure> {
        Ok(Self(CoreSigner::wildcard(count(seeds)?)?))
    }

    /// The person who is asked, where the app says so.
    #[getter]
    fn nin(&self) -> Option<&str> {
        self.0.nin()
    }

    /// Without the person.
    fn __repr__(&self) -> String {
        format!("<flowseal.{:?}>", self.0)
    }
}

/// Where the API posts when a flow has changed, and the app's own reference that it posts.
///
/// The reference finds the flow again and cannot be guessed, such as a random number.
///
/// Raises ``usage`` for anything but an https URL, or the http URL of a loopback address that is
/// written as a number, and for a reference that is empty or longer than 256 bytes, or with control
/// characters.
#[pyclass(frozen, module = "flowseal")]
pub(crate) struct WebhookTarget(CoreTarget);

impl WebhookTarget {
    pub(crate) fn core(&self) -> &CoreTarget {
        &self.0
    }
}

#[pymethods]
impl WebhookTarget {
    #[new]
    fn new(host: Text, reference: Text) -> Result<Self, Failure> {
        Ok(Self(CoreTarget::new(host, reference)?))
    }

    /// The URL.
    #[getter]
    fn host(&self) -> &str {
        self.0.host()
    }

    /// The app's own reference.
    #[getter]
    fn reference(&self) -> &str {
        self.0.reference()
    }

    /// Without the address, which may have a secret of the app's in its query.
    fn __repr__(&self) -> String {
        format!("<flowseal.WebhookTarget {:?}>", self.0.reference())
    }
}

fn count(seeds: i64) -> Result<u8, Failure> {
    u8::try_from(seeds).map_err(|_| {
        let sentence = format!(
            "{seeds} seeds were asked for, and the API gives 1 to 10: ask for a number in that range"
        );
        Failure::new(ErrorCode::Usage, sentence)
    })
}
