"""What a rota means, worked out from plain values: no tables, no clock of its own."""
