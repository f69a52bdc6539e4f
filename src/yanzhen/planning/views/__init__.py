"""Pages of planning: calendar, posts, composer, import."""
