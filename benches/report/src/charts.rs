//! Which charts a data file has: one for each question that people ask.

use crate::chart::{Cell, Chart, Place, Shape, arrange};
use crate::data::{Data, Operation, Row, Section};

/// Every chart that there are figures for.
///
/// # Errors
/// Figures that contradict each other, or none at all.
pub(crate) fn all(data: &Data) -> Result<Vec<Chart>, String> {
    let mut charts = Vec::new();
    for section in data.sections.iter().flat_map(parts) {
        for question in QUESTIONS {
            let cells = (question.cells)(&section.rows);
            let (places, series) =
                arrange(&cells).map_err(|error| format!("{}: {error}", section.command))?;
            // One place is no comparison of places, but may be one of series.
            if places.len() < question.places || series.is_empty() {
                continue;
            }
            let same = charts
                .iter()
                .filter(|chart: &&Chart| chart.up == question.up);
            let same = same
                .filter(|chart| chart.key.starts_with(question.key))
                .count();
            charts.push(Chart {
                key: match same {
                    0 => question.key.to_owned(),
                    _ => format!("{}-{}", question.key, same + 1),
                },
                title: (question.title)(&section.rows),
                across: question.across,
                up: question.up,
                shape: question.shape,
                places,
                series,
                source: Section {
                    rows: Vec::new(),
                    ..section.clone()
                },
            });
        }
    }
    if charts.is_empty() {
        return Err("there are no figures to draw: measure first".to_owned());
    }
    Ok(charts)
}

/// The kernels of each unit by themselves, and before them all else.
fn parts(section: &Section) -> Vec<Section> {
    let mut parts: Vec<(Option<&str>, Vec<Row>)> = vec![(None, Vec::new())];
    for row in &section.rows {
        let unit = match row {
            Row::Kernel(row) => Some(row.unit.as_str()),
            _ => None,
        };
        match parts.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, rows)) => rows.push(row.clone()),
            None => parts.push((unit, vec![row.clone()])),
        }
    }
    let part = |(_, rows)| Section {
        rows,
        ..section.clone()
    };
    parts.into_iter().map(part).collect()
}

struct Question {
    key: &'static str,
    title: fn(&[Row]) -> String,
    across: &'static str,
    up: &'static str,
    shape: Shape,
    /// With fewer of them there is nothing to see.
    places: usize,
    cells: fn(&[Row]) -> Vec<Cell>,
}

const A_SECOND: &str = "operations a second";

