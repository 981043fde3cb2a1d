"""Checks a disclosure with pow() and hashlib: disclosure_reader.py FILE APP.pem USER.pem"""
import base64, hashlib, json, sys

SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, section 9.2
OAEP = {"rsaes-oaep-sha1": ("sha1", "sha1"), "rsaes-oaep-sha256": ("sha256", "sha256"),
        "rsaes-oaep-sha256-mgf1-sha1": ("sha256", "sha1")}  # The hash, and that of MGF1.
def need(is_so, why): return is_so or sys.exit(why)  # No assert, which python -O leaves out.
def once(pairs):  # A member that stands twice means something else to another reader.
    return need(len(dict(pairs)) == len(pairs), "duplicate member") and dict(pairs)
def number(data): return int.from_bytes(data, "big")
def der(data, at=0):  # The content of one value, and where the next one begins.
    length, at = data[at + 1], at + 2
    if length > 127: length, at = number(data[at:at + length - 128]), at + length - 128
    return data[at:at + length], at + length
def public_key(pem):  # SubjectPublicKeyInfo: an algorithm, and a bit string of n and e.
    spki, _ = der(base64.b64decode(pem.split("-----")[2]))
    numbers, _ = der(der(spki, der(spki)[1])[0][1:])
    n, at = der(numbers)
    return number(n), number(der(numbers, at)[0])
def power(block, n, e):  # One block for one number: as long as the modulus, and below it.
    size = (n.bit_length() + 7) // 8
    need(len(block) == size and number(block) < n and e == 65537, "no number for this key")
    return pow(number(block), e, n).to_bytes(size, "big")
def xor_mgf1(block, seed, hash):
    masks = (hashlib.new(hash, seed + i.to_bytes(4, "big")).digest() for i in range(64))
    return bytes(a ^ b for a, b in zip(block, b"".join(masks)))
def oaep(em, hash, mgf):  # Whether the block is one of OAEP, and what follows its label.
    label = hashlib.new(hash).digest()
    seed = xor_mgf1(em[1:1 + len(label)], em[1 + len(label):], mgf)
    rest = xor_mgf1(em[1 + len(label):], seed, mgf)
    return em[0] == 0 and rest.startswith(label), rest[len(label):].lstrip(b"\0")
def unpad(em, padding):
    if padding in OAEP:
        right, rest = oaep(em, *OAEP[padding])
        need(right and rest.startswith(b"\1"), "no block of OAEP")
        return rest[1:]
    end, others = em.index(b"\0", 2), [oaep(em, *hashes)[0] for hashes in OAEP.values()]
    need(em[:2] == b"\0\2" and end >= 10 and not any(others), "no block of v1.5, or of OAEP too")
    return em[end + 1:]
def check(file, app, user):
    need(file["flowseal_disclosure"] == 1, "another version")
    need(file["app_key"]["padding"] in {"rsaes-pkcs1-v1_5", *OAEP}, "another padding")
    statement = base64.b64decode(file["evidence"]["statement"])
    info = b"\0" + SHA256 + hashlib.sha256(statement).digest()
    encoded = power(base64.b64decode(file["evidence"]["signature"]), *user)
    need(encoded == b"\0\1" + info.rjust(len(encoded) - 2, b"\xff"), "not a valid signature")
    signed, shown = json.loads(statement, object_pairs_hook=once), {}
    for claim in file["claims"]:
        leaf, em = signed["claims"], base64.b64decode(claim["em"])
        for name in claim["path"].split("."):
            leaf = leaf[[*map(str, range(len(leaf)))].index(name) if type(leaf) is list else name]
        need(number(power(em, *app)) == number(base64.b64decode(leaf)), "another ciphertext")
        text = unpad(em, file["app_key"]["padding"]).decode()
        shown[claim["path"]] = json.loads(text) if text.startswith('"') else text
    return signed, shown

if __name__ == "__main__":
    file, *keys = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
    signed, shown = check(json.loads(file, object_pairs_hook=once), *map(public_key, keys))
    print(json.dumps({"requestee": signed["requestee"], "shown": shown}))
