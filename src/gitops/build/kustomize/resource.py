"""A resource on its way through a build: its body, and what it was called before."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gitops.build.kustomize.fieldspecs import Gvk
from gitops.build.kustomize.keyed import is_null
from gitops.model.ids import ObjectId
from gitops.model.origin import Location, Origin, Step
from gitops.sources.yamlio import Null

Key = tuple[str, str, str, str, str]
"""Group, version, kind, effective namespace and name: what no two resources may share."""

IsClusterScoped = Callable[[Gvk], bool]

DEFAULT_NAMESPACE = "default"
NO_NAMESPACE = "_non_namespaceable_"
"""Stands for the namespace of what is certainly known to live in none."""

ORIGIN = "config.kubernetes.io/origin"
TRANSFORMATIONS = "alpha.config.kubernetes.io/transformations"
LOCAL = "config.kubernetes.io/local-config"
_INTERNAL = "internal.config.kubernetes.io/"
HELM_GENERATED = _INTERNAL + "helm-generated"
NEEDS_HASH = _INTERNAL + "needsHashSuffix"
BUILD_ANNOTATIONS = frozenset(
    _INTERNAL + name
    for name in (
        "previousKinds",
        "previousNames",
        "prefixes",
        "suffixes",
        "previousNamespaces",
        "allowNameChange",
        "allowKindChange",
        "refBy",
        "generatorBehavior",
        "needsHashSuffix",
        "path",
        "index",
        "seqindent",
        "id",
        "annotations-migration-resource-id",
        "helm-generated",
    )
) | {"config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id"}


class Resource:
    """One object. kustomize keeps what is beside the body here in annotations of the object.

    `former` holds the kinds, effective namespaces and names that the object had, oldest first. An
    object with a history has annotations in kustomize's eyes, so `remember` makes sure of them.
    """

    __slots__ = (
        "_type",
        "behavior",
        "body",
        "former",
        "hashed",
        "is_cluster_scoped",
        "prefixes",
        "source",
        "steps",
        "suffixes",
        "variables",
    )

    def __init__(
        self, body: dict[str, Any], source: Location, is_cluster_scoped: IsClusterScoped
    ) -> None:
        self.body = body
        self.source = source
        self.is_cluster_scoped = is_cluster_scoped
        self.steps: list[Step] = []
        self.former: list[tuple[str, str, str]] = []
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []
        self.variables: list[str] = []
        self.hashed = self.annotation(NEEDS_HASH) == "enabled"
        self.behavior = ""
        self._type: tuple[Any, Any, Gvk] = (None, None, ("", "", ""))

    @property
    def gvk(self) -> Gvk:
        """Group, version and kind as the body has them."""
        version, kind = self.body.get("apiVersion"), self.body.get("kind")
        if version is not self._type[0] or kind is not self._type[1]:
            self._type = (version, kind, _gvk(text(version), text(kind)))
        return self._type[2]

    @property
    def name(self) -> str:
        """The present name."""
        return text(self.metadata.get("name"))

    @property
    def namespace(self) -> str:
        """The namespace as it is written; "" when it is not."""
        return text(self.metadata.get("namespace"))

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata; a mapping of no object where the body has none."""
        metadata = self.body.get("metadata")
        return metadata if type(metadata) is dict else {}

    @property
    def effective_namespace(self) -> str:
        """The namespace that counts when two ids are compared."""
        if self.is_cluster_scoped(self.gvk):
            return NO_NAMESPACE
        return self.namespace or DEFAULT_NAMESPACE

    @property
    def key(self) -> Key:
        """The present id."""
        return (*self.gvk, self.effective_namespace, self.name)

    @property
    def former_keys(self) -> list[Key]:
        """The ids it had, oldest first."""
        group, version, _ = self.gvk
        return [(group, version, *was) for was in self.former]

    @property
    def first(self) -> Key:
        """The id it had first."""
        return self.former_keys[0] if self.former else self.key

    @property
    def ids(self) -> Sequence[ObjectId]:
        """The present id first, then the ids it had before, newest first."""
        now = ObjectId(*self.gvk, self.namespace, self.name)
        return (now, *(ObjectId(*key) for key in reversed(self.former_keys)))

    @property
    def origin(self) -> Origin:
        """Where it comes from, and what happened to it so far."""
        return Origin(self.source, tuple(self.steps))

    def annotation(self, name: str) -> str:
        """One annotation, or ""."""
        annotations = self.metadata.get("annotations")
        return written(annotations.get(name, "")) if type(annotations) is dict else ""

    def strings(self, field: str) -> dict[str, str]:
        """The labels or annotations; values that are no strings as their text."""
        values = self.metadata.get(field)
        if type(values) is not dict:
            return {}
        return {key: written(value) for key, value in values.items()}

    def remember(self) -> None:
        """Keep the present id: references to it will follow to the next one."""
        self.former.append((self.gvk[2], self.effective_namespace, self.name))
        self.require_annotations()

    def forget(self) -> None:
        """Lose what kustomize keeps in annotations, when a patch took all of them away."""
        self.former, self.prefixes, self.suffixes = [], [], []
        self.hashed, self.behavior = False, ""

    def require_annotations(self) -> dict[str, Any]:
        """The annotations, made where there are none."""
        metadata = self.require_metadata()
        annotations = metadata.get("annotations")
        if type(annotations) is not dict:
            annotations = metadata["annotations"] = {}
        return annotations

    def require_metadata(self) -> dict[str, Any]:
        """The metadata, made where there is none."""
        metadata = self.body.get("metadata")
        if type(metadata) is not dict:
            metadata = self.body["metadata"] = {}
        return metadata

    def __str__(self) -> str:
        parts = (self.gvk[2], self.namespace, self.name)
        return "/".join(part for part in parts if part)


def _gvk(api_version: str, kind: str) -> Gvk:
    group, slash, version = api_version.partition("/")
    return (group, version, kind) if slash else ("", group, kind)


def text(value: object) -> str:
    """What kustomize reads where it wants a string; only strings survive in full."""
    if type(value) is str:
        return value
    if is_null(value) or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def written(value: object) -> str:
    """What kustomize reads as a label or annotation: the text of the scalar, even of a null."""
    return "null" if value is Null.WRITTEN else text(value)


def describe(key: Key) -> str:
    """An id for a person."""
    _, _, kind, namespace, name = key
    shown = "" if namespace in (NO_NAMESPACE, DEFAULT_NAMESPACE) else namespace
    return "/".join(part for part in (kind, shown, name) if part)


def with_any_id(resources: Iterable[Resource], key: Key) -> list[Resource]:
    """The resources that have the id, or had it."""
    return [
        resource
        for resource in resources
        if resource.key == key or (resource.former and key in resource.former_keys)
    ]
