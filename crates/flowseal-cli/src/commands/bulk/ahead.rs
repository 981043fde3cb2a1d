//! Decodes on a thread of its own, a little ahead: what is compressed is read as quickly as it is
//! decoded, whatever becomes of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{self, Receiver, SyncSender};

use flowseal::ErrorCode;

use super::pipeline::spawn;
use super::source::{Filled, Inputs};
use crate::failure::Failure;

/// The inputs, read ahead from the first question on.
pub(super) struct Ahead {
    state: State,
    taken: Arc<AtomicU64>,
    /// What is decoded, and how much of it has been given away.
    block: Vec<u8>,
    given: usize,
    /// What has become of the inputs after this block.
    then: Filled,
}

enum State {
    Unopened(Inputs),
    Decoding(Receiver<Decoded>),
    Ended,
}

type Decoded = Result<(Vec<u8>, Filled), Failure>;

/// How much is decoded at once, and how many of these lie ready.
const BLOCK: usize = 1 << 18;
const READY: usize = 2;

impl Ahead {
    pub(super) fn new(names: Vec<PathBuf>) -> Self {
        let inputs = Inputs::new(names);
        Self {
            taken: inputs.taken(),
            state: State::Unopened(inputs),
            block: Vec::new(),
            given: 0,
            then: Filled::Whole,
        }
    }

    /// How many bytes of the files were read, to be looked at from elsewhere.
    pub(super) fn taken(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }

    /// Reads on until `text` has `len` bytes, or a file ends.
    ///
    /// # Errors
    /// Those of [`Inputs::fill`], and `io` where there can be no thread.
    pub(super) fn fill(&mut self, text: &mut Vec<u8>, len: usize) -> Result<Filled, Failure> {
        text.reserve_exact(len.saturating_sub(text.len()));
        loop {
            let rest = self.block.get(self.given..).unwrap_or_default();
            let count = rest.len().min(len.saturating_sub(text.len()));
            text.extend_from_slice(rest.get(..count).unwrap_or_default());
            self.given += count;
            if text.len() >= len {
                return Ok(Filled::Whole);
            }
            match std::mem::replace(&mut self.then, Filled::Whole) {
                Filled::Whole => self.next()?,
                ended => return Ok(ended),
            }
        }
    }

    /// Takes the next block.
    fn next(&mut self) -> Result<(), Failure> {
        let state = std::mem::replace(&mut self.state, State::Ended);
        let blocks = match state {
            State::Unopened(inputs) => {
                let (hand, blocks) = mpsc::sync_channel(READY);
                // It is never waited for: it may wait for a pipe in which nothing comes any more.
                spawn("decoding", move || decode(inputs, &hand))?;
                blocks
            }
            State::Decoding(blocks) => blocks,
            State::Ended => {
                self.then = Filled::End;
                return Ok(());
            }
        };
        match blocks.recv() {
            Ok(decoded) => {
                (self.block, self.then) = decoded?;
                self.given = 0;
                if !matches!(self.then, Filled::End) {
                    self.state = State::Decoding(blocks);
                }
                Ok(())
            }
            // It tells its end, so it came upon a mistake of this program's.
            Err(_) => Err(Failure::new(
                ErrorCode::InternalFault,
                "the thread that decodes the input has ended without a word: please report it",
            )),
        }
    }
}

fn decode(mut inputs: Inputs, hand: &SyncSender<Decoded>) {
    loop {
        let mut block = Vec::new();
        let decoded = inputs.fill(&mut block, BLOCK).map(|filled| (block, filled));
        let is_last = !matches!(
            decoded,
            Ok((_, Filled::Whole | Filled::EndOfFile | Filled::Damaged(_)))
        );
        // Nobody takes it where the run has failed elsewhere.
        if hand.send(decoded).is_err() || is_last {
            return;
        }
    }
}
