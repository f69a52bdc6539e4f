"""Assembly: settings, URLs, the ASGI app, the command line. The only room that knows every other."""
