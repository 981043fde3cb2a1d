//! What a load tool and a fuzzer would do to the mock.

use std::io::{Read as _, Write as _};
use std::thread;

use crate::server::Server;

const CONNECTIONS: usize = 10_000;
const THREADS: usize = 8;

/// What is no request, or none of the API's.
const MALFORMED: &[&[u8]] = &[
    b"",
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost\r\n\r\n",
    b"POST /api/v2/flow/ping HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    b"POST /api/v2/flow/ping HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
    b"POST /api/v2/flow/ping HTTP/1.1\r\ntransfer-encoding: chunked\r\nx-api-key: a\r\nx-access-secret: b\r\n\r\nzz\r\n",
    b"POST /api/v2/flow/ping HTTP/1.1\r\nx-api-key: \xff\r\nx-access-secret: b\r\ncontent-length: 2\r\n\r\n\xff\xfe",
    b"GET /\x00 HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

#[test]
fn ten_thousand_connections_and_malformed_requests_are_survived() {
    let mut server = Server::start(&[]);
    // These say nothing, and stay.
    let silent: Vec<_> = (0..200).map(|_| server.connect()).collect();
    let server_ref = &server;
    let answered: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || hammer(server_ref, thread)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(answered, CONNECTIONS / 10 * 9);
    drop(silent);

    assert!(server.is_alive());
    let complete = server.until("req_after_the_storm", |_| false);
    assert!(complete["data"]["request"]["signature"].is_string());
}

/// A thread's share of the connections, every tenth malformed. Gives how many were answered well.
fn hammer(server: &Server, thread: usize) -> usize {
    let mut answered = 0;
    for number in 0..CONNECTIONS / THREADS {
        if number % 10 == 9 {
            let mut stream = server.connect();
            let _ = stream.write_all(MALFORMED[number / 10 % MALFORMED.len()]);
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let mut response = Vec::new();
            let _ = stream.read_to_end(&mut response);
            assert!(
                !response.starts_with(b"HTTP/1.1 2"),
                "{}",
                String::from_utf8_lossy(&response)
            );
        } else {
            let reply = server.v2("ping", &format!("req_{thread}_{}", number % 20));
            answered += usize::from(reply.status == 200);
        }
    }
    answered
}

#[test]
#[cfg(unix)]
fn more_connections_than_files_wait_for_their_turn() {
    let mut server = Server::start_with_files(64);
    let silent: Vec<_> = (0..200).map(|_| server.connect()).collect();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| server.v2("ping", "req_1").status);
        drop(silent);
        assert_eq!(waiting.join().unwrap(), 200);
    });
    assert!(server.is_alive());
}

#[test]
fn a_long_head_and_a_broken_body_concern_nobody_else() {
    let mut server = Server::start(&[]);
    let endless = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1 << 20));
    let response = server.exchange(endless.as_bytes());
    assert!(!response.starts_with(b"HTTP/1.1 2"));
    let mut half = server.connect();
    half.write_all(b"POST /api/v2/flow/ping HTTP/1.1\r\nx-api-key: a\r\nx-access-secret: b\r\ncontent-length: 100\r\n\r\n{")
        .unwrap();
    assert_eq!(server.v2("ping", "req_1").status, 200);
    drop(half);
    assert!(server.is_alive());
}
