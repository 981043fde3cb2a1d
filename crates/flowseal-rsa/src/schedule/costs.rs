//! What each unit takes for each size: the figures by which batches are divided.

use crate::error::EngineUnavailable;
use crate::job::blocks_for;
use crate::units::lanes::processor_has_ifma;
use crate::units::{self, Description, Times, UNITS};

/// The fewest blocks that there are times for: of primes, and of moduli.
pub(super) const FEWEST_OF_PRIMES: usize = 1;
pub(super) const FEWEST_OF_MODULI: usize = 2;

/// Of a unit that is not there.
const NONE: Times = Times {
    power: [u32::MAX; Times::PRIMES],
    raise: [u32::MAX; Times::MODULI],
};

/// How long the units take, in nanoseconds: with it an [`Engine`](crate::Engine) decides which unit
/// computes what. It changes how soon results come, never what they are.
///
/// The default is one of two tables that come with the crate, for processors with AVX-512 IFMA and
/// without; the heads of `units/*/with_ifma.rs` and `units/*/without_ifma.rs` say where they are
/// from. Only the proportions matter. A caller can measure, as the example `costs` of this crate
/// does, and replace them.
///
/// ```
/// use flowseal_rsa::{Costs, Engine};
///
/// // Here eight exponentiations modulo primes of 2048 bits take 3.5 ms in 512-bit lanes.
/// let costs = Costs::default().with_power("ifma-512", 2048, 3_500_000)?;
/// let engine = Engine::new().with_costs(&costs);
/// # Ok::<(), flowseal_rsa::EngineUnavailable>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs(Vec<(&'static str, Times)>);

impl Default for Costs {
    fn default() -> Self {
        if processor_has_ifma() {
            Self::with_ifma()
        } else {
            Self::without_ifma()
        }
    }
}

impl Costs {
    pub(super) fn with_ifma() -> Self {
        Self::from_rows(|unit| unit.with_ifma)
    }

    fn without_ifma() -> Self {
        Self::from_rows(|unit| unit.without_ifma)
    }

    fn from_rows(times: impl Fn(&Description) -> Option<Times>) -> Self {
        let row = |unit: &&'static Description| (unit.name, times(unit).unwrap_or(NONE));
        Self(UNITS.iter().map(row).collect())
    }

    /// How many numbers the unit of this name raises at once to secret exponents, and how many to
    /// public ones: the lanes of [`with_power`](Self::with_power) and
    /// [`with_raise`](Self::with_raise).
    ///
    /// # Errors
    ///
    /// [`EngineUnavailable`] if there is no such unit.
    pub fn lanes(unit: &str) -> Result<[usize; 2], EngineUnavailable> {
        let Description { halves, powers, .. } = units::named(unit)?;
        Ok([*halves, *powers])
    }

    /// The same table, but for what the unit of this name takes to raise as many numbers as it has
    /// lanes to secret exponents, modulo primes of so many bits: half a private operation for each
    /// lane.
    ///
    /// # Errors
    ///
    /// [`EngineUnavailable`] if there is no such unit, or it does not compute such sizes.
    pub fn with_power(
        mut self,
        unit: &str,
        prime_bits: usize,
        nanoseconds: u32,
    ) -> Result<Self, EngineUnavailable> {
        let cost = entry(&mut self.of_mut(unit)?.power, FEWEST_OF_PRIMES, prime_bits)?;
        *cost = nanoseconds;
        Ok(self)
    }

    /// The same table, but for what the unit of this name takes to raise as many numbers as it has
    /// lanes to the public exponent 65537, modulo numbers of so many bits.
    ///
    /// # Errors
    ///
    /// [`EngineUnavailable`] if there is no such unit, or it does not compute such sizes.
    pub fn with_raise(
        mut self,
        unit: &str,
        modulus_bits: usize,
        nanoseconds: u32,
    ) -> Result<Self, EngineUnavailable> {
        let cost = entry(
            &mut self.of_mut(unit)?.raise,
            FEWEST_OF_MODULI,
            modulus_bits,
        )?;
        *cost = nanoseconds;
        Ok(self)
    }

