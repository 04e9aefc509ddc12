"""PromQL and MetricsQL: what an expression says, and which labels its result has."""
