#!/usr/bin/env bash
# What surprised
#   NSS's softokn takes a private key out of its database anew for each operation: what is encrypted
#   there is unlocked by a password-based derivation of tens of thousands of rounds, and one login
#   does not spare the next C_DecryptInit any of it. A copy of the same key in the session, which is
#   one call of C_CopyObject, decrypts many times as fast.
#
# Seen on 2026-11-30 with NSS 3.87.1 of Debian 12: about 30 ms for each C_DecryptInit, whatever the
# size of the key.
#
# Why it matters to pasby flows
#   A flow has a dozen claims, each an operation: with RSA-2048 some thirty a second instead of six
#   hundred. It looks like a slow token, and more sessions make it no faster.
#
# How flowseal deals with it
#   A key is copied into the session where the token makes a copy; its page of tokens says what NSS
#   costs with one and without.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v python3 >/dev/null || lacking "python3"
command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    libnss3=2:3.87.1-1+deb12u4 \
    libnss3-tools=2:3.87.1-1+deb12u4 \
    libnspr4=2:4.35-1 ||
    lacking "libnss3 2:3.87.1-1+deb12u4 or what goes with it, of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done
libraries=$(echo "$work"/debian/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH=$libraries:$libraries/nss

mkdir database
echo a-password >password
head -c 64 /dev/urandom >noise
debian/usr/bin/certutil -N -d sql:database -f password
debian/usr/bin/certutil -S -x -n app -s CN=app -t ,, -k rsa -g 2048 -z noise -d sql:database \
    -f password >/dev/null 2>&1

cat >count.py <<'PYTHON'
import ctypes
import glob
import sys
import time
from ctypes import byref, c_char, c_char_p, c_ulong, c_void_p

# Places in CK_FUNCTION_LIST, which begins with a version.
CALLS = {"Initialize": 0, "OpenSession": 12, "Login": 18, "CopyObject": 21, "FindObjectsInit": 26,
         "FindObjects": 27, "FindObjectsFinal": 28, "DecryptInit": 33, "Decrypt": 34}
PRIVATE_KEY, USER, SERIAL, DATABASE, RSA_X_509 = 3, 1, 4, 2, 3
CLASS, TOKEN = 0, 1


class Attribute(ctypes.Structure):
    _fields_ = [("type", c_ulong), ("value", c_void_p), ("length", c_ulong)]


class Mechanism(ctypes.Structure):
    _fields_ = [("mechanism", c_ulong), ("parameter", c_void_p), ("length", c_ulong)]


class Initialisation(ctypes.Structure):
    _fields_ = [("mutexes", c_void_p * 4), ("flags", c_ulong), ("text", c_char_p),
                ("reserved", c_void_p)]


library = ctypes.CDLL(glob.glob(sys.argv[1] + "/**/libsoftokn3.so", recursive=True)[0])
functions = ctypes.POINTER(c_void_p)()
assert library.C_GetFunctionList(byref(functions)) == 0


def call(name, *arguments):
    """Numbers are CK_ULONG, whatever else is handed over by its address."""
    kinds = [c_ulong if isinstance(one, int) else c_void_p for one in arguments]
    function = ctypes.CFUNCTYPE(c_ulong, *kinds)(functions[1 + CALLS[name]])
    places = [one if one is None or isinstance(one, int) else ctypes.addressof(one)
              for one in arguments]
    code = function(*places)
    assert code == 0, (name, hex(code))


def attribute(kind, value):
    return Attribute(kind, ctypes.addressof(value), ctypes.sizeof(value))


call("Initialize", Initialisation(flags=2, text=b"configdir='sql:database' flags=readOnly"))
session, key, copy, found = c_ulong(), c_ulong(), c_ulong(), c_ulong()
call("OpenSession", DATABASE, SERIAL, None, None, session)
password = ctypes.create_string_buffer(b"a-password")
call("Login", session.value, USER, password, len(password.value))
private_key, no = c_ulong(PRIVATE_KEY), c_char(0)
call("FindObjectsInit", session.value, attribute(CLASS, private_key), 1)
call("FindObjects", session.value, key, 1, found)
call("FindObjectsFinal", session.value)
assert found.value == 1
call("CopyObject", session.value, key.value, attribute(TOKEN, no), 1, copy)


def rate(handle):
    """Operations a second."""
    ciphertext = ctypes.create_string_buffer(b"\0" + b"Z" * 255, 256)
    plain = ctypes.create_string_buffer(256)
    begin, count = time.monotonic(), 0
    while time.monotonic() - begin < 1:
        size = c_ulong(256)
        call("DecryptInit", session.value, Mechanism(RSA_X_509), handle)
        call("Decrypt", session.value, ciphertext, 256, plain, size)
        count += 1
    return count / (time.monotonic() - begin)


in_database, in_session = rate(key.value), rate(copy.value)
print(f"with the database's key: {in_database:5.0f} operations a second")
print(f"with the session's copy: {in_session:5.0f}")
sys.exit(0 if in_session > 4 * in_database else 1)
PYTHON
echo "NSS 3.87.1, RSA-2048"
python3 count.py "$work/debian"
