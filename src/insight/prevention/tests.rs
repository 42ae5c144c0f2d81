//! What the answer about prevention says of small hand-made records.
