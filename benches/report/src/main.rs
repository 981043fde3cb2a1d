//! A page of pictures from figures that were measured before: `cargo xtask report`.
//!
//! `flowseal-report DATA PAGE [PICTURES]` reads the data file DATA, writes the page to PAGE, and
//! each chart as an SVG file into the directory PICTURES. It measures nothing, so that it can be
//! tested on a small file. The pictures of the project's README are drawn from `recorded.json`:
//!
//! ```text
//! cargo run -p flowseal-report -- benches/report/recorded.json target/report/recorded.html docs
//! ```
#![forbid(unsafe_code)]
#![expect(clippy::print_stderr, reason = "a command speaks to a terminal")]

mod chart;
mod charts;
mod data;
mod page;
mod svg;
mod words;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use data::Data;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = words.iter().map(Path::new).collect();
    let written = match words[..] {
        [data, page] => write(data, page, None),
        [data, page, pictures] => write(data, page, Some(pictures)),
        _ => Err("usage: flowseal-report DATA PAGE [PICTURES]".into()),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(data: &Path, page: &Path, pictures: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let at = |path: &Path, error: &dyn Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(data).map_err(|error| at(data, &error))?;
    let data = serde_json::from_str::<Data>(&text).map_err(|error| at(data, &error))?;
    let charts = charts::all(&data)?;
    fs::write(page, page::html(&charts)).map_err(|error| at(page, &error))?;
    for chart in pictures.iter().flat_map(|_| &charts) {
        let file = pictures.unwrap_or(page).join(format!("{}.svg", chart.key));
        fs::write(&file, svg::picture(chart)).map_err(|error| at(&file, &error))?;
    }
    Ok(())
}
