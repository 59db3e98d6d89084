"""Context-free rules over regular terms, with productions made on demand."""
