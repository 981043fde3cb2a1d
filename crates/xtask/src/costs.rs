//! The tables of costs of the engine: what its units take, as measured on this machine.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::audit::{machine, today};
use crate::command::{cargo, execute, need, output};
use crate::step::{Run, Stop};

/// A table, and the units that it has a row for: what counts are the proportions, which figures of different
/// machines do not have.
struct Table {
    path: &'static str,
    processor: &'static str,
    units: &'static [&'static str],
}

const WITH_IFMA: Table = Table {
    path: "crates/flowseal-rsa/src/schedule/with_ifma.rs",
    processor: "with",
    units: &[
        "ifma-512",
        "ifma-strided",
        "avx2",
        "aws-lc",
        "scalar",
        "portable",
        "portable-strided",
    ],
};

const WITHOUT_IFMA: Table = Table {
    path: "crates/flowseal-rsa/src/schedule/without_ifma.rs",
    processor: "without",
    units: &["avx2", "aws-lc", "scalar", "portable", "portable-strided"],
};

/// Measures the units, and writes the table of processors like this one.
pub(crate) fn write(run: &mut Run) {
    run.step("costs of the engine's units", || {
        let line =
            "run --release --quiet --locked -p flowseal-rsa --features aws-lc --example costs";
        let measured = output(&mut cargo(line))?;
        print!("{measured}");
        let is_ifma = measured.lines().any(|line| line.starts_with("ifma-"));
        let table = if is_ifma { WITH_IFMA } else { WITHOUT_IFMA };
        let text = table.filled(&measured, &format!("{}, {}", today(), machine()))?;
        let stop = |error: std::io::Error| Stop::Failed(format!("{}: {error}", table.path));
        fs::write(table.path, text).map_err(stop)?;
        need("rustfmt", "--version")?;
        execute(Command::new("rustfmt").args(["--edition", "2024", table.path]))
    });
}

impl Table {
    /// With the rows as `examples/costs.rs` prints them.
    fn filled(&self, measured: &str, origin: &str) -> Result<String, Stop> {
        let mut table = format!(
            "//! What the units take on a processor {} AVX-512 IFMA, in nanoseconds: written by `cargo xtask costs`.\n\
         //\n// {origin}\n\nuse super::costs::Row;\n\npub(super) const ROWS: &[Row] = &[\n",
            self.processor
        );
        for unit in self.units {
            let row = measured
                .lines()
                .filter_map(|line| line.split_once(' '))
                .find(|(name, _)| name == unit);
            let (_, times) = row.ok_or_else(|| {
                Stop::Lacking(format!(
                    "{unit} is not on this machine, and the table stays"
                ))
            })?;
            let times: Vec<_> = times.split(' ').map(in_groups).collect();
            let Some((powers, raises)) = times.split_at_checked(4) else {
                return Err(Stop::Failed(format!("no row: {times:?}")));
            };
            let (powers, raises) = (powers.join(", "), raises.join(", "));
            // Writing to a string does not fail.
            let _ = writeln!(
                table,
                "Row {{ unit: {unit:?}, power: [{powers}], raise: [{raises}] }},"
            );
        }
        Ok(table + "];\n")
    }
}

/// `1_234_567`.
fn in_groups(digits: &str) -> String {
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_unit() {
        for table in [WITH_IFMA, WITHOUT_IFMA] {
            let line = |unit: &&str| format!("{unit} 10 200 3000 1234567 1 2 3 4 5 6 7\n");
            let measured: String = table.units.iter().map(line).collect();
            let text = table.filled(&measured, "here and now").unwrap_or_default();
            assert!(text.contains("// here and now\n"));
            for unit in table.units {
                let row = format!(
                    "Row {{ unit: {unit:?}, power: [10, 200, 3_000, 1_234_567], raise: [1, 2, 3, 4, 5, 6, 7] }},\n"
                );
                assert!(text.contains(&row));
            }
        }
    }

    #[test]
    fn a_machine_that_lacks_a_unit_writes_no_table() {
        let measured = "scalar 1 2 3 4 1 2 3 4 5 6 7\nportable 1 2 3 4 1 2 3 4 5 6 7\n";
        for table in [WITH_IFMA, WITHOUT_IFMA] {
            assert!(matches!(table.filled(measured, ""), Err(Stop::Lacking(_))));
        }
    }
}
