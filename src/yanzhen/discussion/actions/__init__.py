"""Everything this room writes."""
