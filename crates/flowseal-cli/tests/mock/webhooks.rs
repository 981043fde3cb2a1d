//! Webhooks: told once, when a flow has ended, and on this machine alone.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use flowseal::api::Webhook;
use serde_json::{Value, json};

use crate::server::Server;

const CREDENTIALS: [&str; 2] = ["x-api-key: bk-test_1", "x-access-secret: snb_1"];

#[test]
fn the_end_of_a_signing_is_told_with_the_reference_of_the_app() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(&[]);
    let id = start(&server, &listener, "order-1");
    let (head, body) = heard(&listener);
    assert!(head.starts_with("post /hook?shop=1 http/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/json"));
    assert_eq!(body, json!({"reference": "order-1", "status": "handled"}));
    assert!(Webhook::from_json(body.to_string().as_bytes()).is_ok());
    // It hints at what a ping confirms.
    let answer = server.v2("ping", &id).json();
    assert!(answer["data"]["request"]["signature"].is_string());
}

#[test]
fn a_cancelled_flow_is_told_at_once_and_not_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(&["--scenario", "slow"]);
    let cancelled = start(&server, &listener, "cancelled");
    server.v2("cancel", &cancelled);
    server.v2("cancel", &cancelled);
    let (_, body) = heard(&listener);
    assert_eq!(body["reference"], "cancelled");
    // The next that comes is another flow's.
    let other = start(&server, &listener, "other");
    server.v2("cancel", &other);
    assert_eq!(heard(&listener).1["reference"], "other");
}

#[test]
fn an_address_that_does_not_listen_concerns_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = Server::start(&[]);
    let id = {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        start(&server, &gone, "gone")
    };
    server.v2("cancel", &id);
    let id = start(&server, &listener, "there");
    server.v2("cancel", &id);
    assert_eq!(heard(&listener).1["reference"], "there");
    assert!(server.is_alive());
}

/// Starts a signing that is told to the listener.
fn start(server: &Server, listener: &TcpListener, reference: &str) -> String {
    let host = format!("http://{}/hook?shop=1", listener.local_addr().unwrap());
    let body = json!({
        "action": "sign", "nin": "22212345610", "payload": "Pay",
        "webhook": {"host": host, "reference": reference},
    });
    let line = "POST /api/v2/signing/different-device";
    let answer = server.ask(line, &CREDENTIALS, &body.to_string()).json();
    answer["data"]["request"]["id"].as_str().unwrap().to_owned()
}

/// Answers the next request, and gives its head in lower case and its body.
fn heard(listener: &TcpListener) -> (String, Value) {
    let (mut stream, _) = listener.accept().unwrap();
    let wait = Some(Duration::from_secs(60));
    stream.set_read_timeout(wait).unwrap();
    let (head, length) = head(&mut stream);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        .unwrap();
    (head, serde_json::from_slice(&body).unwrap())
}

fn head(stream: &mut TcpStream) -> (String, usize) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let (_, length) = head.split_once("content-length: ").unwrap();
    let length = length.split("\r\n").next().unwrap().parse().unwrap();
    (head, length)
}
