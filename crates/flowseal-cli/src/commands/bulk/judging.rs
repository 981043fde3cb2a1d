//! From a batch of records to rows: read, verified, opened, or refused with a code.

use std::sync::Arc;
use std::time::{Duration, Instant};

use flowseal::{
    Error, ErrorCode, Expectations, Flow, KeyRing, OpenOptions, OpenedClaims, Refused, Setup,
    UnixTime, Verification, VerifiedFlow, Verifier, open_many, open_many_unverified,
};

use super::people::People;
use super::records::{Batch, Mark, Record};
use super::rows::Line;
use super::writing::{Answer, Form};
use crate::args::Member;

/// What is the same for every record.
pub(super) struct Job {
    pub(super) rule: Rule,
    pub(super) expectations: Expectations,
    pub(super) now: UnixTime,
    pub(super) ring: KeyRing,
    pub(super) options: OpenOptions,
    /// How flows are read, and by which unit things are computed, on one thread.
    pub(super) setup: Setup,
    pub(super) form: Form,
    pub(super) dropped: Vec<Member>,
}

/// Whose e-signature makes a flow one to open.
pub(super) enum Rule {
    /// These keys sign for everyone.
    Trusting(Verifier),
    /// Each person's keys, looked up when a flow of theirs comes.
    People(People),
    /// Nobody looks at e-signatures.
    Unverified,
}

/// A batch that is done, in the order of its records.
pub(super) struct Done {
    pub(super) answers: Vec<Answer>,
    pub(super) mark: Mark,
    /// How long it took to compute.
    pub(super) took: Duration,
}

/// What became of a record.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) reference: Option<String>,
    pub(super) verified: bool,
    pub(super) covers: Arc<[String]>,
    /// Its claims, or why there are none.
    pub(super) claims: Result<OpenedClaims, Refusal>,
}

/// Why a record has no claims.
#[derive(Clone)]
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    pub(super) sentence: String,
}

impl Job {
    /// Computes a batch.
    pub(super) fn compute(&self, batch: &Batch) -> Done {
        let begun = Instant::now();
        let mut rows: Vec<Row> = Vec::new();
        let mut flows = Vec::new();
        for (line, record) in batch.records() {
            match self.read(&record) {
                Ok(flow) => {
                    flows.push((rows.len(), flow));
                    // Keeps the place, and claims nothing until there is an answer.
                    let refusal = Refusal {
                        code: ErrorCode::InternalFault,
                        sentence: "this record was not answered: please report it".to_owned(),
                    };
                    rows.push(Row::refused(line, refusal));
                }
                Err(refusal) => rows.push(Row::refused(line, refusal)),
            }
        }
        let (places, flows): (Vec<_>, Vec<_>) = flows.into_iter().unzip();
        let answers = match &self.rule {
            Rule::Trusting(verifier) => self.verified(verifier, flows),
            Rule::People(people) => self.verified_by(people, flows),
            Rule::Unverified => self.unverified(&flows),
        };
        for (place, answer) in places.into_iter().zip(answers) {
            if let Some(row) = rows.get_mut(place) {
                let line = row.line;
                *row = Row { line, ..answer };
            }
        }
        let answer = |row: Row| Answer {
            line: self.writes(&row).then(|| Line::of(&row, &self.dropped)),
            row,
        };
        Done {
            answers: rows.into_iter().map(answer).collect(),
            mark: batch.mark.clone(),
            took: begun.elapsed(),
        }
    }

    /// Whether this row is written as a line: columns have none, but what is refused.
    fn writes(&self, row: &Row) -> bool {
        self.form == Form::Lines || row.claims.is_err()
    }

    fn read(&self, record: &Record<'_>) -> Result<Flow, Refusal> {
        match record {
            Record::Text([]) => Err(Refusal {
                code: ErrorCode::NotAFlow,
                sentence: "the cell has no value, so it holds no flow".to_owned(),
            }),
            Record::Text(text) => Ok(self.setup.read_flow(text)?),
            Record::Damaged(why) => Err(Refusal {
                code: ErrorCode::Io,
                sentence: (*why).to_owned(),
            }),
        }
    }

    fn verified(&self, verifier: &Verifier, flows: Vec<Flow>) -> Vec<Row> {
        let flows = flows.into_iter();
        let batch = flows.map(|flow| Verification::of(flow, &self.expectations));
        self.open(verifier.verify_many(batch, self.now))
    }

