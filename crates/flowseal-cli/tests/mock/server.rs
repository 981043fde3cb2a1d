//! A mock that runs for one test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// A running server, stopped when it is dropped.
pub(crate) struct Server {
    process: Child,
    /// Where it says what it does, behind its first line.
    pub(crate) output: BufReader<ChildStdout>,
    port: u16,
}

impl Server {
    /// Starts one with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowseal"));
        Self::of(command.arg("mock").args(arguments))
    }

    /// Starts one that may have so many files open, connections among them.
    #[cfg(unix)]
    pub(crate) fn start_with_files(most: u32) -> Self {
        let script = format!("ulimit -n {most} && exec \"$0\" mock");
        let mut shell = Command::new("sh");
        Self::of(shell.args(["-c", &script, env!("CARGO_BIN_EXE_flowseal")]))
    }

    /// Runs a command, and reads where it listens.
    fn of(command: &mut Command) -> Self {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut first = String::new();
        output.read_line(&mut first).unwrap();
        let port = first.strip_prefix("listening on http://127.0.0.1:");
        let port = port.unwrap_or_else(|| panic!("the first line is {first:?}"));
        Self {
            process,
            output,
            port: port.trim_end().parse().unwrap(),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream
    }

    /// Sends bytes on a connection of their own, and gives what comes back until it is closed.
    pub(crate) fn exchange(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // A server that has refused before it read all closes the connection, which is its right.
        let _ = stream.write_all(request);
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        response
    }

    /// Sends a request with these headers.
    pub(crate) fn ask(&self, line: &str, headers: &[&str], body: &str) -> Reply {
        let mut request = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        for header in headers {
            request += &format!("{header}\r\n");
        }
        request += &format!("content-length: {}\r\n\r\n{body}", body.len());
        Reply::of(&self.exchange(request.as_bytes()))
    }

    /// Asks v2 about a flow.
    pub(crate) fn v2(&self, endpoint: &str, flow: &str) -> Reply {
        let line = format!("POST /api/v2/flow/{endpoint}");
        self.ask(
            &line,
            &["x-api-key: a", "x-access-secret: b"],
            &format!("{{\"request\": \"{flow}\"}}"),
        )
    }

    /// Pings a flow of v2 until it is in this state or has ended. Gives the last answer.
    pub(crate) fn until(&self, flow: &str, is: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..600 {
            let answer = self.v2("ping", flow).json();
            let request = &answer["data"]["request"];
            if is(request) || request["signature"].is_string() || request["cancelled"] == true {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("nothing has happened to {flow} for long");
    }

    /// Whether it still runs.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn of(response: &[u8]) -> Self {
        let text = String::from_utf8_lossy(response);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        Self {
            status: head
                .split(' ')
                .nth(1)
                .map_or(0, |status| status.parse().unwrap()),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Status, kind and body of a short answer.
    pub(crate) fn plain(&self) -> (u16, bool, &str) {
        (
            self.status,
            self.head.contains("content-type: text/plain"),
            &self.body,
        )
    }
}
