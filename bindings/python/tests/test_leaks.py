"""No secret of a file is shown by what reads it: in no sentence, repr, warning, traceback or pickle.

All that is shown is held against every piece of six bytes of what was secret in the file, in each form
in which it could be written, less the pieces of another file of its form.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import flowseal

from .conftest import KEYS

PIECE = 6
PASSPHRASE = "another one"


@dataclass(frozen=True)
class Kind:
    """A file that holds secrets, and what would give them away."""

    name: str
    file: bytes
    secrets: tuple[bytes, ...]
    pieces: frozenset[bytes] = field(repr=False)

    def shown_secret(self, shown: bytes) -> bytes | None:
        return next((piece for piece in windows(shown) if piece in self.pieces), None)


def windows(text: bytes) -> Iterator[bytes]:
    return (text[at : at + PIECE] for at in range(len(text) - PIECE + 1))


def pieces(secrets: tuple[bytes, ...]) -> set[bytes]:
    """Six bytes of each form in which a secret may be written, at each of its alignments."""
    found: set[bytes] = set()
    for secret in secrets:
        forms = [secret, secret.hex().encode()]
        for start in range(3):
            whole = secret[start:]
            whole = whole[: len(whole) // 3 * 3]
            written = [base64.b64encode(whole), base64.urlsafe_b64encode(whole)]
            forms += written + [text.lower() for text in written]
        for form in forms:
            found.update(windows(form))
    return found


Made = tuple[bytes, tuple[bytes, ...]]


def kind(name: str, one: Made, two: Made) -> Kind:
    shared = set(windows(two[0])) | pieces(two[1])
    return Kind(name, *one, frozenset(pieces(one[1]) - shared))


def private(name: str) -> tuple[RSAPrivateKey, dict[str, bytes]]:
    key = serialization.load_pem_private_key((KEYS / f"{name}.pem").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    numbers = key.private_numbers()
    members = {
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    in_bytes = {
        name: number.to_bytes((number.bit_length() + 7) // 8) for name, number in members.items()
    }
    return key, in_bytes


def rsa(form: str) -> Callable[[str], Made]:
    def made(name: str) -> Made:
        key, members = private(name)
        secrets = tuple(members.values())
        if form.startswith("JWK"):
            public = key.public_key().public_numbers()
            numbers = {"n": public.n.to_bytes(256), "e": b"\1\0\1"} | members
            jwk = {"kty": "RSA", "kid": "k1", "alg": "RS256"}
            for member, number in numbers.items():
                jwk[member] = base64.urlsafe_b64encode(number).decode().rstrip("=")
            tree: Any = {"keys": [jwk, jwk]} if form == "JWK set" else jwk
            return json.dumps(tree).encode(), secrets
        encoding = serialization.Encoding.DER if "DER" in form else serialization.Encoding.PEM
        pkcs8, pkcs1 = (
            serialization.PrivateFormat.PKCS8,
            serialization.PrivateFormat.TraditionalOpenSSL,
        )
        plain = serialization.NoEncryption()
        text = key.private_bytes(encoding, pkcs8 if "8" in form else pkcs1, plain)
        return text, secrets

    return made


def credentials(seed: int) -> list[str]:
    digests = [hashlib.sha256(bytes([seed, which])).digest() for which in range(3)]
    return [base64.urlsafe_b64encode(digest).decode().rstrip("=") for digest in digests]


def account(seed: int) -> Made:
    secret, live, test = credentials(seed)
    config = {
        "type": "app",
        "appid": "app_1",
        "secret": f"snb_{secret}",
        "apikeys": {"live": f"bk-live_{live}", "test": f"bk-test_{test}"},
    }
    return json.dumps(config).encode(), tuple(text.encode() for text in (secret, live, test))


def environment(seed: int) -> Made:
    secret, key, phrase = credentials(seed)
    text = f'API_KEY=bk-test_{key}\nAPP_SECRET="snb_{secret}"\nPASSPHRASE={phrase}\n'
    return text.encode(), tuple(text.encode() for text in (secret, key, phrase))


FORMS = ["PKCS#8 PEM", "PKCS#8 DER", "PKCS#1 PEM", "PKCS#1 DER", "JWK", "JWK set"]
KINDS = [kind(form, rsa(form)("app-2048"), rsa(form)("other-2048")) for form in FORMS]
ENCRYPTED = (KEYS / "app-2048.encrypted.pem").read_bytes()
KINDS += [
    kind(
        "encrypted PEM",
        (ENCRYPTED, tuple(private("app-2048")[1].values())),
        (b"", tuple(private("other-2048")[1].values())),
    ),
    kind("service account", account(1), account(2)),
    kind("environment file", environment(1), environment(2)),
]


def kids(file: bytes) -> list[str]:
    """The short names of the keys of a JWK or a set, which are public."""
    try:
        tree = json.loads(file)
        keys = tree.get("keys", [tree])
        return [key["kid"] for key in keys if isinstance(key.get("kid"), str)]
    except (ValueError, AttributeError, TypeError):
        return []


def readers(file: bytes, directory: Path) -> Iterator[Callable[[], object]]:
    """Every place of the package where a file, its name or a text is taken."""
    text = file.decode("latin-1")
    named = directory / "given"
    named.write_bytes(file)
    (directory / "config.json").write_bytes(file)
    (directory / "app.pem").write_bytes(file)
    flow = flowseal.Flow
    for reads in (flowseal.DecryptingKey, flowseal.VerifyingKey):
        # The name of a file, the text in its place, and the text.
        yield lambda reads=reads: reads.load(named)  # type: ignore[misc]
        yield lambda reads=reads: reads.load(text)  # type: ignore[misc]
        yield lambda reads=reads: reads.load(file)  # type: ignore[misc]
        yield lambda reads=reads: reads.from_pem(file)  # type: ignore[misc]
        yield lambda reads=reads: reads.from_pem(text)  # type: ignore[misc]
    yield lambda: flowseal.DecryptingKey.from_pem(file, PASSPHRASE)
    yield lambda: flowseal.DecryptingKey.from_pem(ENCRYPTED, file)
    yield lambda: flowseal.DecryptingKey.from_pem(ENCRYPTED, text)
    yield lambda: flowseal.VerifyingKey.load_all(named)
    yield lambda: flowseal.VerifyingKey.load_all(text)
    yield lambda: flowseal.Verifier.trusting(named)
    yield lambda: flowseal.Verifier.trusting(text)
    yield lambda: flowseal.Verifier.trusting([text, file])  # type: ignore[list-item]
    yield lambda: flowseal.Verifier.by_requestee({"1": text})
    yield lambda: flowseal.Profile.load(named)
    yield lambda: flowseal.Profile.load(text)
    yield lambda: flowseal.Profile.from_json(file)
    yield lambda: flowseal.Profile(algorithm=text)  # type: ignore[arg-type]
    yield lambda: flowseal.Profile(**{text: 1})  # type: ignore[arg-type]
    # A template that is accepted is a setting like others, and is shown.
    yield lambda: bool(flowseal.Profile(statement={"template": text}))
    yield lambda: flowseal.Evidence.from_json(file)
    yield lambda: flowseal.Disclosure.from_json(file)
    yield lambda: flowseal.AppKey.load(named)
    yield lambda: flowseal.AppKey.load(text)
    yield lambda: flowseal.AppKey.from_pem(file)
    yield lambda: flowseal.ServiceAccount.load(directory)
    yield lambda: flowseal.ServiceAccount.load(text)
    yield lambda: flowseal.ServiceAccount.from_zip(file)
    yield lambda: flowseal.ServiceAccount.from_parts(file, [file])
    yield lambda: flowseal.ServiceAccount.from_parts(text, [text])
    yield lambda: flowseal.KeyRing([]).only(text)
    yield lambda: flow.from_json('{"a": 1}', profile=flowseal.Profile.from_json(text))
    for key, secret in ((text, "snb_1"), ("bk-test_1", text), (file, file)):
        yield lambda key=key, secret=secret: flowseal.ApiConfig(  # type: ignore[misc]
            version="v1",
            environment="sandbox",
            api_key=key,
            app_secret=secret,
            organisation_id=text,
            app_id=text,
        )
    yield lambda: flowseal.ApiConfig(
        version="v2",
        environment="sandbox",
        api_key="bk-test_1",
        app_secret="snb_1",
        base_url=text,
    )
    account = flowseal.ServiceAccount.from_parts
    yield lambda: flowseal.ApiConfig.from_service_account(
        account(file, []), version="v2", environment="sandbox"
    )
    yield lambda: account(file, []).decrypting_key(PASSPHRASE)


def shown(file: bytes, directory: Path) -> bytes:
    """All that is said of a file: of one that is sound, too."""
    told: list[str | bytes] = []
    for read in readers(file, directory):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                made = read()
                told += [repr(made), str(made)]
            # Whatever it is: Python's own exceptions are shown, too.
            except Exception as error:
                told += [str(error), repr(error), repr(error.args), repr(error.__cause__)]
                told += traceback.format_exception_only(error)
                if isinstance(error, flowseal.FlowsealError):
                    told += [error.sentence, repr(vars(error))]
                    told += [pickle.dumps(error, protocol) for protocol in (0, 4)]
        told += [str(warning.message) for warning in caught]
    in_bytes = [text if isinstance(text, bytes) else text.encode("utf-8", "replace") for text in told]
    return b"\n".join(in_bytes)


def test_a_secret_that_is_shown_would_be_seen() -> None:
    for each in KINDS:
        for secret in each.secrets:
            for form in (secret.hex().encode(), base64.b64encode(secret)):
                middle = len(form) // 2
                assert each.shown_secret(b"found " + form[middle : middle + PIECE])
        assert each.shown_secret(b"expected a key and found none") is None


@pytest.mark.parametrize("each", KINDS, ids=lambda each: each.name)
def test_no_secret_of_a_sound_file_is_shown(each: Kind, tmp_path: Path) -> None:
    assert each.shown_secret(shown(each.file, tmp_path)) is None


INSERTED = [b"-----BEGIN ", b"-----END ", b"\n", b'"', b",", b"{", b"}", b"=", b"\0", b'"kid":']
PLACES = st.integers(0, 2**16)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Kind, bytes]:
    """What an editor, a terminal or a careless hand does to a file."""
    each = draw(st.sampled_from(KINDS))
    file = each.file
    for _ in range(draw(st.integers(1, 3))):
        at = draw(PLACES) % (len(file) or 1)
        match draw(st.integers(0, 8)):
            case 0:
                file = file[:at] + file[at + draw(st.integers(1, 40)) :]
            case 1 | 2:
                file = file[:at] + draw(st.sampled_from(INSERTED)) + file[at:]
            case 3:
                file = file[:at] + bytes([draw(st.integers(0, 255))]) + file[at + 1 :]
            case 4:
                # Where a text begins, so that a secret becomes a member's name or value.
                place = file.find(b'"', at) + 1 or at
                file = file[:place] + draw(st.sampled_from(each.secrets)) + file[place:]
            case 5:
                file = file[:at]
            case 6:
                file = file.replace(b"\n", draw(st.sampled_from([b"\\n", b""])))
            case 7:
                file = file.lower()
            case _:
                file = file.decode("latin-1").encode("utf-16")
    return each, file


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(made=damaged())
def test_no_secret_of_a_damaged_file_is_shown(
    made: tuple[Kind, bytes], tmp_path: Path
) -> None:
    each, file = made
    assume(not any(each.shown_secret(kid.encode()) for kid in kids(file)))
    told = shown(file, tmp_path)
    assert each.shown_secret(told) is None, told
