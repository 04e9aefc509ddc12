"""References that lead into other repositories, told from paths as kustomize tells them."""

import re

import msgspec

_SCHEME = re.compile(r"(?:git::)?(ssh|https?|file)://", re.I)
_USER = re.compile(r"[A-Za-z][A-Za-z0-9-]*@")
_GITHUB = re.compile(r"github\.com[/:]", re.I)


class Address(msgspec.Struct, frozen=True):
    """A repository, a path in it and the revision."""

    repository: str
    path: str
    ref: str


def is_remote(reference: str) -> bool:
    """Whether kustomize would go to the network for it, were there no such file."""
    return bool(re.match(r"https?:", reference, re.I)) or parse(reference) is not None


def parse(reference: str) -> Address | None:
    """The address, or None for a path (api/internal/git, NewRepoSpecFromURL)."""
    if reference.startswith("/"):
        return None
    rest, _, query = reference.partition("?")
    if rest.lower().startswith("git::"):
        rest = rest[5:]
    scheme = _SCHEME.match(rest)
    rest = rest[scheme.end() :] if scheme else rest
    user = _USER.match(rest)
    rest = rest[user.end() :] if user else rest
    github = _GITHUB.match(rest)
    if not (scheme or user or github):
        return None
    separators = "/" if scheme else "/:"
    host = re.match(rf"[^{separators}]+[{separators}]", rest)
    if host is None:
        return None
    start = (scheme.group() if scheme else "") + (user.group() if user else "") + host.group()
    if github:
        start = f"{user.group()}github.com:" if user else "https://github.com/"
    return _split(start, rest[host.end() :], _ref(query))


def _split(host: str, rest: str, ref: str) -> Address | None:
    for marker, kept in (("_git/", ""), ("//", ""), (".git", ".git")):
        if marker not in rest:
            continue
        before, _, after = rest.partition(marker)
        if marker == "_git/":
            name, _, path = after.partition("/")
            return Address(f"{host}{before}_git/{name}", path, ref)
        return Address(host + before + kept, after.lstrip("/"), ref)
    parts = rest.split("/")
    if len(parts) < 2 or not parts[0]:
        return None
    return Address(host + "/".join(parts[:2]), "/".join(parts[2:]), ref)


def _ref(query: str) -> str:
    values = dict(part.partition("=")[::2] for part in query.split("&") if part)
    return values.get("ref") or values.get("version") or ""
