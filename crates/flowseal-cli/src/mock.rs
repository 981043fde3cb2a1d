//! `flowseal mock`: the API on loopback, played by people who do not exist.
//!
//! For developing and testing an integration offline. What it answers has the shapes of the
//! specification; who approves, how quickly and what goes wrong is a scenario.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use flowseal::ErrorCode;

use crate::args::Mock;
use crate::failure::Failure;
use crate::output;
use crate::persona;

mod admission;
mod answers;
mod api;
mod asked;
mod flows;
mod host;
mod keys;
mod limit;
mod route;
mod scenario;
mod server;
mod tokens;
mod webhook;

use api::Api;
use keys::Keys;
pub(crate) use limit::Limit;
pub(crate) use scenario::Scenario;

/// Serves until it is stopped from outside.
///
/// It listens before it makes keys, which takes a second: what comes in between is answered when
/// they are there.
pub(crate) fn run(arguments: &Mock) -> Result<(), Failure> {
    let persona = persona::named(&arguments.persona)?;
    let (listener, port) = listen(arguments.port).map_err(|error| {
        let sentence = format!(
            "port {} of the loopback address cannot be listened on ({error}): give another --port, or none",
            arguments.port
        );
        Failure::new(ErrorCode::Io, sentence)
    })?;
    output::print(|out| writeln!(out, "listening on http://127.0.0.1:{port}"))?;

    let (api, keys) = Api::new(arguments.scenario, *persona, arguments.limit);
    let directory = arguments.keys.clone();
    server::serve(listener, Arc::new(api), move || {
        let made = ready(directory.as_deref())?;
        // Nobody waits for them where the server has ended.
        let _ = keys.send(Some(Arc::new(made)));
        Ok(())
    })
}

fn listen(port: u16) -> std::io::Result<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let port = listener.local_addr()?.port();
    listener.set_nonblocking(true)?;
    Ok((listener, port))
}

fn ready(directory: Option<&Path>) -> Result<Keys, Failure> {
    let Some(directory) = directory else {
        let keys = Keys::samples()?;
        output::print(|out| writeln!(out, "keys are the testkit's samples, known to everyone"))?;
        return Ok(keys);
    };
    let keys = Keys::of_directory(directory)?;
    let shown = directory.to_string_lossy();
    let shown = output::Shown(&shown);
    output::print(|out| {
        writeln!(
            out,
            "keys are in {shown}: app.pem opens, user.pub.pem verifies"
        )
    })?;
    Ok(keys)
}
