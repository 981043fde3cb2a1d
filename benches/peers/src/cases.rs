//! What is measured.

/// What everyone does once. The times are of one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A ciphertext is decrypted and unpadded, with everybody's blinding and checks on.
    ///
    /// For flowseal that is a leaf of a verified flow, opened: there is no other way in, and it has
    /// base64, UTF-8 and a tree of claims in it that the others are spared.
    Private,
    /// The same by flowseal's `scalar` unit alone: what a processor without lanes gets in pure
    /// Rust.
    PrivateScalar,
    /// RSADP without blinding, check and padding: in the terms of Intel's library.
    PrivateRaw,
    /// A signature of a message of 64 bytes is verified, hash and comparison included; the
    /// signatures of a batch are by eight keys.
    Verify,
    /// A flow with 9 claims is verified. flowseal builds the canonical statement and reports; the
    /// others are handed the statement and decide the signature.
    VerifyFlow,
    /// An answer with one claim is read, the flow verified and the claim opened: what a login
    /// costs. The others are handed the statement and the ciphertext, and do the same two
    /// operations. In pure Rust.
    Flow1,
    /// A flow with 9 claims is opened: one operation is all nine. In pure Rust.
    Flow9,
    /// The same where flowseal is built with the feature `aws-lc`.
    Flow9AwsLc,
}

impl Operation {
    const ALL: [Self; 8] = [
        Self::Private,
        Self::PrivateScalar,
        Self::PrivateRaw,
        Self::Verify,
        Self::VerifyFlow,
        Self::Flow1,
        Self::Flow9,
        Self::Flow9AwsLc,
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::PrivateScalar => "private_scalar",
            Self::PrivateRaw => "private_raw",
            Self::Verify => "verify",
            Self::VerifyFlow => "verify_flow",
            Self::Flow1 => "flow1",
            Self::Flow9 => "flow9",
            Self::Flow9AwsLc => "flow9_aws_lc",
        }
    }

    /// How many ciphertexts are decrypted in one of these, where any are.
    pub(crate) fn leaves(self) -> usize {
        match self {
            Self::Flow9 | Self::Flow9AwsLc => 9,
            _ => 1,
        }
    }
}

/// One line of the plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) operation: Operation,
    pub(crate) bits: usize,
    pub(crate) batch: usize,
    pub(crate) threads: usize,
}

/// What is measured with keys of so many bits.
pub(crate) fn all(bits: usize, quick: bool) -> Vec<Case> {
    use Operation::{
        Flow1, Flow9, Flow9AwsLc, Private, PrivateRaw, PrivateScalar, Verify, VerifyFlow,
    };

    let case = |operation, batch, threads| Case {
        operation,
        bits,
        batch,
        threads,
    };
    let mut cases = vec![
        case(Private, 1, 1),
        case(Private, 8, 1),
        case(Private, 64, 1),
        case(Private, 64, 2),
        case(PrivateScalar, 1, 1),
        case(PrivateRaw, 8, 1),
        case(PrivateRaw, 64, 1),
        case(Flow1, 1, 1),
        case(Flow9, 1, 1),
        case(Flow9AwsLc, 1, 1),
    ];
    // Making eight keys of these sizes takes longer than all else.
    if bits == 2048 || !quick {
        cases.extend([case(Verify, 1, 1), case(Verify, 8, 1), case(Verify, 64, 1)]);
        cases.extend([case(Verify, 64, 2)]);
    }
    // The signer's key has 2048 bits whatever the app's has.
    if bits == 2048 {
        cases.push(case(VerifyFlow, 1, 1));
    }
    if quick {
        // What a batch of 8 takes lies between those of 1 and 64.
        cases.retain(|case| case.batch != 8);
    }
    if std::thread::available_parallelism().is_ok_and(|cores| cores.get() < 2) {
        cases.retain(|case| case.threads == 1);
    }
    cases
}
