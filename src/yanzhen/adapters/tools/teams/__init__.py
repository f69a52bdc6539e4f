"""Microsoft Teams, through a workflow that takes cards at a secret address."""
