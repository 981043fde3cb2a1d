"""A person, an app, a flow and a disclosure of it, made with ``pow()`` and ``hashlib`` alone.

Nothing here is flowseal's: it is what another implementation would write from the documentation.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

E = 65537
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
SMALL = [p for p in range(3, 2000) if all(p % q for q in range(2, int(p**0.5) + 1))]


@dataclass
class Pair:
    """An RSA key pair of 2048 bits."""

    n: int
    d: int

    @staticmethod
    def make(chance: random.Random) -> Pair:
        p, q = prime(chance), prime(chance)
        return Pair(p * q, pow(E, -1, (p - 1) * (q - 1)))

    def public_pem(self) -> str:
        numbers = der(0x30, integer(self.n), integer(E))
        algorithm = der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
        text = base64.encodebytes(der(0x30, algorithm, der(0x03, b"\0", numbers))).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n"

    def fingerprint(self) -> str:
        spki = base64.b64decode(self.public_pem().split("-----")[2])
        return hashlib.sha256(spki).hexdigest()

    def sign(self, message: bytes) -> bytes:
        info = DIGEST_INFO + hashlib.sha256(message).digest()
        em = b"\0\1" + (b"\0" + info).rjust(254, b"\xff")
        return pow(int.from_bytes(em), self.d, self.n).to_bytes(256)

    def seal(self, em: bytes) -> bytes:
        return pow(int.from_bytes(em), E, self.n).to_bytes(256)


def prime(chance: random.Random) -> int:
    while True:
        p = chance.getrandbits(1024) | 3 << 1022 | 1
        if all(p % small for small in SMALL) and p % E != 1 and is_prime(p, chance):
            return p


def is_prime(p: int, chance: random.Random) -> bool:
    """Miller and Rabin's test; p is 3 modulo 4 or not, which makes no difference to it."""
    odd, twos = p - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        x = pow(chance.randrange(2, p - 1), odd, p)
        if x not in (1, p - 1) and all((x := x * x % p) != p - 1 for _ in range(twos - 1)):
            return False
    return True


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    length = size.to_bytes(2).lstrip(b"\0") or b"\0"
    head = length if size < 128 else bytes([0x80 + len(length)]) + length
    return bytes([tag]) + head + content


def integer(number: int) -> bytes:
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def v15(message: bytes, chance: random.Random) -> bytes:
    filling = bytes(chance.randrange(1, 256) for _ in range(253 - len(message)))
    return b"\0\2" + filling + b"\0" + message


def oaep_sha256(message: bytes, chance: random.Random) -> bytes:
    seed = chance.randbytes(32)
    db = hashlib.sha256().digest() + (b"\1" + message).rjust(191, b"\0")
    masked = xor(db, seed)
    return b"\0" + xor(seed, masked) + masked


def xor(block: bytes, seed: bytes) -> bytes:
    masks = (hashlib.sha256(seed + i.to_bytes(4)).digest() for i in range(8))
    return bytes(a ^ b for a, b in zip(block, b"".join(masks), strict=False))


PADDINGS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "rsaes-pkcs1-v1_5": v15,
    "rsaes-oaep-sha256": oaep_sha256,
}


def made(padding: str, chance: random.Random) -> tuple[dict[str, Any], Pair, Pair]:
    """The disclosure of one claim of three, the app's key pair and the person's."""
    app, user = Pair.make(chance), Pair.make(chance)
    plain = {"naming.given": '"Zoë"', "naming.surname": '"Adé"', "contact.email": "z@example.com"}
    ems = {path: PADDINGS[padding](text.encode(), chance) for path, text in plain.items()}
    claims: dict[str, dict[str, str]] = {}
    for path, em in ems.items():
        group, name = path.split(".")
        claims.setdefault(group, {})[name] = base64.b64encode(app.seal(em)).decode()
    members = {
        "reference": "req_by_hand",
        "requester": "bcn_1",
        "requestee": "22212345610",
        "mode": "identification",
        "iat": 1716820052,
        "signedAt": 1716820121,
        "claims": claims,
    }
    # RFC 8785, for members whose names are ASCII and whose numbers are small.
    statement = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    evidence = {
        "flowseal_evidence": 1,
        "statement": base64.b64encode(statement.encode()).decode(),
        "signature": base64.b64encode(user.sign(statement.encode())).decode(),
        "key": {"fingerprint": user.fingerprint()},
        "covers": list(members),
        "profile": {"padding": padding},
        "report": [],
    }
    shown = [
        {"path": path, "em": base64.b64encode(ems[path]).decode()}
        for path in ("naming.given", "contact.email")
    ]
    file = {
        "flowseal_disclosure": 1,
        "app_key": {"fingerprint": app.fingerprint(), "padding": padding},
        "claims": shown,
        "evidence": evidence,
    }
    return file, app, user
