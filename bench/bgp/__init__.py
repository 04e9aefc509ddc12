"""A BGP lab: the router's policy on FRR and six nodes on GoBGP, all real and each in a namespace of
its own, from the facts that also configure the router."""
