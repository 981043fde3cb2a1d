//! The abuse matrix of the C library: every function with every wrong argument that it can be
//! given, written as C from the prototypes and the documentation of the header, so that a new
//! function is covered by itself.

/// The cells, as C statements; `bindings/c/tests/abuse.c` includes them.
pub(crate) fn cells(header: &str) -> String {
    let mut cells = Vec::new();
    for function in functions(header) {
        for (at, parameter) in function.parameters.iter().enumerate() {
            for (how, argument, status) in parameter.abuses() {
                let mut arguments: Vec<String> =
                    function.parameters.iter().map(Parameter::usual).collect();
                if let Some(place) = arguments.get_mut(at) {
                    *place = argument;
                }
                cells.push(format!(
                    "expect(\"{0}: {1} {how}\", {0}({2}), {status});",
                    function.name,
                    parameter.name,
                    arguments.join(", ")
                ));
            }
        }
    }
    let frees: Vec<_> = handles(header)
        .map(|name| {
            let free = format!("flowseal_{name}_free(live.{name})");
            format!(
                "expect_ok(\"{name} freed\", {free});\n\
                 expect(\"{name} freed twice\", {free}, FLOWSEAL_STATUS_HANDLE_STALE);"
            )
        })
        .collect();
    format!("{}\n{}\n", cells.join("\n"), frees.join("\n"))
}

/// Frees one handle of each type, whose later uses are abuse.
pub(crate) fn stale(header: &str) -> String {
    let free = |name| format!("expect_ok(\"{name}\", flowseal_{name}_free(stale.{name}));\n");
    handles(header).map(free).collect()
}

/// The types of handles: the names that have a function to free them.
fn handles(header: &str) -> impl Iterator<Item = &str> {
    header
        .lines()
        .filter_map(|line| line.strip_prefix("flowseal_status flowseal_"))
        .filter_map(|line| Some(line.split_once("_free(")?.0))
}

struct Function<'a> {
    name: &'a str,
    parameters: Vec<Parameter<'a>>,
}

struct Parameter<'a> {
    kind: &'a str,
    name: &'a str,
    /// The documentation says that it may be NULL.
    optional: bool,
    /// The documentation says that bytes of it need not be UTF-8.
    any_bytes: bool,
}

/// Every function that returns a status.
fn functions(header: &str) -> Vec<Function<'_>> {
    header.split("\n/**\n").filter_map(function).collect()
}

fn function(piece: &str) -> Option<Function<'_>> {
    let (documentation, rest) = piece.split_once("*/")?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix("FLOWSEAL_MUST_USE\n").unwrap_or(rest);
    let prototype = rest.strip_prefix("flowseal_status ")?;
    let (name, parameters) = prototype.split_once('(')?;
    let (parameters, _) = parameters.split_once(");")?;
    let said: Vec<_> = documentation.split("@param").collect();
    let parameters = parameters.split(',').filter_map(|parameter| {
        let parameter = parameter.trim();
        let at = parameter.rfind([' ', '*'])? + 1;
        let (kind, name) = parameter.split_at(at);
        let of_it = |text: &&&str| text.split_whitespace().take(2).any(|word| word == name);
        let text = said.iter().find(of_it).copied().unwrap_or_default();
        let words = text.split_whitespace().filter(|word| *word != "*");
        let text = words.collect::<Vec<_>>().join(" ");
        Some(Parameter {
            kind: kind.trim(),
            name,
            optional: text.contains("ay be NULL."),
            any_bytes: text.contains("any bytes"),
        })
    });
    Some(Function {
        name,
        parameters: parameters.collect(),
    })
}

