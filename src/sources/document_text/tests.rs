//! What becomes of notes as senders write them.

use super::*;

fn html(text: &str) -> String {
    readable(Some("text/html"), text.as_bytes()).unwrap()
}

#[test]
fn a_note_keeps_its_paragraphs_lists_and_digits() {
    let text = html(
        "<html><head><title>T</title><style>p{}</style><script>var a='<p>no</p>';</script></head><body>\
         <h1>Discharge</h1><p>Temp 37&deg;C,\n   K&nbsp;4.10 mmol/L, WBC 10 x 10<sup>9</sup>/L.</p>\
         <ul><li>aspirin<li>metformin<ol><li>one</li></ol></ul>BP &lt;120<br>ok <a href='http://x'>link</a></body>",
    );
    assert_eq!(
        text,
        "Discharge\n\nTemp 37°C, K 4.10 mmol/L, WBC 10 x 10^9/L.\n\n- aspirin\n- metformin\n  1. one\nBP <120\nok link"
    );
}

#[test]
fn cells_stay_apart_and_lines_are_not_wrapped() {
    let long = "word ".repeat(60);
    let text = html(&format!(
        "<table><tr><th>Test</th><th>Value</th><th></th><th>Range</th></tr>\
         <tr><td>Sodium</td><td><b>140</b></td><td></td><td><p>136</p><p>145</p></td></tr></table><p>{long}</p>"
    ));
    assert_eq!(text, format!("Test | Value |  | Range\nSodium | 140 |  | 136 / 145\n\n{}", long.trim_end()));
}

#[test]
fn a_page_laid_out_as_a_table_stays_a_page() {
    let text = html(
        "<table><tr><td><p>First</p><table><tr><td>a</td><td>b</td></tr></table><p>Last</p></td></tr></table>",
    );
    assert_eq!(text, "First\n\na | b\n\nLast");
}

#[test]
fn what_a_person_could_not_see_is_left_out_and_counted() {
    for hidden in [
        "<span style='display:none'>secret</span>",
        "<span style=\"FONT-SIZE: 0px\">sec<b>ret</b></span>",
        "<div hidden>secret</div>",
        "<font style='color:#fff'>secret</font>",
        "<font color=WHITE>secret</font>",
        "<style>.x{display:none}</style><p class='y x'>secret</p>",
        "<p style='position:absolute;left:-9999px'>secret",
        "<p style='display&#58;none'>secret</p>",
    ] {
        let text = html(&format!("<p>Seen {hidden}</p><p>Also seen</p>"));
        assert!(text.contains("Seen") && text.contains("Also seen"), "{hidden}: {text}");
        assert!(!text.contains("sec") && text.ends_with("[hidden text of 6 characters left out]"), "{text}");
    }
    let shown = html("<table><tr style='background:navy'><td style='color:white'>Test</td></tr></table>");
    assert_eq!(shown, "Test");
    assert_eq!(html("<style>@media print{.x{display:none}}</style><p class=x>Seen</p>"), "Seen");
}

#[test]
fn answers_and_struck_text_keep_their_meaning() {
    let text =
        html("<p><input type=checkbox checked>yes <input type=checkbox>no</p><p><del>10 mg</del> 5 mg</p>");
    assert_eq!(text, "[x] yes [ ] no\n\n~~10 mg~~ 5 mg");
}

