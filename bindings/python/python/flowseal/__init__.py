"""Verify and open the flows of the pasby e-ID.

    key = flowseal.DecryptingKey.load("app.pem")
    verifier = flowseal.Verifier.by_requestee({"22212345610": flowseal.VerifyingKey.load("user.pem")})
    flow = flowseal.Flow.from_json(response.content)
    verified = flow.verify(verifier, flowseal.Expectations(reference="req_…", max_age=300))
    with verified.open(key) as claims:
        claims["naming.given"]

A refusal is a ``FlowsealError`` with a stable ``code``. ``flowseal.arrow`` opens columns of flows,
``flowseal.testing`` seals flows for tests.
"""

from ._errors import FlowsealError, InputError, InternalError, RefusedError
from ._flowseal import (
    ERROR_CODES,
    DecryptingKey,
    Evidence,
    Expectations,
    Flow,
    KeyRing,
    OpenedClaims,
    PartialClaims,
    Profile,
    Report,
    ReportedKey,
    ReportLine,
    VerifiedFlow,
    Verifier,
    VerifyingKey,
    __version__,
    open_many,
    verify_many,
)

__all__ = [
    "ERROR_CODES",
    "DecryptingKey",
    "Evidence",
    "Expectations",
    "Flow",
    "FlowsealError",
    "InputError",
    "InternalError",
    "KeyRing",
    "OpenedClaims",
    "PartialClaims",
    "Profile",
    "RefusedError",
    "Report",
    "ReportLine",
    "ReportedKey",
    "VerifiedFlow",
    "Verifier",
    "VerifyingKey",
    "__version__",
    "open_many",
    "verify_many",
]
