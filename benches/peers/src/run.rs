//! The run, from a command line to the last figure: every case of every key size, one after
//! another, and then the kernels.

use std::error::Error;
use std::process::ExitCode;

use crate::cases::{self, Case, Operation};
use crate::material::Material;
use crate::measure::Form;
use crate::peers::{self, Others};
use crate::{kernels, measure};

pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;

/// What is asked for.
#[derive(Default)]
struct Wanted {
    quick: bool,
    form: Form,
    /// One operation, and no kernels.
    only: Option<Operation>,
}

impl Wanted {
    fn parse(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let mut wanted = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => wanted.quick = true,
                "--csv" => wanted.form = Form::Csv,
                "--json" => wanted.form = Form::Json,
                "--only" => wanted.only = Some(Operation::named(&words.next()?)?),
                _ => return None,
            }
        }
        Some(wanted)
    }
}

pub(crate) fn main() -> ExitCode {
    let Some(wanted) = Wanted::parse(std::env::args().skip(1)) else {
        eprintln!("usage: flowseal-peers [--quick] [--csv | --json] [--only OPERATION]");
        return ExitCode::from(2);
    };
    match run(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wanted: &Wanted) -> Fallible<()> {
    let Wanted { quick, form, only } = *wanted;
    let mut others = Others::start();
    others.introduce();
    let mut cost_of_raw = Vec::new();
    if form == Form::Csv {
        println!("operation,bits,batch,threads,peer,median_us_per_op,ratio");
    }
    for bits in [2048, 3072, 4096] {
        let material = Material::new(bits, quick)?;
        others.tell(&material)?;
        let is_wanted = |case: &Case| only.is_none_or(|only| only == case.operation);
        for case in cases::all(bits, quick).into_iter().filter(is_wanted) {
            let jobs = peers::jobs(&case, &material, &mut others, quick)?;
            let lines = measure::in_turns(&case, jobs, quick)?;
            for line in &lines {
                println!("{}", line.shown(&case, form));
            }
            if case.operation == Operation::PrivateRaw && case.batch == 64 {
                cost_of_raw.extend(lines.into_iter().take(1).map(|line| (bits, line)));
            }
        }
    }
    if only.is_none() {
        kernels::print(&cost_of_raw, form);
    }
    Ok(())
}
