//! How much a server may cost. Every one of these is met by a line about the query, never by silence.

/// Limits of one fetch.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests under way at a time.
    pub at_a_time: usize,
    /// Pages of one query.
    pub pages_max: u32,
    /// Resources of one query.
    pub resources_max: u32,
    /// Bytes of one query, unpacked.
    pub bytes_max: u64,
    /// Bytes of the whole fetch, unpacked.
    pub total_bytes_max: u64,
    /// Pages of the whole fetch.
    pub total_pages_max: u32,
    /// How long the whole fetch may take.
    pub total_ms: u64,
    /// Bytes of one page: some servers send all they have in one.
    pub page_bytes_max: u64,
    /// Bytes of one document that entries name.
    pub document_bytes_max: u64,
    /// Pages are kept together, but wait for each other no longer than this.
    pub keep_ms: u64,
    /// From a request to the last byte of its answer.
    pub request_ms: u64,
    /// How often one thing is asked for, where it fails in a way that may pass.
    pub tries_max: u32,
    /// The wait before the second try; it doubles from try to try.
    pub back_off_ms: u64,
    /// The longest wait that a server may ask for.
    pub wait_max_ms: u64,
    /// So many queries without any answer, one after the other, end the asking.
    pub unanswered_max: u32,
    /// Things named by entries that are read singly.
    pub references_max: usize,
    /// How often what was named may name further things.
    pub depth_max: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            at_a_time: 5,
            pages_max: 2_000,
            resources_max: 200_000,
            bytes_max: 1 << 30,
            total_bytes_max: 4 << 30,
            total_pages_max: 20_000,
            total_ms: 2 * 60 * 60 * 1_000,
            page_bytes_max: 64 << 20,
            document_bytes_max: 32 << 20,
            keep_ms: 500,
            request_ms: 60_000,
            tries_max: 4,
            back_off_ms: 1_000,
            wait_max_ms: 120_000,
            unanswered_max: 5,
            references_max: 5_000,
            depth_max: 3,
        }
    }
}
