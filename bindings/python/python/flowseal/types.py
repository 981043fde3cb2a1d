"""Names for the types of what flowseal takes and gives, for annotations of your own.

    from flowseal.types import Action

    def act(action: Action) -> None: ...
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Literal, Protocol, TypeAlias

from ._flowseal import (
    ApiError,
    CreatedRequest,
    DecryptingKey,
    Done,
    Expired,
    Failed,
    Flow,
    KeyRing,
    Progress,
    RawOperation,
    RequestModel,
    Send,
    SessionToken,
    Stream,
    VerifyingKey,
    Wait,
)

__all__ = [
    "Action",
    "Algorithm",
    "Answer",
    "AuditKind",
    "AuditOutcome",
    "ClaimValue",
    "CodeClass",
    "Endpoint",
    "Environment",
    "FinishOnce",
    "Headers",
    "HttpResponse",
    "KeyHolder",
    "Keys",
    "Kind",
    "Length",
    "Moment",
    "NextStep",
    "Outcome",
    "Padding",
    "Path",
    "Pin",
    "PollingCredentials",
    "Purpose",
    "Remedy",
    "SharedCount",
    "SituationKey",
    "State",
    "Trust",
    "Version",
    "VerifyingKeys",
    "WebhookStore",
]

Path: TypeAlias = str | PathLike[str]
"""The name of a file."""

Moment: TypeAlias = int | float | datetime.datetime
"""A moment: Unix seconds, or an aware ``datetime``."""

Length: TypeAlias = int | float | datetime.timedelta
"""A length of time: seconds, or a ``timedelta``."""

Keys: TypeAlias = DecryptingKey | KeyRing
"""What opens: a key, or a ring of several."""

KeyHolder: TypeAlias = Callable[[list[RawOperation]], Iterable[bytes | bytearray | memoryview]]
"""Who computes with a key whose private half is elsewhere: a result for each operation, in order."""

Pin: TypeAlias = (
    str | bytes | bytearray | memoryview | Callable[[str], str | bytes | bytearray | memoryview | None]
)
"""A token's PIN, or a function that is asked for it by the token's label."""

VerifyingKeys: TypeAlias = VerifyingKey | Path | Iterable[VerifyingKey | Path]
"""What verifies: a key, the name of a file of keys, or a list of either."""

ClaimValue: TypeAlias = str | bool | list[str]
"""The value of a claim."""

Action: TypeAlias = Send | Wait | Progress | Stream | Done | Expired | Failed
"""What ``Session.poll`` says is to be done."""

Answer: TypeAlias = SessionToken | RequestModel | CreatedRequest | ApiError | Flow
"""What ``Response.answer`` gives."""

Algorithm: TypeAlias = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
"""An e-signature's algorithm."""

Padding: TypeAlias = Literal[
    "rsaes-pkcs1-v1_5", "rsaes-oaep-sha256", "rsaes-oaep-sha1", "rsaes-oaep-sha256-mgf1-sha1"
]
"""How claims are padded."""

CodeClass: TypeAlias = Literal["caller", "ended", "fault", "refused", "response", "retry"]
"""What kind of answer a code wants."""

Outcome: TypeAlias = Literal["passed", "failed", "not_asked", "not_checked"]
"""What a check of a report has found."""

State: TypeAlias = Literal["cancelled", "complete", "on_session", "pending"]
"""How far a flow has come."""

Trust: TypeAlias = Literal["signed", "received"]
"""What makes a flow one to believe: the person's e-signature, or that a session received it."""

Purpose: TypeAlias = Literal["login", "signup", "link"]
"""What a person identifies themselves for."""

SituationKey: TypeAlias = Literal[
    "already_finished",
    "approved",
    "asked_elsewhere",
    "check_number",
    "declined",
    "expired",
    "not_accepted",
    "open_link",
    "picked_up",
    "scan_code",
    "service_failed",
    "too_busy",
    "try_again",
]
"""Where a person is with their flow."""

NextStep: TypeAlias = Literal["contact", "restart", "retry", "wait"]
"""What to offer a person."""

AuditKind: TypeAlias = Literal[
    "started", "created", "picked_up", "cancel_asked", "ended", "finished", "opened"
]
"""What an event of the audit says has happened."""

AuditOutcome: TypeAlias = Literal["done", "ended", "failed", "refused"]
"""How something went that happened to a flow."""

Version: TypeAlias = Literal["v1", "v2"]
"""A version of the API."""

Environment: TypeAlias = Literal["sandbox", "production"]
"""An environment of the API."""

PollingCredentials: TypeAlias = Literal["app_secret", "session_token"]
"""What v1's long polling carries."""

Endpoint: TypeAlias = Literal[
    "authorize", "cancel", "health", "identification", "ping", "polling", "signing", "sse"
]
"""An endpoint of the API."""

Kind: TypeAlias = Literal[
    "authorized", "cancelled", "created", "error", "expired", "flow", "unknown"
]
"""What an answer of the API is about."""

Remedy: TypeAlias = Literal[
    "authorise", "fix_request", "investigate", "retry_later", "start_again", "tell_user"
]
"""What can be done about an error of the API."""

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
"""The headers of a response."""


class HttpResponse(Protocol):
    """What ``httpx`` and ``requests`` give, and ``flowseal.HttpResponse`` for other clients."""

    @property
    def status_code(self) -> int:
        """The status, such as 200."""
        ...

    @property
    def headers(self) -> Headers:
        """Name to value of each header, or pairs of them."""
        ...

    @property
    def content(self) -> bytes:
        """The body, when the client has undone chunks and compression."""
        ...


class WebhookStore(Protocol):
    """What the caller knows of its flows and of earlier webhooks, usually in its database."""

    def flow_of(self, reference: str, /) -> str | None:
        """The flow that waits for a webhook of this reference; ``None`` where none does."""
        ...

    def remember(self, key: str, until: int, /) -> bool:
        """Remembers a key until then, in Unix seconds. ``False`` if it is remembered already; of
        two calls at the same time with one key, only one may get ``True``."""
        ...


class FinishOnce(Protocol):
    """Which pending flows have come to their end, usually in a database that all processes share: an
    ``INSERT`` under a unique key."""

    def finish(self, reference: str, until: int, /) -> bool:
        """Marks the flow of this reference as finished, to be remembered until then, in Unix seconds.
        ``False`` if it is marked already; of two calls at the same time with one reference, only one
        may get ``True``. An exception that it raises is passed on, and then nothing is given."""
        ...


class SharedCount(Protocol):
    """A count of requests that several processes behind one address share."""

    def take(self, base: str, now: float, /) -> Length | None:
        """Counts a request that is about to be sent to this base URL: ``None``; or says how long to
        wait before asking again. What it raises is raised, and then nothing is sent."""
        ...
