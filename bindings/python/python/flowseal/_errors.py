"""The exceptions: one root, and a class for each kind of refusal."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ._flowseal import ApiError, Report


class FlowsealError(Exception):
    """Why flowseal refused: a sentence for people and a stable code for programs.

    Match on ``code``: the strings are those of every language and of the command, and
    ``flowseal.ERROR_CODES`` lists them with their numbers. The sentence may change; it never holds
    a secret.
    """

    code: str = "internal_fault"
    """The stable code, such as ``signature_invalid``."""

    report: Report | None = None
    """What a verification looked at, where one was under way."""

    diagnosis: list[dict[str, Any]] | None = None
    """Why the e-signature is not valid, with ``signature_invalid``: for each key that was tried its
    ``fingerprint``, ``kid``, ``finding`` (``other_key``, ``other_algorithm``, ``other_bytes``),
    ``padding``, ``hash``, ``salt_length`` and ``digest``. The digest is personal data: keep it out of
    logs."""

    details: Mapping[str, Any] | None = None
    """What the error is about, as data: ``claim``, ``check``, ``expected``, ``found``, ``seconds``,
    ``size``, ``sizes`` and ``key``, each ``None`` or empty where it is about no such thing."""

    api_error: ApiError | None = None
    """What the API answered, where that is the reason."""

    def __init__(
        self,
        sentence: str = "",
        *,
        code: str | None = None,
        report: Report | None = None,
        diagnosis: list[dict[str, Any]] | None = None,
        details: Mapping[str, Any] | None = None,
        api_error: ApiError | None = None,
    ) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code
        if report is not None:
            self.report = report
        if diagnosis is not None:
            self.diagnosis = diagnosis
        if details is not None:
            self.details = details
        if api_error is not None:
            self.api_error = api_error

    @property
    def sentence(self) -> str:
        """What was found, what was expected and what to do."""
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class InputError(FlowsealError, ValueError):
    """Arguments, files, keys, JSON or the API itself: there is no flow yet (exit status 2)."""

    code = "usage"


class RefusedError(FlowsealError):
    """A flow that was read and is refused (exit status 1)."""

    code = "not_verified"


class InternalError(FlowsealError):
    """A fault of the machine or of this library: nothing was released (exit status 3)."""

    code = "internal_fault"


# They are public as names of the package.
for _class in (FlowsealError, InputError, RefusedError, InternalError):
    _class.__module__ = "flowseal"
