"""The team's media files: taken in, looked at, kept, shown."""
