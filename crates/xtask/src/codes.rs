//! What is written from the core's table of codes: the page of codes, and the statuses of the C
//! library.

use std::fmt::Write as _;
use std::fs;

use crate::step::{Run, Stop};

/// The table.
const TABLE: &str = "crates/flowseal/src/error/codes.rs";

/// The C library's own statuses, one a line: number, variant, class, HTTP status, what it says;
/// behind a bar, what is told of it to the caller.
const OWN: &str = "bindings/c/own_statuses.txt";

const PAGE: &str = "crates/flowseal/docs/codes.md";
const STATUSES: &str = "bindings/c/src/codes.rs";

/// Writes both anew.
pub(crate) fn write(run: &mut Run) {
    run.step("the page of codes and the statuses are written", || {
        for (path, text) in made()? {
            fs::write(path, text).map_err(|error| Stop::Failed(format!("{path}: {error}")))?;
        }
        Ok(())
    });
}

/// Compares what is committed with the table.
pub(crate) fn check(run: &mut Run) {
    run.step("the codes are those of the table", || {
        made()?.into_iter().try_for_each(|(path, text)| {
            if read(path)? == text {
                return Ok(());
            }
            Err(Stop::Failed(format!(
                "{path} is not what {TABLE} says: run `cargo xtask codes` and commit the result"
            )))
        })
    });
}

