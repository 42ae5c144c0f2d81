//! How much a source reads at the most. Everything that comes from outside has a limit.

/// Limits of one import.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files in all folders and archives together.
    pub files_max: usize,
    /// Bytes of one JSON document that is held in memory (a bundle, a line of NDJSON).
    pub document_bytes_max: u64,
    /// Bytes of all files together, unpacked.
    pub total_bytes_max: u64,
    /// How many times larger an archive may become when it is unpacked.
    pub ratio_max: u64,
    /// How deep folders and archives may lie in each other.
    pub depth_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            files_max: 100_000,
            document_bytes_max: 512 << 20,
            total_bytes_max: 8 << 30,
            // Deflate cannot exceed 1,032; JSON of a health record seldom exceeds 40.
            ratio_max: 200,
            depth_max: 16,
        }
    }
}
