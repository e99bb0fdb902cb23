"""Many units: who is expected, what came, what was decided about it, and what follows from that."""