fn made() -> Result<[(&'static str, String); 2], Stop> {
    let codes = rows(&read(TABLE)?).map_err(Stop::Failed)?;
    let own = own_rows(&read(OWN)?).map_err(Stop::Failed)?;
    Ok([(PAGE, page(&codes)), (STATUSES, statuses(&codes, &own))])
}

fn read(path: &str) -> Result<String, Stop> {
    fs::read_to_string(path).map_err(|error| Stop::Failed(format!("{path}: {error}")))
}

/// A row of the table.
#[derive(Debug, PartialEq)]
struct Row {
    variant: String,
    number: u32,
    name: String,
    class: String,
    http_status: String,
    cause: String,
    mend: String,
}

/// The rows in the text of the table, which `rustfmt` does not touch:
/// `Variant = number, "name", Class, status,`, and a line for each of the two sentences.
fn rows(table: &str) -> Result<Vec<Row>, String> {
    let begin = "\nerror_codes! {\n";
    let (_, table) = table.split_once(begin).ok_or("there is no table")?;
    let (table, _) = table.split_once("\n}\n").ok_or("the table has no end")?;
    let lines: Vec<_> = table.lines().map(str::trim).collect();
    lines
        .chunks(3)
        .map(|lines| row(lines).ok_or_else(|| format!("no row: {lines:?}")))
        .collect()
}

fn row(lines: &[&str]) -> Option<Row> {
    let [head, cause, mend] = lines else {
        return None;
    };
    let (variant, rest) = head.strip_suffix(',')?.split_once(" = ")?;
    let parts: Vec<_> = rest.split(", ").collect();
    let [number, name, class, http_status] = parts[..] else {
        return None;
    };
    let quoted = |text: &str| {
        let text = text.strip_prefix('"')?.strip_suffix('"')?;
        (!text.contains(['"', '\\', '|'])).then(|| text.to_owned())
    };
    Some(Row {
        variant: variant.to_owned(),
        number: number.parse().ok()?,
        name: quoted(name)?,
        class: class.to_lowercase(),
        http_status: http_status.to_owned(),
        cause: quoted(cause.strip_suffix(',')?)?,
        mend: quoted(mend.strip_suffix(';')?)?,
    })
}

/// A status of the C library's own.
struct Own {
    number: u32,
    variant: String,
    class: String,
    http_status: String,
    cause: String,
    sentence: String,
}

fn own_rows(text: &str) -> Result<Vec<Own>, String> {
    let row = |line: &str| {
        let (line, sentence) = line.split_once(" | ")?;
        let mut parts = line.splitn(5, ' ');
        Some(Own {
            number: parts.next()?.parse().ok()?,
            variant: parts.next()?.to_owned(),
            class: parts.next()?.to_owned(),
            http_status: parts.next()?.to_owned(),
            cause: parts.next()?.to_owned(),
            sentence: sentence.to_owned(),
        })
    };
    text.lines()
        .map(|line| row(line).ok_or_else(|| format!("no status: {line}")))
        .collect()
}

/// The ranges of numbers: what they are, the command's exit status, Python's class.
const RANGES: &[(u32, u32, &str, &str)] = &[
    (
        1,
        39,
        "Input that is unusable before a flow exists",
        "Exit status 2; in Python `InputError`.",
    ),
    (
        40,
        69,
        "A flow that is refused",
        "Exit status 1; in Python `RefusedError`.",
    ),
    (
        70,
        79,
        "Faults of the machine or of this library",
        "Exit status 3; in Python `InternalError`.",
    ),
    (
        100,
        139,
        "Requests to the API",
        "The command sends none; in Python `InputError`.",
    ),
];

fn page(codes: &[Row]) -> String {
    let mut page = "\
<!-- Written by `cargo xtask codes` from crates/flowseal/src/error/codes.rs. -->

# The codes

Each error has a stable code: the same string in Rust (`ErrorCode`), in C (`flowseal_status_name()`, with
the number as status), in Python (`.code`) and in the command (`error[code]`). A code or a number is never
reused. The sentence beside it says what was found, what was expected and what to do; it may change.

The *class* says what kind of answer a code wants, for programs that do not care for each
(`ErrorCode::class()`):

| class | |
|---|---|
| `caller` | your own code, configuration or keys have to be corrected: it will not pass by itself |
| `response` | what was received is not what it should be: look at where it comes from |
| `refused` | what was received is understood, and must not be accepted |
| `ended` | it is over, and nobody's fault: start again if the person wants to |
| `retry` | it may pass by itself: try again later |
| `fault` | the machine, a module or this library has failed: nothing was released |

*HTTP* is what a web service may answer its own caller with (`ErrorCode::http_status()`), a suggestion; what
it should not tell that caller is which check of a flow has failed.
"
    .to_owned();
    for (first, last, title, note) in RANGES {
        let _ = write!(
            page,
            "\n## {first} to {last}: {title}\n\n{note}\n\n\
             | | code | class | HTTP | what is so | what to do |\n|---|---|---|---|---|---|\n"
        );
        for row in codes {
            if (*first..=*last).contains(&row.number) {
                let _ = writeln!(
                    page,
                    "| {} | `{}` | {} | {} | {} | {} |",
                    row.number, row.name, row.class, row.http_status, row.cause, row.mend
                );
            }
        }
    }
    page.push_str(
        "\n80 to 99 are the C library's own, for misuse of its interface: see `flowseal.h`.\n",
    );
    page
}

/// A row of the statuses: what the C library says of one.
struct Status<'a> {
    number: u32,
    variant: &'a str,
    name: String,
    class: &'a str,
    http_status: &'a str,
    cause: &'a str,
    mend: &'a str,
    message: String,
}

