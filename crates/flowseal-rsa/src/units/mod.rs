//! What computes: one number after another, or as many side by side as there are lanes.

#[cfg(feature = "aws-lc")]
pub(crate) mod aws_lc;
pub(crate) mod lanes;
pub(crate) mod scalar;
pub(crate) mod strided;
pub(crate) mod vector;

use crate::units::lanes::Portable;
#[cfg(target_arch = "x86_64")]
use crate::units::lanes::{Avx2, Ifma512};
use crate::units::vector::{Half, Kernels, Raise};

/// A unit of this machine that computes powers. That there is a value shows that the machine has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Eight lanes of AVX-512 IFMA.
    #[cfg(target_arch = "x86_64")]
    Ifma512(Ifma512),
    /// Eight lanes of AVX-512 IFMA, across which one operation stands.
    #[cfg(target_arch = "x86_64")]
    IfmaStrided(Ifma512),
    /// Four lanes of AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// Eight lanes, one after the other.
    Portable(Portable),
    /// The same, across which one operation stands.
    PortableStrided(Portable),
    /// One number at a time, by another library.
    #[cfg(feature = "aws-lc")]
    AwsLc,
    /// One number at a time.
    Scalar,
}

/// What is known of a unit before any machine is asked.
pub(crate) struct Description {
    pub(crate) name: &'static str,
    /// How many halves of private operations it computes at once.
    pub(crate) halves: usize,
    /// How many public powers it computes at once.
    pub(crate) powers: usize,
    /// Whether it computes numbers of these blocks: those of the primes, or none, and of the modulus.
    pub(crate) computes: fn(usize, usize) -> bool,
    /// Whether it is there to be compared with, and no engine has it that does not ask for it.
    pub(crate) is_twin: bool,
    /// The unit, if this machine has it.
    pub(crate) detect: fn() -> Option<Unit>,
}

impl Description {
    /// A unit that computes so many numbers at once, of any length that has a class.
    const fn of(name: &'static str, width: usize, detect: fn() -> Option<Unit>) -> Self {
        Self {
            name,
            halves: width,
            powers: width,
            computes: |_, _| true,
            is_twin: false,
            detect,
        }
    }

    /// A unit that computes one operation across its lanes.
    const fn strided(name: &'static str, detect: fn() -> Option<Unit>) -> Self {
        Self {
            halves: 2,
            powers: 1,
            computes: strided::computes,
            ..Self::of(name, 1, detect)
        }
    }

    const fn twin(self) -> Self {
        Self {
            is_twin: true,
            ..self
        }
    }
}

/// A unit that processors with some instructions have.
macro_rules! on_x86 {
    ($lanes:ident => $unit:ident) => {{
        #[cfg(target_arch = "x86_64")]
        const DETECT: fn() -> Option<Unit> = || $lanes::detect().map(Unit::$unit);
        #[cfg(not(target_arch = "x86_64"))]
        const DETECT: fn() -> Option<Unit> = || None;
        DETECT
    }};
}

/// All units, the ones that are quicker for a full batch first.
pub(crate) const UNITS: [Description; 6 + cfg!(feature = "aws-lc") as usize] = [
    Description::of("ifma-512", 8, on_x86!(Ifma512 => Ifma512)),
    Description::strided("ifma-strided", on_x86!(Ifma512 => IfmaStrided)),
    Description::of("avx2", 4, on_x86!(Avx2 => Avx2)),
    #[cfg(feature = "aws-lc")]
    Description::of("aws-lc", 1, || Some(Unit::AwsLc)),
    Description::of("scalar", 1, || Some(Unit::Scalar)),
    Description::of("portable", 8, || Some(Unit::Portable(Portable))).twin(),
    Description::strided("portable-strided", || Some(Unit::PortableStrided(Portable))).twin(),
];

impl Unit {
    /// Its place in the list of all units.
    pub(crate) fn index(self) -> usize {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Ifma512(_) => 0,
            #[cfg(target_arch = "x86_64")]
            Self::IfmaStrided(_) => 1,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => 2,
            #[cfg(feature = "aws-lc")]
            Self::AwsLc => 3,
            Self::Scalar => UNITS.len() - 3,
            Self::Portable(_) => UNITS.len() - 2,
            Self::PortableStrided(_) => UNITS.len() - 1,
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
            Self::IfmaStrided(lanes) => strided::power(lanes, halves),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(lanes) => power(lanes, halves),
            Self::Portable(lanes) => power(lanes, halves),
            Self::PortableStrided(lanes) => strided::power(lanes, halves),
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
            Self::IfmaStrided(lanes) => strided::raise(lanes, numbers),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(lanes) => raise(lanes, numbers),
            Self::Portable(lanes) => raise(lanes, numbers),
            Self::PortableStrided(lanes) => strided::raise(lanes, numbers),
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
            Self::Avx2(lanes) => run(lanes, kernel, blocks, times),
            Self::Portable(lanes) => run(lanes, kernel, blocks, times),
            #[cfg(target_arch = "x86_64")]
            Self::IfmaStrided(lanes) => strided::measure(lanes, kernel, blocks, times)?,
            Self::PortableStrided(lanes) => strided::measure(lanes, kernel, blocks, times)?,
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
        let $lanes = crate::units::lanes::Portable;
        $test;
        #[cfg(target_arch = "x86_64")]
        {
            if let Some($lanes) = crate::units::lanes::Avx2::detect() {
                $test;
            }
            if let Some($lanes) = crate::units::lanes::Ifma512::detect() {
                $test;
            }
        }
    }};
}
#[cfg(test)]
pub(crate) use for_each_kind_of_lanes;
