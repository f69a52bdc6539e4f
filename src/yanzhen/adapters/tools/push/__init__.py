"""Web push: news to a browser that is closed, encrypted for it alone."""