    /// A verifier of the people of this batch; whose keys cannot be used is refused with the
    /// reason.
    fn verified_by(&self, people: &People, flows: Vec<Flow>) -> Vec<Row> {
        let keys: Vec<_> = flows
            .iter()
            .map(|it| people.keys_of(it.requestee()))
            .collect();
        let usable = flows.iter().zip(&keys).filter_map(|(flow, keys)| {
            let keys = keys.as_ref().as_ref().ok()?;
            Some((flow.requestee(), keys))
        });
        // Of a person who has several flows here, the keys count once.
        let each: std::collections::BTreeMap<_, _> = usable.collect();
        let each = each.into_iter().map(|(name, keys)| (name, keys.clone()));
        let verifier = self.setup.verifier_by_requestee(each);

        let mut rows: Vec<Option<Row>> = Vec::new();
        let mut with_keys = Vec::new();
        for (flow, keys) in flows.into_iter().zip(keys) {
            match keys.as_ref() {
                Ok(_) => {
                    with_keys.push(flow);
                    rows.push(None);
                }
                Err(refusal) => rows.push(Some(Row {
                    reference: Some(flow.reference().to_owned()),
                    ..Row::refused(0, refusal.clone())
                })),
            }
        }
        let mut verified = self.verified(&verifier, with_keys).into_iter();
        let rows = rows.into_iter();
        rows.filter_map(|row| row.or_else(|| verified.next()))
            .collect()
    }

    fn open(&self, verified: Vec<Result<VerifiedFlow, Refused>>) -> Vec<Row> {
        let sound: Vec<_> = verified.iter().flatten().collect();
        let mut opened = open_many(&sound, &self.ring, &self.options).into_iter();
        let rows = verified.into_iter().filter_map(|flow| match flow {
            Ok(flow) => Some(Row {
                line: 0,
                reference: flow.reference().map(str::to_owned),
                verified: true,
                covers: flow.report().covers().into(),
                claims: opened.next()?.map_err(Refusal::from),
            }),
            Err(refused) => Some(Row {
                line: 0,
                verified: false,
                covers: refused.report().covers().into(),
                claims: Err(refused.error().into()),
                reference: Some(refused.into_flow().reference().to_owned()),
            }),
        });
        rows.collect()
    }

    fn unverified(&self, flows: &[Flow]) -> Vec<Row> {
        let opened = open_many_unverified(
            flows,
            &self.ring,
            &self.expectations,
            self.now,
            &self.options,
        );
        let rows = flows.iter().zip(opened).map(|(flow, opened)| Row {
            line: 0,
            reference: Some(flow.reference().to_owned()),
            verified: false,
            covers: Arc::default(),
            claims: opened.map_err(Refusal::from),
        });
        rows.collect()
    }
}

impl Row {
    fn refused(line: u64, refusal: Refusal) -> Self {
        Self {
            line,
            reference: None,
            verified: false,
            covers: Arc::default(),
            claims: Err(refusal),
        }
    }

