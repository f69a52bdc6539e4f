"""The only writers of the rota."""
