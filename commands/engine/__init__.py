"""How commands pass through one thread: the sequencer, its batches, its memory, its store."""
