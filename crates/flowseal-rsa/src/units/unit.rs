//! What a unit is: what is known of it before any machine is asked, and how it computes.

use core::fmt;
use std::sync::OnceLock;

use crate::job::{Half, Raise};
use crate::probe;

/// A unit as its row of the table describes it.
pub(crate) struct Description {
    pub(crate) name: &'static str,
    /// How many halves of private operations it computes at once.
    pub(crate) halves: usize,
    /// How many public powers it computes at once.
    pub(crate) powers: usize,
    /// Whether it computes numbers of these blocks: those of the primes, or none, and of the
    /// modulus.
    pub(crate) computes: fn(usize, usize) -> bool,
    /// Whether it is there to be compared with, and no engine has it that does not ask for it.
    pub(crate) is_twin: bool,
    /// What it takes on a processor with AVX-512 IFMA, if it is there.
    pub(crate) with_ifma: Option<Times>,
    /// What it takes on a processor without.
    pub(crate) without_ifma: Option<Times>,
    /// What computes, if this machine has it.
    pub(crate) detect: fn() -> Option<Box<dyn Compute>>,
    pub(crate) found: Found,
}

/// For [`Description::computes`]: all that has a class.
pub(crate) fn every_class(_primes: usize, _modulus: usize) -> bool {
    true
}

/// How long a unit takes, in nanoseconds, for as many numbers as it computes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    /// For primes of up to 514, 1034, 1554 and 2074 bits: blocks of 520 bits, less six.
    pub(crate) power: [u32; Times::PRIMES],
    /// For moduli of up to 1034, 1554, … 4154 bits.
    pub(crate) raise: [u32; Times::MODULI],
}

impl Times {
    /// How many sizes in blocks there are for primes, from 1, and for moduli, from 2.
    pub(crate) const PRIMES: usize = 4;
    pub(crate) const MODULI: usize = 7;
}

/// What was found out about a unit in this process.
pub(crate) struct Found {
    compute: OnceLock<Option<Box<dyn Compute>>>,
    passed: OnceLock<bool>,
}

impl Found {
    pub(crate) const fn nothing_yet() -> Self {
        Self {
            compute: OnceLock::new(),
            passed: OnceLock::new(),
        }
    }
}

/// What computes. That there is a value shows that the machine has it.
pub(crate) trait Compute: Send + Sync {
    /// Computes these halves, however many, whose primes have the same number of blocks where the
    /// unit computes several at once.
    fn power(&self, halves: &mut [Half<'_>]);

    /// Raises these numbers, however many, whose keys have the same exponent and number of blocks
    /// where the unit computes several at once.
    fn raise(&self, numbers: &mut [Raise<'_>]);
}

/// For [`Description::detect`]: what computes, out of sight.
pub(crate) fn boxed<T: Compute + 'static>(unit: T) -> Box<dyn Compute> {
    Box::new(unit)
}

/// For [`Description::detect`] of a unit over lanes that only x86-64 has.
macro_rules! on_x86 {
    ($lanes:ident => $unit:ident) => {{
        #[cfg(target_arch = "x86_64")]
        const DETECT: fn() -> Option<Box<dyn Compute>> =
            || crate::units::lanes::$lanes::detect().map(|lanes| boxed($unit(lanes)));
        #[cfg(not(target_arch = "x86_64"))]
        const DETECT: fn() -> Option<Box<dyn Compute>> = || None;
        DETECT
    }};
}
pub(super) use on_x86;

impl Description {
    /// The unit, if this machine has it.
    pub(crate) fn here(&'static self) -> Option<Unit> {
        let compute = self.found.compute.get_or_init(self.detect).as_deref()?;
        Some(Unit {
            description: self,
            compute,
        })
    }
}

/// A unit of this machine.
#[derive(Clone, Copy)]
pub(crate) struct Unit {
    description: &'static Description,
    compute: &'static dyn Compute,
}

impl Unit {
    /// A unit that every machine has.
    pub(crate) fn anywhere(
        description: &'static Description,
        compute: &'static dyn Compute,
    ) -> Self {
        Self {
            description,
            compute,
        }
    }

    pub(crate) fn description(self) -> &'static Description {
        self.description
    }

    pub(crate) fn name(self) -> &'static str {
        self.description.name
    }

    /// Whether it has passed a test, which runs once.
    pub(crate) fn passes(self, test: impl FnOnce() -> bool) -> bool {
        *self.description.found.passed.get_or_init(test)
    }

    /// See [`Compute::power`].
    pub(crate) fn power(self, halves: &mut [Half<'_>]) {
        probe::computes(self.name(), halves.len(), 0);
        self.compute.power(halves);
    }

    /// See [`Compute::raise`].
    pub(crate) fn raise(self, numbers: &mut [Raise<'_>]) {
        probe::computes(self.name(), 0, numbers.len());
        self.compute.raise(numbers);
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
