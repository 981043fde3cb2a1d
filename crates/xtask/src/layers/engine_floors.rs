//! The floors of the engine: a module names what is below it, and nothing above it or beside it.

use super::code_of;
use crate::sources::Source;

const ENGINE: &str = "crates/flowseal-rsa/src/";

/// From the ground up. `units::*` is every unit that is not named by itself, so that a new one
/// needs no line here.
const FLOORS: &[&[&str]] = &[
    &["error", "probe"],
    &["ct", "workspace"],
    &["arithmetic"],
    &["prepared"],
    &["key"],
    &["job"],
    &["units::unit"],
    &["units::lanes"],
    &["units::*"],
    // It leaves to the scalar unit what it has no memory for.
    &["units::aws_lc"],
    &["units"],
    &["operations"],
    &["schedule"],
    &["engine"],
    &["hooks"],
];

/// Files that are another module than their folder says: what `src/probe.rs` is in a build with
/// hooks.
const ELSEWHERE: &[(&str, &str)] = &[("hooks/probe", "probe"), ("hooks/leaks", "probe::leaks")];

/// Paths of the engine that lead up, or out of sight.
pub(super) fn arrows_up(source: &Source) -> Vec<String> {
    let Some(module) = module_of(&source.path).filter(|module| module != "lib") else {
        return Vec::new();
    };
    let Some(from) = floor_of(&module) else {
        return vec![format!("{}: {module} is on no floor", source.path)];
    };
    let arrow = |(line, path): (usize, String)| {
        let wrong = match floor_of(&path) {
            None => format!("{path} does not say on which floor it is"),
            Some(to) if to.0 > from.0 => format!("{} is below {}", from.1, to.1),
            Some(to) if to.0 == from.0 && to.1 != from.1 => {
                format!("{} is beside {}", from.1, to.1)
            }
            Some(_) => return None,
        };
        Some(format!("{}:{line}: {wrong}", source.path))
    };
    paths(&module, &source.text)
        .into_iter()
        .filter_map(arrow)
        .collect()
}

/// `units::vector::power`, of its file.
fn module_of(path: &str) -> Option<String> {
    let file = path.strip_prefix(ENGINE)?.strip_suffix(".rs")?;
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == file);
    let name = elsewhere.map_or(file.strip_suffix("/mod").unwrap_or(file), |(_, name)| name);
    Some(name.replace('/', "::"))
}

/// The floor that a path leads to, and which of the modules there.
fn floor_of(path: &str) -> Option<(usize, String)> {
    let mut parts = path.split("::");
    let first = parts.next()?;
    let second = parts.next().map(|second| format!("{first}::{second}"));
    let find = |name: &str| FLOORS.iter().position(|floor| floor.contains(&name));
    if let Some(second) = second {
        if let Some(floor) = find(&second) {
            return Some((floor, second));
        }
        // Items of the module itself are written large.
        let is_module = second.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if let Some(floor) = find(&format!("{first}::*")).filter(|_| is_module) {
            return Some((floor, second));
        }
    }
    Some((find(first)?, first.to_owned()))
}

/// The paths within the crate that a module names, and where: all that a `use` brings, and those
/// that stand elsewhere. Tests may look anywhere.
fn paths(module: &str, text: &str) -> Vec<(usize, String)> {
    let text = text.split("\nmod tests {").next().unwrap_or("");
    let code: String = text.lines().map(|line| code_of(line) + "\n").collect();
    let mut found = Vec::new();
    for (start, _) in code
        .match_indices("crate::")
        .chain(code.match_indices("super::"))
    {
        let before = code[..start].chars().next_back();
        // The first word of a path begins it, and `$crate` is a macro's.
        if before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c)) {
            continue;
        }
        let (mut base, mut rest) = match code[start..].strip_prefix("crate::") {
            Some(rest) => (Vec::new(), rest),
            None => (module.split("::").collect::<Vec<_>>(), &code[start..]),
        };
        while let Some(after) = rest.strip_prefix("super::") {
            base.pop();
            rest = after;
        }
        let line = code[..start].lines().count().max(1);
        let mut brought = Vec::new();
        tree(&base.join("::"), rest, &mut brought);
        found.extend(brought.into_iter().map(|path| (line, path)));
    }
    found
}

