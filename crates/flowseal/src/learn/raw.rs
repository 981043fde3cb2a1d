//! A flow's own text within an answer: its members as they were spelt.

/// The members of a flow as they stand in the text, each with the white space before it.
pub(super) struct RawFlow<'a> {
    pub(super) members: Vec<RawMember<'a>>,
    /// The white space behind the last one.
    pub(super) end: &'a str,
}

pub(super) struct RawMember<'a> {
    /// The name between its quotes, escapes and all.
    pub(super) name: &'a str,
    /// From the white space before the name to the end of the value.
    pub(super) text: &'a str,
    pub(super) value: &'a str,
}

impl<'a> RawFlow<'a> {
    /// Finds the flow in an answer that was read as one: it is JSON, and no name is there twice.
    pub(super) fn find(answer: &'a [u8]) -> Option<Self> {
        let root = Self::object(
            std::str::from_utf8(answer)
                .ok()?
                .trim_start_matches('\u{feff}'),
        )?;
        if root.value("reference").is_some() {
            return Some(root);
        }
        let data = Self::object(root.value("data")?)?;
        Self::object(data.value("request")?)
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        let member = self.members.iter().find(|member| member.name == name);
        member.map(|member| member.value)
    }

    fn object(text: &'a str) -> Option<Self> {
        let mut rest = text.trim_start_matches(is_space).strip_prefix('{')?;
        let mut members = Vec::new();
        loop {
            let from = rest;
            let name_on = rest.trim_start_matches(is_space).strip_prefix('"');
            let Some(name_on) = name_on else {
                let end = rest.len() - rest.trim_start_matches(is_space).len();
                return Some(Self {
                    members,
                    end: rest.get(..end)?,
                });
            };
            let name_len = string_len(name_on)?;
            let after_name = name_on.get(name_len + 1..)?.trim_start_matches(is_space);
            let value_on = after_name.strip_prefix(':')?.trim_start_matches(is_space);
            let value_len = value_len(value_on)?;
            let after = value_on.get(value_len..)?;
            members.push(RawMember {
                name: name_on.get(..name_len)?,
                text: from.get(..from.len() - after.len())?,
                value: value_on.get(..value_len)?,
            });
            match after.trim_start_matches(is_space).strip_prefix(',') {
                Some(next) => rest = next,
                None => rest = after,
            }
        }
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// The length of a string up to its closing quote, of which the opening one was taken off.
fn string_len(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// The length of a value, which ends where its brackets close, or else before what cannot be in it.
fn value_len(text: &str) -> Option<usize> {
    match text.bytes().next()? {
        b'"' => Some(string_len(text.get(1..)?)? + 2),
        b'{' | b'[' => {
            let (mut depth, mut at) = (0_usize, 0);
            loop {
                match text.as_bytes().get(at)? {
                    b'"' => at += string_len(text.get(at + 1..)?)? + 1,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        _ => {
            let end = text.find(|c: char| is_space(c) || matches!(c, ',' | '}' | ']'));
            Some(end.unwrap_or(text.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_as_they_were_spelt() {
        let text = r#"{ "status" : "x", "data": {"n": [{}], "request": {
  "reference" : "a\"},\\", "b":[1,{"]":"}"}] ,
  "c": -1e3,"d":{} , "e" : null
} } }"#;
        let flow = RawFlow::find(text.as_bytes()).unwrap();
        let found: Vec<_> = flow
            .members
            .iter()
            .map(|member| (member.name, member.value))
            .collect();
        let expected = [
            ("reference", r#""a\"},\\""#),
            ("b", r#"[1,{"]":"}"}]"#),
            ("c", "-1e3"),
            ("d", "{}"),
            ("e", "null"),
        ];
        assert_eq!(found, expected);
        let texts: Vec<_> = flow.members.iter().map(|member| member.text).collect();
        assert_eq!(texts[0], "\n  \"reference\" : \"a\\\"},\\\\\"");
        assert_eq!(texts[3], "\"d\":{}");
        assert_eq!(flow.end, "\n");
        let bare = RawFlow::find(br#"{"reference":"r"}"#).unwrap();
        assert_eq!(bare.members[0].text, r#""reference":"r""#);
        assert!(RawFlow::find(b"{}").is_none() && RawFlow::find(b"[").is_none());
    }
}