fn statuses(codes: &[Row], own: &[Own]) -> String {
    let mut all: Vec<Status<'_>> = codes
        .iter()
        .map(|row| Status {
            number: row.number,
            variant: &row.variant,
            name: row.name.clone(),
            class: &row.class,
            http_status: &row.http_status,
            cause: &row.cause,
            mend: &row.mend,
            message: format!("{} {}", row.cause, row.mend),
        })
        .collect();
    all.extend(own.iter().map(|own| Status {
        number: own.number,
        variant: &own.variant,
        name: snake_case(&own.variant),
        class: &own.class,
        http_status: &own.http_status,
        cause: &own.cause,
        mend: &own.sentence,
        message: own.sentence.clone(),
    }));
    all.sort_unstable_by_key(|status| status.number);

    let mut text = "\
//! Every status, its name and its sentence. Written by `cargo xtask codes` from the core's table of
//! codes and from `own_statuses.txt`.

use crate::status::{Said, flowseal_code_class};

/// What a call answers: 0, or why it refused.
///
/// A number is never reused; new ones are appended, so a caller must expect ones that it does not
/// know. 1 to 39 are input that is unusable before a flow exists, 40 to 69 a flow that is refused,
/// 70 to 79 faults of the machine or of this library, 80 to 99 misuse of this interface, 100 to 139
/// requests to the API.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum flowseal_status {
"
    .to_owned();
    for status in &all {
        for line in wrapped(status.cause) {
            let _ = writeln!(text, "    /// {line}");
        }
        let _ = writeln!(text, "    {} = {},", status.variant, status.number);
    }
    text.push_str(
        "}\n\nimpl flowseal_status {\n    \
         /// What is said of every status.\n    \
         #[rustfmt::skip]\n    \
         pub(crate) const ALL: &[Said] = &[\n",
    );
    for status in &all {
        let said = |text: &str| format!("c\"{}\"", text.replace('`', ""));
        let _ = writeln!(
            text,
            "        Said {{ status: Self::{}, name: {}, class: flowseal_code_class::{}, \
             http_status: {},\n            cause: {},\n            mend: {},\n            message: {} }},",
            status.variant,
            said(&status.name),
            capitalised(status.class),
            status.http_status,
            said(status.cause),
            said(status.mend),
            said(&status.message),
        );
    }
    text.push_str("    ];\n}\n");
    text
}

/// Lines of at most 92 bytes, which fit behind an indented `///`.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= 92 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn capitalised(class: &str) -> String {
    let (first, rest) = class.split_at(class.len().min(1));
    first.to_ascii_uppercase() + rest
}

fn snake_case(variant: &str) -> String {
    let mut name = String::new();
    for (index, character) in variant.chars().enumerate() {
        if character.is_ascii_uppercase() && index > 0 {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "x\nerror_codes! {\n    Usage = 1, \"usage\", Caller, 500,\n        \"It is so.\",\n        \
        \"Do that.\";\n    NoFlow = 40, \"no_flow\", Ended, 410,\n        \"It ended.\",\n        \"Begin.\";\n}\n";

    #[test]
    fn rows_are_read_and_written_everywhere() {
        let codes = rows(TEXT).unwrap();
        assert_eq!(codes.len(), 2);
        let page = page(&codes);
        assert!(
            page.contains("| 40 | `no_flow` | ended | 410 | It ended. | Begin. |"),
            "{page}"
        );
        let own =
            own_rows("0 Ok none 200 Done. | done\n80 HandleNone caller 500 Nothing. | give one")
                .unwrap();
        let statuses = statuses(&codes, &own);
        assert!(
            statuses.contains("/// It ended.\n    NoFlow = 40,\n"),
            "{statuses}"
        );
        for said in [
            "Said { status: Self::NoFlow, name: c\"no_flow\", class: flowseal_code_class::Ended, http_status: 410,",
            "cause: c\"It ended.\",\n            mend: c\"Begin.\",\n            message: c\"It ended. Begin.\" },",
            "name: c\"handle_none\", class: flowseal_code_class::Caller, http_status: 500,",
        ] {
            assert!(statuses.contains(said), "{statuses}");
        }
        let order = ["Ok = 0", "Usage = 1", "NoFlow = 40", "HandleNone = 80"];
        let places = order.map(|row| statuses.find(row).unwrap());
        assert!(places.is_sorted(), "{statuses}");
    }

    #[test]
    fn what_is_no_row_is_said() {
        for spoilt in [
            TEXT.replace("500,", "500"),
            TEXT.replace("\"Do that.\";", "\"Do that.\","),
            TEXT.replace("Do that", "Do \\\"that"),
            TEXT.replace("    NoFlow", "    // A remark.\n    NoFlow"),
            TEXT.replace("error_codes!", "codes!"),
        ] {
            assert!(rows(&spoilt).is_err(), "{spoilt}");
        }
        assert!(own_rows("HandleNone 80 Nothing. | none").is_err());
    }
}
