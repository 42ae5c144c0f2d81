//! What becomes of RTF as Word and records systems write it.

use super::to_text;

fn rtf(body: &str) -> String {
    to_text(format!(r"{{\rtf1\ansi\ansicpg1252\deff0{{\fonttbl{{\f0\fswiss\fcharset0 Arial;}}{{\f1\fcharset204 Arial Cyr;}}{{\f2\fcharset2 Symbol;}}}}{{\colortbl;\red0\green0\blue0;}}{{\stylesheet{{\s0 Normal;}}}}{{\info{{\title Secret title}}}}{{\header Page head\par}}{body}}}").as_bytes())
}

#[test]
fn paragraphs_characters_and_digits_are_kept() {
    let text = rtf(
        r"\pard\plain\f0 Temp 37\'b0C, K 4.10 mmol/L\par eGFR \u8805?60, WBC 10 x 10{\super 9}/L\par\par {\b Plan:} rest\line and fluids \emdash  daily.\par",
    );
    assert_eq!(
        text,
        "Temp 37°C, K 4.10 mmol/L\neGFR ≥60, WBC 10 x 10^9/L\n\nPlan: rest\nand fluids — daily."
    );
}

#[test]
fn line_ends_of_the_file_mean_nothing() {
    assert_eq!(rtf("The pa\r\ntient feels \nwell.\\\r\nNext"), "The patient feels well.\nNext");
}

#[test]
fn cells_stay_apart_and_rows_are_lines() {
    let row = |a: &str, b: &str, c: &str| {
        format!(r"\trowd\cellx1000\cellx2000\cellx3000\pard\intbl {a}\cell {b}\cell {c}\cell\row ")
    };
    let text = rtf(&format!(
        r"Labs:\par {}{}{}\pard After the table.\par",
        row("Test", "Value", "Range"),
        row("Sodium", "140", r"136\par 145"),
        row("Note", "", "x")
    ));
    assert_eq!(
        text,
        "Labs:\n\nTest | Value | Range\nSodium | 140 | 136 / 145\nNote |  | x\n\nAfter the table."
            .replace("Labs:\n\n", "Labs:\n")
    );
    assert_eq!(rtf(r"Sodium\tab 140\tab 136-145"), "Sodium\t140\t136-145");
}

#[test]
fn what_a_person_could_not_see_is_left_out_and_counted() {
    assert_eq!(rtf(r"Seen {\v secret}too"), "Seen too\n\n[hidden text of 6 characters left out]");
    assert_eq!(rtf(r"Seen{\deleted  gone}"), "Seen\n\n[hidden text of 4 characters left out]");
    assert_eq!(rtf(r"\strike 10 mg\strike0  5 mg"), "~~10 mg~~ 5 mg");
    assert_eq!(rtf(r"{\pict\pngblip 89504e47}{\*\generator Word;}{\*\unknown x}A"), "A");
    assert_eq!(rtf("{\\pict\\bin5 }{}}\\A}B"), "B");
    assert_eq!(rtf(r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}"), "link");
    assert_eq!(rtf(r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt In a box.\par}}}"), "In a box.");
}

#[test]
fn characters_are_of_the_set_of_their_font() {
    assert_eq!(rtf(r"{\f1 \'c4\'e0} {\f2 \'b3} \'e9"), "Да ≥ é");
    assert_eq!(rtf(r"{\listtext\f2 \'b7\tab}one\par \u-3913 ?two"), "• one\n•two");
    assert_eq!(rtf(r"\u55357?\u56832? {\uc2\u176\'a1\'e3C}"), "😀 °C");
    let dos = to_text(br"{\rtf1\pc 37\'f8C}");
    assert_eq!(dos, "37°C");
    let japanese = to_text(br"{\rtf1\ansi\ansicpg932 \'83\'65\'83\'58}");
    assert_eq!(japanese, "テス");
}

#[test]
fn hostile_documents_take_no_longer_than_their_length() {
    for hostile in
        ["{", "}", "\\", "{\\v ", "\\u1", "\\cell ", "\\trowd\\cell\\row", "\\'", "\\bin99999999 ", "{\\*"]
    {
        to_text(hostile.repeat(100_000).as_bytes());
    }
    let deep = format!("{}middle{}end", "{".repeat(100_000), "}".repeat(100_000));
    assert_eq!(to_text(deep.as_bytes()), "middleend");
}

proptest::proptest! {
    #[test]
    fn no_bytes_panic_the_reader(bytes in "(\\{|\\}|\\\\(u-?[0-9]{1,6}|cell|row|trowd|intbl|par|v0?|uc[0-9]|'[0-9a-f]{1,2}|f[0-9]|bin[0-9]|\\*)? ?|[a-zé ]){0,80}") {
        to_text(bytes.as_bytes());
    }
}
