"""Template tags of the rota."""
