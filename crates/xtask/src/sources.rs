//! Every text file of the project.

use std::fs;
use std::io;
use std::path::Path;

/// What was built or fetched.
const NOT_OURS: &[&str] = &[".git", ".hypothesis", "node_modules", "target"];

/// A text file; the path counts from the root and is spelled with `/`.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The lines with their numbers, which count from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// Walks the tree instead of asking git, so that an unpacked archive is checked like a clone.
pub(crate) fn all() -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    walk(Path::new("."), "", &mut sources)?;
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

fn walk(directory: &Path, prefix: &str, sources: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        // In a second working tree of one repository, `.git` is a file.
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), &format!("{path}/"), sources)?;
        } else if kind.is_file() {
            // What is not UTF-8 is no text.
            if let Ok(text) = String::from_utf8(fs::read(entry.path())?) {
                sources.push(Source { path, text });
            }
        }
    }
    Ok(())
}
