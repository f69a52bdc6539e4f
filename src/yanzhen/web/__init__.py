"""The shell around the rooms: frame, today, activity log, live updates."""
