//! The testkit's people, by name.

use std::path::Path;

use flowseal::ErrorCode;
use flowseal::testkit::Persona;

use crate::failure::Failure;
use crate::names::Name;

/// The persona that `--persona` names.
pub(crate) fn named(name: &str) -> Result<&'static Persona, Failure> {
    Persona::named(name).ok_or_else(|| {
        let names: Vec<_> = Persona::ALL.iter().map(|persona| persona.name).collect();
        let sentence = format!(
            "there is no persona {}: --persona takes one of {}",
            Name(Path::new(name)),
            names.join(", ")
        );
        Failure::new(ErrorCode::Usage, sentence)
    })
}
