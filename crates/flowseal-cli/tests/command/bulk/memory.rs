//! What a run holds does not grow with what it reads.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};

use super::{KEYS, many};
use crate::scene::{Scene, command};

/// The bytes of records and of a line that is far too long, again and again.
const PART: usize = 12 << 20;

#[test]
fn memory_is_bounded_and_flat_whatever_the_length_of_the_input() {
    let scene = Scene::new();
    let line = format!("bulk -o - {KEYS} --quiet --threads 2");
    let words: Vec<_> = line.split_whitespace().collect();
    let mut child = command(scene.path(), &words).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut rows = BufReader::new(child.stdout.take().unwrap()).lines();

    // Flows first. Then records that cost no arithmetic, and are read quicker than they are judged.
    let record = format!("{{\"more\": \"{}\"}}\n", "x".repeat(1000));
    let long = "x".repeat(PART / 3) + "\n";
    let part = record.repeat((PART - long.len()) / record.len()) + &long;
    let in_part = part.lines().count();
    // The last of what was written may wait for more.
    let waiting = (2 << 20) / record.len() + 1;
    let (hand, parts) = std::sync::mpsc::channel();
    let feeding = std::thread::spawn(move || {
        stdin.write_all(many().as_bytes()).unwrap();
        for () in parts {
            stdin.write_all(part.as_bytes()).unwrap();
        }
    });
    let mut missing = many().lines().count();
    let mut most = |parts: usize| {
        for () in std::iter::repeat_n((), parts) {
            hand.send(()).unwrap();
        }
        missing += parts * in_part;
        while missing > waiting {
            rows.next().unwrap().unwrap();
            missing -= 1;
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().trim_matches(|c: char| !c.is_ascii_digit());
        kib.parse::<usize>().unwrap()
    };
    let (first, last) = (most(1), most(7));
    drop(hand);
    assert_eq!(rows.count(), missing);
    feeding.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(last <= 64 << 10, "{last} KiB");
    let grown = last - first;
    assert!(
        grown <= 8 << 10,
        "{grown} KiB over 84 MiB, after {first} KiB"
    );
}