    /// What the unit of this name takes, of which there must be one.
    pub(crate) fn of(&self, unit: &str) -> Times {
        let Self(rows) = self;
        let row = rows.iter().find(|(name, _)| *name == unit);
        row.map_or(NONE, |(_, times)| *times)
    }

    fn of_mut(&mut self, unit: &str) -> Result<&mut Times, EngineUnavailable> {
        let Self(rows) = self;
        let row = rows.iter_mut().find(|(name, _)| *name == unit);
        row.map(|(_, times)| times).ok_or_else(units::unavailable)
    }
}

fn entry(times: &mut [u32], fewest: usize, bits: usize) -> Result<&mut u32, EngineUnavailable> {
    blocks_for(bits)
        .and_then(|blocks| times.get_mut(blocks.checked_sub(fewest)?))
        .ok_or_else(units::unavailable)
}

/// What so many blocks take, of times that begin with the fewest.
pub(super) fn of(times: &[u32], fewest: usize, blocks: usize) -> u64 {
    blocks
        .checked_sub(fewest)
        .and_then(|place| times.get(place))
        .map_or(u64::MAX / 1024, |time| u64::from(*time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(costs: &Costs, unit: &str, blocks: usize) -> u64 {
        of(&costs.of(unit).power, FEWEST_OF_PRIMES, blocks)
    }

    fn raise(costs: &Costs, unit: &str, blocks: usize) -> u64 {
        of(&costs.of(unit).raise, FEWEST_OF_MODULI, blocks)
    }

    #[test]
    fn an_entry_is_replaced_and_no_other() {
        let costs = Costs::with_ifma()
            .with_power("ifma-strided", 2048, 7)
            .unwrap();
        assert_eq!(power(&costs, "ifma-strided", 4), 7);
        assert_ne!(costs, Costs::with_ifma());
        let before = u32::try_from(power(&Costs::with_ifma(), "ifma-strided", 4)).unwrap();
        assert_eq!(
            costs.with_power("ifma-strided", 1555, before),
            Ok(Costs::with_ifma())
        );
        let costs = Costs::default().with_raise("scalar", 4096, 9).unwrap();
        assert_eq!(raise(&costs, "scalar", 8), 9);
        let default = Costs::default();
        assert_eq!(raise(&costs, "scalar", 7), raise(&default, "scalar", 7));
    }

    #[test]
    fn a_row_has_a_time_for_all_that_its_unit_computes_and_no_other() {
        for Description {
            name,
            computes,
            with_ifma,
            without_ifma,
            ..
        } in UNITS
        {
            assert!(with_ifma.or(*without_ifma).is_some(), "{name}");
            for times in with_ifma.iter().chain(without_ifma) {
                let has = |time: u64| time < u64::from(u32::MAX);
                for blocks in FEWEST_OF_PRIMES..FEWEST_OF_PRIMES + Times::PRIMES {
                    let time = of(&times.power, FEWEST_OF_PRIMES, blocks);
                    assert_eq!(has(time), computes(blocks, 8), "{name}, {blocks}");
                }
                for blocks in FEWEST_OF_MODULI..FEWEST_OF_MODULI + Times::MODULI {
                    let time = of(&times.raise, FEWEST_OF_MODULI, blocks);
                    assert_eq!(has(time), computes(0, blocks), "{name}, {blocks}");
                }
            }
        }
    }

    #[test]
    fn a_unit_of_this_machine_has_a_row_for_it() {
        let here = |unit: &&Description| units::names().any(|name| name == unit.name);
        for unit in UNITS.iter().filter(|unit| here(unit)) {
            assert_ne!(Costs::default().of(unit.name), NONE, "{}", unit.name);
        }
    }

    #[test]
    fn what_does_not_exist_has_no_cost() {
        for (unit, bits) in [("abacus", 2048), ("scalar", 2075), ("scalar", 8192)] {
            assert!(Costs::default().with_power(unit, bits, 1).is_err());
        }
        for bits in [514, 4155] {
            assert!(Costs::default().with_raise("scalar", bits, 1).is_err());
        }
        assert!(Costs::lanes("abacus").is_err());
        assert_eq!(Costs::lanes("portable-strided"), Ok([2, 1]));
    }
}
