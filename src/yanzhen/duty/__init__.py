"""People on duty: who has which hours, how they change hands, and where nobody is."""
