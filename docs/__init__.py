"""Pages, and what writes measurements into them."""
