"""The brand framework: what the brand says, how it says it, and what it never says."""
