"""What the rules are told about a compiled repository."""

import os
from argparse import Namespace

from gitops.check.knowledge import Knowledge
from gitops.cli.compose import Compiled
from gitops.sources import clock


def knowledge(compiled: Compiled, arguments: Namespace) -> Knowledge:
    """All that can be known without asking anybody."""
    return Knowledge(
        kube_version=arguments.kube_version or compiled.settings.kube_version,
        today=clock.today(os.environ),
    )
