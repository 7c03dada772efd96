"""Use cases that read: frozen rows, never entities."""
