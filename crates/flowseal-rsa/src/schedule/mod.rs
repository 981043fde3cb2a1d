//! Which unit computes what: operations of one class are divided into pieces, so that the slowest
//! thread is done as early as the cost table foretells.

mod costs;

pub use costs::Costs;

use crate::job::blocks_for;
use crate::key::{PrivateKey, PublicKey};
use crate::units::{self, Description, Times, Unit};

/// What it takes to start a thread and to wait for its end, in nanoseconds: on a virtual machine,
/// whose idle processor has to be woken.
const START_OF_THREAD: u64 = 100_000;

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
        let primes = blocks_for(key.p.bits)?;
        let public = Self::public(key.public())?;
        (blocks_for(key.q.bits) == Some(primes)).then_some(Self { primes, ..public })
    }

    pub(crate) fn public(key: &PublicKey) -> Option<Self> {
        Some(Self {
            primes: 0,
            modulus: blocks_for(key.bits())?,
            exponent: key.exponent(),
        })
    }
}

/// A unit that may compute, and what it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) unit: Unit,
    pub(crate) times: Times,
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
fn plan(class: Option<Class>, count: usize, units: &[Candidate], threads: usize) -> Vec<Piece> {
    let kinds: Vec<_> = kinds(class, units).collect();
    // Small pieces share out better, large ones fill their lanes.
    let largest = kinds.iter().map(|kind| kind.powers).max().unwrap_or(1);
    let smallest = if threads == 1 { largest } else { 1 };
    let plans = (smallest..=largest)
        .rev()
        .map(|cap| cheapest(count, cap, &kinds));
    plans
        .min_by_key(|plan| last_end(plan.iter().map(|piece| piece.cost), threads))
        .unwrap_or_default()
}

/// Divides operations of all classes among as many threads as pay, and no more than these. Returns
/// the number of threads, and the pieces of each class.
pub(crate) fn plan_all(
    classes: &[(Option<Class>, usize)],
    units: &[Candidate],
    threads: usize,
) -> (usize, Vec<Vec<Piece>>) {
    let divided = |threads: usize| {
        let plan = |(class, count): &(Option<Class>, usize)| plan(*class, *count, units, threads);
        (threads, classes.iter().map(plan).collect::<Vec<_>>())
    };
    let end = |(threads, plans): &(usize, Vec<Vec<Piece>>)| {
        let pieces = plans.iter().flatten().map(|piece| piece.cost);
        last_end(pieces, *threads).saturating_add(START_OF_THREAD * (*threads as u64 - 1))
    };
    let mut best = divided(1);
    // Half of this, and a thread.
    if end(&best) <= 2 * START_OF_THREAD {
        return best;
    }
    let doubled = core::iter::successors(Some(2), |threads| Some(2 * threads));
    for threads in doubled
        .take_while(|count| *count < threads)
        .chain([threads])
    {
        let other = divided(threads);
        if threads == 1 || end(&best) <= end(&other) {
            break;
        }
        best = other;
    }
    best
}

/// The unit that computes one operation of a class soonest.
pub(crate) fn quickest(class: Option<Class>, units: &[Candidate]) -> Unit {
    kinds(class, units)
        .min_by_key(|kind| kind.cost(1))
        .map_or_else(units::of_any_length, |kind| kind.unit)
}

/// A unit, and what it takes for a class.
struct Kind {
    unit: Unit,
    /// How many halves of private operations it computes at once, and what these take.
    halves: usize,
    private: u64,
    /// How many public powers it computes at once, and what these take. A piece has at most as many
    /// operations, whose results are checked at once.
    powers: usize,
    public: u64,
}

impl Kind {
    fn pieces(&self, cap: usize) -> impl Iterator<Item = Piece> {
        (1..=self.powers.min(cap)).map(|size| Piece {
            unit: self.unit,
            size,
            cost: self.cost(size),
        })
    }

    /// What a piece of so many operations takes. Each has two halves.
    fn cost(&self, size: usize) -> u64 {
        let powers = (2 * size).div_ceil(self.halves) as u64;
        (powers.saturating_mul(self.private)).saturating_add(self.public)
    }
}

