"""What claims of buckets and users of object stores ask of Rook, and what it allows.

Source: rook v1.20.6, pkg/operator/ceph/object/bucket/util.go (`additionalConfigSpecFromMap`: a
field that is not allowed fails the whole claim, one that is not known is passed over) and
provisioner.go (`setUserQuota`: with an owner of its own a bucket's user gets no quota);
pkg/operator/ceph/controller/controller_utils.go splits the list at commas and nowhere else;
pkg/operator/ceph/object/user/controller.go (`userInNamespaceAllowed`).
"""

from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.wiring import near
from gitops.model.finding import Finding

_OPERATOR, _ALLOWED = "rook-ceph-operator-config", "ROOK_OBC_ALLOW_ADDITIONAL_CONFIG_FIELDS"
_USERS = ("spec", "allowUsersInNamespaces")
_PROVISIONER = ".ceph.rook.io/bucket"
_QUOTAS = {"maxObjects": "bucketMaxObjects", "maxSize": "bucketMaxSize"}
_FIELDS = (*_QUOTAS, *_QUOTAS.values(), "bucketLifecycle", "bucketOwner", "bucketPolicy")


def refused(facts: Index) -> Iterator[Finding]:
    """Rook is told to allow what claims ask for; without its settings nothing is said."""
    held = _settings(facts)
    data = mapping(facts.body(held.manifest).get("data")) if held else {}
    if held is None or _ALLOWED not in data:
        return
    allowed = text(data[_ALLOWED]).split(",")
    for owned, asked in _claims(facts):
        for field in asked:
            if field in _FIELDS and field not in allowed:
                spot = Spot(facts, owned, ("spec", "additionalConfig", field))
                yield spot.error(
                    "storage/bucket-refused",
                    f"{spot.who} sets {field}, and Rook is told to allow {', '.join(allowed)}: "
                    "the claim fails, and there is no bucket",
                    f"allow it in {_ALLOWED}, which the chart of Rook calls "
                    "obcAllowAdditionalConfigFields",
                    held,
                )


def idle(facts: Index) -> Iterator[Finding]:
    """Every field is one that Rook knows, and does something."""
    for owned, asked in _claims(facts):
        for field in asked:
            if field not in _FIELDS:
                close = near.best(field, _FIELDS)
                words, hint = "which Rook does not know", f"there is {', '.join(sorted(_FIELDS))}"
                hint = f"did you mean {close!r}?" if close else hint
            elif field in _QUOTAS and asked.get("bucketOwner"):
                words = "a quota of a user that Rook does not set where bucketOwner names one"
                hint = f"set {_QUOTAS[field]}, or `quotas` of the CephObjectStoreUser"
            else:
                continue
            spot = Spot(facts, owned, ("spec", "additionalConfig", field))
            message = f"{spot.who} sets {field}, {words}: it changes nothing"
            yield spot.warning("storage/bucket-field", message, hint)


def strangers(facts: Index) -> Iterator[Finding]:
    """A user in another namespace than its object store's is one that the store lets in."""
    for owned in facts.of("ceph.rook.io", "CephObjectStoreUser"):
        spec, home = mapping(facts.body(owned.manifest).get("spec")), owned.manifest.id.namespace
        place = text(spec.get("clusterNamespace"))
        key = ("ceph.rook.io", "CephObjectStore", place, text(spec.get("store")))
        store = facts.find(*key) if place not in {"", home} else None
        if store and not {"*", home} & {*listing(at(facts.body(store.manifest), *_USERS))}:
            yield Spot(facts, owned, ("spec", "clusterNamespace")).error(
                "storage/user-refused",
                f"{owned.manifest.id} is in namespace {home}, from which {store.manifest.id} takes "
                "no users: it is never made",
                f"add {home} to allowUsersInNamespaces of the store",
                store,
            )


def _claims(facts: Index) -> Iterator[tuple[Owned, dict[str, object]]]:
    """The claims of buckets of Rook, with what they ask for."""
    for owned in facts.of("objectbucket.io", "ObjectBucketClaim"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        name = text(spec.get("storageClassName"))
        found = facts.find("storage.k8s.io", "StorageClass", "", name)
        provisioner = text(facts.body(found.manifest).get("provisioner")) if found else ""
        if provisioner.endswith(_PROVISIONER):
            yield owned, mapping(spec.get("additionalConfig"))


def _settings(facts: Index) -> Owned | None:
    """The settings of the one operator of a cluster, where they are known to the last value."""
    known = [each for each in facts.of("", "ConfigMap") if each.manifest.id.name == _OPERATOR]
    return known[0] if len(known) == 1 and not known[0].manifest.incomplete else None
