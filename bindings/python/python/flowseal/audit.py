"""What happens to flows, as events for an audit log, and a way into ``logging``.

    from flowseal import audit

    logging.getLogger("flowseal.audit").setLevel(logging.INFO)  # or warnings alone are shown
    trail = audit.Audit(person_key=key)  # 32 random bytes, for this alone
    audit.log(trail.started(start))
    ...
    try:
        verified = pending.finish(flow, verifier, finished)
    except flowseal.FlowsealError as error:
        audit.log(trail.finished(pending, error))
        raise
    audit.log(trail.finished(pending, verified))

An event never holds a claim, a credential, a token, the payload, data, a digest of any of these, a link or
a seed. ``audit.schema.json`` in flowseal's documentation describes its JSON.
"""

from __future__ import annotations

import json
import logging

from ._flowseal import Audit, AuditEvent

__all__ = ["Audit", "AuditEvent", "log"]


def log(event: AuditEvent, logger: logging.Logger | None = None) -> None:
    """Gives an event to ``logging``: to the logger ``flowseal.audit`` unless another is given, as
    ``WARNING`` where something failed or is refused and as ``INFO`` else.

    By default ``logging`` shows warnings alone:
    ``logging.getLogger("flowseal.audit").setLevel(logging.INFO)`` shows all events.

    The message is the event's JSON in ASCII; the record's attribute ``flowseal`` is the same as a
    ``dict``, for whatever formats records by their members.
    """
    members = event.to_dict()
    level = logging.WARNING if event.outcome in ("failed", "refused") else logging.INFO
    if logger is None:
        logger = logging.getLogger("flowseal.audit")
    logger.log(level, "%s", json.dumps(members), extra={"flowseal": members})
