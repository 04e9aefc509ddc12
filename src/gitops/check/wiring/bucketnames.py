"""Buckets that settings name, and those that are claimed.

Source: rook, "Object Bucket Claim": the bucket has the name in `spec.bucketName`. A program is told
the name once more in its own settings, and S3 answers a wrong one with NoSuchBucket when something
is first written.
"""

import re
from collections.abc import Iterator

from gitops.check.fields import at, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.wiring import near
from gitops.model.finding import Finding

Way = tuple[str | int, ...]

_CLAIM = ("objectbucket.io", "ObjectBucketClaim")
_KEY = re.compile(r"(?:[a-z_]*_)?bucket(?:_?name)?|[a-z]\w*Bucket(?:Name)?|bucketName", re.I)
_IN_TEXT = re.compile(
    r"""(?:\bbucket(?:[_-]?name)?["']?\s*[:=]\s*["']?|s3://)([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])""",
    re.I,
)
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NONE = frozenset({"CustomResourceDefinition", "GrafanaDashboard", "PrometheusRule"})
_REFERENCES = (b'"configMap', b'"secret', b'SecretRef"', b'"existingSecret', b'"valuesFrom')
_DIGITS = re.compile(r"[0-9]+")


def unclaimed(facts: Index) -> Iterator[Finding]:
    """A name that nearly is a claimed one is that one; and where a namespace claims a bucket that
    nothing names, what it names is claimed."""
    claims = {
        name: owned
        for owned in facts.of(*_CLAIM)
        if (name := text(at(facts.body(owned.manifest), "spec", "bucketName")))
    }
    found = [*_named(facts)] if claims else []
    slips = {name: _slip(name, claims) for _, name in found if name not in claims}
    taken = {name for _, name in found} | {*slips.values()}
    for spot, name in found:
        meant = "" if name in claims else slips[name] or _left(spot, claims, taken)
        if meant:
            yield spot.warning(
                "storage/bucket-unclaimed",
                f"{spot.who} names bucket {name!r}, which nobody claims",
                f"did you mean {meant!r}?",
                claims[meant],
            )


def _slip(name: str, claims: dict[str, Owned]) -> str:
    """A claimed name that this one nearly is; numbered ones are several of a kind."""
    bare = _DIGITS.sub("", name)
    return near.best(name, sorted(each for each in claims if _DIGITS.sub("", each) != bare))


def _left(spot: Spot, claims: dict[str, Owned], taken: set[str]) -> str:
    """The one bucket that is claimed beside whoever names another, and that nobody names: neither
    by its own name nor by the Secret and ConfigMap of its claim."""
    namespace = spot.owned.manifest.id.namespace
    left = [
        name
        for name, claim in claims.items()
        if claim.manifest.id.namespace == namespace
        and name not in taken
        and not _is_read(spot.facts, claim)
    ]
    return left[0] if len(left) == 1 else ""


def _is_read(facts: Index, claim: Owned) -> bool:
    """Whether something refers to the Secret or the ConfigMap of a claim."""
    _, _, where, name = claim.manifest.id.key
    if any(("", kind, where, name) in facts.owned for kind in ("ConfigMap", "Secret")):
        return False
    return any(
        _refers(owners[0].manifest.raw, name)
        for key, owners in facts.owned.items()
        if key[2] == where and key != claim.manifest.id.key
    )


def _refers(raw: bytes, name: str) -> bool:
    """Source: Kubernetes, `envFrom`, `valueFrom` and volumes; all other references have a like
    name."""
    held = (f'"{field}":"{name}"'.encode() for field in ("name", "secretName", "existingSecret"))
    return any(each in raw for each in held) and any(each in raw for each in _REFERENCES)


def _named(facts: Index) -> Iterator[tuple[Spot, str]]:
    """What a repository writes itself and calls a bucket."""
    for key, owners in facts.owned.items():
        owned = owners[0]
        is_mine = key[:2] != _CLAIM and owned.unit.id.kind != "HelmRelease"
        if is_mine and key[1] not in _NONE and b"ucket" in owned.manifest.raw:
            body = facts.body(owned.manifest)
            for part in ("data", "spec", "stringData"):
                for way, name in _names(body.get(part), (part,)):
                    yield Spot(facts, owned, way), name


def _names(value: object, way: Way) -> Iterator[tuple[Way, str]]:
    match value:
        case str():
            is_field = bool(way) and isinstance(way[-1], str) and _KEY.fullmatch(way[-1])
            if is_field and _NAME.fullmatch(value):
                yield way, value
            else:
                yield from ((way, each) for each in dict.fromkeys(_IN_TEXT.findall(value)))
        case list():
            for position, each in enumerate(value):
                yield from _names(each, (*way, position))
        case dict():
            for field, each in value.items():
                yield from _names(each, (*way, field))
