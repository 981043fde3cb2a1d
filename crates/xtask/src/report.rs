//! A page of pictures: what flowseal costs, measured on this machine and drawn by `benches/report`.

use std::fs;

use crate::audit::{machine, today};
use crate::command::{cargo, execute, output, target_directory};
use crate::peers;
use crate::step::{Run, Stop, Verdict};

/// Measures what the pictures are of, and draws them. What cannot be measured is missing on the
/// page, and its step has failed.
pub(crate) fn steps(run: &mut Run, quick: bool) {
    let mut sections = Vec::new();
    let asked = if quick { " --quick" } else { "" };

    run.step("flowseal beside other libraries", || {
        let mut words = vec!["--json"];
        words.extend(quick.then_some("--quick"));
        let rows = output(&mut peers::command(&words))?;
        sections.push(section(&format!("cargo xtask peers{asked}"), "", &rows));
        Ok(())
    });
    run.step("one flow by its number of claims", || {
        let turns = if quick { 9 } else { 101 };
        let line = format!(
            "run --release --quiet --locked -p flowseal-benches --example latency -- {turns}"
        );
        let rows = output(&mut cargo(&line))?;
        let note = format!("Medians of {turns} turns, verified and opened on one thread.");
        sections.push(section(&format!("cargo {line}"), &note, &rows));
        Ok(())
    });
    run.step("bulk by the size of its input", || {
        let (rows, line) = bulk(quick)?;
        let note = "Flows of nine claims, e-signatures verified, one of a hundred spoilt.";
        sections.push(section(&format!("cargo {line}"), note, &rows));
        Ok(())
    });
    run.step("bulk beside the loops that people write", || {
        let mut rows = String::new();
        let measured = peers::loops(quick, |more| rows += more);
        let note = "Flows of nine claims, e-signatures verified, one of a hundred spoilt; one thread \
            each, rows compared. Interpreters are started before a loop's time begins.";
        let command = format!("cargo xtask peers --only bulk{asked}");
        // What was measured before something failed is drawn, too.
        sections.push(section(&command, note, &rows));
        measured
    });
    run.step("the page", || draw(&sections));
}

/// The command over inputs that double.
fn bulk(quick: bool) -> Result<(String, String), Stop> {
    execute(&mut cargo("build --release --locked -p flowseal-cli"))?;
    let program = target_directory().join("release/flowseal");
    let line = "run --release --quiet --locked -p flowseal-benches --example bulk -- target/release/flowseal";
    let example = line
        .strip_suffix(" target/release/flowseal")
        .unwrap_or(line);
    let mut rows = String::new();
    let flows: &[u32] = if quick {
        &[500, 1000, 2000]
    } else {
        &[2500, 5000, 10_000, 20_000, 40_000]
    };
    for threads in ["1", "2"] {
        for flows in flows {
            let mut measured = cargo(example);
            measured.arg(&program);
            rows += &output(measured.args([&flows.to_string(), "2048", threads]))?;
        }
    }
    Ok((rows, format!("{line} FLOWS 2048 THREADS")))
}

fn draw(sections: &[String]) -> Verdict {
    let directory = target_directory().join("report");
    let (data, page) = (directory.join("data.json"), directory.join("index.html"));
    let text = format!("{{\"sections\": [\n{}\n]}}\n", sections.join(",\n"));
    let written = fs::create_dir_all(&directory).and_then(|()| fs::write(&data, text));
    written.map_err(|error| Stop::Failed(format!("{}: {error}", data.display())))?;
    let mut report = cargo("run --quiet --locked -p flowseal-report --");
    execute(report.args([&data, &page]).arg(&directory))?;
    println!("open {}", page.display());
    Ok(())
}

/// What one command measured, as the data file has it. Rows are lines of JSON.
fn section(command: &str, note: &str, rows: &str) -> String {
    let rows: Vec<_> = rows.lines().filter(|line| !line.is_empty()).collect();
    format!(
        "{{\"command\": {}, \"processor\": {}, \"date\": {}, \"note\": {}, \"rows\": [\n{}\n]}}",
        quoted(command),
        quoted(&machine()),
        quoted(&today()),
        quoted(note),
        rows.join(",\n")
    )
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_json_whatever_a_processor_is_called() {
        let section = section("cargo x", "", "{\"row\": 1}\n\n{\"row\": 2}\n");
        assert!(section.starts_with("{\"command\": \"cargo x\", \"processor\": \""));
        assert!(section.ends_with("\"rows\": [\n{\"row\": 1},\n{\"row\": 2}\n]}"));
        assert_eq!(quoted("a \"b\" \\ c\n"), "\"a \\\"b\\\" \\\\ c \"");
    }
}
