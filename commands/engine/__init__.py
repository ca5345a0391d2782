"""How commands pass one thread: the sequencer, its batches, the aggregates it keeps, its store."""