/// The units that compute the class; or, if none of them does, or it is none, the one that computes
/// one number at a time.
fn kinds(class: Option<Class>, candidates: &[Candidate]) -> impl Iterator<Item = Kind> {
    let kind = move |&Candidate { unit, times }: &Candidate| {
        let Class {
            primes, modulus, ..
        } = class?;
        let Description {
            halves,
            powers,
            computes,
            ..
        } = *unit.description();
        computes(primes, modulus).then(|| Kind {
            unit,
            halves,
            private: match primes {
                0 => 0,
                primes => costs::of(&times.power, costs::FEWEST_OF_PRIMES, primes),
            },
            powers,
            public: costs::of(&times.raise, costs::FEWEST_OF_MODULI, modulus),
        })
    };
    let mut kinds = candidates.iter().filter_map(kind).peekable();
    let single = |candidate: &&Candidate| candidate.unit.description().halves == 1;
    let other = kinds.peek().is_none().then(|| Kind {
        unit: candidates
            .iter()
            .find(single)
            .map_or_else(units::of_any_length, |candidate| candidate.unit),
        halves: 1,
        private: 0,
        powers: 1,
        // There is no alternative to be compared with.
        public: 1,
    });
    kinds.chain(other)
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
        let times = |piece: &Piece, size: usize| piece.cost.saturating_mul(size as u64);
        let (a_each, b_each) = (times(a, b.size), times(b, a.size));
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
            Some((rest.saturating_add(piece.cost), Some(*piece)))
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
fn last_end(costs: impl Iterator<Item = u64>, threads: usize) -> u64 {
    let mut costs: Vec<_> = costs.collect();
    if threads == 1 {
        return costs.into_iter().fold(0, u64::saturating_add);
    }
    costs.sort_unstable_by(|a, b| b.cmp(a));
    let mut ends = vec![0_u64; threads.clamp(1, costs.len().max(1))];
    for cost in costs {
        if let Some(end) = ends.iter_mut().min() {
            *end = end.saturating_add(cost);
        }
    }
    ends.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Those of these names, wherever the tests run, as quick as on a processor with IFMA.
    fn candidates(names: &[&str]) -> Vec<Candidate> {
        let costs = Costs::with_ifma();
        let candidate = |name: &&str| Candidate {
            unit: units::named(name).unwrap().here().unwrap(),
            times: costs.of(name),
        };
        names.iter().map(candidate).collect()
    }

    /// Both kinds of lanes, as quick as those of IFMA, and the scalar unit.
    fn all() -> Vec<Candidate> {
        let mut all = candidates(&["portable", "portable-strided", "scalar"]);
        let costs = Costs::with_ifma();
        all[0].times = costs.of("ifma-512");
        all[1].times = costs.of("ifma-strided");
        all
    }

    fn sizes(primes: usize, count: usize, threads: usize) -> Vec<usize> {
        let class = Class {
            primes,
            modulus: 2 * primes,
            exponent: 65537,
        };
        let plan = plan(Some(class), count, &all(), threads);
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
        // One operation after another takes no more across the lanes than side by side.
        assert_eq!(sizes(4, 2, 2), [1, 1]);
        assert_eq!(sizes(4, 3, 2), [1, 1, 1]);
    }

    #[test]
    fn what_has_no_class_is_computed_one_at_a_time() {
        let plan = plan(None, 3, &all(), 1);
        assert!(plan.iter().all(|piece| piece.size == 1));
        assert!(plan.iter().all(|piece| piece.unit.name() == "scalar"));
        assert_eq!(plan.len(), 3);
    }

    #[test]
    fn one_operation_is_computed_where_it_is_quickest() {
        let unit = |primes, candidates: &[_]| {
            let class = Class {
                primes,
                modulus: 2 * primes.max(2),
                exponent: 3,
            };
            quickest(Some(class), candidates).name()
        };
        assert_eq!(
            [0, 2, 3, 4].map(|primes| unit(primes, &all())),
            ["portable-strided"; 4]
        );
        // It has no kernels for such short primes, with an alternative or without.
        assert_eq!(unit(1, &all()[1..]), "scalar");
        assert_eq!(unit(1, &all()[1..2]), "scalar");
        assert_eq!(quickest(None, &all()).name(), "scalar");
    }

    /// What no table knows costs so much that a few hundred of it are beyond any number.
    #[test]
    fn sums_of_what_no_table_knows_do_not_overflow() {
        const UNKNOWN: u64 = u64::MAX / 1024;
        let costs = || std::iter::repeat_n(UNKNOWN, 3000);
        assert_eq!(
            [1, 2].map(|threads| last_end(costs(), threads)),
            [u64::MAX; 2]
        );
        let kind = Kind {
            unit: units::of_any_length(),
            halves: 1,
            private: UNKNOWN,
            powers: 64,
            public: UNKNOWN,
        };
        assert_eq!(kind.cost(600), u64::MAX);
        assert_eq!(
            cheapest(1500, 64, &[kind])
                .iter()
                .map(|piece| piece.size)
                .sum::<usize>(),
            1500
        );
    }

    #[test]
    fn threads_are_started_where_they_pay() {
        let verifications = Class {
            primes: 0,
            modulus: 4,
            exponent: 65537,
        };
        let threads = |count, most| {
            let classes = [(Some(verifications), count)];
            plan_all(&classes, &all(), most).0
        };
        assert_eq!([1, 2, 8].map(|count| threads(count, 8)), [1; 3]);
        assert_eq!(threads(1000, 1), 1);
        assert_eq!(threads(1000, 2), 2);
        assert!(threads(100_000, 12) == 12);
    }

    proptest! {
        #[test]
        fn nothing_is_left_out(primes in 0..=4usize, count in 0..300usize, threads in 1..9usize) {
            let class = Class { primes, modulus: 2 * primes.max(1), exponent: 3 };
            for candidates in [all(), all()[..1].to_vec(), all()[2..].to_vec()] {
                let plan = plan(Some(class), count, &candidates, threads);
                prop_assert_eq!(plan.iter().map(|piece| piece.size).sum::<usize>(), count);
            }
        }
    }
}