impl Parameter<'_> {
    fn is_list(&self) -> bool {
        self.kind.starts_with("const flowseal_")
    }

    fn is_input(&self) -> bool {
        matches!(self.kind, "const char *" | "const void *")
    }

    fn is_output(&self) -> bool {
        self.kind.ends_with('*') && !self.kind.starts_with("const ")
    }

    /// A function of the caller's; the program has one under the parameter's name.
    fn is_callback(&self) -> bool {
        self.kind.ends_with("_callback")
    }

    /// The type's name, where it is a handle.
    fn handle(&self) -> Option<&str> {
        let kind = self.kind.strip_prefix("flowseal_")?;
        (!kind.ends_with('*') && !self.is_callback()).then_some(kind)
    }

    /// An argument with which nothing is wrong.
    fn usual(&self) -> String {
        match (self.kind, self.name) {
            _ if self.optional => "NULL".to_owned(),
            ("const flowseal_slice *", _) => "&slice".to_owned(),
            ("char *" | "uint8_t *", "buffer") => "(void *)buffer".to_owned(),
            (_, "capacity") => "sizeof buffer".to_owned(),
            _ if self.is_list() => {
                let kind = self.kind.trim_start_matches("const flowseal_");
                format!("&live.{}", kind.trim_end_matches(" *"))
            }
            _ if self.is_input() => "\"x\"".to_owned(),
            _ if self.is_callback() => self.name.to_owned(),
            _ if self.is_output() => "(void *)&place".to_owned(),
            _ => match self.handle() {
                Some(kind) => format!("live.{kind}"),
                None => "1".to_owned(),
            },
        }
    }

    /// What can be wrong with it, the argument that is, and the status that must come back;
    /// `ANY` where it depends on the function which of them.
    fn abuses(&self) -> Vec<(&'static str, String, &'static str)> {
        const POINTER: &str = "FLOWSEAL_STATUS_POINTER";
        const NONE: &str = "FLOWSEAL_STATUS_HANDLE_NONE";
        const STALE: &str = "FLOWSEAL_STATUS_HANDLE_STALE";
        let null = ("NULL", "NULL".to_owned(), POINTER);
        if let Some(kind) = self.handle() {
            let of = |id: &str| format!("(flowseal_{kind}){{{id}}}");
            let other = if kind == "profile" { "flow" } else { "profile" };
            return vec![
                ("zero", of("0"), NONE),
                ("freed", format!("stale.{kind}"), STALE),
                (
                    "of another type",
                    of(&format!("live.{other}.id")),
                    "FLOWSEAL_STATUS_HANDLE_TYPE",
                ),
                ("foreign", of(&format!("live.{kind}.id ^ FOREIGN")), STALE),
                ("noise", of("UINT64_MAX"), "FLOWSEAL_STATUS_HANDLE_TYPE"),
            ];
        }
        if self.kind == "const flowseal_slice *" {
            let mut abuses = vec![null, ("of NULL", "&nowhere".to_owned(), POINTER)];
            if !self.any_bytes {
                abuses.push(("not UTF-8", "&noise".to_owned(), "ANY"));
            }
            return abuses;
        }
        if self.is_list() {
            let kind = self
                .kind
                .trim_start_matches("const ")
                .trim_end_matches(" *");
            let zero = ("of zero", format!("&({kind}){{0}}"), NONE);
            if self.optional {
                return vec![zero];
            }
            return vec![null, zero];
        }
        if self.kind == "const char *" {
            return vec![null, ("not UTF-8", "\"\\xff\"".to_owned(), "ANY")];
        }
        if self.name == "capacity" {
            return vec![("short", "0".to_owned(), "ANY")];
        }
        if (self.is_input() || self.is_output() || self.is_callback()) && !self.optional {
            return vec![null];
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "
/**
 * Reads.
 *
 * @param json The text.
 * @param json_len Its length.
 * @param[out] flow The flow.
 * @param[out] error Details; may be
 *     NULL.
 */
flowseal_status flowseal_flow_from_json(const char *json,
                                        size_t json_len,
                                        flowseal_flow *flow,
                                        flowseal_error *error);

/**
 * Frees.
 */
flowseal_status flowseal_flow_free(flowseal_flow flow);

/**
 * Asks.
 *
 * @param values Values: any bytes.
 * @param ask Answers.
 */
FLOWSEAL_MUST_USE
flowseal_status flowseal_flow_ask(const flowseal_slice *values, flowseal_ask_callback ask);

/**
 * Compares.
 *
 * @param other Another; may be NULL.
 */
flowseal_status flowseal_flow_compare(const flowseal_flow *other);
";

    #[test]
    fn a_function_gets_a_cell_for_each_wrong_argument() {
        let cells = cells(HEADER);
        let of = |name: &str| cells.matches(&format!("(\"{name}: ")).count();
        assert_eq!(of("flowseal_flow_from_json"), 3, "{cells}");
        assert_eq!(of("flowseal_flow_free"), 5, "{cells}");
        assert!(cells.contains("flowseal_flow_from_json(NULL, 1, (void *)&place, NULL)"));
        assert!(cells.contains("flow freed twice"));
        assert_eq!(of("flowseal_flow_ask"), 3, "{cells}");
        assert_eq!(of("flowseal_flow_compare"), 1, "{cells}");
        assert!(
            cells.contains(
                "flowseal_flow_compare(&(flowseal_flow){0}), FLOWSEAL_STATUS_HANDLE_NONE"
            )
        );
        assert!(cells.contains("flowseal_flow_ask(&slice, NULL)"));
        assert!(cells.contains("flowseal_flow_ask(NULL, ask)"));
    }
}
