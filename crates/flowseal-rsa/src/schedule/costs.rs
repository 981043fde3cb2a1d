//! What each unit takes for each size: the figures by which batches are divided.

use crate::EngineUnavailable;
use crate::unit::UNITS;
use crate::vector::blocks_for;

/// The most blocks that primes take, and moduli.
const PRIMES: usize = 4;
const MODULI: usize = 8;

/// How long the units take, in nanoseconds: with it an [`Engine`](crate::Engine) decides which unit
/// computes what. It changes how soon results come, never what they are.
///
/// In the default the times of `scalar` at 2048 to 4096 bits are rounded measurements, and all others
/// are estimates from the numbers of multiplications. Only the proportions matter; a caller can measure and
/// replace them.
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

impl Default for Costs {
    /// In the order of the units; for primes of up to 518, 1038, 1558 and 2078 bits, and for moduli of
    /// up to 518, 1038, … 4158 bits: blocks of ten digits, less two bits.
    fn default() -> Self {
        Self {
            power: [
                [80_000, 500_000, 1_700_000, 4_050_000],
                [42_000, 255_000, 860_000, 2_050_000],
                #[cfg(feature = "aws-lc")]
                [20_000, 107_000, 300_000, 690_000],
                [80_000, 440_000, 1_320_000, 2_900_000],
                [9_000_000, 52_000_000, 160_000_000, 380_000_000],
            ],
            raise: [
                [3_000, 8_000, 15_000, 25_000, 38_000, 54_000, 73_000, 94_000],
                [1_800, 4_500, 8_000, 13_000, 20_000, 28_000, 38_000, 48_000],
                #[cfg(feature = "aws-lc")]
                [2_500, 5_000, 10_000, 16_500, 25_000, 35_000, 47_000, 60_000],
                [3_000, 6_000, 12_000, 20_000, 32_000, 45_000, 62_000, 80_000],
                [
                    200_000, 700_000, 1_500_000, 2_600_000, 4_000_000, 5_700_000, 7_800_000,
                    10_000_000,
                ],
            ],
        }
    }
}

impl Costs {
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
        let cost = entry(&mut self.power, unit, prime_bits).ok_or(EngineUnavailable)?;
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
        let cost = entry(&mut self.raise, unit, modulus_bits).ok_or(EngineUnavailable)?;
        *cost = nanoseconds;
        Ok(self)
    }

    /// For primes of so many blocks.
    pub(super) fn power(&self, unit: usize, blocks: usize) -> u64 {
        of(&self.power, unit, blocks)
    }

    /// For moduli of so many blocks.
    pub(super) fn raise(&self, unit: usize, blocks: usize) -> u64 {
        of(&self.raise, unit, blocks)
    }
}

fn entry<'a, const N: usize>(
    table: &'a mut [[u32; N]],
    unit: &str,
    bits: usize,
) -> Option<&'a mut u32> {
    let unit = UNITS.iter().position(|known| known.name == unit)?;
    table[unit].get_mut(blocks_for(bits)?.checked_sub(1)?)
}

fn of<const N: usize>(table: &[[u32; N]], unit: usize, blocks: usize) -> u64 {
    table[unit]
        .get(blocks - 1)
        .map_or(u64::MAX / 1024, |cost| u64::from(*cost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Unit;

    #[test]
    fn an_entry_is_replaced_and_no_other() {
        let costs = Costs::default().with_power("ifma-256", 2048, 7).unwrap();
        assert_eq!(costs.power(1, 4), 7);
        assert_ne!(costs, Costs::default());
        assert_eq!(
            costs.with_power("ifma-256", 1559, 2_050_000),
            Ok(Costs::default())
        );
        let costs = Costs::default().with_raise("scalar", 4096, 9).unwrap();
        let scalar = Unit::Scalar.index();
        assert_eq!(
            (costs.raise(scalar, 8), costs.raise(scalar, 7)),
            (9, 62_000)
        );
    }

    #[test]
    fn what_does_not_exist_has_no_cost() {
        for (unit, bits) in [("abacus", 2048), ("scalar", 2079), ("scalar", 8192)] {
            assert!(Costs::default().with_power(unit, bits, 1).is_err());
        }
        assert!(Costs::default().with_raise("scalar", 4159, 1).is_err());
    }
}
