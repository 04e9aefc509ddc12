"""PostgreSQL while everything around it stops.

Source: CloudNativePG documentation, "Declarative hibernation": the annotation stops the instances
in order and keeps their volumes; the condition of the same name says when.
"""

from collections.abc import Iterator

from gitops.bootstrap.step import Await, Ensure, Phase, Says, Step
from gitops.bootstrap.tools import Tools
from gitops.power.order import Named

_KIND = "cluster.postgresql.cnpg.io"
_HIBERNATION = "cnpg.io/hibernation"


def down(tools: Tools, cluster: Named) -> Iterator[Step]:
    """Hibernate, and see that all instances stopped."""
    yield _annotated(tools, cluster, "on")
    condition = f'jsonpath={{.status.conditions[?(@.type=="{_HIBERNATION}")].status}}'
    asked = tools.kubectl(
        *("--namespace", cluster.namespace, "get", _KIND, cluster.name, "--output", condition)
    )
    title = f"PostgreSQL {cluster.name} hibernates"
    remedy = "`kubectl cnpg status` says which instance does not stop"
    act = Await((asked,), Says("True"))
    yield Step(f"postgres/{cluster.name}/asleep", Phase.DATABASES, title, act, 240, remedy)


def up(tools: Tools, cluster: Named) -> Iterator[Step]:
    """Wake it, and see that all instances are ready."""
    yield _annotated(tools, cluster, "off")
    ready = tools.kubectl(
        *("--namespace", cluster.namespace, "wait", _KIND, cluster.name),
        *("--for=condition=Ready", "--timeout=10s"),
    )
    title = f"PostgreSQL {cluster.name} is ready"
    remedy = "`kubectl cnpg status` says which instance does not start"
    yield Step(
        f"postgres/{cluster.name}/ready", Phase.DATABASES, title, Await((ready,)), 900, remedy
    )


def _annotated(tools: Tools, cluster: Named, value: str) -> Step:
    command = tools.kubectl(
        *("--namespace", cluster.namespace, "annotate", _KIND, cluster.name),
        *(f"{_HIBERNATION}={value}", "--overwrite"),
    )
    title = f"PostgreSQL {cluster.name}: hibernation {value}"
    remedy = "annotate it by hand; without that, its instances stop with their machines"
    name = f"postgres/{cluster.name}/hibernation-{value}"
    return Step(name, Phase.DATABASES, title, Ensure(command), 60, remedy)
