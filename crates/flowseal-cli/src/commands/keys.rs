//! `flowseal keys`: what files and tokens hold, and what each of it is good for.

use std::path::Path;

use flowseal::{DecryptingKey, Json, KeyFileEntry, passphrase_line};

use crate::args::Keys;
use crate::failure::Failure;
use crate::input::SecretFile;
use crate::names::Name;
use crate::output::table::Page;
use crate::output::{self, Format, json};
use crate::token::Listed;
use crate::{keys, token};

pub(super) fn run(arguments: &Keys) -> Result<(), Failure> {
    token::check_meant(&arguments.token, &arguments.sources)?;
    let passphrase = arguments
        .passphrase_file
        .as_deref()
        .map(keys::passphrase)
        .transpose()?;
    let passphrase = passphrase.as_ref();
    let mut rows = Vec::new();
    for source in &arguments.sources {
        let (listed, place) = match token::uri(source)? {
            Some(uri) => (token::list(&uri, &arguments.token)?, "token"),
            None => (in_file(source, passphrase)?, "file"),
        };
        let name = Name(source).to_string();
        rows.extend(listed.into_iter().map(|listed| Row {
            source: name.clone(),
            place,
            listed,
        }));
    }
    match Format::or_by_reader(arguments.shape.format) {
        Format::Json => {
            let rows = Json::Array(rows.iter().map(Row::to_json).collect());
            output::print(|out| json::object(out, &[("keys", &rows)]))
        }
        Format::Table => output::print(|out| {
            let mut page = Page::new(out, output::colour());
            page.table(
                &[
                    "source",
                    "kind",
                    "bits",
                    "uses",
                    "label",
                    "id",
                    "fingerprint",
                    "note",
                ],
                &{ rows.iter().map(Row::cells).collect::<Vec<_>>() },
            )
        }),
    }
}

/// What a file holds, or a service account's app key.
fn in_file(path: &Path, passphrase: Option<&SecretFile>) -> Result<Vec<Listed>, Failure> {
    let line = match passphrase {
        Some(file) => Some(passphrase_line(file.bytes())?),
        None => None,
    };
    if keys::is_account(path)? {
        let options = DecryptingKey::options();
        let options = match line {
            Some(line) => options.with_passphrase(line),
            None => options,
        };
        let key = keys::decrypting(path, &options)?;
        return Ok(vec![Listed {
            kind: "rsa_private",
            bits: Some(key.bits()),
            fingerprint: Some(key.fingerprint().to_string()),
            label: None,
            id: None,
            opens: true,
            verifies: false,
            note: Some("the app's key, of a service account".to_owned()),
            kid: None,
        }]);
    }
    let entries = keys::from_file(path, |file| KeyFileEntry::list(file, line))?;
    Ok(entries.iter().map(listed).collect())
}

fn listed(entry: &KeyFileEntry) -> Listed {
    let subject = entry.subject().map(|subject| {
        format!("the certificate of {subject}; neither its dates nor its chain are checked")
    });
    Listed {
        kind: entry.kind().as_str(),
        bits: entry.bits(),
        fingerprint: entry
            .fingerprint()
            .map(|fingerprint| fingerprint.to_string()),
        kid: entry.kid().map(str::to_owned),
        label: None,
        id: None,
        opens: entry.opens(),
        verifies: entry.verifies(),
        note: entry.note().map(str::to_owned).or(subject),
    }
}

/// One line of the answer.
struct Row {
    source: String,
    place: &'static str,
    listed: Listed,
}

impl Row {
    fn uses(&self) -> Vec<&'static str> {
        let uses = [
            ("open", self.listed.opens),
            ("verify", self.listed.verifies),
        ];
        uses.into_iter()
            .filter(|(_, is)| *is)
            .map(|(name, _)| name)
            .collect()
    }

    fn to_json(&self) -> Json {
        let listed = &self.listed;
        let bits = listed.bits.and_then(|bits| i64::try_from(bits).ok());
        let uses = self.uses().into_iter().map(|name| json::text(Some(name)));
        let members = [
            ("source", json::text(Some(&self.source))),
            ("kind", json::text(Some(listed.kind))),
            (
                "bits",
                bits.map_or(Json::Null, |bits| Json::Number(bits.into())),
            ),
            ("fingerprint", json::text(listed.fingerprint.as_deref())),
            ("kid", json::text(listed.kid.as_deref())),
            ("label", json::text(listed.label.as_deref())),
            ("id", json::text(listed.id.as_deref())),
            ("where", json::text(Some(self.place))),
            ("uses", Json::Array(uses.collect())),
            ("note", json::text(listed.note.as_deref())),
        ];
        let member = |(name, value): (&str, Json)| (name.to_owned(), value);
        Json::Object(members.into_iter().map(member).collect())
    }

    fn cells(&self) -> Vec<String> {
        let listed = &self.listed;
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        vec![
            self.source.clone(),
            listed.kind.replace('_', " "),
            or_dash(listed.bits.map(|bits| bits.to_string())),
            or_dash(Some(self.uses().join(", ")).filter(|uses| !uses.is_empty())),
            or_dash(listed.label.clone().or_else(|| listed.kid.clone())),
            or_dash(listed.id.clone()),
            // As much as tells keys apart; all of it is in the JSON.
            or_dash(
                listed
                    .fingerprint
                    .as_ref()
                    .map(|text| text.chars().take(16).collect()),
            ),
            listed.note.clone().unwrap_or_default(),
        ]
    }
}
