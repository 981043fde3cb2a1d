//! The functions that handle secrets, and whether each was entered: also those that the compiler
//! has inlined, whose instructions debug information still tells apart.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::command::target_directory;
use crate::step::{Stop, Verdict};

/// The list, which says how it is read.
const LIST: &str = "crates/memcheck/functions.txt";

/// The functions that were entered, without their generic arguments.
#[derive(Default)]
pub(super) struct Entered(BTreeSet<String>);

impl Entered {
    /// Adds those of a run, from what callgrind has written about it.
    pub(super) fn add(&mut self, program: &Path, callgrind: &str) -> Verdict {
        let failed = |error: std::io::Error| Stop::Failed(format!("addr2line: {error}"));
        let path = target_directory().join("memcheck/addresses");
        fs::write(&path, addresses(callgrind, program)).map_err(failed)?;
        let output = Command::new("addr2line")
            .args(["--functions", "--inlines", "--demangle", "--exe"])
            .arg(program)
            .stdin(Stdio::from(fs::File::open(&path).map_err(failed)?))
            .output()
            .map_err(failed)?;
        if !output.status.success() {
            return Err(Stop::Failed(format!("addr2line: {}", output.status)));
        }
        // Each function is followed by its place.
        let lines = String::from_utf8_lossy(&output.stdout);
        self.0
            .extend(lines.lines().step_by(2).map(without_arguments));
        Ok(())
    }
}

/// Every address of the program at which an instruction was executed.
fn addresses(callgrind: &str, program: &Path) -> String {
    let mut addresses = BTreeSet::new();
    let mut is_ours = false;
    for line in callgrind.lines() {
        if let Some(object) = line.strip_prefix("ob=") {
            is_ours = Path::new(object) == program;
        } else if is_ours && line.starts_with("0x") {
            addresses.extend(line.split_once(' ').map(|(address, _)| address));
        }
    }
    addresses
        .into_iter()
        .flat_map(|address| [address, "\n"])
        .collect()
}

/// Compares the list with what was entered and with the source.
pub(super) fn check(entered: &Entered) -> Verdict {
    let text =
        fs::read_to_string(LIST).map_err(|error| Stop::Failed(format!("{LIST}: {error}")))?;
    let list = read(&text);
    let mut findings = Vec::new();
    for name in list.iter().flat_map(|file| &file.entered) {
        if !entered.0.contains(*name) {
            findings.push(format!(
                "{name} was not entered, or is no function any more"
            ));
        }
    }
    for file in &list {
        let source = fs::read_to_string(file.path)
            .map_err(|error| Stop::Failed(format!("{}: {error}", file.path)))?;
        findings.extend(missing(file, &source));
    }
    for finding in &findings {
        println!("{finding}");
    }
    let count: usize = list.iter().map(|file| file.entered.len()).sum();
    match findings.len() {
        0 if count > 0 => {
            println!("{count} functions were entered");
            Ok(())
        }
        found => Err(Stop::Failed(format!(
            "{found} findings in a list of {count}"
        ))),
    }
}

/// What the list says about a file.
struct File<'a> {
    path: &'a str,
    /// The full names of functions that must be entered.
    entered: Vec<&'a str>,
    /// The names of those that need not be.
    exempt: Vec<&'a str>,
}

fn read(list: &str) -> Vec<File<'_>> {
    let mut files: Vec<File<'_>> = Vec::new();
    for line in list.lines().map(str::trim) {
        let exempt = line
            .strip_prefix("- ")
            .and_then(|line| line.split_once(": "));
        match (files.last_mut(), exempt) {
            _ if line.is_empty() || line.starts_with('#') => {}
            (Some(file), Some((name, _))) => file.exempt.push(name),
            _ if line.ends_with(".rs") => files.push(File {
                path: line,
                entered: Vec::new(),
                exempt: Vec::new(),
            }),
            (Some(file), None) => file.entered.push(line),
            (None, _) => {}
        }
    }
    files
}

