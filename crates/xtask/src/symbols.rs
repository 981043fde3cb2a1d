//! The ABI of the C library: the prototypes that are committed, beside those of the header and the
//! names that the library exports. A program that was built yesterday calls them as they were.

use std::fs;
use std::process::Command;

use crate::command::{need, output};
use crate::ffi::prefix;
use crate::step::{Stop, Verdict};
use crate::{header, install};

/// Every function, one prototype a line. A line that goes or changes breaks programs; one is added
/// by hand, so that nothing becomes a promise by the way.
const SYMBOLS: &str = "bindings/c/symbols.txt";

/// The same for what a library has that was built with the feature `pkcs11`.
const TOKEN_SYMBOLS: &str = "bindings/c/symbols_pkcs11.txt";

/// By which the header's reader says that the library is one.
const TOKENS: &str = "#if defined(FLOWSEAL_PKCS11)";

/// Compares all three.
pub(crate) fn check() -> Verdict {
    let header = fs::read_to_string(header::HEADER)
        .map_err(|error| Stop::Failed(format!("{}: {error}", header::HEADER)))?;
    let (always, with_tokens) = parts(&header);
    let committed = lines(SYMBOLS)?;
    same("the header", &prototypes(&always), &committed)?;
    same(
        "the header, with tokens",
        &prototypes(&with_tokens),
        &lines(TOKEN_SYMBOLS)?,
    )?;

    need("nm", "--version")?;
    let exported = output(
        Command::new("nm")
            .args(["--dynamic", "--defined-only", "--format=just-symbols"])
            .arg(install::shared(&prefix())),
    )?;
    let exported: Vec<String> = exported.lines().map(str::to_owned).collect();
    let names = committed.iter().filter_map(|prototype| name(prototype));
    let names: Vec<String> = names.map(str::to_owned).collect();
    same("the library", &exported, &names)?;
    static_library(&names)?;
    println!("{} symbols", exported.len());
    Ok(())
}

/// The names of the functions, of a library with tokens or without.
pub(crate) fn names(with_tokens: bool) -> Result<Vec<String>, Stop> {
    let mut committed = lines(SYMBOLS)?;
    if with_tokens {
        committed.extend(lines(TOKEN_SYMBOLS)?);
    }
    let names = committed.iter().filter_map(|prototype| name(prototype));
    Ok(names.map(str::to_owned).collect())
}

fn lines(path: &str) -> Result<Vec<String>, Stop> {
    let text =
        fs::read_to_string(path).map_err(|error| Stop::Failed(format!("{path}: {error}")))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// What a header declares always, and with tokens alone.
pub(crate) fn parts(header: &str) -> (String, String) {
    let (mut always, mut with_tokens) = (String::new(), String::new());
    let mut is_inside = false;
    for line in header.lines() {
        match line {
            TOKENS => is_inside = true,
            "#endif" if is_inside => is_inside = false,
            _ => {
                let part = if is_inside {
                    &mut with_tokens
                } else {
                    &mut always
                };
                part.push_str(line);
                part.push('\n');
            }
        }
    }
    (always, with_tokens)
}

/// The static library shows these names and no others: not Rust's, of which another library in the
/// same program may have its own.
fn static_library(names: &[String]) -> Verdict {
    for tool in ["ld", "objcopy", "ar"] {
        need(tool, "--version")?;
    }
    let shown = output(
        Command::new("nm")
            .args(["--extern-only", "--defined-only", "--format=just-symbols"])
            .arg(install::archive(&prefix())),
    )?;
    let is_name = |line: &&str| !line.is_empty() && !line.ends_with(':');
    let shown: Vec<String> = shown.lines().filter(is_name).map(str::to_owned).collect();
    same("the static library", &shown, names)
}

fn same(what: &str, found: &[String], committed: &[String]) -> Verdict {
    let (new, gone) = (without(found, committed), without(committed, found));
    for line in &new {
        println!("in {what}, but not in {SYMBOLS}: {line}");
    }
    for line in &gone {
        println!("in {SYMBOLS}, but not in {what}: {line}");
    }
    if new.is_empty() && gone.is_empty() {
        return Ok(());
    }
    Err(Stop::Failed(format!(
        "{what} has {} more and {} fewer than {SYMBOLS}",
        new.len(),
        gone.len()
    )))
}

fn without<'a>(list: &'a [String], others: &[String]) -> Vec<&'a String> {
    list.iter().filter(|line| !others.contains(line)).collect()
}

/// The functions of a header, each in a line.
fn prototypes(header: &str) -> Vec<String> {
    let code = header
        .split("/*")
        .map(|piece| piece.split_once("*/").map_or(piece, |(_, code)| code));
    let code: String = code.collect();
    let lines = code
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("extern "));
    let code = lines.collect::<Vec<_>>().join(" ");
    code.split_inclusive(';')
        .map(|piece| piece.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|piece| piece.replace("FLOWSEAL_MUST_USE ", ""))
        .filter(|piece| name(piece).is_some() && !piece.starts_with("typedef"))
        .collect()
}

/// What a prototype declares.
fn name(prototype: &str) -> Option<&str> {
    let (before, _) = prototype.split_once('(')?;
    let name = before.rsplit([' ', '*']).next()?;
    name.starts_with("flowseal_").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prototypes_are_found_whole() {
        let header = "/* A (comment); */\n#ifdef X\nextern \"C\" {\n#endif\n\
            typedef struct {\n  uint64_t id;\n} flowseal_flow;\n\
            typedef bool (*flowseal_ask)(void *context);\n\
            /** Reads; a (flow). */\n\
            flowseal_status flowseal_flow_count(flowseal_flow flow,\n        size_t *count);\n\
            const char *flowseal_version(void);\n";
        assert_eq!(
            prototypes(header),
            [
                "flowseal_status flowseal_flow_count(flowseal_flow flow, size_t *count);",
                "const char *flowseal_version(void);"
            ]
        );
        assert_eq!(
            name("const char *flowseal_version(void);"),
            Some("flowseal_version")
        );
    }

    #[test]
    fn what_is_there_with_tokens_alone_is_told_apart() {
        let header = format!(
            "#if defined(X)\nint flowseal_a(void);\n#endif\n{TOKENS}\nint flowseal_b(void);\n\
             #endif\nint flowseal_c(void);\n"
        );
        let (always, with_tokens) = parts(&header);
        assert_eq!(
            prototypes(&always),
            ["int flowseal_a(void);", "int flowseal_c(void);"]
        );
        assert_eq!(prototypes(&with_tokens), ["int flowseal_b(void);"]);
    }

    #[test]
    fn a_change_of_either_side_is_no_match() {
        let lines = |list: &[&str]| list.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
        let (old, new) = (lines(&["a(int)", "b"]), lines(&["a(long)", "b"]));
        assert!(same("this", &old, &old).is_ok());
        for (found, committed) in [(&new, &old), (&old, &new), (&lines(&["b"]), &old)] {
            assert!(same("this", found, committed).is_err());
        }
    }
}
