//! What computes: one number after another, or as many side by side as there are lanes.
//!
//! A unit is a row of the table below and a folder. What it prepares for a key it keeps in the
//! key's [`Prepared`](crate::prepared::Prepared); what it takes stands in its folder, in files that
//! `cargo xtask costs` writes. Units do not know each other, but that `aws_lc` falls back on
//! `scalar`; what two of them share is in `lanes`.

#[cfg(feature = "aws-lc")]
mod aws_lc;
pub(crate) mod lanes;
mod scalar;
pub(crate) mod strided;
mod unit;
pub(crate) mod vector;

pub(crate) use unit::{Description, Times, Unit};

use crate::error::EngineUnavailable;

/// All units, the ones that are quicker for a full batch first.
pub(crate) static UNITS: &[&Description] = &[
    &vector::IFMA_512,
    &strided::IFMA_STRIDED,
    &vector::AVX2,
    #[cfg(feature = "aws-lc")]
    &aws_lc::AWS_LC,
    &scalar::SCALAR,
    #[cfg(feature = "oracles")]
    &vector::PORTABLE,
    #[cfg(feature = "oracles")]
    &strided::PORTABLE_STRIDED,
];

/// The unit of this name, whether this machine has it or not.
pub(crate) fn named(name: &str) -> Result<&'static Description, EngineUnavailable> {
    let mut units = UNITS.iter().copied();
    units.find(|unit| unit.name == name).ok_or_else(unavailable)
}

/// The names of the units that this machine has.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let units = UNITS.iter().filter_map(|unit| unit.here());
    units.map(Unit::name)
}

/// Why there is no unit, with the names of those that there are.
pub(crate) fn unavailable() -> EngineUnavailable {
    EngineUnavailable {
        names: names().collect(),
    }
}

/// The unit of numbers that no other computes: of any length, on any machine.
pub(crate) fn of_any_length() -> Unit {
    Unit::anywhere(&scalar::SCALAR, &scalar::Scalar)
}