/// Names of which the source has another number of functions than the list.
fn missing(file: &File<'_>, source: &str) -> Vec<String> {
    let listed = file.entered.iter().filter_map(|name| last(name));
    let listed: Vec<_> = listed.chain(file.exempt.iter().copied()).collect();
    let defined: Vec<_> = functions(source).collect();
    let count = |names: &[&str], name| names.iter().filter(|other| **other == name).count();
    let names: BTreeSet<_> = listed.iter().chain(&defined).copied().collect();
    names
        .into_iter()
        .map(|name| (name, count(&defined, name), count(&listed, name)))
        .filter(|(_, defined, listed)| defined != listed)
        .map(|(name, defined, listed)| {
            format!(
                "{}: {name} is defined {defined} times and listed {listed} times",
                file.path
            )
        })
        .collect()
}

/// The last part of a name; of a closure's that of its function.
fn last(name: &str) -> Option<&str> {
    name.rsplit("::").find(|part| !part.starts_with('{'))
}

/// The names of the functions that are defined in a source, without its tests.
fn functions(source: &str) -> impl Iterator<Item = &str> {
    let tests = source.find("#[cfg(test)]\nmod ").unwrap_or(source.len());
    source[..tests].lines().filter_map(|line| {
        let code = line.split("//").next()?;
        let (before, rest) = code.split_once("fn ")?;
        let name = rest
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()?;
        // A type `fn(…)` has no name, and a word that ends in "fn " is none.
        let is_definition = before.is_empty() || before.ends_with(' ');
        (is_definition && !name.is_empty()).then_some(name)
    })
}

/// `<Table<Portable>>::look_up` is `<Table>::look_up`, and `fixed::<16, 32>` is `fixed`.
fn without_arguments(name: &str) -> String {
    let mut short = String::new();
    let mut depth = 0_usize;
    let mut before = ' ';
    for c in name.chars() {
        // What stands before the arguments of a type or of a function; elsewhere a bracket is a
        // path's.
        let opens =
            c == '<' && (depth > 0 || before.is_alphanumeric() || matches!(before, '_' | ':'));
        if opens {
            depth += 1;
        } else if c == '>' && depth > 0 && before != '-' {
            depth -= 1;
        } else if depth == 0 {
            short.push(c);
        }
        before = c;
    }
    // The colons before the arguments of a function are left.
    short
        .replace("::::", "::")
        .trim_end_matches("::")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_one_name_whatever_its_arguments() {
        for (name, short) in [
            (
                "a::kernels::reduce::fixed::<16, 32>",
                "a::kernels::reduce::fixed",
            ),
            (
                "<a::Table<a::lanes::Portable>>::look_up",
                "<a::Table>::look_up",
            ),
            ("<a::ct::Mask>::select", "<a::ct::Mask>::select"),
            (
                "<a::Row<u8> as b::Word<c>>::is::<fn() -> d>",
                "<a::Row as b::Word>::is",
            ),
            ("a::run::<u8>::{closure#0}", "a::run::{closure#0}"),
        ] {
            assert_eq!(without_arguments(name), short);
        }
    }

    #[test]
    fn a_closure_stands_for_its_function() {
        assert_eq!(last("a::digits::{closure#1}"), Some("digits"));
        assert_eq!(last("<a::T as b::Task>::run"), Some("run"));
    }

    #[test]
    fn instructions_of_other_objects_do_not_count() {
        let callgrind = "ob=/lib/c\n0x1 2 3\nob=/bin/ours\nfn=main\n0x30 2 3\n0x31 2 3\n0x30 2 1\n";
        assert_eq!(addresses(callgrind, Path::new("/bin/ours")), "0x30\n0x31\n");
    }

    #[test]
    fn a_function_that_is_not_listed_is_found_and_one_that_is_gone() {
        let list = read("# Words.\nsrc/a.rs\na::one\n<a::T>::two\n- three: only prints\n");
        let source =
            "fn one() {}\n  pub(crate) const fn two<T>(\n// fn no()\nfn three(f: fn(u8)) {\n";
        assert!(missing(&list[0], source).is_empty());
        let more = format!("{source}fn four() {{}}\n#[cfg(test)]\nmod tests {{\nfn five()\n");
        assert_eq!(
            missing(&list[0], &more),
            ["src/a.rs: four is defined 1 times and listed 0 times"]
        );
        let renamed = source.replace("two", "too");
        assert_eq!(missing(&list[0], &renamed).len(), 2);
    }
}
