"""Ideas: from a first thought to a brief to the drafts that are written from it."""
