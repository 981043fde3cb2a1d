//! Which unit computes what: operations of one class are divided into pieces, so that the slowest
//! thread is done as early as the cost table foretells.

mod costs;
mod with_ifma;
mod without_ifma;

pub use costs::Costs;

use crate::unit::{UNITS, Unit};
use crate::{PrivateKey, PublicKey};

/// What operations must have in common to be computed side by side. Those whose class has no blocks
/// are computed one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Class {
    /// The blocks of digits that the primes take: none for a public operation.
    primes: usize,
    /// The blocks of digits that the modulus takes.
    modulus: usize,
    exponent: u64,
}

impl Class {
    pub(crate) fn private(key: &PrivateKey) -> Option<Self> {
        Some(Self {
            primes: key.blocks()?,
            ..Self::public(key.public())?
        })
    }

    pub(crate) fn public(key: &PublicKey) -> Option<Self> {
        Some(Self {
            primes: 0,
            modulus: key.blocks()?,
            exponent: key.exponent(),
        })
    }
}

/// So many operations for one unit, computed together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) unit: Unit,
    pub(crate) size: usize,
    /// What it will take, in nanoseconds.
    pub(crate) cost: u64,
}

/// Divides operations of a class among the units and as many threads.
pub(crate) fn plan(
    class: Option<Class>,
    count: usize,
    units: &[(usize, Unit)],
    costs: &Costs,
    threads: usize,
) -> Vec<Piece> {
    let kinds = kinds(class, units, costs);
    // Small pieces share out better, large ones fill their lanes.
    let largest = kinds.iter().map(|kind| kind.costs.len()).max().unwrap_or(1);
    let smallest = if threads == 1 { largest } else { 1 };
    let plans = (smallest..=largest)
        .rev()
        .map(|cap| cheapest(count, cap, &kinds));
    plans
        .min_by_key(|plan| last_end(plan, threads))
        .unwrap_or_default()
}

/// A unit, and what a piece of each size from 1 on costs there.
struct Kind {
    unit: Unit,
    costs: Vec<u64>,
}

impl Kind {
    fn pieces(&self, cap: usize) -> impl Iterator<Item = Piece> {
        let of_size = |(i, cost): (usize, &u64)| Piece {
            unit: self.unit,
            size: i + 1,
            cost: *cost,
        };
        self.costs.iter().enumerate().take(cap).map(of_size)
    }
}

fn kinds(class: Option<Class>, units: &[(usize, Unit)], costs: &Costs) -> Vec<Kind> {
    let Some(class) = class else {
        let single = |&&(index, _): &&(usize, Unit)| UNITS[index].width == 1;
        let unit = units
            .iter()
            .find(single)
            .map_or(Unit::Scalar, |found| found.1);
        // The cost has no alternative to be compared with.
        let costs = vec![1];
        return vec![Kind { unit, costs }];
    };
    let kind = |&(index, unit): &(usize, Unit)| {
        let width = UNITS[index].width;
        // As many operations as can be checked at once. Each has two halves.
        let cost = |size: usize| {
            let powers = match class.primes {
                0 => 0,
                primes => (2 * size).div_ceil(width) as u64 * costs.power(index, primes),
            };
            powers + costs.raise(index, class.modulus)
        };
        Kind {
            unit,
            costs: (1..=width).map(cost).collect(),
        }
    };
    units.iter().map(kind).collect()
}

