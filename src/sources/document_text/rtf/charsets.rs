//! The characters behind the bytes of an RTF document: by its code page, by the charset of a font.

use encoding_rs::Encoding;

/// A set of characters.
#[derive(Clone, Copy, Default)]
pub enum Charset {
    /// Windows-1252.
    #[default]
    Western,
    /// One of the others that are known by name.
    Known(super::Known),
    /// Code page 437, and what is nearly it.
    Dos,
    /// The signs of the Symbol font, and of those made like it.
    Symbol,
}

/// Code page 437 from 0x80 on.
const DOS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
                   αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

impl Charset {
    /// By the number of a code page.
    pub fn of_page(page: Option<i32>) -> Charset {
        match page {
            Some(437 | 850 | 858) => Charset::Dos,
            Some(932) => Charset::Known(encoding_rs::SHIFT_JIS),
            Some(936) => Charset::Known(encoding_rs::GBK),
            Some(949) => Charset::Known(encoding_rs::EUC_KR),
            Some(950) => Charset::Known(encoding_rs::BIG5),
            Some(10000) => Charset::Known(encoding_rs::MACINTOSH),
            Some(65001) => Charset::Known(encoding_rs::UTF_8),
            Some(874 | 1250..=1258) => {
                let name = format!("windows-{}", page.unwrap_or_default());
                Encoding::for_label(name.as_bytes()).map_or(Charset::Western, Charset::Known)
            }
            _ => Charset::Western,
        }
    }

    /// By the number of a font's charset; `None` where the document's own counts.
    pub fn of_font(charset: i32) -> Option<Charset> {
        Some(match charset {
            2 => Charset::Symbol,
            77 => Charset::of_page(Some(10000)),
            128 => Charset::of_page(Some(932)),
            129 => Charset::of_page(Some(949)),
            134 => Charset::of_page(Some(936)),
            136 => Charset::of_page(Some(950)),
            161 => Charset::of_page(Some(1253)),
            162 => Charset::of_page(Some(1254)),
            163 => Charset::of_page(Some(1258)),
            177 => Charset::of_page(Some(1255)),
            178 => Charset::of_page(Some(1256)),
            186 => Charset::of_page(Some(1257)),
            204 => Charset::of_page(Some(1251)),
            222 => Charset::of_page(Some(874)),
            238 => Charset::of_page(Some(1250)),
            _ => return None,
        })
    }

    /// The text in these bytes.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Charset::Western => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
            Charset::Known(known) => known.decode_without_bom_handling(bytes).0.into_owned(),
            Charset::Dos => {
                let letter = |byte: &u8| match byte.checked_sub(0x80) {
                    None => char::from(*byte),
                    Some(at) => DOS.chars().nth(usize::from(at)).unwrap_or(char::REPLACEMENT_CHARACTER),
                };
                bytes.iter().map(letter).collect()
            }
            Charset::Symbol => bytes.iter().map(|byte| symbol(*byte)).collect(),
        }
    }
}

/// The signs of the Symbol font that notes use; others stay what they are in Windows-1252.
fn symbol(byte: u8) -> char {
    match byte {
        b'a' => 'α',
        b'b' => 'β',
        b'g' => 'γ',
        b'D' => 'Δ',
        b'm' => 'µ',
        0xa3 => '≤',
        0xb3 => '≥',
        0xb7 | 0xa7 => '•',
        0xad => '↑',
        0xaf => '↓',
        0xae => '→',
        0xb4 => '×',
        0xb9 => '≠',
        0xbb => '≈',
        0xa8 => '☐',
        0xfe => '☑',
        _ => char::from(byte),
    }
}

/// A letter as it is to be shown: the signs of symbol fonts are written as letters of private use.
pub fn shown(letter: char) -> char {
    match u32::from(letter) {
        code @ 0xf020..=0xf0ff => symbol((code & 0xff) as u8),
        _ => letter,
    }
}
