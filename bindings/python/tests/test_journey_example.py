"""The example of the whole journey, against the API that the command plays on loopback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .test_identify import EXAMPLES, command, mock, no_proxy

__all__ = ["command", "no_proxy"]


def journey(url: str, *how: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, str(EXAMPLES / "journey.py"), url, *how]
    return subprocess.run(program, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_journey_leads_from_the_start_to_a_name(command: str, version: str) -> None:
    with mock(command, "default") as url:
        done = journey(url, version)
    assert (done.returncode, done.stdout.strip()) == (0, "Adébáyọ̀"), done.stderr
    # Whether a ping falls into the second and a half in which the flow is on a device is chance.
    assert "Open the app on your phone" in done.stderr


def test_without_a_signature_a_journey_ends_where_it_is_asked_for_by_name(command: str) -> None:
    with mock(command, "unsigned") as url:
        received, signed = journey(url, "v2", "received"), journey(url, "v2")
    assert (received.returncode, received.stdout.strip()) == (0, "Adébáyọ̀"), received.stderr
    assert (signed.returncode, signed.stdout) == (1, "")
    assert "error: signature_missing: " in signed.stderr


def test_a_person_who_cancels_is_told_that_they_can_start_again(command: str) -> None:
    with mock(command, "cancelled") as url:
        done = journey(url, "v2")
    assert (done.returncode, done.stdout) == (1, "")
    assert "You can start again." in done.stderr and "error: flow_cancelled: " in done.stderr
