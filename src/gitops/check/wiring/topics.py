"""Topics of Kafka that users are given rights on.

Source: Strimzi, "Using the Topic Operator": a topic is a KafkaTopic, or is made by a client, where
brokers let clients do so (`auto.create.topics.enable`) or an ACL has the operation Create.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.wiring import near
from gitops.model.finding import Finding

_GROUP = "kafka.strimzi.io"
_MAKERS = ("KafkaBridge", "KafkaConnect", "KafkaMirrorMaker2")
"""Kinds that make topics of their own."""

_LABEL = ("metadata", "labels", "strimzi.io/cluster")


def missing(facts: Index) -> Iterator[Finding]:
    """A literal name in the rights of a user is a topic, where topics are objects alone."""
    if any(facts.of(_GROUP, kind) for kind in _MAKERS):
        return
    for user in facts.of(_GROUP, "KafkaUser"):
        body = facts.body(user.manifest)
        topics = _topics(facts, text(at(body, *_LABEL)))
        rights = [*map(mapping, listing(at(body, "spec", "authorization", "acls")))]
        if not topics or any(_creates(each) for each in rights):
            continue
        closed = _is_closed(facts, text(at(body, *_LABEL)))
        for position, each in enumerate(rights):
            name = _literal(each)
            close = near.best(name, topics) if name and name not in topics else ""
            if name and name not in topics and (close or closed):
                yield _found(Spot(facts, user, _way(position)), name, close, topics)


def _way(position: int) -> tuple[str | int, ...]:
    return ("spec", "authorization", "acls", position, "resource", "name")


def _found(spot: Spot, name: str, close: str, topics: dict[str, Owned]) -> Finding:
    known = ", ".join(sorted(topics))
    return spot.warning(
        "reference/topic-missing",
        f"{spot.who} has rights on topic {name!r}, which does not exist",
        f"did you mean {close!r}?" if close else f"there is {known}",
        *(topics[each] for each in ([close] if close else sorted(topics)[:1])),
    )


def _topics(facts: Index, cluster: str) -> dict[str, Owned]:
    found = {}
    for owned in facts.of(_GROUP, "KafkaTopic"):
        body = facts.body(owned.manifest)
        if text(at(body, *_LABEL)) == cluster:
            found[text(at(body, "spec", "topicName")) or owned.manifest.id.name] = owned
    return found


def _creates(right: dict[str, Any]) -> bool:
    operations = {*map(str, listing(right.get("operations"))), str(right.get("operation"))}
    return bool(operations & {"All", "Create"})


def _literal(right: dict[str, Any]) -> str:
    resource = mapping(right.get("resource"))
    is_literal = resource.get("patternType", "literal") == "literal"
    name = text(resource.get("name"))
    return name if resource.get("type") == "topic" and is_literal and name != "*" else ""


def _is_closed(facts: Index, cluster: str) -> bool:
    """Whether brokers make no topic of a name that a client asks for."""
    config = ("spec", "kafka", "config", "auto.create.topics.enable")
    return any(
        str(at(facts.body(each.manifest), *config)).lower() == "false"
        for each in facts.of(_GROUP, "Kafka")
        if each.manifest.id.name == cluster
    )
