"""PyCA cryptography: answers the questions of `src/peers/worker.rs`, one line each."""

import base64
import sys
import time

import cryptography
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding


def timed(count, operation):
    """Nanoseconds for so many calls of `operation(i)`."""
    start = time.perf_counter_ns()
    for i in range(count):
        operation(i)
    return time.perf_counter_ns() - start


def main():
    key, sealed, signed = None, [], {}

    def private(i):
        ciphertext, text = sealed[i % len(sealed)]
        if key.decrypt(ciphertext, padding.PKCS1v15()) != text:
            raise ValueError("a wrong answer")

    def verify(i, name):
        public_key, message, signature = signed[name][i % len(signed[name])]
        # Raises an exception where the signature is not valid.
        public_key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())

    def flow1(i):
        verify(i, "statement_of_one")
        private(i)

    for line in sys.stdin:
        question, *words = line.split()
        if question == "name":
            library = backend.openssl_version_text().split("  ")[0]
            version = " ".join(library.split()[:2])
            print(f"PyCA cryptography {cryptography.__version__} ({version})", flush=True)
        elif question == "key":
            pem = base64.b64decode(words[0])
            key = serialization.load_pem_private_key(pem, password=None)
            sealed, signed = [], {}
        elif question == "sealed":
            sealed.append([base64.b64decode(word) for word in words])
        elif question in ("signed", "statement", "statement_of_one"):
            public_key, message, signature = map(base64.b64decode, words)
            public_key = serialization.load_der_public_key(public_key)
            signed.setdefault(question, []).append((public_key, message, signature))
        elif question == "private":
            print(timed(int(words[0]), private), flush=True)
        elif question == "flow1":
            print(timed(int(words[0]), flow1), flush=True)
        else:
            name = "signed" if question == "verify" else "statement"
            print(timed(int(words[0]), lambda i: verify(i, name)), flush=True)


main()
