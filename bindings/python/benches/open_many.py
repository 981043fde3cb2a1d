"""What opening costs from Python, beside a loop over PyCA cryptography and the Rust core itself.

    cargo xtask python                                   # an environment with the wheel
    cargo build --release -p flowseal-benches --example batch
    target/python/venv/bin/python bindings/python/benches/open_many.py [FLOWS]

As prebuilt wheels are made, both with aws-lc: `maturin build --release --features aws-lc` for the wheel, and
`--features flowseal/aws-lc` for the program.

All of them on one thread, in this one run: FLOWS (1,000) in ten rounds of a tenth, in each of which the three
take turns. What counts is the thread's time on the processor, and the median of the rounds' ratios: a
machine that does something else besides slows all of them. 9 claims a flow, RSA-4096.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

import flowseal

ROOT = Path(__file__).parents[3]
KEYS = ROOT / "crates/flowseal/tests/vectors/keys"
LEAVES = 9
ROUNDS = 10


def main(count: int) -> None:
    """``count`` is how many flows a round has."""
    public = flowseal.VerifyingKey.load(KEYS / "user-2048.pub.pem")
    verifier = flowseal.Verifier.trusting(public)
    key = flowseal.DecryptingKey.load(KEYS / "app-4096.pem")
    text = sealed_response()
    flow = flowseal.Flow.from_json(text)
    anyone = flowseal.Expectations.unbound()
    verified = [flow.verify(verifier, anyone) for _ in range(count)]

    pyca = load_pem_private_key((KEYS / "app-4096.pem").read_bytes(), None)
    assert isinstance(pyca, rsa.RSAPrivateKey)
    sealed = json.loads(text)["data"]["request"]["claims"]["group"]
    leaves = [base64.b64decode(leaf) for leaf in sealed.values()]

    def flowseal_batch() -> None:
        results = flowseal.open_many(verified, key)
        assert all(isinstance(result, flowseal.OpenedClaims) for result in results)

    def pyca_loop() -> None:
        for _ in range(count):
            for leaf in leaves:
                pyca.decrypt(leaf, padding.PKCS1v15())

    rates: dict[str, list[float]] = {"flowseal": [], "PyCA": [], "core": []}
    for _ in range(ROUNDS):
        rates["flowseal"].append(rate(flowseal_batch, count))
        rates["PyCA"].append(rate(pyca_loop, count))
        rates["core"].append(core(count))
    for name, each in rates.items():
        flows = statistics.median(each)
        print(f"{name:10} {flows:8.2f} flows/s  {1000 / flows / LEAVES:6.3f} ms a claim")
    for other in ("PyCA", "core"):
        ratios = [mine / theirs for mine, theirs in zip(rates["flowseal"], rates[other], strict=True)]
        low, high = min(ratios), max(ratios)
        print(f"flowseal / {other:5} {statistics.median(ratios):.3f} ({low:.3f} to {high:.3f})")


def rate(work: Callable[[], None], count: int) -> float:
    start = time.thread_time()
    work()
    return count / (time.thread_time() - start)


def core(count: int) -> float:
    """The Rust core's own rate, from a program that prints it."""
    program = target() / "release/examples/batch"
    line = subprocess.run([program, str(count)], check=True, capture_output=True, text=True)
    return float(line.stdout)


def sealed_response() -> str:
    """A flow of nine claims, which the program of the Rust core also prints."""
    program = target() / "release/examples/batch"
    line = subprocess.run([program, "flow"], check=True, capture_output=True, text=True)
    return line.stdout


def target() -> Path:
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


if __name__ == "__main__":
    main(max(int(sys.argv[1]) // ROUNDS, 1) if len(sys.argv) > 1 else 1000 // ROUNDS)
