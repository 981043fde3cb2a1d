//! The data file: figures, and of each what measured it, where and when.

use serde::Deserialize;

/// All that was measured for one page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) sections: Vec<Section>,
}

/// What one command measured in one run.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    /// As one types it.
    pub(crate) command: String,
    pub(crate) processor: String,
    /// Year, month and day.
    pub(crate) date: String,
    /// What a reader must know before believing the figures.
    #[serde(default)]
    pub(crate) note: String,
    pub(crate) rows: Vec<Row>,
}

/// A figure.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub(crate) enum Row {
    Operation(Operation),
    Kernel(Kernel),
    Latency(Latency),
    Bulk(Bulk),
    Loop(Loop),
}

/// What a library took for an operation: a line of `cargo xtask peers`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Operation {
    /// One of the names of `benches/peers`.
    pub(crate) operation: String,
    /// Of the key.
    pub(crate) bits: u32,
    pub(crate) batch: u32,
    pub(crate) threads: u32,
    pub(crate) peer: String,
    /// Microseconds for one operation.
    pub(crate) us: f64,
}

/// What share of its time a kernel needs the multiplier for at the least.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Kernel {
    pub(crate) unit: String,
    pub(crate) kernel: String,
    /// Of the modulus: half of the key's.
    pub(crate) bits: u32,
    pub(crate) percent: f64,
}

/// What a flow takes from the answer's bytes to its claims.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Latency {
    pub(crate) claims: u32,
    pub(crate) bits: u32,
    pub(crate) us: f64,
}

/// A run of `flowseal bulk`: a line of the example `bulk`, which has more in it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Bulk {
    pub(crate) bits: u32,
    pub(crate) threads: u32,
    pub(crate) input_bytes: f64,
    pub(crate) most_resident_kib: f64,
}

/// `flowseal bulk`, or a loop beside it: a line of the example `loops`, which has more in it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Loop {
    pub(crate) bits: u32,
    pub(crate) peer: String,
    pub(crate) flows_per_second: f64,
}
