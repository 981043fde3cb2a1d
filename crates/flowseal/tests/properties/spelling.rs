//! JSON in any of its spellings.

use serde_json::{Value, json};

/// Spells JSON in any of the ways in which it may be spelt.
pub(super) struct Speller<I>(pub(super) I);

impl<I: Iterator<Item = u8>> Speller<I> {
    pub(super) fn value(&mut self, value: &Value) -> String {
        let spelt = match value {
            Value::String(text) => self.string(text),
            Value::Array(elements) => {
                let elements: Vec<_> = elements.iter().map(|value| self.value(value)).collect();
                format!("[{}{}]", elements.join(","), self.space())
            }
            Value::Object(members) => {
                let mut spelt: Vec<_> = members
                    .iter()
                    .map(|(name, value)| {
                        let name = self.string(name);
                        format!(
                            "{}{name}{}:{}",
                            self.space(),
                            self.space(),
                            self.value(value)
                        )
                    })
                    .collect();
                if self.choose(4) == 0 && !members.contains_key("absent") {
                    spelt.push("\"absent\":null".to_owned());
                }
                let first = self.choose(spelt.len().max(1));
                spelt.rotate_left(first);
                format!("{{{}{}}}", spelt.join(","), self.space())
            }
            plain => plain.to_string(),
        };
        format!("{}{spelt}{}", self.space(), self.space())
    }

    fn string(&mut self, text: &str) -> String {
        let mut spelt = String::from("\"");
        for character in text.chars() {
            match (self.choose(4), character) {
                (0, _) => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        spelt += &format!("\\u{unit:04x}");
                    }
                }
                (1, _) => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        spelt += &format!("\\u{unit:04X}");
                    }
                }
                (_, '/') => spelt += "\\/",
                _ => {
                    let quoted = json!(character.to_string()).to_string();
                    spelt += &quoted[1..quoted.len() - 1];
                }
            }
        }
        spelt + "\""
    }

    fn space(&mut self) -> &'static str {
        ["", "", " ", "\n\t", "\r\n  "][self.choose(5)]
    }

    fn choose(&mut self, count: usize) -> usize {
        usize::from(self.0.next().unwrap()) % count
    }
}
