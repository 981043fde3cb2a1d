"""Sealed flows for a test suite of your own: the real API needs a real person with a phone.

    from flowseal import testing

    app, user = testing.KeyPair.sample_app(), testing.KeyPair.sample_user()
    response = testing.seal("req_1", persona="ada").to_json()
    flow = flowseal.Flow.from_json(response)
    verifier = flowseal.Verifier.trusting(user.verifying_key())
    verified = flow.verify(
        verifier, flowseal.Expectations(reference="req_1"), now=testing.SIGNED_AT
    )

Never for production: its keys are known to everyone.
"""

from types import MappingProxyType

from ._flowseal import KeyPair, SealedFlow, mutations, personas, seal

__all__ = ["IAT", "MUTATIONS", "PERSONAS", "SIGNED_AT", "KeyPair", "SealedFlow", "seal"]

IAT = 1716820052
"""When a flow was started, unless said otherwise."""

SIGNED_AT = 1716820121
"""When it was signed, unless said otherwise."""

PERSONAS = MappingProxyType(personas())
"""The people of the tests: name to their national number and their claims as JSON."""

MUTATIONS = MappingProxyType(mutations())
"""Every way to spoil a sealed flow (``SealedFlow.mutated``), with the code that refuses it."""