    /// What makes the claims ones to believe.
    pub(super) fn trust(&self) -> &'static str {
        match self.verified {
            true => "signed",
            false => "none",
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code(),
            sentence: error.sentence().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::{BufWriter, Write as _};
    use std::path::Path;

    use flowseal::testkit::{FlowBuilder, KeyPair, Persona};

    use super::super::records::{Batches as _, Records};
    use super::super::source::{Filled, Inputs};
    use super::*;

    /// `cargo test --release -p flowseal-cli --bin flowseal reading_alone -- --ignored --nocapture`
    ///
    /// The best of some turns each, by the clock, which tells nothing on a machine that has other
    /// work, and by this thread's own time. Flows differ by more than gzip looks back, as flows do.
    #[test]
    #[ignore = "a measurement"]
    #[allow(clippy::print_stdout, reason = "what is measured is printed")]
    fn reading_alone() {
        let directory = tempfile::tempdir().unwrap();
        let [plain, gzip] = ["plain", "gzip"].map(|name| directory.path().join(name));
        let mut out = BufWriter::new(File::create(&plain).unwrap());
        let level = flate2::Compression::default();
        let mut encoder = flate2::write::GzEncoder::new(File::create(&gzip).unwrap(), level);
        let lines = lines();
        let length: usize = lines.iter().map(Vec::len).sum();
        let times = (200 << 20) / length;
        for line in lines.iter().cycle().take(lines.len() * times) {
            out.write_all(line).unwrap();
            encoder.write_all(line).unwrap();
        }
        out.flush().unwrap();
        encoder.finish().unwrap();
        let bytes = fs::metadata(&plain).unwrap().len();
        let records = |name: &Path| Records::new(vec![name.to_owned()], 1 << 20);

        let measured: [(&str, &dyn Fn()); 8] = [
            ("flows alone, from memory", &|| {
                for _ in 0..times {
                    assert_eq!(flows(lines.iter().map(Vec::as_slice)), lines.len());
                }
            }),
            ("lines and digest alone", &|| drain(records(&plain), |_| ())),
            ("NDJSON to flows on one thread", &|| {
                drain(records(&plain), |batch| assert!(batch_flows(&batch) > 0));
            }),
            ("NDJSON to flows, read by another thread", &|| {
                pipelined(records(&plain));
            }),
            ("the decoder alone", &|| {
                let mut decoder = flate2::read::GzDecoder::new(File::open(&gzip).unwrap());
                std::io::copy(&mut decoder, &mut std::io::sink()).unwrap();
            }),
            ("gzip as bulk decodes it", &|| {
                let mut inputs = Inputs::new(vec![gzip.clone()]);
                let mut text = Vec::new();
                while !matches!(inputs.fill(&mut text, 1 << 18).unwrap(), Filled::End) {
                    text.clear();
                }
            }),
            ("gzip to lines and digest", &|| {
                drain(records(&gzip), |_| ());
            }),
            ("gzip to flows, read by another thread", &|| {
                pipelined(records(&gzip));
            }),
        ];
        // In turns: a clock that drifts strikes all.
        let mut best = [(u128::MAX, u128::MAX); 8];
        for _ in 0..3 {
            for ((clock, own), (_, measure)) in best.iter_mut().zip(&measured) {
                let (begun, before) = (Instant::now(), own_time());
                measure();
                *clock = begun.elapsed().as_micros().min(*clock);
                *own = own_time().saturating_sub(before).min(*own);
            }
        }
        println!("MB/s by the clock, by this thread's time");
        for ((clock, own), (name, _)) in best.iter().zip(&measured) {
            let [clock, own] = [clock, own].map(|micros| u128::from(bytes) / micros.max(&1));
            println!("{clock:>8} {own:>8}  {name}");
        }
    }

    /// Microseconds that this thread has computed: the first figure of Linux's `schedstat`.
    fn own_time() -> u128 {
        let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let nanos = text
            .split(' ')
            .next()
            .and_then(|it| it.parse::<u128>().ok());
        nanos.unwrap_or_default() / 1000
    }

    fn lines() -> Vec<Vec<u8>> {
        let (app, user) = (KeyPair::sample_app(), KeyPair::sample_user());
        let app = app.unwrap().sealing_key().unwrap();
        let user = user.unwrap().signing_key().unwrap();
        let line = |at: usize| {
            let flow = FlowBuilder::new(format!("req_{at}")).persona(&Persona::ADA);
            let text = flow.seal(&app, &user).unwrap().to_json();
            (text.replace('\n', " ") + "\n").into_bytes()
        };
        (0..64).map(line).collect()
    }

    fn drain(mut records: Records, mut each: impl FnMut(Batch)) {
        while let Some(batch) = records.next().unwrap() {
            each(batch);
        }
    }

    /// One thread reads and one parses, as when the command computes on one.
    fn pipelined(records: Records) {
        std::thread::scope(|scope| {
            let (hand, work) = std::sync::mpsc::sync_channel(4);
            scope.spawn(move || drain(records, |batch| hand.send(batch).unwrap()));
            work.iter()
                .for_each(|batch| assert!(batch_flows(&batch) > 0));
        });
    }

    fn batch_flows(batch: &Batch) -> usize {
        flows(batch.records().filter_map(|(_, record)| match record {
            Record::Text(text) => Some(text),
            Record::Damaged(_) => None,
        }))
    }

    fn flows<'a>(texts: impl Iterator<Item = &'a [u8]>) -> usize {
        texts.filter(|text| Flow::from_json(text).is_ok()).count()
    }
}
