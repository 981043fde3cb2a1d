//! `flowseal bulk` beside the loops that people write today, over the same file of flows, on one
//! thread each. `cargo xtask peers --only bulk` has what it needs.
//!
//! `loops COMMAND PYTHON MODULES FLOWS BITS TURNS` prints a line of JSON for each; a - in the place
//! of PYTHON or MODULES leaves that loop out. Rows are compared before a time is believed. A loop
//! takes its own time, without the start of its interpreter; the command's is that of its process.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its caller")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use flowseal_benches::Fixture;
use flowseal_benches::bulk::{Scene, Whose, processor_time};

/// Of a language whose loop takes seconds for a flow.
const FEW: usize = 10;

/// One program over one file.
struct Ran {
    peer: String,
    flows: usize,
    /// The best of its turns, in seconds.
    clock: f64,
    processor: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [command, python, modules, flows, bits, turns] = arguments.as_slice() else {
        return Err("loops COMMAND PYTHON MODULES FLOWS BITS TURNS".into());
    };
    let (flows, bits, turns): (usize, usize, usize) =
        (flows.parse()?, bits.parse()?, turns.parse()?);
    // It is started elsewhere.
    let command = &fs::canonicalize(command).map_err(|error| format!("{command}: {error}"))?;
    let scene = Scene::new(&Fixture::new(bits, 9)?, flows)?;
    let (mut ours, mut pyca) = (Vec::new(), Vec::new());
    // In turns: a clock that drifts strikes both.
    for _ in 0..turns {
        ours.push(bulk(command, &scene, flows)?);
        if python != "-" {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/workers/bulk_pyca.py");
            pyca.push(in_language(
                Command::new(python).arg(script),
                &scene,
                flows,
            )?);
        }
    }
    let mut node = Vec::new();
    if modules != "-" {
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/peers/workers/bulk_jsencrypt.mjs"
        );
        let mut command = Command::new("node");
        command
            .arg(script)
            .env("FLOWSEAL_PEERS_NODE_MODULES", modules);
        node.push(in_language(&mut command, &scene, flows.min(FEW))?);
    }

    let (ours, pyca, node) = (best(ours), best(pyca), best(node));
    let ours = ours.ok_or("no turn, no time")?;
    let own = ours.rates()?;
    for ran in [Some(&ours), pyca.as_ref(), node.as_ref()]
        .into_iter()
        .flatten()
    {
        let (clock, processor) = ran.rates()?;
        println!(
            "{{\"row\": \"loop\", \"bits\": {bits}, \"peer\": \"{}\", \"flows\": {}, \
             \"flows_per_second\": {clock:.2}, \"flowseal_is_quicker_by\": {:.2}, \
             \"flows_per_processor_second\": {processor:.2}, \
             \"flowseal_is_quicker_by_processor\": {:.2}}}",
            ran.peer,
            ran.flows,
            own.0 / clock,
            own.1 / processor,
        );
    }
    Ok(())
}

impl Ran {
    /// Flows a second, by the clock and by the processor's time.
    fn rates(&self) -> Result<(f64, f64), Box<dyn Error>> {
        let flows = f64::from(u32::try_from(self.flows)?);
        Ok((flows / self.clock, flows / self.processor))
    }
}

fn best(mut turns: Vec<Ran>) -> Option<Ran> {
    turns.sort_by(|one, other| one.clock.total_cmp(&other.clock));
    turns.into_iter().next()
}

/// The command. Its rows stay, for the loops to be compared with.
fn bulk(command: &Path, scene: &Scene, flows: usize) -> Result<Ran, Box<dyn Error>> {
    let line = "bulk in -o rows --force --key app.pem --verify-key user.pem --threads 1 --quiet \
        --drop sentence --drop covers";
    let (clock, before) = (Instant::now(), processor_time(Whose::Children)?);
    let status = Command::new(command)
        .args(line.split_whitespace())
        .current_dir(scene.directory())
        .stderr(Stdio::null())
        .status()?;
    let clock = clock.elapsed().as_secs_f64();
    let spoilt = if flows < 100 { 0 } else { 1 };
    if status.code() != Some(spoilt) {
        return Err(format!("{}: {status}", command.display()).into());
    }
    Ok(Ran {
        peer: "flowseal bulk".to_owned(),
        flows,
        clock,
        processor: processor_time(Whose::Children)? - before,
    })
}

/// A loop, which says what it is called and its times, apart by tabs.
fn in_language(command: &mut Command, scene: &Scene, flows: usize) -> Result<Ran, Box<dyn Error>> {
    let output = command
        .args(["in", "loop", "app.pem", "user.pem", &flows.to_string()])
        .current_dir(scene.directory())
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let words: Vec<_> = text.trim_end().split('\t').collect();
    let [peer, clock, processor] = words.as_slice() else {
        return Err(format!("{command:?}: {}", output.status).into());
    };
    let (ours, theirs) = (
        fs::read_to_string(scene.at("rows"))?,
        fs::read_to_string(scene.at("loop"))?,
    );
    if !theirs.lines().eq(ours.lines().take(flows)) {
        return Err(format!("{peer} has other rows than the command").into());
    }
    Ok(Ran {
        peer: (*peer).to_owned(),
        flows,
        clock: clock.parse()?,
        processor: processor.parse()?,
    })
}
