"""`gitops upgrade`: Talos or Kubernetes of a cluster, node by node."""

from gitops.bootstrap import upgrading
from gitops.cli import arguments, operating

_DESCRIPTION = (
    "Upgrade a cluster to the version in fleet.yaml, one node after the other. Between two nodes "
    "etcd must have all members, Ceph must be whole, and every node ready: else it stops."
)

_PLANS = {"talos": upgrading.talos, "kubernetes": upgrading.kubernetes}


def run(given: list[str]) -> int:
    """Carry the plan out; 1 when a step failed."""
    parser = arguments.parser("upgrade", _DESCRIPTION)
    parser.add_argument("what", choices=tuple(_PLANS), help="what is upgraded")
    operating.add_options(parser)
    options = parser.parse_args(given)
    facts = operating.facts(options)
    plan = _PLANS[options.what](facts)
    return operating.perform(plan, options, facts.folder, forget=(plan.name,))
