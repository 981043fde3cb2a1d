//! `flowseal demo`: everything once, without a file, a network or a key of anyone's.

use core::time::Duration;

use std::io;
use std::panic;
use std::thread;
use std::time::Instant;

use flowseal::testkit::{FlowBuilder, KeyPair, Mutation, Persona, SealedFlow};
use flowseal::{Error, ErrorCode, Expectations, Flow, KeyRing, OpenOptions, UnixTime, Verifier};

use super::{engine, inspect, seal};
use crate::clock;
use crate::failure::Failure;
use crate::output;
use crate::output::table::Page;

/// Keys of the sizes that the specification's example was made with.
const APP_BITS: usize = 4096;
const USER_BITS: usize = 2048;
const REFERENCE: &str = "req_demo";

pub(super) fn run() -> Result<(), Failure> {
    let now = clock::now(None)?;
    say("One flow, from a person's approval to the claims in an app's hands.")?;
    say("Nothing leaves this machine. A new key of 4096 bits may take some seconds.")?;

    let (app, user) = step(
        "1  make keys",
        "RSA-4096 for the app, which opens; RSA-2048 for Ada, who signs.",
        make_keys,
    )?;
    let sealed = step(
        "2  seal",
        "Ada approves: 9 claims sealed to the app, the flow signed by her.",
        || approve(&app, &user, now),
    )?;
    let flow = step(
        "3  inspect",
        "What anyone can see. Nothing of it is proved yet.",
        || Flow::from_json(sealed.to_json().as_bytes()),
    )?;
    show(|page| {
        inspect::facts(page, &flow)?;
        page.fact("claims", &"9 leaves of 512 bytes, sealed")
    })?;

    let verifier = Verifier::by_requestee([(Persona::ADA.requestee, vec![user.verifying_key()?])]);
    let expectations = Expectations::for_reference(REFERENCE)
        .with_requestee(Persona::ADA.requestee)
        .with_max_age(Duration::from_secs(300))
        .with_claims(["bio", "contact", "naming", "nationality"]);
    let verified = step(
        "4  verify",
        "The signature is Ada's, and this is the flow that was asked for.",
        || Ok(flow.verify(&verifier, &expectations, now)?),
    )?;
    show(|page| page.report(verified.report()))?;

    let ring = KeyRing::from(app.decrypting_key()?);
    let claims = step("5  open", "The app's key opens the claims.", || {
        verified.open_with(&ring, &OpenOptions::new().with_engine(engine()))
    })?;
    show(|page| page.claims(&claims))?;

    let swapped = sealed.mutated(Mutation::SwapClaims)?;
    let refused = step(
        "6  refuse",
        "The same flow, but two of its claims have changed places.",
        || {
            let flow = Flow::from_json(swapped.as_bytes())?;
            Ok(flow.verify(&verifier, &expectations, now).err())
        },
    )?;
    let refused = refused.ok_or_else(|| {
        let sentence = "a flow with swapped claims was verified: do not use this build";
        Failure::new(ErrorCode::InternalFault, sentence)
    })?;
    show(|page| {
        page.fact("error", &refused.error().code())?;
        page.failures(refused.report())
    })?;

    say("")?;
    say("Each step is a command: flowseal seal, inspect, verify, open. See flowseal --help.")
}

/// Both at once, since one of them takes long.
fn make_keys() -> Result<(KeyPair, KeyPair), Error> {
    thread::scope(|scope| {
        let user = scope.spawn(|| KeyPair::generate(USER_BITS));
        let app = KeyPair::generate(APP_BITS);
        let user = user
            .join()
            .unwrap_or_else(|payload| panic::resume_unwind(payload));
        Ok((app?, user?))
    })
}

fn approve(app: &KeyPair, user: &KeyPair, now: UnixTime) -> Result<SealedFlow, Error> {
    let (iat, signed_at) = seal::times(now);
    FlowBuilder::new(REFERENCE)
        .persona(&Persona::ADA)
        .times(iat, signed_at)
        .seal(&app.sealing_key()?, &user.signing_key()?)
}

/// Does one step, and says what happened and how long it took. Its name is there before it begins.
fn step<T>(
    name: &str,
    happened: &str,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Failure> {
    output::print(|out| Page::new(out, output::colour()).begin(name))?;
    let start = Instant::now();
    let outcome = work()?;
    let time = format!("{:.1?}", start.elapsed());
    say(&format!("{time:>8}   {happened}"))?;
    Ok(outcome)
}

fn show(page: impl FnOnce(&mut Page<'_>) -> io::Result<()>) -> Result<(), Failure> {
    output::print(|out| page(&mut Page::new(out, output::colour()).indented("   ")))
}

fn say(line: &str) -> Result<(), Failure> {
    output::print(|out| writeln!(out, "{line}"))
}
