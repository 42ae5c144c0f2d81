//! What a SMART Health Card has signed: the input is put into the frame of a card, unpacked as it may come.
#![no_main]

use std::hint::black_box;

use plainchart::sources::cards::Card;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let signature = "A".repeat(86);
    let card = format!("eyJ6aXAiOiJERUYiLCJhbGciOiJFUzI1NiJ9.{}.{signature}", base64url(bytes));
    let _ = black_box(Card::read(&card));
    plainchart_fuzz::format("SMART Health Card", card.as_bytes());
});

fn base64url(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut bits = [0; 3];
        bits[..three.len()].copy_from_slice(three);
        let all = u32::from_be_bytes([0, bits[0], bits[1], bits[2]]);
        let signs = (0..=three.len()).map(|at| SIGNS[(all >> (18 - 6 * at)) as usize & 63]);
        text.extend(signs.map(char::from));
    }
    text
}