/// The division that costs least in all, with no piece larger than the cap.
fn cheapest(mut count: usize, cap: usize, kinds: &[Kind]) -> Vec<Piece> {
    /// With more operations than this the first ones are surely computed where each costs least.
    const TAIL: usize = 64;

    let mut pieces: Vec<_> = kinds.iter().flat_map(|kind| kind.pieces(cap)).collect();
    // Of two divisions that cost the same the one with the larger pieces.
    pieces.sort_by_key(|piece| std::cmp::Reverse(piece.size));
    let mut plan = Vec::new();
    let best = pieces.iter().min_by(|a, b| {
        let (a_each, b_each) = (a.cost * b.size as u64, b.cost * a.size as u64);
        a_each.cmp(&b_each)
    });
    let Some(best) = best else {
        return plan;
    };
    while count > TAIL {
        plan.push(*best);
        count -= best.size;
    }
    // For each smaller count, what it costs and the last piece of that.
    let mut least: Vec<(u64, Option<Piece>)> = vec![(0, None)];
    for count in 1..=count {
        let with = |piece: &Piece| {
            let (rest, _) = least[count.checked_sub(piece.size)?];
            Some((rest + piece.cost, Some(*piece)))
        };
        let cheapest = pieces.iter().filter_map(with).min_by_key(|(cost, _)| *cost);
        least.push(cheapest.unwrap_or((0, None)));
    }
    while let Some(piece) = least[count].1 {
        plan.push(piece);
        count -= piece.size;
    }
    plan
}

/// When the last of so many threads is done, if each takes the longest piece that is left.
fn last_end(plan: &[Piece], threads: usize) -> u64 {
    let mut costs: Vec<_> = plan.iter().map(|piece| piece.cost).collect();
    costs.sort_unstable_by(|a, b| b.cmp(a));
    let mut ends = vec![0; threads.clamp(1, plan.len().max(1))];
    for cost in costs {
        if let Some(end) = ends.iter_mut().min() {
            *end += cost;
        }
    }
    ends.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lanes::Portable;

    /// Two kinds of lanes and the scalar unit, wherever the tests run: a plan computes nothing.
    fn units() -> Vec<(usize, Unit)> {
        vec![
            (0, Unit::Portable(Portable)),
            (1, Unit::Portable(Portable)),
            (Unit::Scalar.index(), Unit::Scalar),
        ]
    }

    fn sizes(primes: usize, count: usize, threads: usize) -> Vec<usize> {
        let class = Class {
            primes,
            modulus: 2 * primes,
            exponent: 65537,
        };
        let plan = plan(Some(class), count, &units(), &Costs::with_ifma(), threads);
        let mut sizes: Vec<_> = plan.iter().map(|piece| piece.size).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    #[test]
    fn full_lanes_come_first_and_the_rest_where_it_is_quickest() {
        assert_eq!(sizes(4, 0, 1), [0; 0]);
        assert_eq!(sizes(4, 1, 1), [1]);
        assert_eq!(sizes(4, 8, 1), [8]);
        assert_eq!(sizes(4, 64, 1), [8; 8]);
        assert_eq!(sizes(4, 9, 1), [8, 1]);
        assert_eq!(sizes(4, 200, 1), [8; 25]);
    }

    #[test]
    fn threads_get_something_to_do() {
        assert_eq!(sizes(4, 8, 2), [4, 4]);
        assert_eq!(sizes(4, 16, 2), [8, 8]);
        // Both fit the same lanes, which take as long for one.
        assert_eq!(sizes(4, 2, 2), [2]);
        assert_eq!(sizes(4, 3, 2), [2, 1]);
    }

    #[test]
    fn what_has_no_class_is_computed_one_at_a_time() {
        let plan = plan(None, 3, &units(), &Costs::with_ifma(), 1);
        assert!(plan.iter().all(|piece| piece.size == 1));
        assert!(plan.iter().all(|piece| matches!(piece.unit, Unit::Scalar)));
        assert_eq!(plan.len(), 3);
    }

    proptest! {
        #[test]
        fn nothing_is_left_out(primes in 0..=4usize, count in 0..300usize, threads in 1..9usize) {
            let class = Class { primes, modulus: 2 * primes.max(1), exponent: 3 };
            for units in [units(), vec![(0, Unit::Portable(Portable))], vec![(Unit::Scalar.index(), Unit::Scalar)]] {
                let plan = plan(Some(class), count, &units, &Costs::with_ifma(), threads);
                prop_assert_eq!(plan.iter().map(|piece| piece.size).sum::<usize>(), count);
            }
        }
    }
}
