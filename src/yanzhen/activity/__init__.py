"""The spine: what happened, who did it, and who is owed the news."""