const QUESTIONS: &[Question] = &[
    Question {
        key: "throughput-by-key-size",
        title: |rows| {
            let batch = most(rows, |row| row.batch);
            format!("Private operations a second by key size, {batch} at once")
        },
        across: "bits of the key",
        up: A_SECOND,
        shape: Shape::Bars,
        places: 1,
        cells: |rows| {
            let batch = most(rows, |row| row.batch);
            let wanted = |row: &Operation| row.batch == batch && row.threads == 1;
            throughput(rows, wanted, |row| row.bits)
        },
    },
    Question {
        key: "throughput-by-batch",
        title: |rows| {
            let bits = most(rows, |row| row.bits);
            format!("RSA-{bits}: private operations a second by size of the batch")
        },
        across: "ciphertexts at once",
        up: A_SECOND,
        shape: Shape::Bars,
        places: 2,
        cells: |rows| {
            let bits = most(rows, |row| row.bits);
            let wanted = |row: &Operation| row.bits == bits && row.threads == 1;
            throughput(rows, wanted, |row| row.batch)
        },
    },
    Question {
        key: "throughput-by-threads",
        title: |rows| {
            let (bits, batch) = (most(rows, |row| row.bits), most(rows, |row| row.batch));
            format!("RSA-{bits}, {batch} at once: private operations a second by threads")
        },
        across: "threads",
        up: A_SECOND,
        shape: Shape::Bars,
        places: 2,
        cells: |rows| {
            let (bits, batch) = (most(rows, |row| row.bits), most(rows, |row| row.batch));
            let wanted = |row: &Operation| row.bits == bits && row.batch == batch;
            throughput(rows, wanted, |row| row.threads)
        },
    },
    Question {
        key: "latency-by-claims",
        title: |_| "One flow, from the answer to its claims".to_owned(),
        across: "claims in the flow",
        up: "milliseconds",
        shape: Shape::Lines,
        places: 2,
        cells: |rows| {
            let cell = |row: &Row| match row {
                Row::Latency(row) => Some(Cell {
                    place: count(row.claims),
                    series: format!("RSA-{}", row.bits),
                    value: row.us / 1000.0,
                }),
                _ => None,
            };
            rows.iter().filter_map(cell).collect()
        },
    },
    Question {
        key: "share-of-the-bound",
        title: |rows| {
            let unit = rows.iter().find_map(|row| match row {
                Row::Kernel(row) => Some(row.unit.as_str()),
                _ => None,
            });
            let unit = unit.unwrap_or_default();
            format!("{unit}: the multiplier's share in the kernels' time")
        },
        across: "bits of the modulus, half of the key's",
        up: "% of what the multiplier could do",
        shape: Shape::Bars,
        places: 1,
        cells: |rows| {
            let cell = |row: &Row| match row {
                Row::Kernel(row) => Some(Cell {
                    place: count(row.bits),
                    series: row.kernel.clone(),
                    value: row.percent,
                }),
                _ => None,
            };
            rows.iter().filter_map(cell).collect()
        },
    },
    Question {
        key: "bulk-beside-loops",
        title: |_| "flowseal bulk beside the loops that people write, on one thread".to_owned(),
        across: "bits of the app's key",
        up: "flows of nine claims a second",
        shape: Shape::Bars,
        places: 1,
        cells: |rows| {
            let cell = |row: &Row| match row {
                Row::Loop(row) => Some(Cell {
                    place: count(row.bits),
                    series: row.peer.clone(),
                    value: row.flows_per_second,
                }),
                _ => None,
            };
            rows.iter().filter_map(cell).collect()
        },
    },
    Question {
        key: "memory-by-input",
        title: |_| "flowseal bulk: the most memory by size of the input".to_owned(),
        across: "megabytes of input",
        up: "MiB resident",
        shape: Shape::Lines,
        places: 2,
        cells: |rows| {
            let cell = |row: &Row| match row {
                Row::Bulk(row) => Some(Cell {
                    place: Place {
                        at: row.input_bytes / 1e6,
                        name: crate::words::number(row.input_bytes / 1e6),
                    },
                    series: match row.threads {
                        1 => format!("RSA-{}, one thread", row.bits),
                        threads => format!("RSA-{}, {threads} threads", row.bits),
                    },
                    value: row.most_resident_kib / 1024.0,
                }),
                _ => None,
            };
            rows.iter().filter_map(cell).collect()
        },
    },
];

/// Ciphertexts that are decrypted and unpadded, with everybody's blinding and checks on: by
/// flowseal as its callers have it, without the units that peers measure by themselves.
fn private(rows: &[Row]) -> impl Iterator<Item = &Operation> {
    rows.iter().filter_map(|row| match row {
        Row::Operation(row) if row.operation == "private" => {
            (!row.peer.starts_with("flowseal-")).then_some(row)
        }
        _ => None,
    })
}

fn most(rows: &[Row], of: fn(&Operation) -> u32) -> u32 {
    private(rows).map(of).max().unwrap_or_default()
}

fn throughput(
    rows: &[Row],
    wanted: impl Fn(&Operation) -> bool,
    place: fn(&Operation) -> u32,
) -> Vec<Cell> {
    let wanted = private(rows).filter(|row| wanted(row));
    let cell = |row: &Operation| Cell {
        place: count(place(row)),
        series: row.peer.clone(),
        value: 1e6 / row.us,
    };
    wanted.map(cell).collect()
}

