//! What people copy: an example leaves out nothing that a service needs.

use crate::sources::Source;

/// What an example does, and the word without which it does it badly.
const NEEDED: &[(&[&str], &str, &str)] = &[
    (
        // Of several people's flows, each must be the one whom the app knows.
        &["verify(", "_verify(", "verify_many("],
        "requestee",
        "verifies a flow and never looks at whose it is",
    ),
    (
        &["reqwest::", "ureq::", "httpx.", "curl_easy_perform"],
        "most_bytes",
        "reads answers of any length",
    ),
];

/// What the example lacks.
pub(super) fn left_out(source: &Source) -> Vec<String> {
    let is_code = [".rs", ".py", ".c", ".cpp", ".h", ".hpp"]
        .iter()
        .any(|end| source.path.ends_with(end));
    let is_of_the_engine =
        source.path.starts_with("benches/") || source.path.starts_with("crates/flowseal-rsa/");
    if !is_code || is_of_the_engine || !source.path.contains("/examples/") {
        return Vec::new();
    }
    let text = source.text.to_lowercase();
    NEEDED
        .iter()
        .filter(|(acts, word, _)| acts.iter().any(|act| text.contains(act)) && !text.contains(word))
        .map(|(_, _, why)| format!("{}: {why}", source.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        left_out(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn an_example_that_leaves_something_out_is_found() {
        let example = "bindings/python/examples/new.py";
        assert_eq!(
            findings(example, "flow.verify(verifier, expectations)"),
            ["bindings/python/examples/new.py: verifies a flow and never looks at whose it is"]
        );
        assert_eq!(findings(example, "httpx.get(url)").len(), 1);
        assert!(findings(example, "flow.verify(v, e); print(verified.requestee)").is_empty());
        assert!(findings(example, "httpx.stream(url); MOST_BYTES").is_empty());
        let client = "bindings/c/examples/client.h";
        assert_eq!(findings(client, "curl_easy_perform(curl)").len(), 1);
        assert!(findings("bindings/python/tests/new.py", "flow.verify(v, e)").is_empty());
    }
}
