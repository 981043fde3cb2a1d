"""The compiled part of flowseal. Its names are public in ``flowseal`` and ``flowseal.testing``."""

import builtins
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from types import MappingProxyType, TracebackType
from typing import Any, Literal, Protocol, Self, TypeAlias, TypedDict, TypeVar, Unpack, final, overload

from typing_extensions import Buffer

from ._errors import FlowsealError

__all__ = [
    "OpenedColumns",
    "open_flows",
    "open_many",
    "verify_many",
    "OpenedClaims",
    "PartialClaims",
    "DecryptingKey",
    "Evidence",
    "Expectations",
    "Flow",
    "Profile",
    "Report",
    "ReportLine",
    "ReportedKey",
    "KeyRing",
    "KeyPair",
    "SealedFlow",
    "mutations",
    "personas",
    "seal",
    "VerifiedFlow",
    "Verifier",
    "VerifyingKey",
    "__version__",
    "ERROR_CODES",
]

_Path: TypeAlias = str | PathLike[str]
_Moment: TypeAlias = int | float | datetime.datetime
_Keys: TypeAlias = "DecryptingKey | KeyRing"
_VerifyingKeys: TypeAlias = "VerifyingKey | _Path | Iterable[VerifyingKey | _Path]"
_ClaimValue: TypeAlias = str | bool | list[str]
_Default = TypeVar("_Default")

_Outcome: TypeAlias = Literal["passed", "failed", "not_asked", "not_checked"]
_State: TypeAlias = Literal["cancelled", "complete", "on_session", "pending"]
_Padding: TypeAlias = Literal["rsaes-pkcs1-v1_5", "rsaes-oaep-sha256", "rsaes-oaep-sha1"]

class _ArrowArray(Protocol):
    def __arrow_c_array__(
        self, requested_schema: object | None = None, /
    ) -> tuple[object, object]: ...

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None, /) -> object: ...

_ArrowTable: TypeAlias = _ArrowArray | _ArrowStream

class _Template(TypedDict):
    template: str

class _Limits(TypedDict, total=False):
    response_bytes: int
    depth: int
    leaves: int

class _ProfileMembers(TypedDict, total=False):
    algorithm: Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
    statement: Literal["canonical-flow-v1", "detached"] | _Template
    allow_unsigned_claims: bool
    padding: _Padding
    leaf: Literal["auto", "json", "text"]
    cesu8: bool
    limits: _Limits

__version__: str

ERROR_CODES: MappingProxyType[str, int]
"""Every code of ``FlowsealError.code``, and its number."""

@final
class Profile:
    """How flows are signed, sealed and bounded: what pasby publishes nowhere, as configuration.

    The default is RS256 over this project's own canonical statement, and RSAES-PKCS1-v1_5. Give one
    profile to everything that takes part in an operation; two that differ are ``profile_mismatch``.
    """

    def __new__(cls, **members: Unpack[_ProfileMembers]) -> Self:
        """A profile of these members, those of a profile file. An unknown one is an error."""

    @staticmethod
    def load(path: _Path) -> Profile:
        """Reads a profile file.

        Raises ``InputError`` with ``io``, ``json`` and its relatives, or ``profile``.
        """

    @staticmethod
    def from_json(text: str | Buffer) -> Profile:
        """Reads the text of a profile file."""

    def to_dict(self) -> dict[str, Any]:
        """Every member, written out."""

    def __eq__(self, other: object, /) -> bool: ...