#[test]
fn deep_nesting_and_hostile_markup_take_no_longer_than_their_length() {
    let deep = format!("{}middle{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    assert_eq!(html(&deep), "middle");
    let tables = format!("{}middle", "<table><tr><td>".repeat(50_000));
    assert_eq!(html(&tables), "middle");
    for hostile in
        ["<", "<a ", "<!--", "<a b=\"", "</", "&", "<table><td>", "<li>x", "<script>", "<style>@a{"]
    {
        readable(Some("text/html"), hostile.repeat(100_000).as_bytes()).unwrap();
    }
    let attributes = format!("<div {}>text</div>", "a ".repeat(1_000_000));
    assert_eq!(html(&attributes), "text");
}

#[test]
fn characters_are_read_in_the_set_they_are_written_in() {
    let utf16 = |text: &str, mark: u16| -> Vec<u8> {
        std::iter::once(mark).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let plain = Some("text/plain");
    assert_eq!(readable(plain, &utf16("37°C", 0xfeff)).unwrap(), "37°C");
    assert_eq!(readable(plain, &utf16("temperature 37°C", 0xfeff)[2..]).unwrap(), "temperature 37°C");
    assert_eq!(readable(plain, b"37\xb0C \x93quoted\x94").unwrap(), "37°C “quoted”");
    assert_eq!(readable(Some("text/plain; charset=\"ISO-8859-1\""), b"Jos\xe9").unwrap(), "José");
    assert_eq!(readable(plain, "\u{feff}37°C\r\nline\x07 two\u{202e}".as_bytes()).unwrap(), "37°C\nline two");
    assert_eq!(readable(plain, b"Jos\xc3\xa9 37\xc2\xb0C \xff").unwrap(), "José 37°C \u{fffd}");
    assert_eq!(readable(Some("text/plain; charset=shift_jis"), b"\x83\x65\x83\x58").unwrap(), "テス");
    assert_eq!(readable(Some("text/plain; charset=iso-8859-2"), b"Micha\xb3").unwrap(), "Michał");
    let polish = b"<?xml version='1.0' encoding='windows-1250'?><a>Micha\xb3</a>";
    assert_eq!(readable(Some("text/xml"), polish).unwrap(), "Michał");
    let other = readable(Some("text/plain; charset=klingon"), b"\x83\x65").unwrap_err();
    assert_eq!(
        other,
        "a document in a character set that is not known is kept; this version does not read it"
    );
}

#[test]
fn the_content_decides_what_it_is() {
    assert_eq!(readable(Some("text/plain"), b"<div><p>Hello</p></div>").unwrap(), "Hello");
    assert_eq!(readable(None, b"<!DOCTYPE html><html><body>Hello</body></html>").unwrap(), "Hello");
    assert_eq!(readable(Some("text/html"), b"one\ntwo &lt; three").unwrap(), "one\ntwo < three");
    assert_eq!(readable(Some("text/plain"), b"<5 mg of <it>\n</it>").unwrap(), "<5 mg of <it>\n</it>");
    let xhtml =
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>A<br/>B</p></body></html>";
    assert_eq!(readable(Some("application/xml"), xhtml).unwrap(), "A\nB");
    let odd = b"<!DOCTYPE html [<!ENTITY x 'y'>]><html><body>37&deg;C &x; &#8805;5</body></html>";
    assert_eq!(readable(None, odd).unwrap(), "37°C &x; ≥5");
    assert_eq!(readable(Some("text/plain"), b"{\\rtf1 37\\'b0C}").unwrap(), "37°C");
    assert_eq!(
        readable(Some("text/plain"), b"<?xml version='1.0'?><r><a>37</a><b>C</b></r>").unwrap(),
        "37\nC"
    );
    assert!(
        readable(Some("text/html"), b"%PDF-1.7").unwrap_err().starts_with("a PDF document that is cut off")
    );
    for (declared, bytes, name) in [
        ("application/pdf", &b""[..], "a PDF document that is cut off or none"),
        ("text/plain", b"\0\0\0\x01\0\0", "a file that is not text"),
        ("image/jpeg", b"x", "an image"),
    ] {
        let expected = format!("{name} is kept; this version does not read it");
        assert_eq!(readable(Some(declared), bytes), Err(expected), "{declared}");
    }
    assert!(readable(None, &vec![b'a'; BYTES_MAX + 1]).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_panics_the_reader(text in "(<(/?)(div|p|table|tr|td|li|a|script|!--)( (style|x)=['\"]?[a-z:0-9]*)?>?|[a-zé&;#<> ]|\\PC){0,60}") {
        let _ = html(&text);
    }

    #[test]
    fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = readable(None, &bytes);
    }
}
