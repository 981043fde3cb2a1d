"""The compiled part of flowseal. Its names are public in ``flowseal`` and ``flowseal.testing``."""

import builtins
import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Any, Final, Generic, Literal, Protocol, Self, TypeAlias, TypedDict, TypeVar, Unpack, final, overload

from typing_extensions import Buffer

from ._errors import FlowsealError
from .types import (
    Action as _Action,
    Algorithm as _Algorithm,
    Answer as _Answer,
    AuditKind as _AuditKind,
    AuditOutcome as _AuditOutcome,
    ClaimValue as _ClaimValue,
    CodeClass as _CodeClass,
    Endpoint as _Endpoint,
    Environment as _Environment,
    FinishOnce as _FinishOnce,
    Headers as _Headers,
    HttpResponse as _HttpResponse,
    KeyHolder as _KeyHolder,
    Keys as _Keys,
    Kind as _Kind,
    Length as _Length,
    Moment as _Moment,
    NextStep as _NextStep,
    Outcome as _Outcome,
    Padding as _Padding,
    Path as _Path,
    Pin as _Pin,
    PollingCredentials as _PollingCredentials,
    Purpose as _Purpose,
    Remedy as _Remedy,
    SharedCount as _SharedCount,
    SituationKey as _SituationKey,
    State as _State,
    Trust as _Trust,
    VerifyingKeys as _VerifyingKeys,
    Version as _Version,
    WebhookStore as _WebhookStore,
)

__all__ = [
    "ApiConfig",
    "Audit",
    "AuditEvent",
    "OpenedColumns",
    "open_flows",
    "open_many",
    "open_many_unverified",
    "verify_many",
    "Binding",
    "Budget",
    "OpenedClaims",
    "PartialClaims",
    "DecryptingKey",
    "AppKey",
    "Disclosed",
    "Disclosure",
    "Device",
    "Signer",
    "WebhookTarget",
    "EventStream",
    "ServerEvent",
    "ServerEvents",
    "Evidence",
    "Expectations",
    "FinishedFlows",
    "Flow",
    "HttpResponse",
    "Opening",
    "begin_opening_many",
    "begin_opening_many_unverified",
    "PendingFlow",
    "forget_refused_pins",
    "Profile",
    "ReceivedFlow",
    "RawOperation",
    "Report",
    "ReportLine",
    "ReportedKey",
    "Request",
    "ApiError",
    "CreatedRequest",
    "RequestModel",
    "Response",
    "ValidationIssue",
    "KeyRing",
    "Learned",
    "ServiceAccount",
    "Done",
    "Ended",
    "Expired",
    "Failed",
    "Progress",
    "Send",
    "Session",
    "Stream",
    "Setup",
    "Created",
    "Start",
    "Wait",
    "about_code",
    "KeyPair",
    "SealedFlow",
    "learn",
    "mutations",
    "personas",
    "seal",
    "SessionToken",
    "VerifiedFlow",
    "Verifier",
    "VerifyingKey",
    "Webhook",
    "Situation",
    "Words",
    "__version__",
    "ERROR_CODES",
]

