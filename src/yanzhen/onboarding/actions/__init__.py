"""What the first hour writes, mostly through the actions of the rooms below."""
