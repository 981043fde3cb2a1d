"""Arguments of the wrong kind: told in a sentence of this package's own, and never with the key."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import flowseal

from .conftest import KEYS, NOW

PEM = (KEYS / "app-2048.pem").read_text()
BODY = "".join(line for line in PEM.splitlines() if "-----" not in line)
ACCOUNT = '{"type": "app", "appid": "app_1", "secret": "snb_hush"}'

LOADERS: dict[str, tuple[Callable[[Any], object], str]] = {
    "decrypting": (flowseal.DecryptingKey.load, "`from_pem`"),
    "verifying": (flowseal.VerifyingKey.load, "`from_pem`"),
    "verifying all": (flowseal.VerifyingKey.load_all, "`from_pem`"),
    "profile": (flowseal.Profile.load, "`from_json`"),
    "account": (flowseal.ServiceAccount.load, "`from_parts`"),
    "trusting": (flowseal.Verifier.trusting, "`VerifyingKey.from_pem`"),
    "trusting many": (lambda text: flowseal.Verifier.trusting([text]), "`VerifyingKey.from_pem`"),
    "by requestee": (
        lambda text: flowseal.Verifier.by_requestee({"222": text}),
        "`VerifyingKey.from_pem`",
    ),
}


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize(
    "text",
    [
        PEM,
        PEM.replace("\n", "\\n"),
        BODY,
        "\ufeff" + PEM,
        ACCOUNT,
        ' {"kty": "RSA"}',
        "hush\nhush",
        base64.b64encode(PEM.encode()).decode(),
        base64.b64decode(BODY).hex(),
        BODY[128:192],
        quote(PEM),
        f"<RSAKeyValue><D>{BODY[100:140]}</D></RSAKeyValue>",
    ],
)
def test_a_text_where_a_path_is_wanted_is_told_and_shown_nowhere(name: str, text: str) -> None:
    load, instead = LOADERS[name]
    with pytest.raises(flowseal.InputError) as refused:
        load(text)
    error = refused.value
    assert error.code == "usage"
    assert instead in error.sentence and "text" in error.sentence
    shown = [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
    shown.append(pickle.dumps(error).decode("latin-1"))
    for secret in (BODY[100:130], BODY[140:160], BODY[:20], text[20:40] or "hush", "hush", "BEGIN"):
        assert all(secret not in part for part in shown)


def test_the_sentence_names_the_method_that_takes_the_text() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.DecryptingKey.load(PEM)
    assert refused.value.sentence == (
        "this is the key's text, and `load` wants a path: use `from_pem`"
    )
    assert flowseal.DecryptingKey.from_pem(PEM).bits == 2048
    account = flowseal.ServiceAccount.from_parts(ACCOUNT, [PEM])
    assert account.decrypting_key().bits == 2048


def test_a_file_of_a_strange_name_is_read(tmp_path: Path) -> None:
    for name in ("{key}.pem", "two\nlines.pem"):
        path = tmp_path / name
        path.write_text(PEM)
        assert flowseal.DecryptingKey.load(path).bits == 2048


def test_a_path_is_shown_in_one_short_line(tmp_path: Path) -> None:
    for path, shown in (
        ("no/" * 100 + "app.pem", "…/app.pem: cannot be read"),
        ("k" * 300, "a name of 300 characters: cannot be read"),
        ("no/app\t.pem", "no/app\ufffd.pem: cannot be read"),
    ):
        with pytest.raises(flowseal.InputError) as refused:
            flowseal.DecryptingKey.load(path)
        assert refused.value.sentence.startswith(shown)
        assert refused.value.code == "io"


def test_a_lone_surrogate_in_a_passphrase_is_not_quoted() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.DecryptingKey.load(KEYS / "app-2048.encrypted.pem", "hush\ud800")
    assert "hush" not in repr(refused.value) + repr(refused.value.__context__)


@pytest.mark.parametrize(
    "call",
    [
        lambda text: flowseal.Expectations(reference=text),
        lambda text: flowseal.Expectations(requestee=text),
        lambda text: flowseal.Verifier.by_requestee({text: KEYS / "user-2048.pub.pem"}),
        lambda text: flowseal.SessionToken.from_header(text),
        lambda text: flowseal.DecryptingKey.from_pem(PEM, kid=text),
        lambda text: flowseal.KeyRing([flowseal.DecryptingKey.from_pem(PEM)]).only(text),
        lambda text: flowseal.ApiConfig(
            version="v2", environment=text, api_key="bk-test_1", app_secret="snb_1"
        ),
        lambda text: flowseal.ApiConfig(
            version="v2",
            environment="sandbox",
            api_key="bk-test_1",
            app_secret="snb_1",
            base_url=text,
        ),
    ],
)
def test_a_lone_surrogate_in_a_text_is_told_without_the_text(
    call: Callable[[str], object],
) -> None:
    with pytest.raises(flowseal.InputError, match="half a character") as refused:
        call("hush22212345610\ud800")
    error = refused.value
    shown = [repr(error), repr(error.__cause__), repr(error.__context__)]
    assert all("hush" not in part and "22212345610" not in part for part in shown)


def test_a_credential_for_a_version_is_not_shown() -> None:
    with pytest.raises(flowseal.InputError) as refused:
        flowseal.ApiConfig(
            version="snb_1",  # type: ignore[arg-type]
            environment="sandbox",
            api_key="bk-test_1",
            app_secret="snb_1",
        )
    assert refused.value.sentence == "there is no version of 5 characters: give v1 or v2"


@pytest.mark.parametrize("name", ["reference", "requester", "requestee", "mode"])
def test_an_expectation_that_is_empty_is_refused_when_it_is_set(name: str) -> None:
    with pytest.raises(flowseal.InputError, match=f"{name} is empty") as refused:
        flowseal.Expectations(**{name: ""})  # type: ignore[arg-type]
    assert refused.value.code == "usage"


def test_an_empty_path_is_refused(
    verified: flowseal.VerifiedFlow, key: flowseal.DecryptingKey
) -> None:
    for call in (
        lambda: verified.open(key, select=["naming", ""]),
        lambda: flowseal.Expectations(claims=[""]),
    ):
        with pytest.raises(flowseal.InputError, match="empty") as refused:
            call()
        assert refused.value.code == "usage"


WRONG: list[tuple[str, Callable[[Any], object], str]] = [
    ("load of bytes", lambda a: flowseal.DecryptingKey.load(PEM.encode()), "`from_pem`"),  # type: ignore[arg-type]
    ("load of a number", lambda a: flowseal.DecryptingKey.load(1), "a path is a str"),  # type: ignore[arg-type]
    ("zip of bytes", lambda a: flowseal.ServiceAccount.load(b"PK"), "`from_zip`"),  # type: ignore[arg-type]
    ("pem of a number", lambda a: flowseal.DecryptingKey.from_pem(1), "bytes are wanted"),  # type: ignore[arg-type]
    ("json of a dict", lambda a: flowseal.Flow.from_json({}), "this is dict"),  # type: ignore[arg-type]
    ("profile of a dict", lambda a: flowseal.Profile.from_json({}), "this is dict"),  # type: ignore[arg-type]
    ("evidence of a dict", lambda a: flowseal.Evidence.from_json({}), "this is dict"),  # type: ignore[arg-type]
    ("public key of a number", lambda a: flowseal.VerifyingKey.from_pem(1), "this is int"),  # type: ignore[arg-type]
    ("open with a public key", lambda a: a.verified.open(a.user_key), "verifies e-signatures"),
    ("open with a path", lambda a: a.verified.open("app.pem"), "DecryptingKey.load"),
    ("open with a list", lambda a: a.verified.open([a.key]), "make a KeyRing"),
    ("select of a str", lambda a: a.verified.open(a.key, select="naming"), "in brackets"),
    ("select of a number", lambda a: a.verified.open(a.key, select=[1]), "int is in this one"),
    ("partial select", lambda a: a.verified.open_partial(a.key, select="naming"), "in brackets"),
    ("claims of a str", lambda a: flowseal.Expectations(claims="naming"), "in brackets"),
    ("a ring of a key", lambda a: flowseal.KeyRing(a.key), "a list of DecryptingKey"),
    ("a ring of paths", lambda a: flowseal.KeyRing(["app.pem"]), "str is in this one"),  # type: ignore[list-item]
    ("trust in a private key", lambda a: flowseal.Verifier.trusting(a.key), "verifies nothing"),
    ("trust in bytes", lambda a: flowseal.Verifier.trusting(b"x"), "`VerifyingKey.from_pem`"),  # type: ignore[arg-type]
    ("trust in a number", lambda a: flowseal.Verifier.trusting(1), "int is neither a VerifyingKey nor a path"),  # type: ignore[arg-type]
    ("one flow for many", lambda a: flowseal.open_many(a.verified, a.key), "a list of VerifiedFlow"),
    (
        "flows that are not verified",
        lambda a: flowseal.open_many([a.flow], a.key),
        "Flow is in this one",
    ),
    (
        "no expectations",
        lambda a: flowseal.verify_many([a.flow], a.verifier, 1, now=NOW),  # type: ignore[arg-type]
        "a list of Expectations",
    ),
]


class Arguments:
    """What fits."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        for name in ("key", "user_key", "verifier", "flow", "verified"):
            setattr(self, name, request.getfixturevalue(name))


@pytest.mark.parametrize(("name", "call", "words"), WRONG, ids=[name for name, *_ in WRONG])
def test_what_is_of_the_wrong_type_is_told_in_our_own_words(
    request: pytest.FixtureRequest, name: str, call: Callable[[Any], object], words: str
) -> None:
    with pytest.raises(TypeError) as refused:
        call(Arguments(request))
    assert words in str(refused.value), name
    for raw in ("extract", "converted", "BEGIN", "cannot be cast"):
        assert raw not in str(refused.value)
