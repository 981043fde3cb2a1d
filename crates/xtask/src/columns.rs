//! Comments fit beside each other on a screen: 100 columns, as the formatter holds code to.
//!
//! `rustfmt` wraps no comments, and knows neither Python, C nor TOML.

use crate::sources::Source;

/// The longest comment, with what stands before it in its line.
const COLUMNS: usize = 100;

/// The comments that are wider.
pub(crate) fn wide_comments(source: &Source) -> Vec<String> {
    let ending = source.path.rsplit('.').next().unwrap_or_default();
    let is_comment: fn(&str) -> bool = match ending {
        "rs" | "c" | "cpp" | "h" | "hpp" => is_comment_of_c,
        "py" | "pyi" | "toml" => |line| line.starts_with('#'),
        _ => return Vec::new(),
    };
    let wide = source
        .lines()
        .filter(|(_, line)| line.chars().count() > COLUMNS && is_comment(line.trim_start()));
    wide.map(|(number, _)| {
        format!(
            "{}:{number}: a comment of more than {COLUMNS} columns",
            source.path
        )
    })
    .collect()
}

/// A line that is a comment, or ends with one. What stands in quotation marks begins none.
fn is_comment_of_c(line: &str) -> bool {
    let is_outside = |at: usize| line[..at].matches('"').count().is_multiple_of(2);
    line.starts_with("/*")
        || line.starts_with("* ")
        || line.match_indices("//").any(|(at, _)| is_outside(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        wide_comments(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn a_wide_comment_is_found_in_every_language() {
        for (path, sign) in [
            ("crates/any/src/a.rs", "    //! "),
            ("include/a.h", "     * "),
            ("tests/a.hpp", "/* "),
            ("tests/a.c", "call(); // "),
            ("a.py", "    # "),
            ("Cargo.toml", "# "),
        ] {
            let fits = format!("\n{sign}{}\n", "ä".repeat(COLUMNS - sign.len()));
            assert_eq!(found(path, &fits), [""; 0]);
            let wide = fits.replacen('ä', "ää", 1);
            let finding = format!("{path}:2: a comment of more than 100 columns");
            assert_eq!(found(path, &wide), [finding]);
        }
    }

    #[test]
    fn what_is_no_comment_may_be_wide() {
        let wide = "x".repeat(COLUMNS);
        for (path, line) in [
            ("a.rs", format!("let s = \"https://{wide}\";")),
            ("a.py", format!("call({wide})  # type: ignore")),
            ("a.toml", format!("key = \"{wide}\"")),
            ("a.md", format!("# {wide}")),
        ] {
            assert_eq!(found(path, &line), [""; 0]);
        }
    }
}
