"""Django's SQLite backend with fair waiting; named by ENGINE in the settings."""
