"""1Password, asked for names: a server on loopback, and a stand-in for `op`."""

import os
import traceback
from pathlib import Path

import pytest

from gitops.errors import KeeperError, UsageError
from gitops.model.holding import Field, Title
from gitops.sources.charts.wire import Limits
from gitops.sources.onepassword import connect
from gitops.sources.onepassword.command import Command
from gitops.sources.onepassword.connect import Connect
from tests.fake_connect import TOKEN, VALUE, FakeConnect

QUICK = Limits(attempts=1, connect=1, read=0.2, total=1)
VAULTS = {"one": [("database", {"password": VALUE, "user": ""})]}


def failure(server: FakeConnect, token: str = TOKEN, path: str = "") -> str:
    with pytest.raises(KeeperError) as caught:
        asked = Connect(server.host, token, QUICK)
        asked.fields("v-one", "i-0") if path else asked.vaults()
    whole = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in whole
    assert VALUE not in whole
    return str(caught.value).replace(server.host, "HOST")


def test_names_are_told_and_whether_there_is_a_value() -> None:
    with FakeConnect(VAULTS) as server:
        asked = Connect(server.host, TOKEN)
        assert asked.vaults() == {"one": "v-one"}
        assert asked.titles("v-one") == (Title("i-0", "database"),)
        assert asked.fields("v-one", "i-0") == (
            Field("password", True),
            Field("user", False),
            Field("", False),
        )


def test_files_are_fields_by_their_names() -> None:
    body = b'{"files": [{"name": "full.json", "size": 9}, {"name": "empty.json", "size": 0}]}'
    with FakeConnect(VAULTS) as server:
        server.broken["/v1/vaults/v-one/items/i-0"] = (200, body)
        asked = Connect(server.host, TOKEN)
        assert asked.fields("v-one", "i-0") == (
            Field("full.json", True),
            Field("empty.json", False),
        )


def test_a_token_that_is_refused_is_told_without_it() -> None:
    with FakeConnect(VAULTS) as server:
        assert failure(server, "another") == (
            "1Password Connect at HOST answered 401 to /v1/vaults: Invalid token signature; "
            "see whether OP_CONNECT_TOKEN is the token of this server and opens this vault"
        )


def test_a_server_that_repeats_the_token_does_not_make_us_repeat_it() -> None:
    with FakeConnect(VAULTS) as server:
        body = f'{{"status": 500, "message": "cannot use {TOKEN}"}}'.encode()
        server.broken["/v1/vaults"] = (500, body)
        assert failure(server) == (
            "1Password Connect at HOST answered 500 to /v1/vaults: cannot use …; its log says why"
        )


def test_another_server_is_told_from_connect() -> None:
    with FakeConnect(VAULTS) as server:
        server.broken["/v1/vaults"] = (404, b"<html>not here</html>")
        assert failure(server) == (
            "1Password Connect at HOST answered 404 to /v1/vaults; "
            "see whether the address is that of 1Password Connect"
        )


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with FakeConnect(VAULTS) as server:
        server.broken["/v1/vaults"] = (302, b"")
        assert failure(server).startswith("1Password Connect at HOST answered 302 to /v1/vaults")
        assert server.asked == ["/v1/vaults"]


def test_a_slow_server_does_not_hold_us() -> None:
    with FakeConnect(VAULTS) as server:
        server.wait = 0.5
        assert failure(server) == (
            "1Password Connect at HOST did not answer in time; "
            "see whether the address is right and it runs"
        )


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(KeeperError, match=r"cannot be reached: Connection refused; see whether"):
        Connect("http://127.0.0.1:9", TOKEN, QUICK).vaults()


@pytest.mark.parametrize(
    "body",
    [
        f'{{"fields": [{{"label": "a", "value": "{VALUE}"'.encode(),
        f'{{"fields": [{{"label": 7, "value": "{VALUE}"}}]}}'.encode(),
        f'{{"fields": "{VALUE}"}}'.encode(),
    ],
    ids=["cut", "type", "shape"],
)
def test_an_answer_that_makes_no_sense_is_not_quoted(body: bytes) -> None:
    with FakeConnect(VAULTS) as server:
        server.broken["/v1/vaults/v-one/items/i-0"] = (200, body)
        assert failure(server, path="item") == (
            "1Password Connect at HOST did not answer with what its interface promises"
        )


def test_the_token_is_no_part_of_how_a_server_looks() -> None:
    assert repr(Connect("http://vault:8080", TOKEN)) == "Connect('http://vault:8080')"


def test_the_environment_names_server_and_token() -> None:
    with pytest.raises(UsageError, match=r"^OP_CONNECT_HOST and OP_CONNECT_TOKEN must be set"):
        connect.from_environment({})
    with pytest.raises(UsageError, match=r"^OP_CONNECT_HOST is no address"):
        connect.from_environment({connect.HOST: "vault:8080", connect.TOKEN: TOKEN})
    found = connect.from_environment({connect.HOST: "http://vault:8080/", connect.TOKEN: TOKEN})
    assert found.name == "1Password Connect at http://vault:8080/"


SCRIPT = """\
#!/bin/sh
case "$*" in
"vault list --format json") echo '[{"id": "v1", "name": "one", "content_version": 3}]' ;;
"item list --vault v1 --format json")
  echo '[{"id": "i1", "title": "database", "category": "LOGIN"}]' ;;
"item get i1 --vault v1 --format json")
  echo '{"id": "i1", "fields": [{"id": "password", "label": "password", "value": "VALUE"}]}' ;;
*) echo '[ERROR] 2026/11/24 01:00:00 You are not currently signed in. Please run `op signin`' >&2
  exit 1 ;;
esac
"""


def test_op_is_asked_for_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    assert Command().vaults() == {"one": "v1"}
    assert Command().titles("v1") == (Title("i1", "database"),)
    assert Command().fields("v1", "i1") == (Field("password", True),)


def test_op_without_a_session_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    with pytest.raises(KeeperError) as caught:
        Command().titles("v2")
    assert str(caught.value) == (
        "op: [ERROR] 2026/11/24 01:00:00 You are not currently signed in. Please run `op signin`; "
        "`op signin` opens the vaults to `op`"
    )


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = folder / "op"
    script.write_text(SCRIPT.replace("VALUE", VALUE), "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
