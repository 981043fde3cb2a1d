"""Service accounts: a zip, a directory or parts; what they give and what they refuse."""

from __future__ import annotations

import copy
import json
import zipfile
from pathlib import Path

import pytest

import flowseal

from .conftest import KEYS

CONFIG = {
    "type": "app",
    "appid": "app_1",
    "consumer": "bcn_1",
    "secret": "snb_hush",
    "apikeys": {"live": "", "test": "bk-test_hush"},
}
PRIVATE = (KEYS / "app-2048.pem").read_bytes()
PUBLIC = (KEYS / "app-2048.pub.pem").read_bytes()


def files() -> dict[str, bytes]:
    return {"config.json": json.dumps(CONFIG).encode(), "a.pem": PUBLIC, "b.pem": PRIVATE}


@pytest.fixture(params=["zip", "directory", "bytes", "parts"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> flowseal.ServiceAccount:
    if request.param == "parts":
        config, *pems = files().values()
        return flowseal.ServiceAccount.from_parts(config, pems)
    if request.param == "directory":
        for name, text in files().items():
            (tmp_path / name).write_bytes(text)
        (tmp_path / "README").write_bytes(b"not read")
        return flowseal.ServiceAccount.load(tmp_path)
    archive = tmp_path / "account.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files().items():
            packed.writestr(f"account/{name}", text)
    if request.param == "bytes":
        return flowseal.ServiceAccount.from_zip(archive.read_bytes())
    return flowseal.ServiceAccount.load(archive)


def test_an_account_gives_the_key_and_the_configuration(
    account: flowseal.ServiceAccount,
) -> None:
    assert (account.kind, account.app_id, account.organisation_id) == ("app", "app_1", "bcn_1")
    key = account.decrypting_key(kid="new")
    assert (key.kid, key.bits) == ("new", 2048)
    config = flowseal.ApiConfig.from_service_account(account, version="v1", environment="sandbox")
    assert (config.version, config.environment, config.warnings) == ("v1", "sandbox", [])
    request = config.authorize()
    assert request.url.endswith("/authorize?sub=bcn_1&app=app_1")
    headers = request.expose_headers()
    assert headers == {"x-access-secret": "snb_hush", "x-api-key": "bk-test_hush"}


def test_capitals_in_the_names_of_a_directory_make_no_difference(tmp_path: Path) -> None:
    (tmp_path / "Config.JSON").write_text(json.dumps(CONFIG))
    (tmp_path / "PRIVATE.PEM").write_bytes(PRIVATE)
    account = flowseal.ServiceAccount.load(tmp_path)
    assert account.decrypting_key().bits == 2048
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    if not (tmp_path / "CONFIG.json").exists():
        with pytest.raises(flowseal.InputError, match="found several") as refused:
            flowseal.ServiceAccount.load(tmp_path)
        assert refused.value.code == "service_account"


def test_an_account_lacks_what_it_lacks(account: flowseal.ServiceAccount) -> None:
    with pytest.raises(flowseal.InputError, match="apikeys.live") as refused:
        flowseal.ApiConfig.from_service_account(account, version="v2", environment="production")
    assert refused.value.code == "api_config"
    profile = flowseal.Profile(padding="rsaes-oaep-sha256")
    assert account.decrypting_key(profile=profile).padding == "rsaes-oaep-sha256"


def test_an_account_shows_and_hands_over_no_secret(account: flowseal.ServiceAccount) -> None:
    assert "hush" not in repr(account) and "app_1" in repr(account)
    with pytest.raises(TypeError, match="neither pickled nor copied"):
        copy.copy(account)
    with account:
        pass
    for use in (lambda: account.app_id, lambda: account.decrypting_key()):
        with pytest.raises(flowseal.InputError) as refused:
            use()
        assert refused.value.code == "usage"
    assert "closed" in repr(account)


def test_a_file_that_is_no_account_is_named(tmp_path: Path) -> None:
    (tmp_path / "account.zip").write_bytes(b"PK\x03\x04")
    for path, code in (
        (tmp_path / "account.zip", "service_account"),
        (tmp_path, "io"),
        (tmp_path / "absent.zip", "io"),
    ):
        with pytest.raises(flowseal.InputError) as refused:
            flowseal.ServiceAccount.load(path)
        assert refused.value.code == code
        assert str(tmp_path) in str(refused.value)
