"""The exceptions, one root and a class for each kind of refusal, and the warning."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from ._flowseal import ApiError, Report
    from .types import CodeClass


def _about(code: str) -> tuple[CodeClass, int] | None:
    # The compiled module asks for the classes of this one.
    from ._flowseal import about_code

    return about_code(code)


class DiagnosedKey(dict[str, "Any"]):
    """What a signature shows of one key that was tried: ``fingerprint``, ``kid``, ``finding``
    (``other_key``, ``other_algorithm``, ``other_bytes``), ``padding``, ``hash``, ``salt_length`` and
    ``digest``.

    The digest is personal data, since what it is a digest of can be guessed. It is here to be
    compared: ``repr()`` does not show it, and a pickle or a deep copy does not hold it.
    """

    def __repr__(self) -> str:
        shown = {**self, "digest": "..."} if self.get("digest") else dict(self)
        return repr(shown)

    def __reduce__(self) -> tuple[type[DiagnosedKey], tuple[dict[str, Any]]]:
        return type(self), ({**self, "digest": None},)


class FlowsealError(Exception):
    """Why flowseal refused: a sentence for people and a stable code for programs.

    Catch this one to catch all. Match on ``code``: the strings are those of every language and of
    the command, and ``flowseal.ERROR_CODES`` lists them with their numbers. The sentence may change;
    it never holds a secret.
    """

    code: str = "internal_fault"
    """The stable code, such as ``signature_invalid``."""

    report: Report | None = None
    """What a verification looked at, where one was under way."""

    diagnosis: list[DiagnosedKey] | None = None
    """Why the e-signature is not valid, with ``signature_invalid``: what it shows of each key that was
    tried."""

    details: Mapping[str, Any] | None = None
    """What the error is about, as data: ``claim``, ``check``, ``expected``, ``found``, ``seconds``,
    ``size``, ``sizes``, ``key`` and ``kid``, which are attributes, too."""

    api_error: ApiError | None = None
    """What the API answered, where that is the reason."""

    def __init__(
        self,
        sentence: str = "",
        *,
        code: str | None = None,
        report: Report | None = None,
        diagnosis: Iterable[Mapping[str, Any]] | None = None,
        details: Mapping[str, Any] | None = None,
        api_error: ApiError | None = None,
    ) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code
        if report is not None:
            self.report = report
        if diagnosis is not None:
            self.diagnosis = [DiagnosedKey(found) for found in diagnosis]
        if details is not None:
            self.details = details
        if api_error is not None:
            self.api_error = api_error

    @property
    def sentence(self) -> str:
        """What was found, what was expected and what to do."""
        return str(self.args[0]) if self.args else ""

    @property
    def code_class(self) -> CodeClass | None:
        """What kind of answer the code wants: ``caller`` (correct the call), ``response`` (look at where
        it comes from), ``refused``, ``ended`` (start again), ``retry`` or ``fault``."""
        found = _about(self.code)
        return found and found[0]

    @property
    def http_status(self) -> int | None:
        """What a web service may answer its own caller with. A suggestion; never show that caller which
        check has failed."""
        found = _about(self.code)
        return found and found[1]

    def _detail(self, name: str) -> Any:
        return (self.details or {}).get(name)

    @property
    def claim(self) -> str | None:
        """The path of the claim that shows from outside what is wrong with it. Never with
        ``claim_unopenable``, which is about all of them."""
        path: str | None = self._detail("claim")
        return path

    @property
    def why(self) -> str | None:
        """Which part of a proof fails, with ``disclosure_invalid``: a stable word."""
        why: str | None = self._detail("why")
        return why

    @property
    def check(self) -> str | None:
        """The check that failed, with ``expectation_failed`` and ``claims_not_signed``."""
        check: str | None = self._detail("check")
        return check

    @property
    def expected(self) -> str | None:
        """What was expected of the member that the check is about."""
        expected: str | None = self._detail("expected")
        return expected

    @property
    def found(self) -> str | None:
        """What was found in its place."""
        found: str | None = self._detail("found")
        return found

    @property
    def seconds(self) -> int | None:
        """By how many seconds a time lies outside of what is accepted, the leeway included."""
        seconds: int | None = self._detail("seconds")
        return seconds

    @property
    def size(self) -> int | None:
        """The length in bytes that was found: of a claim's ciphertext."""
        size: int | None = self._detail("size")
        return size

    @property
    def sizes(self) -> list[int]:
        """The lengths in bytes that would have been right: of the ring's moduli, each once."""
        return list(self._detail("sizes") or [])

    @property
    def key(self) -> str | None:
        """The key that was missing, by its fingerprint."""
        fingerprint: str | None = self._detail("key")
        return fingerprint

    @property
    def kid(self) -> str | None:
        """The same key's name, where it has one."""
        kid: str | None = self._detail("kid")
        return kid

    @property
    def flows(self) -> list[dict[str, str | None]]:
        """With ``statement_unknown``, an entry for each flow that was given, in their order: the
        statement that it is ``explained_by``, or the ``finding`` why it is not: ``other_key``,
        ``other_algorithm`` or ``other_bytes``."""
        return list(self._detail("flows") or [])

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class InputError(FlowsealError, ValueError):
    """Arguments, files, keys or JSON that cannot be used: there is no flow yet (exit status 2).
    Correct what the sentence names.

    A session at whose end the person has not responded in time is one, too: ``flow_expired``. Start a
    new flow.
    """

    code = "usage"


class RequestError(FlowsealError):
    """What came of speaking to the API: its refusal (``api_error`` has its words), a connection that
    was lost, a deadline that has passed, a session that is over (exit status 2).

    Where ``code_class`` is ``retry``, try again later: after ``api_error.retry_after``, where the API
    says how long. Else do what the sentence says.
    """

    code = "api_error"


class RefusedError(FlowsealError):
    """A flow that was read and is refused (exit status 1). Let nobody in, keep the ``report``, and have
    the person start again.

    ``flow_cancelled`` is nobody's fault: the person, or ``Session.cancel``, has ended the flow.
    """

    code = "not_verified"


class InternalError(FlowsealError):
    """A fault of the machine or of this library: nothing was released (exit status 3).

    Try once more; if it stays, tell whoever runs the machine. ``key_unavailable`` is the token or the
    service that holds the key.
    """

    code = "internal_fault"


class FlowsealWarning(UserWarning):
    """Something odd that may still be right: a path that the catalogue does not have, an identifier of
    an unknown form, a JWK that was skipped.

    It is issued by Python's ``warnings``: ``simplefilter("error", flowseal.FlowsealWarning)`` makes
    exceptions of them, ``logging.captureWarnings(True)`` lines of a log. It never holds a secret.
    """


# They are public as names of the package.
for _class in (
    DiagnosedKey,
    FlowsealError,
    InputError,
    RequestError,
    RefusedError,
    InternalError,
    FlowsealWarning,
):
    _class.__module__ = "flowseal"
