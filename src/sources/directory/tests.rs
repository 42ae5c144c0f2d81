//! Stories of the directory, over made-up bundles.