fn count(number: u32) -> Place {
    Place {
        at: f64::from(number),
        name: number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(rows: &str) -> Data {
        let section = format!(
            "{{\"command\": \"c\", \"processor\": \"p\", \"date\": \"d\", \"rows\": [{rows}]}}"
        );
        serde_json::from_str(&format!("{{\"sections\": [{section}, {section}]}}")).unwrap()
    }

    fn private(bits: u32, batch: u32, threads: u32, peer: &str, us: f64) -> String {
        format!(
            "{{\"row\": \"operation\", \"operation\": \"private\", \"bits\": {bits}, \
             \"batch\": {batch}, \"threads\": {threads}, \"peer\": \"{peer}\", \"us\": {us}}}"
        )
    }

    #[test]
    fn operations_are_shown_by_key_by_batch_and_by_threads() {
        let rows = [
            private(2048, 1, 1, "ours", 200.0),
            private(2048, 64, 1, "ours", 100.0),
            private(4096, 1, 1, "ours", 2000.0),
            private(4096, 64, 1, "ours", 1000.0),
            private(4096, 64, 2, "ours", 500.0),
            private(4096, 64, 1, "theirs", 2000.0),
            private(4096, 1, 1, "flowseal-unit", 9.0),
        ];
        let charts = all(&data(&rows.join(","))).unwrap();
        let keys: Vec<_> = charts.iter().map(|chart| chart.key.as_str()).collect();
        assert_eq!(
            keys,
            [
                "throughput-by-key-size",
                "throughput-by-batch",
                "throughput-by-threads",
                "throughput-by-key-size-2",
                "throughput-by-batch-2",
                "throughput-by-threads-2",
            ]
        );
        let values = |chart: usize, series: usize| &charts[chart].series[series].values;
        // A microsecond each is a million a second; the key of 2048 bits is not among the threads.
        assert_eq!(values(0, 0), &[Some(10_000.0), Some(1000.0)]);
        assert_eq!(values(0, 1), &[None, Some(500.0)]);
        assert_eq!(values(1, 0), &[Some(500.0), Some(1000.0)]);
        assert_eq!(values(2, 0), &[Some(1000.0), Some(2000.0)]);
        assert_eq!(charts[1].series.len(), 2);
    }

    #[test]
    fn the_other_rows_have_a_chart_each() {
        let rows = r#"
            {"row": "latency", "claims": 9, "bits": 2048, "us": 1500},
            {"row": "latency", "claims": 1, "bits": 2048, "us": 500},
            {"row": "kernel", "unit": "u", "kernel": "square", "bits": 1024, "percent": 89},
            {"row": "kernel", "unit": "v", "kernel": "square", "bits": 1024, "percent": 70},
            {"row": "bulk", "bits": 2048, "threads": 1, "input_bytes": 2e6, "most_resident_kib": 9216},
            {"row": "bulk", "bits": 2048, "threads": 1, "input_bytes": 8e6, "most_resident_kib": 9216},
            {"row": "loop", "bits": 2048, "peer": "a loop", "flows_per_second": 7.5, "flows": 200}"#;
        let charts = all(&data(rows)).unwrap();
        let seen = charts[..5].iter().map(|chart| {
            let series = &chart.series[0];
            (chart.key.as_str(), series.name.as_str(), &series.values[..])
        });
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [
                ("latency-by-claims", "RSA-2048", &[Some(0.5), Some(1.5)][..]),
                ("bulk-beside-loops", "a loop", &[Some(7.5)]),
                (
                    "memory-by-input",
                    "RSA-2048, one thread",
                    &[Some(9.0), Some(9.0)]
                ),
                ("share-of-the-bound", "square", &[Some(89.0)]),
                ("share-of-the-bound-2", "square", &[Some(70.0)]),
            ]
        );
        assert!(charts[4].title.starts_with("v: "));
    }

    #[test]
    fn without_figures_there_is_no_page() {
        assert!(all(&data("")).unwrap_err().contains("measure first"));
        let twice = private(2048, 1, 1, "ours", 1.0);
        let error = all(&data(&format!("{twice},{twice}"))).unwrap_err();
        assert_eq!(error, "c: two figures for ours at 2048: keep one");
        let never = private(2048, 1, 1, "ours", 0.0);
        assert!(all(&data(&never)).unwrap_err().contains("inf"));
    }
}
