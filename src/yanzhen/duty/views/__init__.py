"""What the pages of the rota answer with."""
