"""Many units: who is expected, what came of them, what goes back."""