_Default = TypeVar("_Default")
_Opened = TypeVar("_Opened", covariant=True)

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
    algorithm: _Algorithm
    statement: Literal["canonical-flow-v1", "detached"] | _Template
    allow_unsigned_claims: bool
    trust: _Trust
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

    It is made of the members of a profile file, by name; an unknown one is an error.
    """

    def __new__(cls, **members: Unpack[_ProfileMembers]) -> Self: ...

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

        Raises ``InputError``: ``usage`` for a key's text, ``io``, ``key_format``, ``key_kind``,
        ``key_size``, ``key_weak``, ``key_invalid``, ``key_passphrase`` or ``key_ambiguous``.
        """

    @staticmethod
    def from_pem(
        pem: str | Buffer,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """Reads a key from bytes, which stay the caller's to wipe: give a ``bytearray``. A ``str``
        will do, and cannot be wiped.

        PEM and DER are recognised by their content.
        """

    @staticmethod
    def from_der(
        der: str | Buffer,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """The same under the name of the other form."""

    @staticmethod
    def remote(
        public: str | Buffer,
        holder: _KeyHolder | None = None,
        *,
        unblinded: bool = False,
        kid: str | None = None,
        profile: Profile | None = None,
    ) -> DecryptingKey:
        """The key whose public half is this PEM or DER, and whose private half is elsewhere: in a
        token, or with a service.

        ``holder`` computes: it is called with a list of ``RawOperation``s and gives a list of their
        results, ``bytes`` as long as the modulus, in the same order; from whichever thread opens.
        What it raises is the cause of a ``key_unavailable``. Without a holder the key opens in the
        resumable form only: ``begin_opening``.

        What is sent is blinded unless the key is ``unblinded``, which is right for a module in the
        same process or machine and nowhere else. Every answer is checked, and a wrong one is
        ``internal_fault``.

        Raises ``InputError``: ``key_format``, ``key_kind``, ``key_size``, ``key_weak``,
        ``key_invalid`` or ``key_ambiguous``.
        """

    @staticmethod
    def remote_from_numbers(
        modulus: int,
        exponent: int,
        holder: _KeyHolder | None = None,
        *,
        unblinded: bool = False,
        kid: str | None = None,
        profile: Profile | None = None,
    ) -> DecryptingKey:
        """The same key by the numbers of its public half, as tokens and services give them."""

    @staticmethod
    def from_token(
        uri: str,
        *,
        pin: _Pin | None = None,
        module: _Path | None = None,
        initialisation: str | None = None,
        sessions: int | None = None,
        patience: _Length | None = None,
        unblinded: bool = False,
        kid: str | None = None,
        profile: Profile | None = None,
    ) -> DecryptingKey:
        """The private RSA key of a token that a ``pkcs11:`` URI (RFC 7512) means. It stays in its
        token, which computes in threads of its own while the interpreter is free for others.

        ``pin`` is the user's, as bytes or a ``str``, or a function that is asked for it by the
        token's label whenever one is needed, from another thread; ``None`` from it is no PIN, and
        what it raises is the cause of a ``pin``. The copy that is kept is wiped with the key. A PIN
        that a token has refused is not tried on it again: ``forget_refused_pins``.

        ``module`` is the PKCS#11 library, which is loaded into this process and runs there; a URI's
        ``module-path`` comes before it, and without either it is p11-kit's. ``initialisation`` is
        the text that some modules take. At most ``sessions`` compute at the same time: as many as
        processors, and eight at most, unless it says otherwise. ``patience`` is how long an
        operation, a login or the way to the key may take: ten seconds.

        What is sent is blinded unless the key is ``unblinded``, which is right for a module in the
        same process or machine. After a fork the child's uses are ``key_unavailable``: load the key
        there. ``close()`` ends the sessions.

        Raises ``InputError``: ``usage`` for the URI or without a module, ``io`` where the module is
        not a library, ``pin``, ``key_kind`` where no key matches, ``key_ambiguous`` where several
        do, ``key_size``, ``key_weak``, ``key_invalid``; or ``InternalError``: ``key_unavailable``.
        """

    @property
    def is_remote(self) -> bool:
        """Whether the private half is elsewhere."""

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

    One modulus under two paddings is ``key_conflict``.
    """

    def __new__(cls, keys: Sequence[DecryptingKey]) -> Self: ...

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
        """Reads a key from text or bytes. Its form is recognised by its content."""

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

    @staticmethod
    def from_numbers(
        modulus: int, exponent: int, *, kid: str | None = None, allow_exponent_three: bool = False
    ) -> VerifyingKey:
        """The key of this modulus and public exponent, as a token gives them."""

    @staticmethod
    def from_token(
        uri: str,
        *,
        pin: _Pin | None = None,
        module: _Path | None = None,
        initialisation: str | None = None,
        patience: _Length | None = None,
    ) -> VerifyingKey:
        """The public key of a token that a ``pkcs11:`` URI means: of a public key, a certificate or a
        private key that comes with its public half. Verifying stays in software.

        Without a ``pin`` it is one that the token shows to everyone. The arguments are those of
        ``DecryptingKey.from_token``, and so are the errors.
        """

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
    """What a flow must be, beyond being genuine: the caller's own. Everything that is known should be
    asked.

    Members are compared byte for byte.

    ``max_age`` says how long ago the person may have signed, and ``leeway`` by how much their clock
    may differ: seconds or a ``timedelta``, of which the whole seconds count. ``claims`` are the
    paths that were asked for: the flow may have fewer, and no others. To expect nothing is
    ``usage``: say ``unbound()``.
    """

    def __new__(
        cls,
        *,
        reference: str | None = None,
        requester: str | None = None,
        requestee: str | None = None,
        mode: str | None = None,
        max_age: _Length | None = None,
        leeway: _Length | None = None,
        claims: Sequence[str] | None = None,
    ) -> Self: ...

    @staticmethod
    def unbound(*, leeway: _Length | None = None) -> Expectations:
        """Ties the flow to nothing that the caller knows: any flow that anyone ever signed will do.

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

    def begin_opening_unverified(
        self,
        key: _Keys,
        expectations: Expectations,
        *,
        now: _Moment | None = None,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> Opening[OpenedClaims]:
        """Begins what ``open_unverified`` does at once, with keys whose private halves may be
        elsewhere: the results of their raw operations are supplied to what this gives."""

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
        """When the person signed, in Unix seconds."""

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
    """A flow whose e-signature is valid and that met every expectation.

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

        Raises ``RefusedError``: one verdict for the flow, ``claim_unopenable``, unless what is
        wrong shows from outside; ``InputError`` for ``profile_mismatch`` and ``key_conflict``.
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

    def begin_opening(
        self,
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> Opening[OpenedClaims]:
        """Begins to open, with keys whose private halves may be elsewhere: the results of their raw
        operations are supplied to what this gives.

        Raises what ``open`` raises before anything is computed.
        """

    def begin_opening_partial(
        self,
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> Opening[PartialClaims]:
        """Begins what ``open_partial`` does at once."""

    def disclose(self, key: _Keys, paths: Sequence[str]) -> Disclosure:
        """Shows the claims at or under these paths to whoever gets the result, with the proof, and
        withholds the others.

        Raises ``disclosure`` for a path at which no claim is signed; ``disclosure_invalid`` where
        the claims are not signed as they have to be; what ``open`` raises, which all claims have to
        pass.
        """

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
    def trust(self) -> Literal["signed"]:
        """What makes it one to believe: ``signed``."""

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

    @property
    def evidence(self) -> Evidence:
        """What an auditor keeps. ``evidence()`` is the same: what it gives may be called."""

@final
class OpenedClaims(Mapping[str, _ClaimValue]):
    """The claims of one flow, opened: a mapping of dotted paths, in the flow's order.

    A value is text, except for what the catalogue knows to be a boolean or a list; digits stay
    text. ``close()``, or the end of a ``with`` block, wipes the claims. What was read out of them
    is the caller's: Python cannot wipe a ``str``, a ``bytes`` or an ``int``; ``to_bytearray`` gives
    what can be overwritten.

    ``claims[path]`` is a boolean or a list where the catalogue says so, else the claim's text. What
    the person declined is absent, like what was never asked for.

    Any other text in their place, such as ``"False"``, would count as true: it is ``claim_type``,
    here as in ``get``, ``values``, ``items`` and ``to_dict``. ``text`` gives it as it was sent.
    """

    def __getitem__(self, path: str, /) -> _ClaimValue: ...

    @overload
    def get(self, path: str, default: None = None) -> _ClaimValue | None:
        """The claim's value, or the default where the flow has none there."""

    @overload
    def get(self, path: str, default: _ClaimValue | _Default) -> _ClaimValue | _Default: ...
    def text(self, path: str) -> str:
        """The claim's text as it was sent. ``KeyError`` if the flow has none there, ``usage`` for a
        group."""

    def text_or_none(self, path: str) -> str | None:
        """The same, or ``None`` where the flow has none there: declined, or never asked for."""

    def to_bytearray(self, path: str) -> bytearray:
        """The claim's text in UTF-8, in a buffer that the caller can overwrite."""

    def boolean(self, path: str) -> bool:
        """The claim as a boolean; ``claim_type`` for anything but ``true`` and ``false``."""

    def texts(self, path: str) -> builtins.list[str]:
        """The claim's elements; ``claim_type`` for anything but a JSON array of strings."""

    def list(self, path: str) -> builtins.list[str]:
        """The same under its name in Rust, which in Python is that of a type."""

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
    def trust(self) -> _Trust | None:
        """What made the flow one to believe before it was opened: ``signed`` or ``received``; ``None``
        where nothing did."""

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
class RawOperation:
    """One raw private operation that somebody else is to compute: ``pow(ciphertext, d, n)`` of the
    big-endian number, without taking any padding off.

    Unless the key is ``unblinded``, the ciphertext is not the flow's: it is multiplied by a number
    that is drawn for this operation alone, and whoever computes learns nothing of the claim.
    """

    @property
    def id(self) -> int:
        """The number by which its result is matched to it."""

    @property
    def fingerprint(self) -> str:
        """The key to compute with: SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""

    @property
    def ciphertext(self) -> bytes:
        """What to compute with: as many bytes as the modulus has."""

@final
class Opening(Generic[_Opened]):
    """An opening, of one flow or of many, that goes on when the results of raw operations come: those
    of keys whose private half is elsewhere (``DecryptingKey.remote``).

    ``operations()`` says what is to be computed, ``supply`` takes results in any order and from any
    thread, ``finish`` gives what ``open`` gives. Nothing here waits, so that it serves asyncio as
    it does threads. ``close()``, or the end of a ``with`` block, wipes it. It is neither pickled
    nor copied.
    """

    def operations(self) -> list[RawOperation]:
        """All operations, whether they are answered or not: always the same ones, in the same order.
        None where every key is here."""

    def missing(self) -> list[RawOperation]:
        """The operations that have no result yet."""

    def supply(self, id: int, result: Buffer) -> None:
        """Takes the result of the operation of this id: bytes, as many as the modulus has.

        Raises ``InputError`` with ``usage`` for an id that belongs to no operation, for a second
        result, and for another length; the opening is as it was.
        """

    def finish(self) -> _Opened:
        """Checks the results, applies the keys that are here, and gives what ``open``,
        ``open_partial`` or ``open_many`` gives.

        Raises ``InputError`` with ``usage`` while results are missing, by which nothing is lost,
        and after it was finished once; else what they raise, and ``internal_fault`` for a wrong
        result. It computes outside the interpreter's lock.
        """

    def close(self) -> None:
        """Wipes it, and what was supplied. Using it from then on is an ``InputError`` with ``usage``."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...

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

    def __call__(self) -> Self: ...
    @staticmethod
    def from_json(text: str | Buffer) -> Evidence:
        """Reads an evidence file. Raises ``evidence``, ``profile``, ``json`` and its relatives."""

    def check(self, keys: _VerifyingKeys) -> Report:
        """Verifies the signature again, with the key of the fingerprint among those given.

        Raises ``no_verifying_key`` or ``signature_invalid``.
        """

    def check_under(self, keys: _VerifyingKeys, profile: Profile) -> Report:
        """The same where the auditor knows the profile of the time, which leads.

        A template, too, is known then, and not the file's word. Raises ``profile_mismatch`` where
        the file's profile has another statement, algorithm or padding.
        """

    def to_html(self) -> str:
        """The evidence as one page of HTML for people. Evidence that was read from a file is shown as
        not checked: ``check_to_html`` checks it first."""

    def check_to_html(self, keys: _VerifyingKeys, profile: Profile | None = None) -> str:
        """Checks it as ``check`` does, or ``check_under`` where there is a profile, and gives the page
        of what was found. Raises what they raise."""

    def to_json(self) -> str:
        """The evidence as JSON text."""

    @property
    def statement(self) -> bytes:
        """The bytes that were signed."""

    @property
    def covers(self) -> list[str]:
        """The names of the members that they cover."""

@final
class AppKey:
    """An app's public key, under which disclosures of flows that were sealed to it are checked.

    It is read from PEM or DER, and has to come from somewhere other than the disclosure: whoever
    chooses the key afterwards may choose one that fits.
    """

    @staticmethod
    def load(path: _Path, *, exponent: int = 65537) -> AppKey:
        """Reads the one public key of a file. ``exponent`` is the public exponent that it must have.

        Raises ``InputError``: ``io``, ``key_format``, ``key_kind``, ``key_size``, ``key_weak``,
        ``key_invalid`` or ``key_ambiguous``.
        """

    @staticmethod
    def from_pem(pem: str | Buffer, *, exponent: int = 65537) -> AppKey:
        """Reads a key from text or bytes. PEM and DER are recognised by their content."""

    @staticmethod
    def from_der(der: str | Buffer, *, exponent: int = 65537) -> AppKey:
        """The same under the name of the other form."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal."""

    @property
    def bits(self) -> int:
        """The modulus' length."""

@final
class Disclosure:
    """Some claims of a flow that a person signed, with the proof, and without the others.

    It keeps values, and not that they were shared: whoever has the file also sees the national
    number, the reference, the times, and the names of all claims beside their ciphertexts.
    """

    @staticmethod
    def from_json(text: str | Buffer) -> Disclosure:
        """Reads a disclosure file. Nothing of it is proved yet. Raises ``disclosure``, ``json`` and
        its relatives."""

    def check(self, app_key: AppKey, keys: _VerifyingKeys) -> Disclosed:
        """Verifies the signature, and for each claim that what is shown is what was sealed and signed.

        Both keys have to come from somewhere other than the file. Raises ``key_conflict``,
        ``no_verifying_key``, ``signature_invalid``, ``disclosure``, and ``disclosure_invalid``,
        whose ``details["why"]`` says which part proves nothing.
        """

    def check_under(self, app_key: AppKey, keys: _VerifyingKeys, profile: Profile) -> Disclosed:
        """The same where whoever checks knows the profile of the time, which leads.

        Raises ``profile_mismatch`` where the file's has another statement, algorithm or padding.
        """

    def check_to_html(
        self, app_key: AppKey, keys: _VerifyingKeys, profile: Profile | None = None
    ) -> str:
        """Checks it as ``check`` does, or ``check_under`` where there is a profile, and gives the page
        of what was found, with the claims that are shown. Raises what they raise."""

    def to_json(self) -> str:
        """The disclosure as JSON text: to hand it to someone is to show the claims in it. A ``str``
        cannot be wiped."""

    @property
    def paths(self) -> list[str]:
        """The paths of the claims that it shows."""

    def encoded_message(self, path: str) -> bytes | None:
        """The encoded message that proves the claim at this path; ``None`` where it is not shown."""

    @property
    def app_key_fingerprint(self) -> str:
        """The fingerprint that the file gives the app's key: a note."""

    @property
    def padding(self) -> _Padding:
        """The padding under which the claims are sealed."""

    @property
    def evidence(self) -> Evidence:
        """The proof that the person signed the ciphertexts."""

@final
class Disclosed:
    """What a disclosure has proved: claims, and the signed members around them."""

    @property
    def claims(self) -> OpenedClaims:
        """The claims that are shown. Closing them wipes them."""

    @property
    def withheld(self) -> list[str]:
        """The paths of the claims that were signed and are not shown."""

    @property
    def report(self) -> Report:
        """What was looked at. What was expected of the flow at the time was not asked again."""

    @property
    def reference(self) -> str | None:
        """The flow's identifier, signed."""

    @property
    def requester(self) -> str | None:
        """The organisation that started the flow, signed."""

    @property
    def requestee(self) -> str | None:
        """The national identity number of the person who signed."""

    @property
    def signed_at(self) -> int | None:
        """When the person signed, in Unix seconds."""

    def covered(self, name: str) -> Any:
        """Any signed member by its name on the wire. ``claims`` is the tree of ciphertexts."""

@final
class Learned:
    """The statement that explains every flow that was given."""

    @property
    def algorithm(self) -> str:
        """The algorithm that all flows were signed with, such as ``RS256``."""

    @property
    def finding(self) -> str:
        """``canonical-flow-v1``, ``template``, or another of the list, which no profile can express."""

    @property
    def template(self) -> str | None:
        """The template, where it is one."""

    @property
    def covers(self) -> list[str]:
        """The members that the statement covers, of the flows that have them."""

    @property
    def flows(self) -> int:
        """How many flows it explains: all that were given."""

    @property
    def weak(self) -> bool:
        """Whether it rests on one flow alone, or leaves out ``reference``, ``requestee`` or a time."""

    @property
    def candidates(self) -> int:
        """How many statements were tried."""

    def profile(self, *, allow_weak: bool = False) -> Profile:
        """The profile to verify by, which has verified every flow that was given.

        Raises ``usage`` if the statement leaves out ``reference``, ``requestee`` or a time, unless
        that is allowed; and the refusal of a flow that does not verify under it, such as
        ``claims_not_signed``.
        """

    def to_dict(self) -> dict[str, Any]:
        """What was found, as the command prints it."""

def forget_refused_pins() -> None:
    """Forgets which PINs tokens have refused, so that they are tried again: after a token was
    unlocked, or its PIN was changed to one that had been wrong.

    Until then no PIN is tried on a token again that it has refused, by no key and no thread of this
    process: tokens count, and lock.
    """

def learn(
    flows: Sequence[str | Buffer],
    keys: _VerifyingKeys,
    *,
    key: _Keys | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Learned:
    """Finds out which statement these flows were signed over, by trying a closed list.

    Each flow is the answer to a ping as it was received, as ``str`` or ``bytes``. With the app's
    ``key``, statements over opened claims are tried as well. ``progress`` is called with how many
    statements were tried, and of how many.

    What is found explains every flow given; it is a guess that fits, and one flow is weak ground.
    Raises ``statement_unknown``, with a ``diagnosis``, where nothing of the list explains them all;
    the error's ``flows`` say of each whether the best statement explains it.
    """

@final
class ServiceAccount:
    """A service account: ``config.json`` and the PEM files beside it, as a zip or apart.

    The files are told apart by content and paired by modulus; their names mean nothing. An
    ``ApiConfig`` and a ``DecryptingKey`` are made of it. ``close()``, or the end of a ``with``
    block, wipes it; it is neither pickled nor copied.
    """

    @staticmethod
    def load(path: _Path) -> ServiceAccount:
        """Reads the zip that pasby's console gives, or the directory that it unpacks to.

        Raises ``InputError``: ``io``, ``too_large`` or ``service_account``.
        """

    @staticmethod
    def from_zip(zip: Buffer) -> ServiceAccount:
        """Reads the bytes of the zip, which stay the caller's to wipe."""

    @staticmethod
    def from_parts(
        config: str | Buffer, pems: Sequence[str | Buffer]
    ) -> ServiceAccount:
        """Reads the text of ``config.json`` and every PEM file, which stay the caller's to wipe."""

    def decrypting_key(
        self,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        profile: Profile | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """The app's private key.

        Raises ``service_account`` for an account without one, or that is not an app's, and what
        ``DecryptingKey.load`` raises.
        """

    @property
    def kind(self) -> str:
        """Whose account it is: ``app``, or another word for the organisation's."""

    @property
    def app_id(self) -> str | None:
        """The app, ``app_…``."""

    @property
    def organisation_id(self) -> str | None:
        """The organisation, ``bcn_…``."""

    def close(self) -> None:
        """Wipes it. Using it from then on is an ``InputError`` with ``usage``."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...

@final
class ApiConfig:
    """What every request to the API needs: environment, version, credentials and identifiers.

    One for all sessions. The credentials are copied into memory that is wiped by ``close()`` or at
    the end of a ``with`` block; a ``str`` or ``bytes`` that they came in stays, so give a
    ``bytearray`` and overwrite it, or a ``ServiceAccount``. It is neither pickled nor copied.

    It is made with the organisation's API key and the app's secret.

    v1 needs both identifiers. ``base_url`` is the caller's gateway, or ``flowseal mock``:
    ``https://`` or loopback. ``polling_credentials`` are what v1's long polling carries:
    the app's secret as the specification has it, or a session token as documented since.

    Raises ``api_config`` for credentials of another environment or in each other's place, and
    for an address that credentials must not go to.
    """

    def __new__(
        cls,
        *,
        version: _Version,
        environment: _Environment,
        api_key: str | Buffer,
        app_secret: str | Buffer,
        organisation_id: str | None = None,
        app_id: str | None = None,
        base_url: str | None = None,
        polling_credentials: _PollingCredentials = "app_secret",
    ) -> Self: ...

    @staticmethod
    def from_service_account(
        account: ServiceAccount,
        *,
        version: _Version,
        environment: _Environment,
        base_url: str | None = None,
        polling_credentials: _PollingCredentials = "app_secret",
    ) -> ApiConfig:
        """The credentials and identifiers of a service account, for one environment.

        Raises ``api_config`` for an account that lacks what the environment needs.
        """

    def identify(
        self, purpose: _Purpose, claims: Sequence[str], payload: str, device: Device
    ) -> Start:
        """Asks a person who they are. ``claims`` are keys of the catalogue, such as ``naming.given``.

        ``purpose`` is ``login``, ``signup`` or ``link``. ``payload`` is the text that the person
        reads before they approve: what it is about, and where, so that they can tell it from what
        somebody else has started.

        Raises ``usage`` for a payload that is empty, another purpose, and a claim that is empty or
        named twice. A claim that the catalogue does not have is a warning.
        """

    def sign(self, signer: Signer, payload: str, webhook: WebhookTarget) -> Start:
        """Asks a person to sign. When they have, the API says so to the webhook.

        Raises ``usage`` for a payload that is empty, and for a webhook on this machine where the
        API is on another; ``api_version`` for a wildcard in v1.
        """

    def confirm(
        self, signer: Signer, payload: str, webhook: WebhookTarget | None = None
    ) -> Start:
        """Asks a person to confirm something.

        Raises what ``sign`` raises; ``usage`` without a webhook in v1, which wants one always.
        """

    def health_check(self) -> Request:
        """Asks whether the API is there, without any credential; ``Response.check_health`` reads the
        answer."""

    def authorize(self) -> Request:
        """Asks for a session token (v1).

        Raises ``api_version`` in v2, which has none.
        """

    def ping(self, flow: str, token: SessionToken | None = None) -> Request:
        """Asks how a flow is (v1 with a session token, v2 without).

        Raises ``api_unauthorized`` in v1 without a token.
        """

    def polling(self, flow: str, token: SessionToken | None = None) -> Request:
        """Asks how a flow is, to be answered when it has changed.

        v1; v2's route is a legacy, which wants a token of v1.
        """

    def sse(self, flow: str) -> Request:
        """Asks for a flow as a stream of server-sent events (v2), for an ``EventStream``.

        Raises ``api_version`` in v1, which has none.
        """

    def cancel(self, flow: str, token: SessionToken | None = None) -> Request:
        """Voids a flow, also one that a device has picked up (v1 with a session token, v2 without)."""

    @property
    def version(self) -> _Version:
        """``v1`` or ``v2``."""

    @property
    def environment(self) -> _Environment:
        """``sandbox`` or ``production``."""

    @property
    def warnings(self) -> list[str]:
        """What is unusual and may still be right, a sentence each: what was issued as warnings."""

    def close(self) -> None:
        """Wipes the credentials, unless a ``Session`` still holds them; then they are wiped with it."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None = None,
        exception: BaseException | None = None,
        traceback: TracebackType | None = None,
        /,
    ) -> None: ...

@final
class SessionToken:
    """The session token that v1's authorize gives: a secret, since it carries the app's.

    A ``Session`` keeps its own. It is signed by the API for the API: nobody else can verify it.
    """

    @staticmethod
    def from_header(value: str) -> SessionToken:
        """Takes the value of an answer's ``x-access-token`` header."""

    def expose_secret(self) -> str:
        """The token, to be sent in ``x-access-token``, bare. Python cannot wipe it."""

    @property
    def expires_at(self) -> int | None:
        """When it expires, in Unix seconds; ``None`` where it does not say."""

    def close(self) -> None:
        """Wipes it. Using it from then on is an ``InputError`` with ``usage``."""

@final
class Request:
    """A request to the API: everything that an HTTP client needs to know, and nothing sent yet.

        client.request(
            request.method, request.url, headers=request.expose_headers(), content=request.body
        )

    Follow no redirects: the API has none, and a redirect would take the credentials elsewhere.
    """

    @property
    def endpoint(self) -> _Endpoint:
        """Which endpoint it is for; reading the response asks for it."""

    @property
    def method(self) -> Literal["GET", "POST"]:
        """``GET`` or ``POST``."""

    @property
    def url(self) -> str:
        """The URL, whole. It holds no secret."""

    @property
    def body(self) -> bytes | None:
        """The body, JSON; ``None`` for a GET."""

    @property
    def sensitive_headers(self) -> list[str]:
        """The names of the headers that carry credentials."""

    def expose_headers(self) -> dict[str, str]:
        """Name to value of each header, credentials among them: for the HTTP client alone.

        Python cannot wipe them.
        """

@final
class HttpResponse:
    """An answer as an HTTP client received it, for clients whose own names are others.

    Responses of ``httpx`` and ``requests`` have these names already, and are taken as they are.
    """

    def __new__(cls, status_code: int, headers: _Headers, content: bytes) -> Self: ...
    @staticmethod
    def of(response: _HttpResponse) -> HttpResponse:
        """The same of a response of ``httpx``, ``requests`` or another client with these names."""

    def answering(self, request: Request) -> HttpResponse:
        """The same as the answer to this request, for a caller that may have several under way.

        A ``Session`` drops the answer to a request of another kind than the one it waits for, such
        as the ping that was under way when it was cancelled. The answer to an earlier ping it
        takes, and receives no flow by it.
        """

    def with_url(self, url: str) -> HttpResponse:
        """The same from this address, as the client reports it when all is done: it follows no
        redirect, so that this is the request's own. Without it no flow is received."""

    @property
    def status_code(self) -> int:
        """The status, such as 200."""

    @property
    def headers(self) -> _Headers:
        """Name to value of each header, or pairs of them."""

    @property
    def content(self) -> bytes:
        """The body, when the client has undone chunks and compression."""

@final
class Response:
    """An answer of the API, whichever it is, with what stands around it. Nothing of it is proved."""

    @staticmethod
    def from_http(
        endpoint: _Endpoint, response: _HttpResponse, *, profile: Profile | None = None
    ) -> Response:
        """Reads an answer as an HTTP client received it, to a request to this endpoint.

        A status that is not of success makes any body an error. Raises what ``Flow.from_json``
        raises, where the status is of success.
        """

    @staticmethod
    def from_json(text: str | Buffer, *, profile: Profile | None = None) -> Response:
        """Reads an answer's body."""

    @staticmethod
    def check_health(response: _HttpResponse) -> None:
        """Whether the API says that it is there, in answer to ``ApiConfig.health_check``: by the
        status alone.

        Raises the code of what can be done about it, ``api_unavailable`` as a rule.
        """

    @property
    def kind(self) -> _Kind:
        """What the answer is about, in a word."""

    @property
    def answer(self) -> _Answer | None:
        """What the answer is about; ``None`` where it is ``expired`` or ``unknown``."""

    def flow(self) -> Flow:
        """The flow of the answer to a ping or a poll, or an event of a stream.

        Raises ``flow_expired`` for an answer without data; for an error of the API the code of what
        can be done about it, with ``api_error`` at hand; ``api_answer`` for the answer to another
        request.
        """

    def token(self) -> SessionToken:
        """The session token of the answer to authorize."""

    def cancelled(self) -> RequestModel:
        """The request that an answer to cancel shows as void."""

    @property
    def status(self) -> str | None:
        """The outcome, a word or a number."""

    @property
    def reason(self) -> str | None:
        """A sentence for people."""

    @property
    def cost(self) -> int | float | None:
        """What the operation costs."""

    @property
    def version(self) -> str | None:
        """Which version of the API answered, such as ``v2``."""

    @property
    def data(self) -> Any:
        """What ``data`` holds beside what ``answer`` has."""

    def member(self, name: str) -> Any:
        """Any member beside ``data`` by its name on the wire; ``None`` if it is absent or ``null``."""

    def to_dict(self) -> dict[str, Any]:
        """Every member beside ``data``, as received."""

@final
class ApiError:
    """An error that the API answered with. All of it is untrusted text.

    ``str()`` of it escapes and cuts what it quotes. Where it was the reason of an exception, that
    has it as ``api_error``.

    It is made of the body of an answer that failed, in any of the API's four shapes.
    """

    def __new__(
        cls, http_status: int | None, body: str | Buffer, retry_after: _Length | None = None
    ) -> Self: ...

    @property
    def http_status(self) -> int | None:
        """The HTTP status that the answer came with, where it is known."""

    @property
    def retry_after(self) -> int | None:
        """The seconds that the API asks to wait."""

    @property
    def status(self) -> str | None:
        """The outcome, a word or a number."""

    @property
    def error_type(self) -> str | None:
        """What kind of error it is, such as ``session_expiry``; one that is not known is quoted."""

    @property
    def code(self) -> int | None:
        """A number like an HTTP status."""

    @property
    def helper_url(self) -> str | None:
        """Where the API says more. Do not fetch it, show it."""

    @property
    def body(self) -> Any:
        """What the error is about."""

    @property
    def message(self) -> str | None:
        """What the API says to people."""

    @property
    def issues(self) -> list[ValidationIssue]:
        """The validation issues, where the answer is a list of them."""

    def member(self, name: str) -> Any:
        """Any member by its name on the wire; ``None`` if it is absent or ``null``."""

    @property
    def remedy(self) -> _Remedy:
        """What can be done about it, in a word."""

    @property
    def advice(self) -> str:
        """The remedy as a sentence."""

    def back_off(self, failures: int, jitter: int | None = None) -> float:
        """The seconds to wait before trying again, after so many failures in a row.

        At least what the API asks for. ``jitter`` is any number of 32 bits, drawn by Python
        unless given.
        """

@final
class ValidationIssue:
    """Which member of a request is wrong, and how."""

    @property
    def code(self) -> str | None:
        """What is wrong, such as ``too_small``."""

    @property
    def path(self) -> str | None:
        """Where it is wrong, its steps joined by dots, such as ``body.user``."""

    @property
    def message(self) -> str | None:
        """A sentence for people."""

    def member(self, name: str) -> Any:
        """Any member by its name on the wire; ``None`` if it is absent or ``null``."""

@final
class RequestModel:
    """A request for a person's approval, as the API keeps it. Nobody signs it."""

    @property
    def id(self) -> str | None:
        """The flow's reference, ``req_…``."""

    @property
    def consumer(self) -> str | None:
        """The organisation, ``bcn_…``."""

    @property
    def app(self) -> str | None:
        """The app, ``app_…``."""

    @property
    def mode(self) -> str | None:
        """What the person is asked for."""

    @property
    def action(self) -> str | None:
        """What the app wants it for, such as ``login``."""

    @property
    def payload(self) -> str | None:
        """The text that the person is shown."""

    @property
    def iat(self) -> int | None:
        """When the request was made, in Unix seconds."""

    @property
    def exp(self) -> int | None:
        """When the request expires, in Unix seconds."""

    @property
    def user(self) -> str | None:
        """The person asked, ``bid_…`` or a national number."""

    @property
    def ip(self) -> str | None:
        """The address that the request came from."""

    @property
    def name(self) -> str | None:
        """The app's name, as the person sees it."""

    @property
    def acquire_claims(self) -> list[str]:
        """The paths of the claims asked for, such as ``naming.given``."""

    def member(self, name: str) -> Any:
        """Any member by its name on the wire; ``None`` if it is absent or ``null``."""

    def to_dict(self) -> dict[str, Any]:
        """Every member, as received."""

@final
class CreatedRequest:
    """A request that has just been made, by the start of an identification or a signing."""

    @property
    def request(self) -> RequestModel:
        """The request."""

    @property
    def token(self) -> SessionToken | None:
        """The token that some answers have beside it. Its purpose is documented nowhere."""

    @property
    def server_stamp_unverified(self) -> str | None:
        """A JWT by which the server stamps its answer. It proves nothing."""

@final
class Device:
    """Where a person identifies themselves, and who is expected, where the app knows."""

    @staticmethod
    def same() -> Device:
        """The device that the browser runs on. Whoever opens the link is asked, and the result is for
        the browser that the flow is bound to."""

    @staticmethod
    def different(user: str) -> Device:
        """Another device: that of the person with this number.

        Raises ``usage`` for a number that the API would refuse: of less than 11 characters, or
        with something in it that is none.
        """

    @staticmethod
    def wildcard(seeds: int) -> Device:
        """Any device that scans one of so many QR codes, 1 to 10."""

    @property
    def user(self) -> str | None:
        """The person who is asked, where the app says so."""

@final
class Signer:
    """Who signs, and where.

    Signing differs from identifying: the app says who is asked on the same device too.
    """

    @staticmethod
    def same_device(nin: str) -> Signer:
        """The person with this number, on the device that the browser runs on.

        Raises ``usage`` for a number that ``Device.different`` refuses.
        """

    @staticmethod
    def different_device(nin: str) -> Signer:
        """The person with this number, on another device."""

    @staticmethod
    def wildcard(seeds: int) -> Signer:
        """Whoever scans one of so many QR codes, 1 to 10 (v2)."""

    @property
    def nin(self) -> str | None:
        """The person who is asked, where the app says so."""

@final
class WebhookTarget:
    """Where the API posts when a flow has changed, and the app's own reference that it posts.

    The reference finds the flow again and cannot be guessed, such as a random number.

    Raises ``usage`` for anything but an https URL, or the http URL of a loopback address that is
    written as a number, and for a reference that is empty or longer than 256 bytes, or with control
    characters.
    """

    def __new__(cls, host: str, reference: str) -> Self: ...
    @property
    def host(self) -> str:
        """The URL."""

    @property
    def reference(self) -> str:
        """The app's own reference."""

@final
class Start:
    """A flow that is to be started: the request to be sent, and what it asks.

    ``ApiConfig`` makes it, by ``identify``, ``sign`` and ``confirm``. What comes back is read here,
    and both together are the ``PendingFlow``, which leads to the end.
    """

    @property
    def request(self) -> Request:
        """What to send. An answer may take as long as that to a ping: give up after 10 s."""

    @property
    def warnings(self) -> list[str]:
        """What is unusual and may still be right, a sentence each: a claim that the catalogue does not
        have. It was issued as warnings."""

    def read(self, response: _HttpResponse) -> Created:
        """Reads the answer.

        Raises for an error of the API the code of what can be done about it, with ``api_error`` at
        hand, whose issues name the members that are wrong; ``api_answer`` for the answer to another
        request, and for one without an identifier or what the device needs, or with a link that is
        not an https URL; ``json`` and its like for what is not JSON.
        """

@final
class Created:
    """A flow that the API has started: its identifier, and what brings a person to it.

    ``Start.read`` makes one. Nothing of it is signed by anybody whose key is known; who is asked
    and for what is in the ``PendingFlow``, as it was sent.
    """

    SEED_SHOWN: Final[float]
    """How long one QR code is shown, in seconds: the vendor's sample takes as long."""

    LIFETIME: Final[int]
    """How long a flow lives whose ``exp`` is not said, in seconds."""

    @property
    def flow(self) -> str:
        """The flow's identifier, ``req_…``: its reference from here on."""

    @property
    def link(self) -> str | None:
        """The https URL to be opened on the device, where the person is asked on the same one.

        Whoever opens it first is asked: give it to the browser that the flow is bound to, and to
        nothing else.
        """

    @property
    def seeds(self) -> list[str]:
        """The texts of the QR codes, where any device may scan one."""

    def seed_at(self, since_shown: _Length, chance: int = 0) -> str | None:
        """The QR code to be shown so long after the first one, for ``chance`` that stays the same for
        the flow: another every ``SEED_SHOWN`` seconds. ``None`` where there are no seeds."""

    @property
    def token(self) -> SessionToken | None:
        """The token that some of these answers have. Its purpose is documented nowhere, so it is kept
        as the secret that it is elsewhere, and stands in no ``PendingFlow``."""

    @property
    def expires(self) -> int:
        """When the flow expires, in Unix seconds by the API's clock."""

    @property
    def cost(self) -> int | float | None:
        """What the flow costs, where the answer says so."""

    @property
    def request(self) -> RequestModel:
        """The request as the API keeps it, to be shown and not to be believed: what was asked is what
        was sent."""

    def pending(
        self,
        binding: Binding | None = None,
        *,
        allow_more_claims: bool = False,
        leeway: _Length | None = None,
        max_age: _Length | None = None,
    ) -> PendingFlow:
        """The flow as it is pending from now on: what this answer and its request say, and the browser
        that it was started for.

        ``allow_more_claims`` accepts claims that were not asked for, too; ``leeway`` and
        ``max_age`` are those of ``Expectations``.

        Raises ``usage`` without a binding where the person is asked on the same device: any other
        browser could fetch the result.
        """

@final
class Binding:
    """What ties a flow to the browser that it was started for: the SHA-256 of a secret which that
    browser alone brings along, such as the random id of its session's cookie.

    Two are equal by a comparison in constant time. It does not stop a person from approving what
    somebody else has started in their own browser: against that there is the text that the person
    reads.

    Raises ``usage`` for less than ``SHORTEST`` bytes, which could be guessed.
    """

    SHORTEST: Final[int]
    """The fewest bytes of a secret."""

    def __new__(cls, secret: str | Buffer) -> Self: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class PendingFlow:
    """A flow between its start and its end: what was asked, of whom, and for which browser.

    It is *the* way to an end. It gives the ``session`` that watches the flow, knows which webhook
    is meant for it, and finishes the flow: what has to be compared then is compared without anyone
    remembering to. The person expected is the one that was *sent*, never the one that the API's
    answer names; the mode follows from what was started; the reference is the identifier that the
    API gave; claims are those asked for, and others fail; a result is given once.

    Between start and end it is kept as JSON, which holds no credential and no token. That JSON is
    no proof of itself: keep it on the server, and give the browser a random id of it. Where it has
    to travel, ``seal`` it.
    """

    @staticmethod
    def from_json(text: str | Buffer, config: ApiConfig) -> PendingFlow:
        """The flow of a text that ``to_json`` wrote, for a configuration of the environment, the base
        and the app that started it.

        Raises ``pending_flow`` for anything else: members that are unknown, missing, of another
        type or that could not have been sent; another version; another configuration.
        """

    def to_json(self) -> str:
        """The flow as JSON, to be kept on the server: without any credential and token, with the
        number of the person where one was sent."""

    @staticmethod
    def unseal(sealed: str, key: Buffer, config: ApiConfig) -> PendingFlow:
        """The flow of a text that was sealed with this key.

        Raises ``pending_flow`` for a text that was changed or sealed with another key, and for what
        ``from_json`` refuses.
        """

    def seal(self, key: Buffer) -> str:
        """The flow as text that its holder can read and not change: its JSON with an HMAC-SHA-256
        under this key of 32 random bytes, which is the server's alone.

        It is not encrypted: where a person was named, their number is in it. And it can be brought
        back as often as its holder likes; what is given once is the result.
        """

    @property
    def reference(self) -> str:
        """The flow's identifier, ``req_…``."""

    @property
    def person(self) -> str | None:
        """The person who was asked, as it was sent; ``None`` where whoever comes will do."""

    @property
    def expires(self) -> int:
        """When the flow expires, in Unix seconds by the API's clock."""

    @property
    def finish_by(self) -> int:
        """The last moment at which it can be finished, and until which that has to be remembered."""

    @property
    def webhook_reference(self) -> str | None:
        """The reference by which webhooks name it, where one was asked for."""

    def flow_of(self, reference: str) -> str | None:
        """The flow's identifier, where a webhook's reference means this flow: what
        ``WebhookStore.flow_of`` gives."""

    def is_meant_by(self, webhook: Webhook) -> bool:
        """Whether a webhook names this flow. It is a hint to ping, and never proof."""

    @property
    def expectations(self) -> Expectations:
        """What the flow has to be at its end. ``finish`` compares it with these itself."""

    def situation(self, state: _State) -> Situation:
        """Where the person is while the flow is in this state, such as ``flow.state``: what they are
        to do depends on the device that they are asked on."""

    def session(
        self,
        config: ApiConfig,
        *,
        trust: _Trust | None = None,
        budget: Budget | None = None,
        long_polling: bool = False,
        stream: bool = False,
        deadline: _Length | None = None,
        lifetime: _Length | None = None,
        profile: Profile | None = None,
    ) -> Session:
        """Watches the flow until it ends. ``config`` is that which started it.

        ``trust`` is what the flow at the end needs to be believed, ``signed`` or ``received``;
        unless given it is the profile's, which is ``signed`` unless it says otherwise. ``budget``
        has the session take turns with the others of this address. The rest is as of ``Session``.

        Raises ``pending_flow`` for a configuration of another environment, base or app; ``usage``
        where ``received`` is asked for and cannot be; what ``Session`` raises.
        """

    def finish(
        self,
        flow: Flow,
        verifier: Verifier,
        once: _FinishOnce | Callable[[str, int], bool],
        *,
        binding: Binding | None = None,
        now: _Moment | None = None,
        statement: str | Buffer | None = None,
        covers: Sequence[str] | None = None,
    ) -> VerifiedFlow:
        """Verifies the flow against all that was asked, and gives its result once.

        ``once`` is asked after the judgement and before the result is given: an object with
        ``finish(reference, until)``, or a function, which remembers across all processes which
        flows were finished. An exception that it raises is passed on, and then nothing is given.
        ``binding`` is that of the browser which asks for the end. A refusal finishes nothing: the
        right flow can still come.

        A detached ``statement`` comes with the members that it ``covers``.

        Raises what ``Flow.verify`` raises, for whatever differs from what was asked;
        ``expectation_failed`` for another browser than that of the start, and ``usage`` for one
        where the start had none; ``flow_expired`` after ``finish_by``; ``pending_finished`` where
        the result was given before.
        """

    def finish_received(
        self,
        flow: Flow,
        once: _FinishOnce | Callable[[str, int], bool],
        *,
        verifier: Verifier | None = None,
        binding: Binding | None = None,
        now: _Moment | None = None,
        statement: str | Buffer | None = None,
        covers: Sequence[str] | None = None,
    ) -> ReceivedFlow:
        """Takes a flow that a session on this one received, signed or not, and gives its result once.

        A signature that is there is verified, where a verifier is at hand, and has to be valid.

        Raises what ``finish`` raises, but that there may be no signature; ``signature_missing`` for
        a flow without one that no session of this pending flow has received, and
        ``expectation_failed`` by the check ``received`` for one with it.
        """

@final
class FinishedFlows:
    """The flows that one process has finished: right where there is only one, and for tests."""

    def __new__(cls) -> Self: ...
    def finish(self, reference: str, until: _Moment) -> bool:
        """Marks the flow of this reference as finished, to be remembered until then. ``False`` if it
        is marked already."""

    def forget_before(self, now: _Moment | None = None) -> None:
        """Forgets what had to be remembered until a moment before ``now``."""

    def __len__(self) -> int: ...

@final
class ReceivedFlow:
    """A flow that is believed because the API itself gave it to the caller's own session.

    This is another level of trust than a ``VerifiedFlow``'s, and an honest one: it is the caller's
    word that these bytes answered that request. It rests on the API's honesty, on TLS, and on
    nobody else answering in the API's place; nothing of it can be shown to anyone later, and
    claims that somebody on the way has exchanged are not seen.

    Only ``PendingFlow.finish_received`` makes one. There is no evidence of it, and it opens whole
    or not at all. It is neither pickled nor copied.
    """

    def open(
        self,
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> OpenedClaims:
        """Opens the claims, or those at or under the selected paths: all or none.

        Raises what ``VerifiedFlow.open`` raises.
        """

    def begin_opening(
        self,
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
        profile: Profile | None = None,
        threads: int = 1,
    ) -> Opening[OpenedClaims]:
        """Begins to open, with keys whose private halves may be elsewhere: the results of their raw
        operations are supplied to what this gives.

        Raises what ``open`` raises before anything is computed.
        """

    @property
    def reference(self) -> str:
        """The flow's identifier, which is the pending flow's."""

    @property
    def requestee_received(self) -> str:
        """The person, as the API says: under no signature that was verified."""

    @property
    def trust(self) -> Literal["received"]:
        """What makes it one to believe: ``received``."""

    @property
    def report(self) -> Report:
        """What was looked at and what was found. The check ``received`` has passed, on the caller's
        word."""

    def unauthenticated(self) -> Flow:
        """The flow as it was received."""

@final
class Budget:
    """What an address may ask of the API in a minute, shared by the sessions of a process.

    The API counts 100 requests a minute by address, and a session asks every one to three seconds:
    five people who log in at the same time use it up. Sessions with a budget take turns instead,
    and are slower and not refused. At most 97 requests of any kind are sent in any 60 s, by base
    URL.

    ``most_sessions`` may share it, ``MOST_SESSIONS`` unless given. ``shared_count`` is a count that
    several processes share: an object with ``take(base, now)``, or a function, which gives ``None``
    where a request may be sent, or else how long to wait. What it raises is raised by ``poll`` and
    ``urgent``, and nothing is sent. The session that asks it waits for it, and must not be
    used by it.
    """

    MOST_SESSIONS: Final[int]
    """How many sessions may share it, unless said otherwise."""

    def __new__(
        cls,
        *,
        most_sessions: int | None = None,
        shared_count: _SharedCount | Callable[[str, float], _Length | None] | None = None,
    ) -> Self: ...

    def urgent(self, config: ApiConfig, now: _Moment | None = None) -> float | None:
        """Takes a request that does not wait for a turn: the start of a flow, a cancel, a ping that
        confirms a webhook. Ask just before it is sent.

        ``None``: send it. Else the seconds to wait before asking again, where even the reserved
        share is used up.
        """

@final
class Situation:
    """Where a person is with their flow, as far as it is theirs to know.

    It comes from a flow's state (``PendingFlow.situation``) or an error, and says less than either:
    not which check failed, and nothing of the service's own mistakes. ``Words`` have a sentence for
    each, and ``next`` says what to offer. It is made of its ``key``, too, and is pickled as that.

    Raises ``usage`` for a key that no situation has.
    """

    ALL: Final[tuple[Situation, ...]]
    """Every situation, in the order of their keys."""

    def __new__(cls, key: _SituationKey) -> Self: ...

    @staticmethod
    def of_error(error: FlowsealError) -> Situation:
        """What an error means for the person."""

    @staticmethod
    def of_code(code: str) -> Situation:
        """What an error of this code means for the person."""

    @property
    def key(self) -> _SituationKey:
        """The stable key, such as ``picked_up``."""

    @property
    def next(self) -> _NextStep:
        """What to offer the person: ``wait``, ``retry``, ``restart`` or ``contact``."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Words:
    """A sentence for each ``Situation``: in English, in French, or the app's own."""

    @staticmethod
    def english() -> Words:
        """English."""

    @staticmethod
    def french() -> Words:
        """French."""

    @staticmethod
    def from_json(text: str | Buffer) -> Words:
        """The app's own: an object with a text for each key, and nothing else, so that no sentence is
        left in another voice.

        Raises ``usage`` for a key that is missing, unknown or without a text, and for anything that
        is not such an object.
        """

    def text(self, situation: Situation) -> str:
        """The sentence for this situation."""

@final
class Session:
    """A flow that is watched until it ends: the state machine between an app and the API.

    Ask ``poll`` what to do, do it, and report what came of it: ``handle`` for a response, ``lost``
    for none. Everything else is decided here: authorising, pauses, back-off, renewal, the end, and
    that no more than 100 requests are sent in a minute. It has no socket and waits for nothing, so
    it is as good for ``asyncio`` as for threads.

    It ends with an ``Ended``, whose ``result()`` is the flow, or raises why there is none: an
    ``InputError`` of ``flow_expired`` where nobody has responded in time, or of another code where
    what answers cannot be read; a ``RefusedError`` of ``flow_cancelled`` after ``cancel``; a
    ``RequestError`` for the rest: the API's refusals, a connection that was lost, a ``deadline``
    that has passed.

    ``now`` is the system's clock and ``jitter``, any number of 32 bits, Python's own chance, unless
    given.

    It watches the flow of this identifier, ``req_…``, which the app has started.

    ``long_polling`` (v1) has the API hold its answers back. With ``stream`` (v2) the session
    listens to one stream of events in place of pinging: ``poll`` then says ``Stream`` once. After
    ``deadline``, in seconds or a ``timedelta``, the session gives up; after ``lifetime``, 360
    seconds unless given, a flow has expired. Both are a day at most: they are lengths of time,
    not moments.

    ``budget`` has it take turns with the other sessions of this address. ``trust`` is ``signed``
    here: ``received`` takes the session of a ``PendingFlow``.

    Raises ``usage`` for an unusable identifier, ``api_config`` for v1 without the identifiers
    that authorising needs, ``api_version`` for long polling in v2 and for a stream in v1.
    """

    def __new__(
        cls,
        config: ApiConfig,
        flow: str,
        *,
        trust: _Trust | None = None,
        budget: Budget | None = None,
        long_polling: bool = False,
        stream: bool = False,
        deadline: _Length | None = None,
        lifetime: _Length | None = None,
        profile: Profile | None = None,
    ) -> Self: ...

    def poll(self, now: _Moment | None = None, jitter: int | None = None) -> _Action:
        """What to do next.

        An ``Ended`` is the last answer: leave the loop, and ask it for its ``result()``. Polling
        after it gives ``session_over``.
        """

    def handle(self, response: _HttpResponse, now: _Moment | None = None) -> None:
        """Takes the response to the request that was last to be sent.

        Whatever it is: the session deals with a failure of the API. One to a request of another
        kind is dropped, where ``HttpResponse.answering`` says so: drop one that comes after a
        ``cancel``.
        """

    def lost(self, now: _Moment | None = None) -> None:
        """Takes the news that a request got no response: no connection, a timeout, half a body."""

    def heard(self, chunk: str | Buffer, now: _Moment | None = None) -> None:
        """Takes what has arrived of the stream, however it is cut into chunks. Then poll.

        An event never ends a session: it causes the ping whose answer is believed.
        """

    def stream_ended(self, now: _Moment | None = None) -> None:
        """Takes the news that the stream has ended, or that it could not be opened: pings go on."""

    @property
    def listens(self) -> bool:
        """Whether the session listens to a stream. Close the one that it was given as soon as it does
        not."""

    def cancel(self) -> None:
        """Cancels the flow: the next request is the one that voids it.

        Nothing happens where the flow has ended already.
        """

@final
class Audit:
    """A maker of events for an audit log: one for each thing that happens to a flow, from its start to
    the opening of its claims.

    An event says what happened, when, to which flow, how it went, what was believed and how long it
    took. It never holds a claim, a credential, a token, the payload, data, a digest of any of
    these, a link or a seed. The person is in it as HMAC-SHA-256 of their number under
    ``person_key``, 32 random bytes or more that are used for nothing else, or not at all.

    Each method takes what came of the thing, or the exception in its place. ``now`` is the system's
    clock unless given; ``took`` is how long the thing took by the caller's, in seconds or a
    ``timedelta``. ``log`` gives an event to Python's ``logging``.

    Raises ``usage`` for a key of fewer than 32 bytes.
    """

    def __new__(cls, *, person_key: Buffer | None = None) -> Self: ...
    def started(self, start: Start, *, now: _Moment | None = None) -> AuditEvent:
        """A start is about to be sent. Its flow has no identifier yet."""

    def created(
        self,
        start: Start,
        created: Created | FlowsealError,
        *,
        now: _Moment | None = None,
        took: _Length | None = None,
    ) -> AuditEvent:
        """The API has answered a start: there is a flow, or the exception that says why there is none."""

    def picked_up(self, pending: PendingFlow, *, now: _Moment | None = None) -> AuditEvent:
        """A device has picked the flow up: the session's ``Progress``."""

    def cancel_asked(self, pending: PendingFlow, *, now: _Moment | None = None) -> AuditEvent:
        """The app wants the flow cancelled."""

    def ended(
        self,
        pending: PendingFlow,
        end: Flow | FlowsealError,
        *,
        now: _Moment | None = None,
        took: _Length | None = None,
    ) -> AuditEvent:
        """The session has ended, with this flow or this exception. That a flow is complete says
        nothing of whether it is genuine."""

    def finished(
        self,
        pending: PendingFlow,
        end: VerifiedFlow | ReceivedFlow | FlowsealError,
        *,
        now: _Moment | None = None,
        took: _Length | None = None,
    ) -> AuditEvent:
        """The flow was judged, by ``finish`` or ``finish_received``: what they gave, or the exception."""

    def opened(
        self,
        pending: PendingFlow,
        opened: OpenedClaims | FlowsealError,
        *,
        now: _Moment | None = None,
        took: _Length | None = None,
    ) -> AuditEvent:
        """The flow's claims were opened, or were not: the exception."""

@final
class AuditEvent:
    """Something that happened to a flow. Nothing in it is secret but what the flow's identifier is to
    whoever can ask the API about it."""

    @property
    def event(self) -> _AuditKind:
        """What happened: ``started``, ``created``, ``picked_up``, ``cancel_asked``, ``ended``,
        ``finished`` or ``opened``."""

    @property
    def at(self) -> int:
        """When, in Unix seconds by the caller's clock."""

    @property
    def outcome(self) -> _AuditOutcome:
        """How it went: ``done``, ``ended`` (over, and nobody's fault), ``failed`` or ``refused``."""

    @property
    def code(self) -> str | None:
        """Why it did not go well; ``None`` where it did."""

    @property
    def check(self) -> str | None:
        """The check that failed, where one did."""

    @property
    def flow(self) -> str | None:
        """The flow's identifier, ``req_…``; ``None`` where the API has given none."""

    @property
    def trust(self) -> _Trust | None:
        """What the flow is believed for, ``signed`` or ``received``, where it is."""

    @property
    def person(self) -> str | None:
        """The person under the key; ``None`` without one, and where nobody is named."""

    def to_json(self) -> str:
        """The event as JSON, without the members that do not apply; ``audit.schema.json`` in the
        documentation of flowseal describes it."""

    def to_dict(self) -> dict[str, str | int]:
        """The same as a ``dict``."""

    def __eq__(self, other: object, /) -> bool: ...

@final
class Send:
    """Send this, and tell the session what comes back."""

    __match_args__ = ("request", "timeout")
    @property
    def request(self) -> Request:
        """What to send."""

    @property
    def timeout(self) -> float:
        """The seconds to wait for the whole response."""

@final
class Wait:
    """Poll again after this time, or earlier."""

    __match_args__ = ("seconds",)
    @property
    def seconds(self) -> float:
        """How long."""

@final
class Progress:
    """The flow has not ended but changed: a device has picked it up. Poll again at once."""

    __match_args__ = ("flow",)
    @property
    def flow(self) -> Flow:
        """The flow as it is now."""

@final
class Stream:
    """Open this stream, give what arrives to ``Session.heard``, and poll on meanwhile.

    It is said once, and only by a session with ``stream``. Whoever cannot open it says
    ``Session.stream_ended``.
    """

    __match_args__ = ("request", "timeout")
    @property
    def request(self) -> Request:
        """What to send."""

    @property
    def timeout(self) -> float:
        """The seconds to wait for its head."""

class Ended:
    """The session is over: one name for every end, so that no program polls on by mistake.

    ``result()`` gives the flow, or raises why there is none. To handle the ends differently,
    ask for ``Done``, ``Expired`` and ``Failed``, which are all that there are.
    """

    def result(self) -> Flow:
        """The flow, of which nothing is proved yet: it is complete, to be verified, or cancelled.

        Raises why there is none, and a ``FlowsealError`` is all of these: an ``InputError`` of
        ``flow_expired`` where nobody has responded in time, or of another code where what answers
        cannot be read; a ``RefusedError`` of ``flow_cancelled`` after ``Session.cancel``; a
        ``RequestError`` for the rest.
        """

    @property
    def flow(self) -> Flow | None:
        """The flow, of which nothing is proved yet; ``None`` where there is an ``error``."""

    @property
    def error(self) -> FlowsealError | None:
        """Why there is no ``flow``; ``None`` where there is one."""

@final
class Done(Ended):
    """The flow has ended: it is complete, to be verified, or cancelled."""

    __match_args__ = ("flow",)
    @property
    def flow(self) -> Flow:
        """The flow, of which nothing is proved yet."""

@final
class Expired(Ended):
    """The flow expired before the person responded."""

    @property
    def error(self) -> FlowsealError:
        """``flow_expired``, as an exception."""

@final
class Failed(Ended):
    """The session has ended without the flow's end."""

    __match_args__ = ("error",)
    @property
    def error(self) -> FlowsealError:
        """Why: raise it, or look at its code."""

@final
class EventStream:
    """A reader of the stream that v2's ``sse`` answers with, fed with whatever chunks arrive.

    However the stream is cut into chunks, the events are the same. One that is larger than a
    response may be is ``too_large``, and nothing comes after it: close the connection.
    """

    def __new__(cls, *, profile: Profile | None = None) -> Self: ...
    def push(self, chunk: Buffer) -> ServerEvents:
        """Takes what has arrived, and gives the events that it completes."""

@final
class ServerEvents(Iterator[ServerEvent]):
    """The events that a chunk has completed. An event that is too large is raised in its place."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> ServerEvent: ...

@final
class ServerEvent:
    """An event of a stream."""

    def response(self) -> Response:
        """What the event is about: the answer to a ping, each time."""

    @property
    def name(self) -> bytes:
        """Its type; empty for the default one, ``message``."""

    @property
    def data(self) -> bytes:
        """Its data, lines joined by LF."""

    @property
    def id(self) -> bytes:
        """The last ``id`` of the stream so far, for ``last-event-id`` of a new connection."""

@final
class Webhook:
    """A webhook as it was received: a hint that something has happened to a flow, and no more.

    Anyone who knows the address can send one. There is no flow in it: all that it can cause is the
    ping that ``confirm`` gives, and only for a flow that the caller waits for.
    """

    WINDOW: Final[int]
    """How long a webhook is remembered, in seconds: longer than any flow lives."""

    @staticmethod
    def from_json(body: str | Buffer) -> Webhook:
        """Reads the body of a webhook.

        Raises ``webhook`` for one that is not from pasby.
        """

    def confirm(
        self,
        config: ApiConfig,
        store: _WebhookStore,
        *,
        token: SessionToken | None = None,
        now: _Moment | None = None,
    ) -> Request:
        """The ping that confirms it, for the one flow that it is about and that the caller waits for.

        Send it, and believe its answer alone. ``store`` says which flow waits for a reference
        (``flow_of``) and remembers what has come (``remember``); what it raises is raised here.
        Where this fails nothing is remembered.

        Raises ``webhook_unmatched``, ``webhook_replayed`` or ``webhook``: answer the sender as
        always, and do nothing. v1 needs a session token.
        """

def begin_opening_many(
    flows: Sequence[VerifiedFlow],
    key: _Keys,
    *,
    select: Sequence[str] | None = None,
    profile: Profile | None = None,
    threads: int = 1,
) -> Opening[list[OpenedClaims | FlowsealError]]:
    """Begins to open many verified flows, with keys whose private halves may be elsewhere.

    All their operations are one list, and ``finish`` gives claims or an exception for each flow, in
    order, and raises for none.
    """

def begin_opening_many_unverified(
    flows: Sequence[Flow],
    key: _Keys,
    expectations: Expectations,
    *,
    now: _Moment | None = None,
    select: Sequence[str] | None = None,
    profile: Profile | None = None,
    threads: int = 1,
) -> Opening[list[OpenedClaims | FlowsealError]]:
    """Begins to open many flows whose e-signatures nobody has looked at.

    What ``Flow.open_unverified`` says of one flow is true of each.
    """

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

def open_many_unverified(
    flows: Sequence[Flow],
    key: _Keys,
    expectations: Expectations,
    *,
    now: _Moment | None = None,
    select: Sequence[str] | None = None,
    profile: Profile | None = None,
    threads: int = 1,
) -> list[OpenedClaims | FlowsealError]:
    """Opens many flows together whose e-signatures nobody has looked at: claims or an exception for
    each, in order.

    What ``Flow.open_unverified`` says of one flow is true of each: right for an archive, and not
    for what strangers send.
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

    Text or binary in ``column``, as it is or as a dictionary or runs, gives way to ``claims``,
    ``verified`` and ``error``; every other column stays, and so does every row. ``error`` is a
    code, or null; no flow raises. ``verified`` is true where the flow was, although it may not have
    opened.

    ``select`` names the paths that are to be columns; a group has those of its claims. Name claims
    alone where the schema must be known beforehand. Without it there is a column for each path that
    opened. A claim that is not of its column's type is ``claim_type``, and so is one where more
    rows have a group, or the other way round; a row that would bring more columns than a flow may
    have leaves is ``too_many_leaves``. The whole input is opened before there are columns; give
    longer ones a batch at a time.

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
class Setup:
    """The profile and the threads of a service, named once: it reads flows, loads keys, makes
    verifiers.

    Everything that takes part in an operation has to be of one profile. Made by one setup it is,
    and ``flow.verify`` and ``verified.open`` need not be told which: they follow what they are
    given. Without a profile it is the default one. Batches are computed on ``threads``.
    """

    def __new__(cls, profile: Profile | None = None, *, threads: int = 1) -> Self: ...
    @property
    def profile(self) -> Profile:
        """The profile; the default one where none was given."""

    @property
    def threads(self) -> int:
        """The threads that a batch is computed on."""

    def read_flow(self, text: str | Buffer) -> Flow:
        """Reads a flow as ``Flow.from_json`` does."""

    def read_response(self, text: str | Buffer) -> Response:
        """Reads an answer of the API as ``Response.from_json`` does."""

    def read_http(self, endpoint: _Endpoint, response: _HttpResponse) -> Response:
        """Reads what an HTTP client received, as ``Response.from_http`` does."""

    def event_stream(self) -> EventStream:
        """An ``EventStream``."""

    def session(
        self,
        config: ApiConfig,
        flow: str,
        *,
        trust: _Trust | None = None,
        budget: Budget | None = None,
        long_polling: bool = False,
        stream: bool = False,
        deadline: _Length | None = None,
        lifetime: _Length | None = None,
    ) -> Session:
        """A ``Session``."""

    def pending_session(
        self,
        pending: PendingFlow,
        config: ApiConfig,
        *,
        trust: _Trust | None = None,
        budget: Budget | None = None,
        long_polling: bool = False,
        stream: bool = False,
        deadline: _Length | None = None,
        lifetime: _Length | None = None,
    ) -> Session:
        """``PendingFlow.session``, which receives where the profile's ``trust`` says so and the flow
        is one that may be."""

    def load_decrypting_key(
        self,
        path: _Path,
        passphrase: str | Buffer | None = None,
        *,
        kid: str | None = None,
        allow_1024_bits: bool = False,
    ) -> DecryptingKey:
        """Loads the app's key as ``DecryptingKey.load`` does, bound to the profile's padding."""

    def load_verifying_keys(
        self, path: _Path, *, kid: str | None = None, allow_exponent_three: bool = False
    ) -> list[VerifyingKey]:
        """Loads every key of a file as ``VerifyingKey.load_all`` does, for the profile's algorithm."""

    def verifier_by_requestee(self, keys: Mapping[str, _VerifyingKeys]) -> Verifier:
        """``Verifier.by_requestee``: each person's keys verify that person's flows and no other's."""

    def verifier_trusting(self, keys: _VerifyingKeys) -> Verifier:
        """``Verifier.trusting``: these keys verify every flow."""

    def verify_many(
        self,
        flows: Sequence[Flow],
        verifier: Verifier,
        expectations: Expectations | Sequence[Expectations],
        *,
        now: _Moment | None = None,
    ) -> list[VerifiedFlow | FlowsealError]:
        """``flowseal.verify_many`` on the setup's threads."""

    def open_many(
        self,
        flows: Sequence[VerifiedFlow],
        key: _Keys,
        *,
        select: Sequence[str] | None = None,
    ) -> list[OpenedClaims | FlowsealError]:
        """``flowseal.open_many`` under the setup's profile and on its threads."""

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
    iat: _Moment | None = None,
    signed_at: _Moment | None = None,
    app: KeyPair | None = None,
    user: KeyPair | None = None,
    profile: Profile | None = None,
) -> SealedFlow:
    """Seals claims to an app and signs the flow as a user: those of the samples unless given.

    ``persona`` is one of ``PERSONAS``; ``claims`` are a tree with each leaf in the clear. The flow
    is signed at ``SIGNED_AT`` unless said otherwise.
    """

def about_code(code: str) -> tuple[_CodeClass, int] | None: ...
def personas() -> dict[str, tuple[str, str]]: ...
def mutations() -> dict[str, str]: ...
