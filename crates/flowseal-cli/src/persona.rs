//! The testkit's people, by name.

use flowseal::ErrorCode;
use flowseal::testkit::Persona;

use crate::failure::Failure;
use crate::names;

/// The persona that `--persona` names.
pub(crate) fn named(name: &str) -> Result<&'static Persona, Failure> {
    Persona::named(name).ok_or_else(|| {
        let known: Vec<_> = Persona::ALL.iter().map(|persona| persona.name).collect();
        let sentence = format!(
            "there is no persona {}: --persona takes one of {}",
            names::word(name),
            known.join(", ")
        );
        Failure::new(ErrorCode::Usage, sentence)
    })
}
