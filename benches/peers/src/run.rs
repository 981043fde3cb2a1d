//! The order of it all.

use std::error::Error;
use std::process::ExitCode;

use crate::cases::{self, Operation};
use crate::material::Material;
use crate::peers::{self, Others};
use crate::{kernels, measure};

pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;

pub(crate) fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (mut quick, mut csv) = (false, false);
    for word in &words {
        match word.as_str() {
            "--quick" => quick = true,
            "--csv" => csv = true,
            _ => {
                eprintln!("usage: flowseal-peers [--quick] [--csv]");
                return ExitCode::from(2);
            }
        }
    }
    match run(quick, csv) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(quick: bool, csv: bool) -> Fallible<()> {
    let mut others = Others::start();
    others.introduce();
    let mut cost_of_raw = Vec::new();
    if csv {
        println!("operation,bits,batch,threads,peer,median_us_per_op,ratio");
    }
    for bits in [2048, 3072, 4096] {
        let material = Material::new(bits, quick)?;
        others.tell(&material)?;
        for case in cases::all(bits, quick) {
            let jobs = peers::jobs(&case, &material, &mut others, quick)?;
            let lines = measure::in_turns(&case, jobs, quick)?;
            for line in &lines {
                println!(
                    "{}",
                    if csv {
                        line.csv(&case)
                    } else {
                        line.table(&case)
                    }
                );
            }
            if case.operation == Operation::PrivateRaw && case.batch == 64 {
                cost_of_raw.extend(lines.into_iter().take(1).map(|line| (bits, line)));
            }
        }
    }
    kernels::print(&cost_of_raw, csv);
    Ok(())
}
