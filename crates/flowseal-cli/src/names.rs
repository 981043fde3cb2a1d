//! Names of files, as arguments and as they are shown: a key that stands where a name is wanted is
//! told apart, and is never shown.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;

use flowseal::{ErrorCode, NotAFileName};

use crate::failure::Failure;
use crate::output::Shown;

/// Refuses a text among the arguments before anyone reads them: whoever did might say what it read.
pub(crate) fn check(arguments: &[OsString]) -> Result<(), Failure> {
    for (at, argument) in arguments.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| arguments.get(at));
        // `--key TEXT` or `--key=TEXT`.
        let (option, value) = match argument.to_str().and_then(|text| text.split_once('=')) {
            Some((option, value)) if is_option(option) => (Some(option), OsStr::new(value)),
            _ => (before.and_then(|word| word.to_str()), argument.as_os_str()),
        };
        if let Some(text) = text_instead_of_a_name(value) {
            let place = match option.filter(|option| is_option(option)) {
                Some(option) => option.to_owned(),
                None => format!("argument {}", at + 1),
            };
            return Err(not_a_name(&place, text));
        }
    }
    Ok(())
}

fn is_option(word: &str) -> bool {
    let name = word.strip_prefix("--").unwrap_or_default();
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() < 32
        && name.chars().all(is_letter)
}

fn not_a_name(place: &str, text: NotAFileName) -> Failure {
    let sentence = match text {
        NotAFileName::Key => format!(
            "{place}: this is a key and not a file's name: write it to a file that only you can \
             read, and give that file's name"
        ),
        _ => format!(
            "{place}: this is a text and not a file's name: write it to a file, and give that \
             file's name, or pass a flow to standard input"
        ),
    };
    Failure::new(ErrorCode::Usage, sentence)
}

/// Whether this is a text that somebody took for a name: none of it is a name that any file here
/// has.
fn text_instead_of_a_name(value: &OsStr) -> Option<NotAFileName> {
    let kind = NotAFileName::of(&value.to_string_lossy())?;
    // A strange name that a file does have is its name after all.
    Path::new(value).symlink_metadata().is_err().then_some(kind)
}

/// The name of a file as it is shown: in one line, and the end alone of a long one. What looks like
/// a text is not shown.
pub(crate) struct Name<'a>(pub(crate) &'a Path);

/// What is longer is no name that anyone reads.
const LONG: usize = 128;

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.to_string_lossy();
        if NotAFileName::of(&name).is_some() && self.0.symlink_metadata().is_err() {
            return f.write_str("a text");
        }
        if name.chars().count() <= LONG {
            return Shown(&name).fmt(f);
        }
        // A name has an extension, and is not all there is.
        match self.0.file_name().map(OsStr::to_string_lossy) {
            Some(last) if last.contains('.') && last.chars().count() <= LONG / 2 => {
                write!(f, "…/{}", Shown(&last))
            }
            _ => write!(f, "a name of {} characters", name.chars().count()),
        }
    }
}

/// A word that this command does not have, as it is shown: whole where it is no longer than such
/// words are, since it may be anything.
pub(crate) fn word(text: &str) -> String {
    /// The longest of them, `--from-evidence`, and one more.
    const LONGEST: usize = 16;

    let count = text.chars().count();
    if count <= LONGEST {
        return Shown(text).to_string();
    }
    let head: String = text.chars().take(4).collect();
    format!("{}… ({count} characters)", Shown(&head))
}

/// What clap says of the arguments, with those shortened that are no words of this command.
pub(crate) fn shortened(message: &str, arguments: &[OsString]) -> String {
    let mut message = message.to_owned();
    for argument in arguments {
        let argument = argument.to_string_lossy();
        let value = argument.split_once('=').map(|(_, value)| value);
        for given in [Some(argument.as_ref()), value].into_iter().flatten() {
            let shown = word(given);
            if !is_option(given) && shown != given {
                message = message.replace(given, &shown);
            }
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_in_one_short_line() {
        let long = "directory/".repeat(20);
        let shown = |name: &str| Name(Path::new(name)).to_string();
        assert_eq!(shown("keys/app.pem"), "keys/app.pem");
        assert_eq!(shown(&format!("{long}app.pem")), "…/app.pem");
        assert_eq!(shown(&"k".repeat(200)), "a name of 200 characters");
        assert_eq!(shown(&format!("{long}abc")), "a name of 203 characters");
        assert_eq!(shown("-----BEGIN PRIVATE KEY-----"), "a text");
    }
}
