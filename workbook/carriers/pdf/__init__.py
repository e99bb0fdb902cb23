"""PDF documents: their letters, their ruling lines, and what covers them."""
