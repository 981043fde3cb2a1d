//! The paths of claims, such as `naming.given`.

/// The path of the member or element `name` below `parent`.
pub(crate) fn below(parent: &str, name: &str) -> String {
    format!("{parent}.{name}")
}

/// Whether `path` names `selected` itself or something under it.
pub(crate) fn at_or_under(path: &str, selected: &str) -> bool {
    path.strip_prefix(selected)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_by_whole_names() {
        for (path, selected, inside) in [
            ("naming.given", "naming", true),
            ("naming.given", "naming.given", true),
            ("naming.givenName", "naming.given", false),
            ("naming", "naming.given", false),
            ("naming.given", "", false),
        ] {
            assert_eq!(at_or_under(path, selected), inside, "{path} {selected}");
        }
    }
}
