"""Coverage-guided fuzzing of what reads texts: `python -m tests.fuzz` (a minute), or with more seconds."""
