"""Word documents: what Word shows of them."""
