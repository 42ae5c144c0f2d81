//! What becomes of PDF documents, written here byte by byte.

use super::*;

/// A PDF document of these pages, with the font `F1` and, if asked for, a picture `I1`.
pub(crate) fn pdf(pages: &[&str], has_picture: bool) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        String::new(),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\nA\nendstream".to_owned(),
        "<</Title(Chest CT report)/CreationDate(D:20240302101500Z)>>".to_owned(),
    ];
    let picture = if has_picture { "/XObject<</I1 4 0 R>>" } else { "" };
    let mut kids = String::new();
    for page in pages {
        let at = objects.len() + 1;
        kids.push_str(&format!("{at} 0 R "));
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>{picture}>>/Contents {} 0 R>>",
            at + 1
        ));
        objects.push(format!("<</Length {}>>\nstream\n{page}\nendstream", page.len()));
    }
    objects[1] = format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len());
    assemble(&objects, "/Info 5 0 R")
}

/// The bytes of a document of these objects.
fn assemble(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        // One byte a letter, as Windows-1252 has them.
        let written = format!("{} 0 obj\n{object}\nendobj\n", at + 1);
        out.extend(written.chars().map(|letter| u32::from(letter) as u8));
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!("trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    out
}

/// Words at places, in points from the lower left.
pub(crate) fn words(all: &[(f64, f64, &str)]) -> String {
    let each = all.iter().map(|(x, y, text)| format!("BT /F1 10 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"));
    each.collect()
}

fn read(page: &str) -> String {
    to_text(&pdf(&[page], false)).unwrap()
}

#[test]
fn lines_rows_and_paragraphs_are_read_as_they_stand() {
    let long = "The lungs are clear and there is no pleural effusion or pneumothorax to be seen here at all";
    let page = words(&[
        (72.0, 700.0, "CT CHEST"),
        (72.0, 670.0, long),
        (72.0, 658.0, "today. Temp 37\u{b0}C."),
        (72.0, 620.0, "Test"),
        (200.0, 620.0, "Value"),
        (300.0, 620.0, "Range"),
        (72.0, 608.0, "Sodium"),
        (200.0, 608.0, "140"),
        (300.0, 608.0, "136-145"),
        (72.0, 570.0, "Page 1"),
    ]);
    assert_eq!(
        read(&page),
        format!(
            "CT CHEST\n\n{long} today. Temp 37°C.\n\nTest | Value | Range\nSodium | 140 | 136-145\n\nPage 1"
        )
    );
}

#[test]
fn columns_of_running_text_are_read_one_after_the_other() {
    let lines: Vec<(f64, f64, &str)> = (0..8)
        .flat_map(|at| {
            let y = 700.0 - 12.0 * f64::from(at);
            [(72.0, y, "left words that fill the line up"), (330.0, y, "right words that fill the line")]
        })
        .collect();
    let text = read(&words(&lines));
    assert!(text.rfind("left").unwrap() < text.find("right").unwrap(), "{text}");
}

#[test]
fn each_way_to_show_text_is_read() {
    let page = "BT /F1 10 Tf 14 TL 72 700 Td [(Ta)-20(ke)-400(aspirin)] TJ T* (two) Tj (three) ' 1 0 (four) \" ET \
                BT /F1 10 Tf 1 0 0 1 72 600 Tm (10) Tj /F1 6 Tf 4 Ts (9) Tj 0 Ts /F1 10 Tf (/L) Tj ET";
    assert_eq!(read(page), "Take aspirin\ntwo\nthree\nfour\n\n10^9/L");
}

#[test]
fn a_page_that_is_a_picture_is_said_to_be_a_scan() {
    let picture = "q 612 0 0 792 0 0 cm /I1 Do Q";
    assert_eq!(to_text(&pdf(&[picture], true)), Err(SCAN.to_owned()));
    let mixed = to_text(&pdf(&[picture, &words(&[(72.0, 700.0, "Typed page.")])], true)).unwrap();
    assert_eq!(mixed, "Typed page.\n\n[1 pages of this document are pictures without text]");
    // The words of a scan that somebody has had read.
    let read = format!("{picture} BT 3 Tr /F1 10 Tf 72 700 Td (Read by a machine.) Tj ET");
    assert_eq!(to_text(&pdf(&[&read], true)).unwrap(), "Read by a machine.");
}

#[test]
fn what_a_person_could_not_see_is_left_out_and_counted() {
    for hidden in ["3 Tr (secret) Tj", "1 g (secret) Tj", "1 1 1 rg (secret) Tj", "/F1 0.5 Tf (secret) Tj"] {
        let page = format!("BT /F1 10 Tf 72 700 Td (Seen.) Tj ET BT /F1 10 Tf 72 600 Td {hidden} ET");
        assert_eq!(read(&page), "Seen.\n\n[hidden text of 6 characters left out]", "{hidden}");
    }
    let on_blue = "0 0 1 rg 70 690 200 30 re f BT 1 g /F1 10 Tf 72 700 Td (Heading) Tj ET";
    assert_eq!(read(on_blue), "Heading");
    let on_outline =
        "0 0 1 rg 70 690 m 270 690 l 270 720 l 70 720 l h f BT 1 g /F1 10 Tf 72 700 Td (Heading) Tj ET";
    assert_eq!(read(on_outline), "Heading");
}

#[test]
fn letters_are_those_that_the_font_says() {
    let table = "/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange \
                 2 beginbfchar <0001> <00B0> <0002> <FB01> endbfchar 1 beginbfrange <0010> <0012> <0041> endbfrange end";
    let page = "BT /F1 10 Tf 72 700 Td <001000110012000100020099> Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{page}\nendstream", page.len()),
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>"
            .to_owned(),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 500/W[16[600 600 600] 1 4294967295 500]>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{table}\nendstream", table.len()),
    ];
    let text = to_text(&assemble(&objects, "")).unwrap();
    assert_eq!(
        text,
        "ABC°fi\n\n[1 signs of this document are in a font that does not say which letters they are]"
    );
}

