"""Whether the pods find room when one machine is lost, and the volumes on the disks."""