/// Adds what `a::{b, c::d}` names below a prefix, and returns what follows.
fn tree<'a>(prefix: &str, text: &'a str, found: &mut Vec<String>) -> &'a str {
    let joined = |name: &str| match prefix {
        "" => name.to_owned(),
        prefix => format!("{prefix}::{name}"),
    };
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let after = tree(prefix, rest, found);
            if after.len() == rest.len() {
                return rest;
            }
            rest = after;
        }
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '*';
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        return rest;
    }
    if let Some(below) = rest
        .strip_prefix("::")
        .filter(|below| !below.starts_with('<'))
    {
        return tree(&joined(name), below, found);
    }
    found.push(if name == "self" || name == "*" {
        prefix.to_owned()
    } else {
        joined(name)
    });
    // `as` and a name are no path.
    match rest.trim_start().strip_prefix("as ") {
        Some(after) => after.trim_start_matches(is_word),
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: format!("{ENGINE}{path}"),
            text: text.to_owned(),
        }
    }

    fn arrows(path: &str, text: &str) -> Vec<String> {
        let prefix = format!("{ENGINE}{path}:");
        let arrows = arrows_up(&source(path, text));
        let arrow = |arrow: String| arrow.replace(&prefix, "");
        arrows.into_iter().map(arrow).collect()
    }

    #[test]
    fn an_arrow_down_is_none_up() {
        for (path, text) in [
            (
                "operations/private.rs",
                "use super::blinding::{Pair, Pool};\nuse crate::units::Unit;",
            ),
            (
                "units/vector/power.rs",
                "use super::kernels;\nuse crate::units::lanes::Task;",
            ),
            (
                "units/neon/mod.rs",
                "use super::unit::{Compute, boxed};\nuse crate::job::Half;",
            ),
            (
                "units/mod.rs",
                "use crate::error::EngineUnavailable;\n&vector::IFMA_512,",
            ),
            (
                "hooks/mod.rs",
                "use crate::engine::Engine;\npub use crate::probe::{self, Leak};",
            ),
            (
                "key.rs",
                "// crate::engine\n\"crate::engine\";\npub(super) fn f() {}",
            ),
            (
                "ct.rs",
                "#[cfg(test)]\nmod tests {\n    use crate::engine::Engine;\n}",
            ),
            ("lib.rs", "pub use engine::Engine;"),
        ] {
            assert_eq!(arrows(path, text), [""; 0], "{path}");
        }
    }

    #[test]
    fn an_arrow_up_is_found_in_whatever_way_it_is_written() {
        for (path, text, expected) in [
            (
                "key.rs",
                "use crate::units::aws_lc;",
                "1: key is below units::aws_lc",
            ),
            (
                "key.rs",
                "use crate::{\n    ct::Mask,\n    job::{self, Half as H},\n};",
                "1: key is below job",
            ),
            (
                "ct.rs",
                "\n    crate::hooks::record();",
                "2: ct is below hooks",
            ),
            (
                "hooks/probe.rs",
                "use crate::engine::Engine;",
                "1: probe is below engine",
            ),
            (
                "units/lanes/digits.rs",
                "use super::super::vector::{Half, Raise};",
                "1: units::lanes is below units::vector",
            ),
            (
                "units/neon/mod.rs",
                "use crate::units::UNITS;",
                "1: units::neon is below units",
            ),
            (
                "units/scalar/power.rs",
                "use crate::operations::*;",
                "1: units::scalar is below operations",
            ),
        ] {
            assert!(arrows(path, text).contains(&expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_unit_does_not_know_another() {
        let text = "use crate::units::scalar::power;";
        assert_eq!(
            arrows("units/strided/power.rs", text),
            ["1: units::strided is beside units::scalar"]
        );
        assert_eq!(arrows("units/aws_lc/mod.rs", text), [""; 0]);
    }

    #[test]
    fn what_is_on_no_floor_is_found() {
        assert_eq!(
            arrows("key.rs", "use crate::{PrivateKey, error::KeyError};"),
            ["1: PrivateKey does not say on which floor it is"]
        );
        assert_eq!(
            arrows_up(&source("attic.rs", "")),
            [format!("{ENGINE}attic.rs: attic is on no floor")]
        );
    }
}
