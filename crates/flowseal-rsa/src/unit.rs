//! What computes: one number after another, or as many side by side as there are lanes.

#[cfg(feature = "aws-lc")]
use crate::aws_lc;
use crate::lanes::Portable;
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Ifma256, Ifma512};
use crate::scalar;
use crate::vector::{self, Half, Kernels, Raise};

/// A unit of this machine that computes powers. That there is a value shows that the machine has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Eight lanes of AVX-512 IFMA.
    #[cfg(target_arch = "x86_64")]
    Ifma512(Ifma512),
    /// Four lanes of AVX-512 IFMA, in 256 bits.
    #[cfg(target_arch = "x86_64")]
    Ifma256(Ifma256),
    /// Four lanes of AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// Eight lanes, one after the other.
    Portable(Portable),
    /// One number at a time, by another library.
    #[cfg(feature = "aws-lc")]
    AwsLc,
    /// One number at a time.
    Scalar,
}

/// What is known of a unit before any machine is asked.
pub(crate) struct Description {
    pub(crate) name: &'static str,
    /// How many numbers it computes at once.
    pub(crate) width: usize,
    /// The unit, if this machine has it.
    pub(crate) detect: fn() -> Option<Unit>,
}

/// All units, the ones that are quicker for a full batch first.
pub(crate) const UNITS: [Description; 5 + cfg!(feature = "aws-lc") as usize] = [
    Description {
        name: "ifma-512",
        width: 8,
        #[cfg(target_arch = "x86_64")]
        detect: || Ifma512::detect().map(Unit::Ifma512),
        #[cfg(not(target_arch = "x86_64"))]
        detect: || None,
    },
    Description {
        name: "ifma-256",
        width: 4,
        #[cfg(target_arch = "x86_64")]
        detect: || Ifma256::detect().map(Unit::Ifma256),
        #[cfg(not(target_arch = "x86_64"))]
        detect: || None,
    },
    Description {
        name: "avx2",
        width: 4,
        #[cfg(target_arch = "x86_64")]
        detect: || Avx2::detect().map(Unit::Avx2),
        #[cfg(not(target_arch = "x86_64"))]
        detect: || None,
    },
    #[cfg(feature = "aws-lc")]
    Description {
        name: "aws-lc",
        width: 1,
        detect: || Some(Unit::AwsLc),
    },
    Description {
        name: "scalar",
        width: 1,
        detect: || Some(Unit::Scalar),
    },
    Description {
        name: "portable",
        width: 8,
        detect: || Some(Unit::Portable(Portable)),
    },
];

impl Unit {
    /// Its place in the list of all units.
    pub(crate) fn index(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Ifma512(_) => 0,
            #[cfg(target_arch = "x86_64")]
            Self::Ifma256(_) => 1,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => 2,
            #[cfg(feature = "aws-lc")]
            Self::AwsLc => 3,
            Self::Scalar => UNITS.len() - 2,
            Self::Portable(_) => UNITS.len() - 1,
        }
    }

    /// Computes these halves, however many, whose primes have the same number of blocks where the unit
    /// has lanes.
    pub(crate) fn power(self, halves: &mut [Half<'_>]) {
        #[cfg(flowseal_hooks)]
        crate::hooks::record_computed(self.index(), halves.len(), 0);
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Ifma512(lanes) => power(lanes, halves),
            #[cfg(target_arch = "x86_64")]
            Self::Ifma256(lanes) => power(lanes, halves),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(lanes) => power(lanes, halves),
            Self::Portable(lanes) => power(lanes, halves),
            #[cfg(feature = "aws-lc")]
            Self::AwsLc => aws_lc::power(halves),
            Self::Scalar => halves.iter_mut().for_each(scalar::power),
        }
    }

    /// Raises these numbers, however many, whose keys have the same exponent and number of blocks where
    /// the unit has lanes.
    pub(crate) fn raise(self, numbers: &mut [Raise<'_>]) {
        #[cfg(flowseal_hooks)]
        crate::hooks::record_computed(self.index(), 0, numbers.len());
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Ifma512(lanes) => raise(lanes, numbers),
            #[cfg(target_arch = "x86_64")]
            Self::Ifma256(lanes) => raise(lanes, numbers),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(lanes) => raise(lanes, numbers),
            Self::Portable(lanes) => raise(lanes, numbers),
            #[cfg(feature = "aws-lc")]
            Self::AwsLc => numbers.iter_mut().for_each(aws_lc::raise),
            Self::Scalar => numbers.iter_mut().for_each(scalar::raise),
        }
    }

    /// Runs a kernel so many times, and returns how many multiply-adds each run has; nothing happens where
    /// there are no lanes.
    #[cfg(flowseal_hooks)]
    pub(crate) fn measure(
        self,
        kernel: vector::measure::Kernel,
        blocks: usize,
        times: usize,
    ) -> Option<usize> {
        use vector::measure::run;

        Some(match self {
            #[cfg(target_arch = "x86_64")]
            Self::Ifma512(lanes) => run(lanes, kernel, blocks, times),
            #[cfg(target_arch = "x86_64")]
            Self::Ifma256(lanes) => run(lanes, kernel, blocks, times),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(lanes) => run(lanes, kernel, blocks, times),
            Self::Portable(lanes) => run(lanes, kernel, blocks, times),
            #[cfg(feature = "aws-lc")]
            Self::AwsLc => return None,
            Self::Scalar => return None,
        })
    }
}

fn power<L: Kernels>(lanes: L, halves: &mut [Half<'_>]) {
    for halves in halves.chunks_mut(L::WIDTH) {
        vector::power(lanes, halves);
    }
}

fn raise<L: Kernels>(lanes: L, numbers: &mut [Raise<'_>]) {
    for numbers in numbers.chunks_mut(L::WIDTH) {
        vector::raise(lanes, numbers);
    }
}

/// Runs a test on every kind of lanes that this machine has.
#[cfg(test)]
macro_rules! for_each_kind_of_lanes {
    ($lanes:ident => $test:expr) => {{
        let $lanes = crate::lanes::Portable;
        $test;
        #[cfg(target_arch = "x86_64")]
        {
            if let Some($lanes) = crate::lanes::Avx2::detect() {
                $test;
            }
            if let Some($lanes) = crate::lanes::Ifma256::detect() {
                $test;
            }
            if let Some($lanes) = crate::lanes::Ifma512::detect() {
                $test;
            }
        }
    }};
}
#[cfg(test)]
pub(crate) use for_each_kind_of_lanes;
