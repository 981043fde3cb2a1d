//! The tables of costs of the engine: what its units take, as measured on this machine.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::audit::{machine, today};
use crate::command::{cargo, execute, need, output};
use crate::step::{Run, Stop};

/// Where the units have their folders, each with a table for processors of both kinds.
const UNITS: &str = "crates/flowseal-rsa/src/units";

/// Measures the units, and writes the tables of processors like this one.
pub(crate) fn write(run: &mut Run) {
    run.step("costs of the engine's units", || {
        let line =
            "run --release --quiet --locked -p flowseal-rsa --features aws-lc --example costs";
        let measured = output(&mut cargo(line))?;
        print!("{measured}");
        let is_ifma = measured.lines().any(|line| line.starts_with("ifma-"));
        let (name, with) = if is_ifma {
            ("with_ifma.rs", "with")
        } else {
            ("without_ifma.rs", "without")
        };
        let origin = format!("{}, {}", today(), machine());
        need("rustfmt", "--version")?;
        let stop = |error: std::io::Error| Stop::Failed(format!("{UNITS}: {error}"));
        // What is missing is found before anything is written.
        let mut tables = Vec::new();
        for folder in fs::read_dir(UNITS).map_err(stop)? {
            let path = folder.map_err(stop)?.path().join(name);
            if path.exists() {
                let text = fs::read_to_string(&path).map_err(stop)?;
                let text = filled(&units(&text), with, &measured, &origin)?;
                tables.push((path, text));
            }
        }
        for (path, text) in tables {
            fs::write(&path, text).map_err(stop)?;
            execute(
                Command::new("rustfmt")
                    .args(["--edition", "2024"])
                    .arg(path),
            )?;
        }
        Ok(())
    });
}

/// The units that a table has a row for: a constant of the unit's name.
fn units(table: &str) -> Vec<String> {
    let row = |line: &str| Some(line.strip_prefix(ROW)?.split_once(':')?.0.to_owned());
    let names = table.lines().filter_map(row);
    names
        .map(|name| name.to_lowercase().replace('_', "-"))
        .collect()
}

const ROW: &str = "pub(super) const ";

/// The table of these units, with the rows as `examples/costs.rs` prints them.
fn filled(units: &[String], with: &str, measured: &str, origin: &str) -> Result<String, Stop> {
    let mut table = format!(
        "//! What these units take on a processor {with} AVX-512 IFMA, in nanoseconds: written by\n\
         //! `cargo xtask costs`.\n//\n// {origin}\n"
    );
    // The oracles of the tests: rows that nothing reads where they are not built.
    let only = |is_oracle: bool| match is_oracle {
        true => "#[cfg(feature = \"oracles\")]\n",
        false => "",
    };
    let is_oracle = |unit: &String| unit.starts_with("portable");
    if !units.is_empty() {
        table += "\n";
        table += only(units.iter().all(is_oracle));
        table += "use crate::units::unit::Times;\n";
    }
    for unit in units {
        let row = measured
            .lines()
            .filter_map(|line| line.split_once(' '))
            .find(|(name, _)| name == unit);
        let (_, times) = row.ok_or_else(|| {
            Stop::Lacking(format!(
                "{unit} is not on this machine, and the tables stay"
            ))
        })?;
        let times: Vec<_> = times.split(' ').map(in_groups).collect();
        let Some((powers, raises)) = times.split_at_checked(4) else {
            return Err(Stop::Failed(format!("no row: {times:?}")));
        };
        let (powers, raises) = (powers.join(", "), raises.join(", "));
        let name = unit.to_uppercase().replace('-', "_");
        let only = only(is_oracle(unit));
        // Writing to a string does not fail.
        let _ = write!(
            table,
            "\n{only}{ROW}{name}: Times = Times {{\npower: [{powers}],\nraise: [{raises}],\n}};\n"
        );
    }
    Ok(table)
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

    const TABLE: &str = "//! A table.\n\npub(super) const AVX2: Times = Times {\n    power: [1],\n};\n\
                         // Rough.\npub(super) const PORTABLE_STRIDED: Times = Times {\n";

    #[test]
    fn a_table_has_a_row_for_each_unit_that_it_had_one_for() {
        let units = units(TABLE);
        assert_eq!(units, ["avx2", "portable-strided"]);
        let line = |unit: &&str| format!("{unit} 10 200 3000 1234567 1 2 3 4 5 6 7\n");
        let measured: String = ["portable-strided", "scalar", "avx2"]
            .iter()
            .map(line)
            .collect();
        let text = filled(&units, "with", &measured, "here and now").unwrap_or_default();
        assert!(text.contains("// here and now\n"));
        for unit in ["AVX2", "PORTABLE_STRIDED"] {
            let row = format!(
                "pub(super) const {unit}: Times = Times {{\npower: [10, 200, 3_000, 1_234_567],\n\
                 raise: [1, 2, 3, 4, 5, 6, 7],\n}};\n"
            );
            assert!(text.contains(&row));
        }
        assert!(!text.contains("SCALAR"));
        let of_tests = "#[cfg(feature = \"oracles\")]\npub(super) const PORTABLE_STRIDED";
        assert!(text.contains(of_tests));
    }

    #[test]
    fn a_machine_that_lacks_a_unit_writes_no_table() {
        let measured = "scalar 1 2 3 4 1 2 3 4 5 6 7\nportable 1 2 3 4 1 2 3 4 5 6 7\n";
        let filled = filled(&units(TABLE), "with", measured, "");
        assert!(matches!(filled, Err(Stop::Lacking(_))));
    }
}
