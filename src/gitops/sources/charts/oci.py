"""Charts in OCI registries, by way of `oras`: its tokens, credentials and pages, our requests."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence

import msgspec
import oras.logger
import oras.provider
import requests
from oras.container import Container

from gitops.errors import RegistryError
from gitops.sources.charts import wire

_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_ARCHIVES = (_CHART, "application/tar+gzip", "application/vnd.oci.image.layer.v1.tar+gzip")
"""Media types a chart's archive may have: Helm's, Helm's first one, and that of `flux push`."""

_BROKEN = (*wire.BROKEN, KeyError, TypeError, AttributeError)
"""What `oras` raises besides when a registry or a file does not say what it expects."""

_LOOPBACK = re.compile(r"(localhost|127\.\d+\.\d+\.\d+)(:\d+)?")
_DOCKER_HUB = {"docker.io": "registry-1.docker.io", "index.docker.io": "registry-1.docker.io"}
_SIGNATURE = re.compile(r"sha256-[0-9a-f]{64}(\.\w+)?")
"""Tags under which cosign and referrers keep what belongs to an artifact."""


class Fetched(msgspec.Struct, frozen=True):
    """The archive of a chart, and the digest of the manifest that led to it."""

    archive: bytes
    digest: str


class Repository:
    """One chart in a registry, by its address without `oci://`. Loopback is asked without TLS."""

    def __init__(self, address: str, limits: wire.Limits, environment: Mapping[str, str]) -> None:
        host, _, path = address.partition("/")
        plain = _LOOPBACK.fullmatch(host) is not None
        host = _DOCKER_HUB.get(host, host)
        # A host is only known as one by its dot or its port.
        host = host if "." in host or ":" in host else f"{host}:{80 if plain else 443}"
        self._where = Container(f"{host}/{path}")
        self._registry = _Registry(plain, limits)
        self._registry.load_credentials(self._where, environment)

    def tags(self) -> tuple[str, ...]:
        """Every tag that may be a version, `+` standing where tags must have `_`."""
        try:
            tags = self._registry.get_tags(self._where)
        except _BROKEN as cause:
            raise wire.unreachable(f"oci://{self._where.registry}", cause) from cause
        return tuple(
            tag.replace("_", "+")
            for tag in tags
            if isinstance(tag, str) and not _SIGNATURE.fullmatch(tag)
        )

    def fetch(self, reference: str) -> Fetched:
        """The chart at a version, a tag or a manifest digest; every digest on the way is right."""
        tag = reference if reference.startswith("sha256:") else reference.replace("+", "_")
        content = self._get(
            self._where.manifest_url(tag), oras.defaults.default_manifest_accepted_media_types
        )
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        what = f"oci://{self._where.registry}/{self._where.api_prefix}:{reference}"
        if tag.startswith("sha256:") and tag != digest:
            raise RegistryError(f"{what}: the registry answers with {digest} instead")
        layer = _chart_layer(content, what)
        archive = self._get(self._where.get_blob_url(layer), ())
        if f"sha256:{hashlib.sha256(archive).hexdigest()}" != layer:
            raise RegistryError(
                f"{what}: the archive was damaged on the way, or replaced; try again"
            )
        return Fetched(archive, digest)

    def _get(self, path: str, accepted: Sequence[str]) -> bytes:
        url = f"{self._registry.prefix}://{path}"
        headers = {"Accept": ", ".join(accepted)} if accepted else {}
        return self._registry.do_request(url, headers=headers).content


class _Registry(oras.provider.Registry):  # type: ignore[misc]
    """Authentication as `oras` does it, with requests that end and errors of ours."""

    def __init__(self, plain: bool, limits: wire.Limits) -> None:
        super().__init__(insecure=plain)
        # Failures reach the user once, as errors; the library's own log would repeat them.
        oras.logger.logger.logger.disabled = True
        self.session = wire.session(limits)
        # An entry in ~/.netrc would replace the token that the registry gave us.
        self.session.auth = _keep_headers
        self.auth.session = self.session

    def load_credentials(self, where: Container, environment: Mapping[str, str]) -> None:
        """What `docker login` and `helm registry login` have left."""
        home = environment.get("HOME", os.path.expanduser("~"))
        docker = environment.get("DOCKER_CONFIG", os.path.join(home, ".docker"))
        config = environment.get("XDG_CONFIG_HOME", os.path.join(home, ".config"))
        helm = environment.get("HELM_REGISTRY_CONFIG", f"{config}/helm/registry/config.json")
        files = [path for path in (helm, f"{docker}/config.json") if os.path.isfile(path)]
        try:
            self.auth.load_configs(where, configs=files)
        except (OSError, *_BROKEN) as cause:
            raise RegistryError(
                f"the credentials in {' or '.join(files)} cannot be read: {cause}"
            ) from cause

    def do_request(
        self,
        url: str,
        method: str = "GET",
        data: object = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        stream: bool = False,
    ) -> requests.Response:
        """An answer that is a success; with a token where the registry wants one."""
        sent = {**(headers or {}), **self.auth.get_auth_header()}
        try:
            response = self.session.request(method, url, headers=sent)
            if response.status_code in (401, 403) and (proof := self._proof(response)):
                response = self.session.request(method, url, headers={**sent, **proof})
        except _BROKEN as cause:
            raise wire.unreachable(url, cause) from cause
        if not response.ok:
            raise wire.refused(response)
        return response

    def _proof(self, response: requests.Response) -> dict[str, str]:
        """The header that answers a challenge, or nothing where we have none."""
        basic = getattr(self.auth, "_basic_auth", None)
        challenge = response.headers.get("Www-Authenticate", "")
        if challenge.lower().startswith("basic"):
            return {"Authorization": f"Basic {basic}"} if basic else {}
        headers, changed = self.auth.authenticate_request(response, {}, refresh=True)
        return headers if changed else {}


def _chart_layer(manifest: bytes, what: str) -> str:
    """The digest of the layer that holds the archive, in the order of preference of Helm."""
    try:
        content = msgspec.json.decode(manifest)
        layers = [(layer["mediaType"], layer["digest"]) for layer in content["layers"]]
    except (msgspec.DecodeError, KeyError, TypeError) as cause:
        raise RegistryError(f"{what} is not an artifact with layers, so it is no chart") from cause
    for wanted in _ARCHIVES:
        for media_type, digest in layers:
            if media_type == wanted and str(digest).startswith("sha256:"):
                return str(digest)
    kinds = ", ".join(sorted({str(media_type) for media_type, _ in layers})) or "nothing"
    raise RegistryError(f"{what} is no chart: it holds {kinds}")


def _keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
