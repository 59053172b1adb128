"""Where knowledge comes from beside helpdesks: one file a kind of source."""
