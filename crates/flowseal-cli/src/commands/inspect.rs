//! `flowseal inspect`: a flow from outside, without a key.

use std::io;

use flowseal::Flow;

use crate::args::Inspect;
use crate::failure::Failure;
use crate::input;
use crate::output::table::{self, Page};
use crate::output::{self, Format, Shown, json};

pub(super) fn run(arguments: &Inspect) -> Result<(), Failure> {
    let flow = input::flow(arguments.source.flow.as_deref(), None)?;
    match Format::or_by_reader(arguments.shape.format) {
        Format::Json => output::print(|out| json::value(out, &flow.outline())),
        Format::Table => print_table(&flow),
    }
}

fn print_table(flow: &Flow) -> Result<(), Failure> {
    output::print(|out| {
        let mut page = Page::new(out, output::colour());
        facts(&mut page, flow)?;
        page.blank()?;
        page.leaves(flow)
    })
}

pub(super) fn facts(page: &mut Page<'_>, flow: &Flow) -> io::Result<()> {
    page.fact("reference", &Shown(flow.reference()))?;
    page.fact("mode", &Shown(flow.mode().name()))?;
    page.fact("state", &flow.state().as_str())?;
    page.fact("iat", &table::moment(flow.iat()))?;
    if let Some(signed_at) = flow.signed_at() {
        page.fact("signedAt", &table::moment(signed_at))?;
    }
    match (flow.signature(), flow.signature_len()) {
        (Some(_), Some(bytes)) => page.fact("signature", &format!("{bytes} bytes, not checked")),
        (Some(_), None) => page.fact("signature", &"not base64"),
        (None, _) => page.fact("signature", &"none"),
    }
}
