//! `schedule/table.rs` of the engine: what its units take, as measured on this machine.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::audit::{machine, today};
use crate::command::{cargo, execute, output};
use crate::step::{Run, Stop};

const TABLE: &str = "crates/flowseal-rsa/src/schedule/table.rs";
const UNITS: [&str; 5] = ["ifma-512", "ifma-256", "aws-lc", "scalar", "portable"];

/// Measures the units and writes the table, on a machine that has them all: what counts are the
/// proportions, which figures of different machines do not have.
pub(crate) fn write(run: &mut Run) {
    run.step("costs of the engine's units", || {
        let line =
            "run --release --quiet --locked -p flowseal-rsa --features aws-lc --example costs";
        let measured = output(&mut cargo(line))?;
        print!("{measured}");
        let table = table(&measured, &format!("{}, {}", today(), machine()))?;
        let stop = |error: std::io::Error| Stop::Failed(format!("{TABLE}: {error}"));
        fs::write(TABLE, table).map_err(stop)?;
        execute(Command::new("rustfmt").args(["--edition", "2024", TABLE]))
    });
}

/// The table of rows as `examples/costs.rs` prints them.
fn table(measured: &str, origin: &str) -> Result<String, Stop> {
    let mut table = format!(
        "//! What the units take on one machine that has them all, in nanoseconds: written by `cargo xtask costs`.\n\
         //\n// {origin}\n\nuse super::costs::Row;\n\npub(super) const ROWS: [Row; {}] = [\n",
        UNITS.len()
    );
    for unit in UNITS {
        let row = measured
            .lines()
            .filter_map(|line| line.split_once(' '))
            .find(|(name, _)| *name == unit);
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
        let measured = UNITS.map(|unit| format!("{unit} 10 200 3000 1234567 1 2 3 4 5 6 7\n"));
        let table = table(&measured.concat(), "here and now").unwrap_or_default();
        assert!(table.contains("// here and now\n"));
        for unit in UNITS {
            let row = format!(
                "Row {{ unit: {unit:?}, power: [10, 200, 3_000, 1_234_567], raise: [1, 2, 3, 4, 5, 6, 7] }},\n"
            );
            assert!(table.contains(&row));
        }
    }

    #[test]
    fn a_machine_that_lacks_a_unit_writes_no_table() {
        let measured = "scalar 1 2 3 4 1 2 3 4 5 6 7\nportable 1 2 3 4 1 2 3 4 5 6 7\n";
        assert!(matches!(table(measured, ""), Err(Stop::Lacking(_))));
    }
}
