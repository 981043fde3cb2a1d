"""Writes the table of cases for ``cases.c``, which has no JSON: ``table.py CASES_JSON TO``.

A field is ``NAME LENGTH``, a line's end, so many bytes and a line's end. A case begins with the
field ``case``. Defaults are filled in here; a member that is not known here is an error, so that the
table cannot grow past its reader.
"""

import json
import sys

MEMBERS = set(
    "name operation response response_hex response_padded_to keys passphrase key_profile"
    " verify_keys profile statement covers expectations now select path as evidence arguments"
    " expect".split()
)
# `exit` and `trust` are the command's, and `loaded` says that no code is expected.
EXPECTED = set(
    "code number exit failed passed not_asked state covers claims errors value loaded diagnosis"
    " details warnings trust".split()
)
ASKED = "reference requester requestee mode max_age leeway claims".split()

# A minute after the flows of the table are signed.
NOW = 1716820181


def fields(case):
    expect = case["expect"]
    asked = case.get("expectations", {})
    unknown = case.keys() - MEMBERS | expect.keys() - EXPECTED | asked.keys() - set(ASKED)
    if unknown:
        raise SystemExit(f"{case['name']}: give {sorted(unknown)} to cases.c, too")

    yield "case", case["name"]
    yield "operation", case["operation"]
    for member in ("profile", "key_profile"):
        yield member, case.get(member)
    yield "response", response(case)
    yield "key", case.get("keys", ["app-2048.pem"])
    trusted = case.get("verify_keys", ["user-2048.pub.pem"])
    if isinstance(trusted, dict):
        for requestee, files in trusted.items():
            yield "user", requestee
            yield "verify_key", files
    else:
        yield "verify_key", trusted
    yield "now", case.get("now", NOW)
    for member in ("passphrase", "statement", "covers", "select", "path", "as", "evidence"):
        yield member, case.get(member)
    for member in ASKED:
        yield member, asked.get(member)
    for member in "code number failed state value covers passed not_asked claims details".split():
        yield f"expect_{member}", expect.get(member)
    # As one text, which `write` would take apart.
    if "diagnosis" in expect:
        yield "expect_diagnosis", as_json(expect["diagnosis"])
    if "warnings" in expect:
        yield "expect_warnings", len(expect["warnings"])
        yield "expect_warning", expect["warnings"]
    for path, code in expect.get("errors", {}).items():
        yield "expect_error", path
        yield "expect_error_code", code


def response(case):
    if "response_hex" in case:
        text = bytes.fromhex(case["response_hex"])
    elif "response" in case:
        text = case["response"].encode()
    else:
        return None
    return text.ljust(case.get("response_padded_to", 0))


def write(out, name, value):
    """Each element of a list; text as it is, anything else as JSON, and nothing for nothing."""
    if value is None:
        return
    if isinstance(value, list):
        for element in value:
            write(out, name, element)
        return
    if isinstance(value, str):
        value = value.encode()
    elif not isinstance(value, bytes):
        value = as_json(value)
    out.write(b"%s %d\n%s\n" % (name.encode(), len(value), value))


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


_, cases, to = sys.argv
with open(cases, encoding="utf-8") as source, open(to, "wb") as table:
    for case in json.load(source):
        for name, value in fields(case):
            write(table, name, value)
