//! What keeps others out, and too many.

use std::process::Command;

use crate::server::{Reply, Server};

/// A request of each route.
const ROUTES: &[&str] = &[
    "GET /api/health/check",
    "GET /api/v1/flow/authorize?sub=bcn_1&app=app_1",
    "GET /api/v2/flow/sse?request=req_1",
    "POST /api/v1/flow/cancel",
    "POST /api/v1/flow/ping",
    "POST /api/v1/flow/polling",
    "POST /api/v2/flow/cancel",
    "POST /api/v2/flow/ping",
    "POST /api/v2/flow/polling",
    "POST /api/v1/identification/same-device",
    "POST /api/v1/identification/different-device",
    "POST /api/v1/identification/wildcard",
    "POST /api/v1/signing/same-device",
    "POST /api/v1/signing/different-device",
    "POST /api/v2/identification/same-device",
    "POST /api/v2/identification/different-device",
    "POST /api/v2/identification/wildcard",
    "POST /api/v2/signing/same-device",
    "POST /api/v2/signing/different-device",
    "POST /api/v2/signing/wildcard",
    "OPTIONS /api/v2/flow/ping",
    "GET /",
];

#[test]
fn every_route_refuses_a_host_that_is_not_this_machine() {
    let server = Server::start(&[]);
    for line in ROUTES {
        for hosts in [
            "host: evil.example\r\n",
            "host: localhost.evil.example:80\r\n",
            "host: s.pasby.africa\r\n",
            "host: localhost\r\nhost: evil.example\r\n",
            "host:\r\n",
            "",
        ] {
            let request = format!(
                "{line} HTTP/1.1\r\n{hosts}connection: close\r\nx-api-key: a\r\nx-access-secret: b\r\ncontent-length: 0\r\n\r\n"
            );
            let reply = Reply::of(&server.exchange(request.as_bytes()));
            assert_eq!(reply.status, 421, "{line} {hosts}: {reply:?}");
        }
    }
    // The first line may name another than the header.
    let request = b"GET http://evil.example/api/health/check HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    assert_eq!(Reply::of(&server.exchange(request)).status, 421);
}

#[test]
fn no_answer_lets_a_page_of_another_site_read_it() {
    let server = Server::start(&["--limit", "21/600"]);
    for line in ROUTES {
        // Streams last as long as their flow: the one of this route has ended.
        server.v2("cancel", "req_1");
        let headers = [
            "origin: https://evil.example",
            "x-api-key: a",
            "x-access-secret: b",
        ];
        let reply = server.ask(line, &headers, "{}");
        assert!(
            reply.status != 0 && !reply.head.contains("access-control"),
            "{reply:?}"
        );
    }
}

#[test]
fn more_requests_of_an_address_than_the_limit_are_too_many_whatever_they_ask() {
    let server = Server::start(&["--limit", "4/600"]);
    assert_eq!(server.v2("ping", "req_1").status, 200);
    assert_eq!(server.v2("cancel", "req_2").status, 200);
    assert_eq!(server.ask("GET /api/health/check", &[], "").status, 200);
    assert_eq!(server.ask("GET /", &[], "").status, 404);
    for line in ROUTES {
        let reply = server.ask(line, &["x-api-key: a", "x-access-secret: b"], "{}");
        assert_eq!(reply.plain(), (429, true, "Too many requests"), "{line}");
        let wait = reply.head.split("retry-after: ").nth(1).unwrap();
        let wait: u64 = wait.split("\r\n").next().unwrap().parse().unwrap();
        assert!((500..=600).contains(&wait), "{wait}");
    }
}

#[test]
fn a_limit_that_is_none_is_refused() {
    for limit in ["", "100", "100/", "0/60", "100/0", "-1/60", "x/y"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowseal"));
        let output = command.args(["mock", "--limit", limit]).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.starts_with("error[usage]: "), "{error}");
        assert_eq!(output.status.code(), Some(2));
    }
}
