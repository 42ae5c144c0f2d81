//! A tiny random number generator, so that the same seed gives the same people everywhere.

/// SplitMix64 (Steele, Lea and Flood 2014): one word of state, whole numbers only, no platform in it.
pub struct Random(u64);

impl Random {
    /// A generator that will always say the same for this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator seeded by a name: the 64-bit FNV-1a hash of its bytes.
    pub fn named(name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.bits() % width)
    }

    /// A whole number near `middle`: mostly within half of `spread`, never farther than `spread`.
    pub fn around(&mut self, middle: i64, spread: i64) -> i64 {
        middle + (self.between(-spread, spread) + self.between(-spread, spread)) / 2
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let last = i64::try_from(list.len()).unwrap_or(1) - 1;
        &list[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    /// A UUID of version 4, as `urn:uuid:` references want it.
    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.bits(), self.bits());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }
}
