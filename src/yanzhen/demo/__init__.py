"""The demo brand: Ferrow, headphones for people on the move, made through the same actions."""
