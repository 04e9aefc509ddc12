"""How machines become a cluster that Flux keeps: plans, and how they are carried out."""
