"""What people write today: a loop over a file of flows. `benches/examples/loops.rs` runs it."""

import base64
import json
import sys
import time

import cryptography
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

SIGNED = ("reference", "requester", "requestee", "mode", "iat", "signedAt", "data", "claims")


def opened(node, app):
    if isinstance(node, dict):
        return {name: opened(value, app) for name, value in node.items()}
    return json.loads(app.decrypt(base64.b64decode(node), padding.PKCS1v15()))


def row(number, line, app, user):
    flow = json.loads(line)["data"]["request"]
    signed = {name: flow[name] for name in SIGNED if flow.get(name) is not None}
    statement = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    row = {"line": number, "reference": flow["reference"]}
    try:
        signature = base64.b64decode(flow["signature"])
        user.verify(signature, statement.encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        refused = {"trust": "none", "verified": False, "code": "signature_invalid", "claims": None}
        return row | refused
    claims = opened(flow["claims"], app)
    return row | {"trust": "signed", "verified": True, "code": None, "claims": claims}


def main(source, target, app, user, count):
    with open(app, "rb") as app, open(user, "rb") as user:
        app = serialization.load_pem_private_key(app.read(), password=None)
        user = serialization.load_pem_public_key(user.read())
    clock, processor = time.perf_counter(), time.process_time()
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as rows:
        for number, line in enumerate(lines, 1):
            if number > int(count):
                break
            answer = row(number, line, app, user)
            rows.write(json.dumps(answer, separators=(",", ":"), ensure_ascii=False) + "\n")
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    library = " ".join(backend.openssl_version_text().split()[:2])
    name = f"a loop over PyCA cryptography {cryptography.__version__} ({library})"
    print(name, clock, processor, sep="\t")


main(*sys.argv[1:])
