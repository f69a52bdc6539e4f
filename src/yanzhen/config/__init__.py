"""Assembly: settings, URLs, the ASGI app, the command line. Knows every room."""
