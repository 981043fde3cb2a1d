//! What `flowseal bulk` costs beside the core's own batches, and how much memory it takes.
//!
//! `bulk COMMAND FLOWS BITS THREADS` writes so many flows of nine claims under an app's key of so
//! many bits, one of a hundred spoilt, has the command verify and open them, and prints a line of
//! JSON. There are 256 flows with ciphertexts and e-signatures of their own, again and again.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its caller")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flowseal::{OpenOptions, Verification, open_many};
use flowseal_benches::Fixture;
use flowseal_benches::bulk::{Scene, Whose, processor_time};

/// Flows in a batch of the core's own, which is enough to fill any processor's lanes.
const BATCH: usize = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [command, flows, bits, threads] = arguments.as_slice() else {
        return Err("bulk COMMAND FLOWS BITS THREADS".into());
    };
    let (flows, bits, threads) = (flows.parse()?, bits.parse()?, threads.parse()?);
    // It is started elsewhere.
    let command = &fs::canonicalize(command).map_err(|error| format!("{command}: {error}"))?;
    let fixture = Fixture::new(bits, 9)?;
    let scene = Scene::new(&fixture, flows)?;
    // Before and after: a clock that drifts strikes both.
    let sample = flows.min(4 * BATCH);
    let before = own(&fixture, sample, threads)?;
    let ran = run(command, threads, &scene)?;
    let after = own(&fixture, sample, threads)?;
    let (own_clock, own_processor) = ((before.0 + after.0) / 2.0, (before.1 + after.1) / 2.0);

    let input_bytes = scene.input_bytes;
    let count = f64::from(u32::try_from(flows)?);
    let (clock, processor) = (count / ran.clock, count / ran.processor);
    println!(
        "{{\"row\": \"bulk\", \"flows\": {flows}, \"input_bytes\": {input_bytes}, \
         \"bits\": {bits}, \"threads\": {threads}, \
         \"flows_per_second\": {clock:.0}, \"of_open_many\": {:.3}, \
         \"flows_per_processor_second\": {processor:.0}, \"of_open_many_by_processor\": {:.3}, \
         \"most_resident_kib\": {}, \"growth_kib_per_1000_flows\": {:.2}}}",
        clock / own_clock,
        processor / own_processor,
        ran.most_kib,
        ran.slope * 1000.0 / count,
    );
    Ok(())
}

/// Flows a second of the core's own batches, read and verified before: by the clock, and by the
/// processor's time.
fn own(fixture: &Fixture, flows: usize, threads: usize) -> Result<(f64, f64), Box<dyn Error>> {
    let expectations = flowseal::Expectations::unbound();
    let batch = (0..BATCH).map(|_| Ok(Verification::of(fixture.flow()?, &expectations)));
    let batch = batch.collect::<Result<Vec<_>, flowseal::Error>>()?;
    let verified = fixture.verifier.verify_many(batch, fixture.now);
    let verified: Vec<_> = verified.iter().flatten().collect();
    let options = OpenOptions::new().with_threads(threads);
    let rounds = flows.div_ceil(BATCH);
    let (clock, processor) = (Instant::now(), processor_time(Whose::Own)?);
    for _ in 0..rounds {
        let opened = open_many(&verified, &fixture.ring, &options);
        opened.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    let count = f64::from(u32::try_from(rounds * BATCH)?);
    let processor = processor_time(Whose::Own)? - processor;
    Ok((count / clock.elapsed().as_secs_f64(), count / processor))
}

struct Ran {
    clock: f64,
    processor: f64,
    most_kib: u64,
    /// KiB of resident memory from the beginning to the end, on the straight line that fits best.
    slope: f64,
}

fn run(command: &Path, threads: usize, scene: &Scene) -> Result<Ran, Box<dyn Error>> {
    let line = "bulk in -o out --key app.pem --verify-key user.pem --quiet --threads";
    let (clock, before) = (Instant::now(), processor_time(Whose::Children)?);
    let mut child = Command::new(command)
        .args(line.split(' '))
        .arg(threads.to_string())
        .current_dir(scene.directory())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut resident = Vec::new();
    let mut most_kib = 0;
    while child.try_wait()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let kib = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line?.split_whitespace().next()?.parse::<u32>().ok()
        };
        resident.extend(kib("VmRSS:").map(f64::from));
        most_kib = most_kib.max(kib("VmHWM:").map_or(0, u64::from));
        std::thread::sleep(Duration::from_millis(20));
    }
    let code = child.wait()?.code();
    if code != Some(1) {
        return Err(
            format!("one of a hundred flows is spoilt, and the command says {code:?}").into(),
        );
    }
    // While it starts, its memory grows.
    let settled = resident.get(resident.len() / 10..).unwrap_or_default();
    Ok(Ran {
        clock: clock.elapsed().as_secs_f64(),
        processor: processor_time(Whose::Children)? - before,
        most_kib,
        slope: slope(settled) * f64::from(u32::try_from(settled.len())?),
    })
}

/// The slope of the straight line that is nearest to these values.
fn slope(values: &[f64]) -> f64 {
    let count = f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX)).max(1.0);
    let middle = (count - 1.0) / 2.0;
    let mean = values.iter().sum::<f64>() / count;
    let places = (0_u32..).map(f64::from);
    let (above, below) =
        values
            .iter()
            .zip(places)
            .fold((0.0, 0.0), |(above, below), (value, at)| {
                let from = at - middle;
                (above + from * (value - mean), below + from * from)
            });
    if below > 0.0 { above / below } else { 0.0 }
}
