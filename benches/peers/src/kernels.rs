//! Cycles of the kernels, and their share of what the multiplier could do at best: both calibrated
//! in the same run.

use std::hint::black_box;
use std::time::Instant;

use flowseal::Engine;
use flowseal_rsa::hooks::{self, Kernel};

use crate::measure::{Form, Line};

/// With lines for people on standard output, or on standard error where that holds lines for
/// programs.
pub(crate) fn print(cost_of_raw: &[(usize, Line)], form: Form) {
    let cycle = nanoseconds_of_a_cycle();
    let multiplication = nanoseconds_of_a_multiplication();
    say(
        form,
        &format!(
            "calibrated: a cycle {cycle:.3} ns, an independent 64-bit multiplication {multiplication:.3} ns"
        ),
    );
    for unit in Engine::names() {
        kernels(unit, cycle, form);
    }
    for (bits, line) in cost_of_raw {
        if Engine::new().without("aws-lc").name() == "scalar" {
            let count = scalar_multiplications(*bits);
            let bound = count * multiplication / 1000.0;
            say(
                form,
                &format!(
                    "scalar          {bits:>5} bits  private_raw  {:>9.0} cycles, of which the multiplier \
                 needs {:>9.0}: {:.0} %",
                    line.microseconds * 1000.0 / cycle,
                    bound * 1000.0 / cycle,
                    100.0 * bound / line.microseconds,
                ),
            );
        }
    }
}

fn kernels(unit: &str, cycle: f64, form: Form) {
    const TIMES: usize = 2000;

    // Half a modulus: that is what the kernels of a private operation work with.
    for bits in [1024, 1536, 2048] {
        let time = |kernel| {
            // The portable lanes take a hundred times as long, and have no bound worth knowing.
            let times = if unit.starts_with("portable") {
                return None;
            } else {
                TIMES
            };
            hooks::run_kernel(unit, kernel, bits, times / 10)?;
            let mut best = f64::INFINITY;
            let mut multiply_adds = 0;
            for _ in 0..5 {
                let start = Instant::now();
                multiply_adds = hooks::run_kernel(unit, kernel, bits, times)?;
                best = best.min(start.elapsed().as_nanos() as f64 / times as f64);
            }
            Some((best, multiply_adds as f64))
        };
        let Some((bound, multiply_adds)) = time(Kernel::Bound) else {
            return;
        };
        let each = bound / multiply_adds;
        for kernel in Kernel::ALL {
            if let Some((took, multiply_adds)) = time(kernel) {
                let (name, percent) = (format!("{kernel:?}"), 100.0 * each * multiply_adds / took);
                if form == Form::Json && kernel != Kernel::Bound {
                    let name = name.to_lowercase();
                    println!(
                        "{{\"row\": \"kernel\", \"unit\": \"{unit}\", \"kernel\": \"{name}\", \
                         \"bits\": {bits}, \"percent\": {percent:.1}}}"
                    );
                }
                say(
                    form,
                    &format!(
                        "{unit:<15}{bits:>6} bits  {name:<11}{:>10.0} cycles, {percent:>5.1} % of the multiplier bound",
                        took / cycle,
                    ),
                );
            }
        }
    }
}

/// How many 64-bit multiplications a private operation needs, if squares save half of theirs: see
/// the scalar engine's documentation.
fn scalar_multiplications(bits: usize) -> f64 {
    let exponent = bits as f64 / 2.0;
    // The bits of a window, and of its table the entries that are squares and those that are
    // products.
    let (window, entries) = if bits > 2 * 1280 {
        (6.0, 31.0)
    } else {
        (5.0, 15.0)
    };
    let limbs = exponent / 64.0;
    let reduction = limbs * limbs + limbs;
    let (product, square) = (limbs * limbs, limbs * (limbs + 1.0) / 2.0);
    let squares = exponent + entries;
    let products = exponent / window + entries;
    2.0 * (squares * (square + reduction) + products * (product + reduction))
}

/// By a chain of multiplications that wait for each other: three cycles each, on every processor
/// that this crate has met (Intel since Nehalem, AMD since Zen).
fn nanoseconds_of_a_cycle() -> f64 {
    best_of(|count| {
        let mut x = black_box(3_u64);
        for _ in 0..count {
            x = x.wrapping_mul(x);
        }
        black_box(x);
    }) / 3.0
}

/// By multiplications of 64 bits to 128, in enough chains that none waits for another.
fn nanoseconds_of_a_multiplication() -> f64 {
    const CHAINS: usize = 8;

    best_of(|count| {
        let factor = black_box(0x9e37_79b9_7f4a_7c15_u64);
        let mut sums = black_box([5_u64; CHAINS]);
        for _ in 0..count / CHAINS {
            for sum in &mut sums {
                let (low, high) = sum.carrying_mul(factor, 0);
                *sum = low ^ high;
            }
        }
        black_box(sums);
    })
}

fn best_of(work: impl Fn(usize)) -> f64 {
    const COUNT: usize = 1 << 20;

    let time = || {
        let start = Instant::now();
        work(black_box(COUNT));
        start.elapsed().as_nanos() as f64 / COUNT as f64
    };
    (0..9).map(|_| time()).fold(f64::INFINITY, f64::min)
}

fn say(form: Form, line: &str) {
    if form != Form::Table {
        eprintln!("{line}");
    } else {
        println!("{line}");
    }
}
