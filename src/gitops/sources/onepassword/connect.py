"""1Password Connect, over HTTP.

Source: 1Password Connect API reference: `GET /v1/vaults`, `/v1/vaults/{id}/items` and
`/v1/vaults/{id}/items/{id}`, a bearer token, and errors as `{"status": 401, "message": …}`.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gitops.errors import KeeperError, UsageError
from gitops.model.holding import Fields, Title
from gitops.sources.charts import wire
from gitops.sources.charts.wire import Limits
from gitops.sources.onepassword import answers

HOST, TOKEN = "OP_CONNECT_HOST", "OP_CONNECT_TOKEN"
LIMITS = Limits(attempts=2, connect=5, read=10, total=30, largest=8 * 1024 * 1024)


class Connect:
    """One server, asked with one token, which sees the vaults that it was made for."""

    def __init__(self, host: str, token: str, limits: Limits = LIMITS) -> None:
        self.name = f"1Password Connect at {host}"
        self._host = host.rstrip("/")
        self._token = token
        self._session = wire.session(limits)
        # Given this way, ~/.netrc cannot put another in its place.
        self._session.auth = self._sign

    def __repr__(self) -> str:
        return f"Connect({self._host!r})"

    def vaults(self) -> Mapping[str, str]:
        """The ids of all vaults that the token opens, by name."""
        return answers.vaults(self._get("/v1/vaults"), self.name)

    def titles(self, vault: str) -> tuple[Title, ...]:
        """The items of a vault."""
        return answers.titles(self._get(f"/v1/vaults/{vault}/items"), self.name)

    def fields(self, vault: str, item: str) -> Fields:
        """The fields and files of an item."""
        return answers.fields(self._get(f"/v1/vaults/{vault}/items/{item}"), self.name)

    def _sign(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _get(self, path: str) -> bytes:
        try:
            answer = self._session.get(f"{self._host}{path}", allow_redirects=False)
        except wire.BROKEN as cause:
            words = str(wire.unreachable(self.name, cause)).partition(";")[0]
            # The cause holds the request, and the request the token.
            raise KeeperError(f"{words}; see whether the address is right and it runs") from None
        if answer.status_code != 200:
            words = self._told(answer.content)
            raise KeeperError(
                f"{self.name} answered {answer.status_code} to {path}{words}; "
                f"{_way_out(answer.status_code)}"
            )
        return bytes(answer.content)

    def _told(self, body: bytes) -> str:
        """What the server says of an error, without the token, should it repeat it."""
        try:
            message = msgspec.json.decode(body, type=_Error).message
        except msgspec.MsgspecError:
            return ""
        return f": {message.replace(self._token, '…')}" if message else ""


class _Error(msgspec.Struct, frozen=True):
    message: str = ""


def _way_out(status: int) -> str:
    match status:
        case 401 | 403:
            return f"see whether {TOKEN} is the token of this server and opens this vault"
        case 404:
            return "see whether the address is that of 1Password Connect"
        case _:
            return "its log says why"


def from_environment(environment: Mapping[str, str]) -> Connect:
    """The server that `op` and the SDKs of 1Password would use, too."""
    missing = [name for name in (HOST, TOKEN) if not environment.get(name)]
    if missing:
        raise UsageError(f"{' and '.join(missing)} must be set, for 1Password Connect to be asked")
    if not environment[HOST].startswith(("http://", "https://")):
        raise UsageError(f"{HOST} is no address: http://host:port is expected")
    return Connect(environment[HOST], environment[TOKEN])
