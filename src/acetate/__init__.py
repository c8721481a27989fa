"""acetate: clear sheets over your pictures."""