#[test]
fn what_a_document_says_about_itself_is_told() {
    let about = about(&pdf(&[""], false));
    assert_eq!(about, About { title: Some("Chest CT report".into()), made_on: Some("2024-03-02".into()) });
    assert_eq!((day("D:2024"), day("D:20241399")), (None, None));
}

#[test]
fn a_locked_or_broken_document_is_said_to_be_one() {
    let mut objects =
        vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned(), "<</Type/Pages/Count 0/Kids[]>>".to_owned()];
    objects.push("<</Filter/Standard/V 2/R 3/Length 128/P -44/O<0000000000000000000000000000000000000000000000000000000000000000>/U<0000000000000000000000000000000000000000000000000000000000000000>>>".into());
    assert_eq!(to_text(&assemble(&objects, "/Encrypt 3 0 R/ID[<00><00>]")), Err(LOCKED.to_owned()));
    let whole = pdf(&["BT ET"], false);
    assert!(to_text(&whole[..80]).is_err());
}

#[test]
fn hostile_documents_end() {
    let calls_itself = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 2/Kids[3 0 R 2 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 4 0 R>>>>/Contents 4 0 R>>".to_owned(),
        "<</Type/XObject/Subtype/Form/Length 50>>\nstream\n/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do \nendstream".to_owned(),
    ];
    assert_eq!(to_text(&assemble(&calls_itself, "")), Ok(String::new()));
    let nested = format!("BT /F1 10 Tf {} ET", "[".repeat(100_000));
    let _ = to_text(&pdf(&[&nested, &"q ".repeat(100_000), &"(".repeat(100_000)], false));
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        std::io::Write::write_all(&mut packed, &vec![b' '; 1 << 20]).unwrap();
    }
    let packed = packed.finish().unwrap();
    let mut bomb = b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n".to_vec();
    bomb.extend(&packed);
    bomb.extend(b"\nendstream\nendobj\nstartxref\n9\n%%EOF");
    assert!(to_text(&bomb).unwrap_err().contains("many times larger"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_change_of_bytes_panics_the_reader(at in 0usize..1000, byte in proptest::num::u8::ANY) {
        let mut bytes = pdf(&[&words(&[(72.0, 700.0, "Words")])], true);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = to_text(&bytes);
    }
}