@final
class DecryptingKey:
    """An app's private key, bound to one padding: it opens claims, and nothing else is done with it.

    It is read from PEM or DER: PKCS#8, encrypted PKCS#8 (PBES2), PKCS#1. ``close()``, or the end of
    a ``with`` block, wipes it, unless a ``KeyRing`` or an operation that is under way still holds
    it; then it is wiped with the last of them. It is neither pickled nor copied.
    """

    @staticmethod
    def load(
        path: _Path,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """Reads the one private key of a file, which is wiped from flowseal's own memory.

        ``kid`` names it in a ring; ``profile`` binds it to that profile's padding.

        Raises ``InputError``: ``io``, ``key_format``, ``key_kind``, ``key_size``, ``key_weak``,
        ``key_invalid``, ``key_passphrase`` or ``key_ambiguous``.
        """

    @staticmethod
    def from_pem(
        pem: Buffer,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """Reads a key from bytes, which stay the caller's to wipe: give a ``bytearray``.

        PEM is told from DER by the content.
        """

    @staticmethod
    def from_der(
        der: Buffer,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """The same under the name of the other form."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public half's SubjectPublicKeyInfo, in hexadecimal."""

    @property
    def bits(self) -> int:
        """The modulus' length."""

    @property
    def kid(self) -> str | None:
        """The name that the key was given."""

    @property
    def padding(self) -> _Padding:
        """The padding that the key is bound to."""

    def close(self) -> None:
        """Lets the key go. Using it from then on is an ``InputError`` with ``usage``."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...

@final
class KeyRing:
    """The keys that a flow may be sealed to: during a rotation the new one and the old one.

    Every key of the leaves' size is tried on every leaf, and exactly one must open them all. A ring
    holds its keys until it is closed, also when they are closed themselves.
    """

    def __new__(cls, keys: Sequence[DecryptingKey]) -> Self:
        """A ring of these keys. One modulus under two paddings is ``key_conflict``."""

    def only(self, name: str) -> KeyRing:
        """The ring of the one key of this kid or fingerprint.

        Raises ``no_decrypting_key`` if there is none of that name, ``key_ambiguous`` if two.
        """

    @property
    def fingerprints(self) -> list[str]:
        """The keys' fingerprints, in the order in which the keys were given."""

    def close(self) -> None:
        """Lets the keys go."""

    def __len__(self) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...

@final
class VerifyingKey:
    """A user's public key: it verifies e-signatures, and nothing else is done with it.

    It is read from PEM or DER (SubjectPublicKeyInfo, PKCS#1, X.509) or a JWK. A certificate is a
    container of its key: neither its dates nor its chain are checked, and every report says so.
    """

    @staticmethod
    def load(
        path: _Path,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_exponent_three: bool = False,
    ) -> VerifyingKey:
        """Reads the one key of a file. ``kid`` is what reports call it."""

    @staticmethod
    def load_all(
        path: _Path,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_exponent_three: bool = False,
    ) -> list[VerifyingKey]:
        """Reads every key of a file: of a JWK set, those that are for the profile's algorithm."""

    @staticmethod
    def from_pem(
        pem: str | Buffer,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_exponent_three: bool = False,
    ) -> VerifyingKey:
        """Reads a key from text or bytes. Its form is told by the content."""

    @staticmethod
    def from_der(
        der: Buffer,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_exponent_three: bool = False,
    ) -> VerifyingKey:
        """The same under the name of another form."""

    @staticmethod
    def from_jwk(
        jwk: str | Buffer,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_exponent_three: bool = False,
    ) -> VerifyingKey:
        """The same under the name of another form."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal."""

    @property
    def bits(self) -> int:
        """The modulus' length."""

    @property
    def kid(self) -> str | None:
        """The name that it was given, or the JWK's own."""

    @property
    def subject(self) -> str | None:
        """The subject of the certificate that it came from."""

@final
class Verifier:
    """A rule that says whose keys may sign which flows."""

    @staticmethod
    def by_requestee(
        keys: Mapping[str, _VerifyingKeys], *, profile: Profile | None = None
    ) -> Verifier:
        """Each person's keys verify that person's flows and no other's.

        Keys are a key, the path of a file of keys, or a list of either.
        """

    @staticmethod
    def trusting(keys: _VerifyingKeys, *, profile: Profile | None = None) -> Verifier:
        """These keys verify every flow: right where one authority signs for all."""

@final
class Expectations:
    """What a flow must be beside genuine: the caller's own. Everything that is known should be asked."""

    def __new__(
        cls,
        *,
        reference: str | None = None,
        requester: str | None = None,
        requestee: str | None = None,
        mode: str | None = None,
        max_age: int | None = None,
        leeway: int = 0,
        claims: Sequence[str] | None = None,
    ) -> Self:
        """Expects these members, byte for byte.

        ``max_age`` and ``leeway`` are seconds: how long ago the person may have signed, and by how
        much their clock may differ. ``claims`` are the paths that were asked for, of which the flow
        may have fewer and no others. To expect nothing is ``usage``: say ``unbound()``.
        """

    @staticmethod
    def unbound(*, leeway: int = 0) -> Expectations:
        """Ties the flow to nothing of the caller's: any flow that anyone ever signed will do.

        Right for an archive or an inspection; for a login it is a replay waiting to happen.
        """

@final
class Flow:
    """A flow as it was received. Nothing of it is proved: use it to find the flow's own record."""

    @staticmethod
    def from_json(text: str | Buffer, *, profile: Profile | None = None) -> Flow:
        """Reads the answer to a ping or a poll, or a bare flow object.

        Raises ``InputError``: ``json`` and its relatives, ``too_large``, ``too_deep``,
        ``too_many_leaves``, ``not_a_flow``, ``flow_expired``, ``flow_malformed``, ``time``,
        ``claim_name``.
        """

    def verify(
        self,
        verifier: Verifier,
        expectations: Expectations,
        *,
        now: _Moment | None = None,
        statement: str | Buffer | None = None,
        covers: Sequence[str] | None = None,
    ) -> VerifiedFlow:
        """Verifies the e-signature, and that the flow is the expected one.

        ``now`` is in Unix seconds, or an aware ``datetime``; the system's clock unless given. A
        detached ``statement`` comes with the members that it ``covers``.

        Raises ``RefusedError`` with a ``report``; ``InputError`` for ``statement``, ``time`` and
        ``profile_mismatch``. The flow stays as it is.
        """

    def open_unverified(
        self,
        key: _Keys,
        expectations: Expectations,
        *,
        now: _Moment | None = None,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> OpenedClaims:
        """Opens the claims of a flow whose e-signature nobody has looked at.

        Anyone can encrypt to an app's public key: such claims may be anyone's, and whoever can send
        flows here and watch the answers has part of a padding oracle.
        """

    @property
    def reference(self) -> str:
        """The flow's identifier, ``req_…``."""

    @property
    def requester(self) -> str:
        """The organisation that started the flow, ``bcn_…``."""

    @property
    def requestee(self) -> str:
        """The national identity number of the person asked."""

    @property
    def mode(self) -> str:
        """``identification``, ``signature`` or another."""

    @property
    def cancelled(self) -> bool:
        """Whether the flow was cancelled. Nobody signs this."""

    @property
    def onsession(self) -> bool | None:
        """Whether a device has picked the flow up."""

    @property
    def iat(self) -> int:
        """When the flow was started, in Unix seconds."""

    @property
    def signed_at(self) -> int | None:
        """When the person treated it, in Unix seconds."""

    @property
    def signature(self) -> str | None:
        """The e-signature as it was sent, base64."""

    @property
    def username_unverified(self) -> str | None:
        """The name that stood beside the flow. Nobody signs it."""

    @property
    def state(self) -> _State:
        """How far the flow has come, by its members."""

    @property
    def claim_paths(self) -> list[str]:
        """The paths of the sealed claims, in the flow's order."""

    def member(self, name: str) -> Any:
        """Any member by its name on the wire; ``None`` if it is absent or ``null``."""

    def to_dict(self) -> dict[str, Any]:
        """Every member, as received, claims still sealed."""

@final
class VerifiedFlow:
    """A flow whose e-signature is valid and of which nothing that was expected failed.

    Its members are those under the signature, and ``None`` where the statement does not cover them;
    the rest is behind ``unauthenticated()``. Only a verification makes one.
    """

    def open(
        self,
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> OpenedClaims:
        """Opens the claims, or those at or under the selected paths.

        Raises ``RefusedError``: one verdict for the flow, ``claim_unopenable``, unless what is wrong
        shows from outside; ``InputError`` for ``profile_mismatch`` and ``key_conflict``.
        """

    def open_partial(
        self,
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> PartialClaims:
        """Opens what opens, and says of every other claim why it does not."""

    @property
    def reference(self) -> str | None:
        """The flow's identifier."""

    @property
    def requester(self) -> str | None:
        """The organisation that started the flow."""

    @property
    def requestee(self) -> str | None:
        """The national identity number of the person who signed."""

    @property
    def mode(self) -> str | None:
        """``identification``, ``signature`` or another."""

    @property
    def iat(self) -> int | None:
        """When the flow was started, in Unix seconds."""

    @property
    def signed_at(self) -> int | None:
        """When the person signed, in Unix seconds."""

    @property
    def report(self) -> Report:
        """What was looked at and what was found."""

    @property
    def statement(self) -> bytes:
        """The bytes that the e-signature is over."""

    @property
    def signature(self) -> bytes:
        """The e-signature, decoded."""

    @property
    def replay_key(self) -> str:
        """What to remember, for as long as ``max_age`` lets the flow pass, so that the same approval
        is not accepted twice."""

    def covered(self, name: str) -> Any:
        """Any member by its name on the wire, if the statement covers it."""

    def unauthenticated(self) -> Flow:
        """The flow as it was received, with members that nobody signed."""

    def evidence(self) -> Evidence:
        """What an auditor keeps."""

@final
class OpenedClaims(Mapping[str, _ClaimValue]):
    """The claims of one flow, opened: a mapping of dotted paths, in the flow's order.

    A value is text, but for what the catalogue knows to be a boolean or a list; digits stay text.
    ``close()``, or the end of a ``with`` block, wipes the claims. What was read out of them is the
    caller's: Python cannot wipe a ``str``, a ``bytes`` or an ``int``; ``to_bytearray`` gives what
    can be overwritten.
    """

    def __getitem__(self, path: str, /) -> _ClaimValue: ...
    @overload
    def get(self, path: str, default: None = None) -> _ClaimValue | None:
        """The claim's value, or the default where the flow has none there."""

    @overload
    def get(self, path: str, default: _ClaimValue | _Default) -> _ClaimValue | _Default: ...
    def text(self, path: str) -> str:
        """The claim's text as it was sent. ``KeyError`` if the flow has none there."""

    def to_bytearray(self, path: str) -> bytearray:
        """The claim's text in UTF-8, in a buffer that the caller can overwrite."""

    def boolean(self, path: str) -> bool:
        """The claim as a boolean; ``claim_type`` for anything but ``true`` and ``false``."""

    def list(self, path: str) -> builtins.list[str]:
        """The claim's elements; ``claim_type`` for anything but a JSON array of strings."""

    def digits(self, path: str) -> str:
        """The claim's text; ``claim_type`` for anything but decimal digits."""

    def date(self, path: str) -> datetime.date:
        """The claim as a date; ``claim_type`` for anything but ``YYYY-MM-DD``."""

    def to_dict(self) -> dict[str, Any]:
        """The tree as nested dictionaries, with the values of the command's JSON."""

    @property
    def verified(self) -> bool:
        """Whether the flow was verified before it was opened."""

    @property
    def report(self) -> Report:
        """What was looked at before opening."""

    def close(self) -> None:
        """Wipes the claims. Using them from then on is an ``InputError`` with ``usage``."""

    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...

@final
class PartialClaims:
    """The claims that opened of a flow, and why each of the others did not."""

    @property
    def opened(self) -> OpenedClaims:
        """What opened."""

    @property
    def errors(self) -> dict[str, FlowsealError]:
        """Path to exception of each claim that did not, in the flow's order."""

@final
class Report:
    """What a verification looked at and what it found: one line for each check, always.

    Plain data, which travels with an exception to another process. It proves nothing: a
    ``VerifiedFlow`` does.
    """

    def __new__(
        cls, lines: Sequence[ReportLine], covers: Sequence[str], key: ReportedKey | None
    ) -> Self: ...
    @property
    def lines(self) -> list[ReportLine]:
        """The checks, in their order."""

    @property
    def covers(self) -> list[str]:
        """The members that the statement covers. They are signed if ``signature`` has passed."""

    @property
    def key(self) -> ReportedKey | None:
        """The key under which the signature is valid."""

    def outcome(self, check: str) -> _Outcome:
        """The outcome of a check. ``not_checked`` is not ``passed``."""

    def why(self, check: str) -> str | None:
        """The reason, as a stable word, where the outcome does not say all."""

    def to_dict(self) -> dict[str, Any]:
        """The members ``report``, ``covers`` and ``key`` of the command's JSON."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ReportLine:
    """One check and its outcome."""

    def __new__(cls, check: str, outcome: str, why: str | None = None) -> Self: ...
    @property
    def check(self) -> str:
        """The check's stable name, such as ``claims_signed``."""

    @property
    def outcome(self) -> _Outcome:
        """What was found."""

    @property
    def why(self) -> str | None:
        """The reason, as a stable word."""

    def to_dict(self) -> dict[str, Any]:
        """The check as in the command's JSON."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ReportedKey:
    """The key under which a signature is valid."""

    def __new__(
        cls, fingerprint: str, kid: str | None = None, subject: str | None = None
    ) -> Self: ...
    @property
    def fingerprint(self) -> str:
        """SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""

    @property
    def kid(self) -> str | None:
        """Its name."""

    @property
    def subject(self) -> str | None:
        """The subject of the certificate that it came in."""

    @property
    def certificate(self) -> Literal["dates_and_chain_not_checked"] | None:
        """What such a certificate is worth here."""

    def to_dict(self) -> dict[str, Any]:
        """The key as in the command's JSON."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Evidence:
    """The proof that a person signed a flow, for years later. It holds no claim in the clear."""

    @staticmethod
    def from_json(text: str | Buffer) -> Evidence:
        """Reads an evidence file. Raises ``evidence``, ``profile``, ``json`` and its relatives."""

    def check(self, keys: _VerifyingKeys) -> Report:
        """Verifies the signature again, with the key of the fingerprint among those given.

        Raises ``no_verifying_key`` or ``signature_invalid``.
        """

    def to_json(self) -> str:
        """The evidence as JSON text."""

    @property
    def statement(self) -> bytes:
        """The bytes that were signed."""

    @property
    def covers(self) -> list[str]:
        """The names of the members that they cover."""

def open_many(
    flows: Sequence[VerifiedFlow],
    key: _Keys,
    *,
    select: Sequence[str] | None = None,
    profile: Profile | None = None,
    threads: int = 1,
) -> list[OpenedClaims | FlowsealError]:
    """Opens many verified flows together: claims or an exception for each, in order.

    Nothing is raised for a flow; look at each result. All leaves are computed as one batch, outside
    the interpreter's lock.
    """

def verify_many(
    flows: Sequence[Flow],
    verifier: Verifier,
    expectations: Expectations | Sequence[Expectations],
    *,
    now: _Moment | None = None,
    threads: int = 1,
) -> list[VerifiedFlow | FlowsealError]:
    """Verifies many flows together: a verified flow or an exception for each, in order.

    ``expectations`` are one for all flows or one for each.
    """

@overload
def open_flows(
    flows: _ArrowTable,
    key: _Keys,
    *,
    expectations: Expectations,
    verifier: Verifier,
    unverified: Literal[False] = False,
    now: _Moment | None = None,
    column: str = "flow",
    select: Sequence[str] | None = None,
    profile: Profile | None = None,
    threads: int = 1,
) -> OpenedColumns:
    """Verifies and opens a column of flows: a table, a record batch or a stream of them.

    Text or binary in ``column`` gives way to ``claims``, ``verified`` and ``error``; every other
    column stays, and so does every row. ``error`` is a code, or null; no flow raises.

    ``select`` names the paths that are to be columns, whatever the flows have: give it where the
    schema must be known beforehand. Without it there is a column for each path that any flow has.
    A claim that is not of its column's type is ``claim_type``. The whole input is read before
    anything is opened; give longer ones a batch at a time.

    Raises ``InputError`` with ``usage`` for a table that does not fit.
    """

@overload
def open_flows(
    flows: _ArrowTable,
    key: _Keys,
    *,
    expectations: Expectations,
    verifier: None = None,
    unverified: Literal[True],
    now: _Moment | None = None,
    column: str = "flow",
    select: Sequence[str] | None = None,
    profile: Profile | None = None,
    threads: int = 1,
) -> OpenedColumns:
    """The same for flows whose e-signature nobody looks at: their claims may be anyone's."""

@final
class OpenedColumns:
    """Opened flows as columns, for whoever reads Arrow: ``pyarrow.table``, ``polars.DataFrame``."""

    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    @property
    def column_names(self) -> list[str]:
        """The names of the columns, those that stayed first."""

    def __len__(self) -> int:
        """The number of rows, which is that of the input."""

@final
class KeyPair:
    """An RSA key pair in every role that a test may need it in. It protects nothing."""

    @staticmethod
    def sample_app() -> KeyPair:
        """The sample app's: 2048 bits, known to everyone."""

    @staticmethod
    def sample_user() -> KeyPair:
        """The sample user's: 2048 bits, known to everyone."""

    @staticmethod
    def generate(bits: int) -> KeyPair:
        """A new pair. At 4096 bits this takes seconds; the samples are there at once."""

    @property
    def private_pem(self) -> str:
        """The private key: PKCS#8 PEM."""

    @property
    def public_pem(self) -> str:
        """The public key: SubjectPublicKeyInfo PEM."""

    def decrypting_key(self) -> DecryptingKey:
        """The private key as one that opens claims."""

    def verifying_key(self) -> VerifyingKey:
        """The public key as one that verifies e-signatures."""

@final
class SealedFlow:
    """A flow that is sealed and signed."""

    def to_json(self) -> str:
        """The whole answer to a ping."""

    def to_bare_json(self) -> str:
        """The flow alone."""

    def mutated(self, wanted: str) -> str:
        """The answer with the flow spoilt in one of the ways of ``MUTATIONS``."""

def seal(
    reference: str,
    *,
    persona: str | None = None,
    claims: Mapping[str, Any] | None = None,
    requester: str | None = None,
    requestee: str | None = None,
    mode: str | None = None,
    iat: int | None = None,
    signed_at: int | None = None,
    app: KeyPair | None = None,
    user: KeyPair | None = None,
    profile: Profile | None = None,
) -> SealedFlow:
    """Seals claims to an app and signs the flow as a user: those of the samples unless given.

    ``persona`` is one of ``PERSONAS``; ``claims`` are a tree with each leaf in the clear. The flow
    is signed at ``SIGNED_AT`` unless said otherwise.
    """

def personas() -> dict[str, tuple[str, str]]: ...
def mutations() -> dict[str, str]: ...
