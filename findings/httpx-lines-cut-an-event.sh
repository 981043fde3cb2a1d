#!/usr/bin/env bash
# What surprised
#   An event stream is made of lines, and httpx has `iter_lines`; but its lines also end at U+2028,
#   U+0085 and their relatives, which JSON may hold as they are, and which are no line ends in an
#   event stream (WHATWG HTML, "Parsing an event stream": CR, LF and CRLF alone). An event whose
#   payload has one falls into pieces, and the JSON of the first piece does not parse. The package
#   httpx-sse, on the very same response, reads the event whole.
#
# Seen on 2026-11-29 with httpx 0.28.1 and httpx-sse 0.4.3 from PyPI.
#
# Why it matters to pasby flows
#   The payload is the text that a person reads before approving, and it may have been pasted from
#   an editor that writes U+2028 for a line break within a paragraph. Such flows fail, and no
#   others.
#
# How flowseal deals with it
#   EventStream takes bytes, in pieces of any size, and ends lines at CR, LF and CRLF only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
python3 -m venv venv || lacking "python3's module venv"
venv/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
    httpx==0.28.1 httpx-sse==0.4.3 || lacking "httpx 0.28.1, httpx-sse 0.4.3 from PyPI"

venv/bin/python - <<'PYTHON'
import json

import httpx
import httpx_sse

print("httpx", httpx.__version__, "httpx-sse 0.4.3")
flow = {"payload": "I agree\u2028to the terms\u0085of today"}
event = "data: " + json.dumps(flow, ensure_ascii=False) + "\n\n"
headers = {"content-type": "text/event-stream"}


def answer(_request):
    return httpx.Response(200, headers=headers, content=event.encode())


client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://api.invalid")
with client.stream("GET", "/sse") as response:
    lines = list(response.iter_lines())
print("by iter_lines:", lines)
assert lines == ['data: {"payload": "I agree', "to the terms", 'of today"}', ""]

with httpx_sse.connect_sse(client, "GET", "/sse") as source:
    whole = [event.json() for event in source.iter_sse()]
print("by httpx-sse: ", whole)
assert whole == [flow]
PYTHON
