//! What each unit takes for each size: the figures by which batches are divided.

use super::{with_ifma, without_ifma};
use crate::EngineUnavailable;
use crate::units::UNITS;
use crate::units::lanes::blocks_for;

/// How many sizes in blocks there are for primes, from 1, and for moduli, from 2.
const PRIMES: usize = 4;
const MODULI: usize = 7;

/// How long the units take, in nanoseconds: with it an [`Engine`](crate::Engine) decides which unit
/// computes what. It changes how soon results come, never what they are.
///
/// The default is one of two tables that come with the crate, for processors with AVX-512 IFMA and without;
/// the heads of `schedule/with_ifma.rs` and `schedule/without_ifma.rs` say where they are from. Only the
/// proportions matter. A caller can measure, as the example `costs` of this crate does, and replace them.
///
/// ```
/// use flowseal_rsa::{Costs, Engine};
///
/// // On this processor eight exponentiations modulo primes of 2048 bits take 3.5 ms in 512-bit lanes.
/// let costs = Costs::default().with_power("ifma-512", 2048, 3_500_000)?;
/// let engine = Engine::new().with_costs(costs);
/// # Ok::<(), flowseal_rsa::EngineUnavailable>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    power: [[u32; PRIMES]; UNITS.len()],
    raise: [[u32; MODULI]; UNITS.len()],
}

/// What a unit takes for as many numbers as it has lanes.
pub(super) struct Row {
    pub(super) unit: &'static str,
    /// For primes of up to 514, 1034, 1554 and 2074 bits: blocks of 520 bits, less six.
    pub(super) power: [u32; PRIMES],
    /// For moduli of up to 1034, 1554, … 4154 bits.
    pub(super) raise: [u32; MODULI],
}

impl Default for Costs {
    fn default() -> Self {
        let has_ifma = UNITS
            .iter()
            .any(|unit| unit.name == "ifma-512" && (unit.detect)().is_some());
        if has_ifma {
            Self::with_ifma()
        } else {
            Self::of(without_ifma::ROWS)
        }
    }
}

impl Costs {
    pub(super) fn with_ifma() -> Self {
        Self::of(with_ifma::ROWS)
    }

    fn of(rows: &[Row]) -> Self {
        let mut costs = Self {
            power: [[u32::MAX; PRIMES]; UNITS.len()],
            raise: [[u32::MAX; MODULI]; UNITS.len()],
        };
        let entries = costs.power.iter_mut().zip(&mut costs.raise);
        for (unit, (power, raise)) in UNITS.iter().zip(entries) {
            if let Some(row) = rows.iter().find(|row| row.unit == unit.name) {
                (*power, *raise) = (row.power, row.raise);
            }
        }
        costs
    }

    /// The same table, but for what the unit of this name takes to raise as many numbers as it has lanes
    /// to secret exponents, modulo primes of so many bits: half a private operation for each lane.
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
        let cost = entry(&mut self.power, unit, 1, prime_bits).ok_or(EngineUnavailable)?;
        *cost = nanoseconds;
        Ok(self)
    }

    /// The same table, but for what the unit of this name takes to raise as many numbers as it has lanes
    /// to the public exponent 65537, modulo numbers of so many bits.
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
        let cost = entry(&mut self.raise, unit, 2, modulus_bits).ok_or(EngineUnavailable)?;
        *cost = nanoseconds;
        Ok(self)
    }

    /// For primes of so many blocks.
    pub(super) fn power(&self, unit: usize, blocks: usize) -> u64 {
        of(&self.power, unit, 1, blocks)
    }

    /// For moduli of so many blocks.
    pub(super) fn raise(&self, unit: usize, blocks: usize) -> u64 {
        of(&self.raise, unit, 2, blocks)
    }
}

fn entry<'a, const N: usize>(
    table: &'a mut [[u32; N]],
    unit: &str,
    fewest_blocks: usize,
    bits: usize,
) -> Option<&'a mut u32> {
    let unit = UNITS.iter().position(|known| known.name == unit)?;
    table[unit].get_mut(blocks_for(bits)?.checked_sub(fewest_blocks)?)
}

fn of<const N: usize>(table: &[[u32; N]], unit: usize, fewest_blocks: usize, blocks: usize) -> u64 {
    blocks
        .checked_sub(fewest_blocks)
        .and_then(|place| table[unit].get(place))
        .map_or(u64::MAX / 1024, |cost| u64::from(*cost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Description, Unit};

    #[test]
    fn an_entry_is_replaced_and_no_other() {
        let costs = Costs::with_ifma()
            .with_power("ifma-strided", 2048, 7)
            .unwrap();
        assert_eq!(costs.power(1, 4), 7);
        assert_ne!(costs, Costs::with_ifma());
        let before = u32::try_from(Costs::with_ifma().power(1, 4)).unwrap();
        assert_eq!(
            costs.with_power("ifma-strided", 1555, before),
            Ok(Costs::with_ifma())
        );
        let costs = Costs::default().with_raise("scalar", 4096, 9).unwrap();
        let scalar = Unit::Scalar.index();
        assert_eq!(costs.raise(scalar, 8), 9);
        assert_eq!(costs.raise(scalar, 7), Costs::default().raise(scalar, 7));
    }

    #[test]
    fn every_unit_has_a_row() {
        for (costs, needs_ifma) in [
            (Costs::with_ifma(), true),
            (Costs::of(without_ifma::ROWS), false),
        ] {
            for (unit, description) in UNITS.iter().enumerate() {
                let Description { name, computes, .. } = description;
                let is_there = needs_ifma || !name.starts_with("ifma");
                let has = |cost: u64, computes: bool| {
                    (cost < u64::from(u32::MAX)) == (is_there && computes)
                };
                for blocks in 1..=PRIMES {
                    assert!(
                        has(costs.power(unit, blocks), computes(blocks, 8)),
                        "{name}, {blocks}"
                    );
                }
                for blocks in 2..2 + MODULI {
                    assert!(
                        has(costs.raise(unit, blocks), computes(0, blocks)),
                        "{name}, {blocks}"
                    );
                }
            }
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
    }
}
