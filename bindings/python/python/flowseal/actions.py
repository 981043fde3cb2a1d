"""What ``Session.poll`` says is to be done, by names that say whose they are.

    from flowseal import actions

    match session.poll():
        case actions.Send(request, timeout): ...
        case actions.Wait(seconds): ...
        case actions.Progress(): ...
        case actions.Ended() as end:
            flow = end.result()

They are the same classes as ``flowseal.Send`` and its relatives.
"""

from ._flowseal import Done, Ended, Expired, Failed, Progress, Send, Stream, Wait

__all__ = ["Done", "Ended", "Expired", "Failed", "Progress", "Send", "Stream", "Wait"]
