//! The testkit's people, by name.

use flowseal::ErrorCode;
use flowseal::testkit::Persona;

use crate::failure::Failure;

/// The persona that `--persona` names.
pub(crate) fn named(name: &str) -> Result<&'static Persona, Failure> {
    Persona::named(name).ok_or_else(|| {
        let names: Vec<_> = Persona::ALL.iter().map(|persona| persona.name).collect();
        let sentence = format!(
            "there is no persona {name:?}: --persona takes one of {}",
            names.join(", ")
        );
        Failure::new(ErrorCode::Usage, sentence)
    })
}
