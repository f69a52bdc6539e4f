"""What publishing announces."""
