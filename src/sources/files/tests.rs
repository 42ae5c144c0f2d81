//! Archives, folders and limits, with archives made here.

use std::io::Write;

use super::*;
use crate::sources::Draft;
use crate::sources::document_text::{made_pdf, words_on_page};
use zip::write::SimpleFileOptions;

#[derive(Default)]
struct Taken {
    keys: Vec<String>,
    files: Vec<String>,
    left_out: Vec<(String, String)>,
    bytes: u64,
}

impl Receiver for Taken {
    fn draft(&mut self, draft: Draft) {
        self.keys.push(draft.entry.key.to_string());
        self.files.push(draft.entry.file.map(|file| file.to_string()).unwrap_or_default());
    }
    fn left_out(&mut self, left_out: LeftOut) {
        self.left_out.push((left_out.file, left_out.reason));
    }
    fn progress(&mut self, bytes: u64) {
        self.bytes += bytes;
    }
}

const PATIENT: &str = "{\"resourceType\":\"Patient\",\"id\":\"p\"}";

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Reads these files from a folder of their own, each given by itself.
fn read_within(limits: &Limits, files: &[(&str, &[u8])]) -> (Taken, Result<Vec<FileFailure>, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        fs::write(path, bytes).unwrap();
    }
    let mut taken = Taken::default();
    let result = read_paths(&paths, limits, &mut taken);
    if result.is_ok() {
        assert_eq!(taken.bytes, files.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>());
    }
    (taken, result)
}

fn read(name: &str, bytes: &[u8]) -> (Taken, Vec<FileFailure>) {
    let (taken, result) = read_within(&Limits::default(), &[(name, bytes)]);
    (taken, result.unwrap())
}

fn reasons(failures: &[FileFailure]) -> Vec<(&str, &str)> {
    failures.iter().map(|failure| (failure.file.as_str(), failure.reason.as_str())).collect()
}

#[test]
fn archives_are_read_in_each_other_and_their_names_are_only_names() {
    let inner =
        zipped(&[("../../etc/passwd.json", PATIENT.as_bytes()), ("C:\\a\u{7}.json", PATIENT.as_bytes())]);
    let outer = zipped(&[
        ("b/export.zip", &inner),
        ("a.ndjson.gz", &gzipped(format!("{PATIENT}\n{PATIENT}\n").as_bytes())),
        ("notes.txt", PATIENT.as_bytes()),
    ]);
    let (taken, failures) = read("all.zip", &outer);
    assert_eq!(failures, []);
    assert_eq!(
        taken.files,
        [
            "all.zip!a.ndjson.gz",
            "all.zip!a.ndjson.gz",
            "all.zip!b/export.zip!../../etc/passwd.json",
            "all.zip!b/export.zip!C:/a\u{fffd}.json",
            "all.zip!notes.txt"
        ]
    );
    let (taken, failures) = read("all.zip.gz", &gzipped(&outer));
    assert_eq!((taken.keys.len(), failures.len()), (5, 0));
}

#[test]
fn what_is_cut_off_or_broken_gives_nothing() {
    let lines = format!("{PATIENT}\n").repeat(2000);
    let archive = zipped(&[("1.ndjson", lines.as_bytes()), ("2.json", PATIENT.as_bytes())]);
    let packed = gzipped(lines.as_bytes());
    let expected = "is cut off or broken; nothing was taken from it";
    for cut in [10, archive.len() / 2, archive.len() - 10] {
        let (taken, failures) = read("a.zip", &archive[..cut]);
        assert_eq!((taken.keys.len(), reasons(&failures)), (0, vec![("a.zip", expected)]), "{cut}");
    }
    for cut in [5, packed.len() / 2, packed.len() - 1] {
        let (taken, failures) = read("a.ndjson.gz", &packed[..cut]);
        assert_eq!((taken.keys.len(), reasons(&failures)), (0, vec![("a.ndjson.gz", expected)]), "{cut}");
    }
    let mut flipped = archive.clone();
    flipped[60] ^= 1;
    let (taken, failures) = read("a.zip", &flipped);
    assert_eq!((taken.keys.len(), reasons(&failures)), (0, vec![("a.zip", expected)]));
}

#[test]
fn a_bomb_is_refused() {
    let zeros = vec![b' '; 8 << 20];
    let expected = "becomes more than 200 times larger when it is unpacked, which no record does";
    let bomb = zipped(&[("good.json", PATIENT.as_bytes()), ("bomb.json", &zeros)]);
    for (name, bytes) in [("a.zip", &bomb), ("a.gz", &gzipped(&zeros))] {
        let (taken, failures) = read(name, bytes);
        assert_eq!((taken.keys.len(), reasons(&failures)), (0, vec![(name, expected)]));
    }
    let (taken, failures) = read("a.zip", &zipped(&[("in.zip", &bomb), ("good.json", PATIENT.as_bytes())]));
    assert_eq!((taken.keys.len(), reasons(&failures)), (1, vec![("a.zip!in.zip", expected)]));
}

#[test]
fn archives_that_lie_too_deep_are_refused() {
    let deep = (0..20).fold(PATIENT.as_bytes().to_vec(), |inside, _| zipped(&[("in.zip", &inside)]));
    let (taken, failures) = read("a.zip", &deep);
    assert_eq!(taken.keys.len(), 0);
    assert_eq!(failures[0].reason, "has archives or folders inside each other, deeper than 16");
    let deep = (0..20).fold(PATIENT.as_bytes().to_vec(), |inside, _| gzipped(&inside));
    assert_eq!(read("a.gz", &deep).1[0].reason, "has archives or folders inside each other, deeper than 16");
}

#[test]
fn an_import_has_limits_as_a_whole() {
    let files = [("1.json", PATIENT.as_bytes()), ("2.json", PATIENT.as_bytes())];
    let few = Limits { files_max: 1, ..Limits::default() };
    assert_eq!(read_within(&few, &files).1, Err(Error::TooManyFiles(1)));
    assert_eq!(read_within(&few, &[("a.zip", &zipped(&files))]).1, Err(Error::TooManyFiles(1)));
    let small = Limits { total_bytes_max: 40, ..Limits::default() };
    assert_eq!(read_within(&small, &files).1, Err(Error::TooLarge(0)));
    assert_eq!(read_within(&small, &[("a.zip", &zipped(&files))]).1, Err(Error::TooLarge(0)));
    let held = Limits { document_bytes_max: 300, ..Limits::default() };
    let nested = |levels| (0..levels).fold(zipped(&files[..1]), |inside, _| zipped(&[("in.zip", &inside)]));
    assert_eq!(read_within(&held, &[("a.zip", &nested(1))]).0.keys.len(), 1);
    let (taken, failures) = read_within(&held, &[("a.zip", &nested(2))]);
    assert_eq!((taken.keys.len(), failures.unwrap()[0].file.as_str()), (0, "a.zip!in.zip!in.zip"));
    let document = Limits { document_bytes_max: 20, ..Limits::default() };
    let (_, failures) = read_within(&document, &[("1.json", format!("[\n{PATIENT}]").as_bytes())]);
    assert_eq!(failures.unwrap()[0].reason, "holds a document of more than 0 MB");
}

#[test]
fn a_folder_names_what_is_no_record_and_what_has_gone_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("export");
    fs::create_dir_all(root.join("b/__MACOSX")).unwrap();
    for (name, text) in [
        ("LICENSE", "Apache"),
        ("log.ndjson", "{\"eventId\":\"kickoff\"}\n{\"eventId\":\"x\"}\n"),
        (".DS_Store", "\0\0\0\x01Bud1"),
        ("a.ndjson", "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\n"),
        ("b/__MACOSX/._a.json", "x"),
        ("b/cut.json", "{\"resourceType\":\"Patient\",\n"),
        ("b/page.ndjson", "<html>sign in</html>"),
        ("b/record.txt", PATIENT),
        ("empty.ndjson", ""),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/", root.join("link")).unwrap();
    let mut taken = Taken::default();
    let failures = read_paths(std::slice::from_ref(&root), &Limits::default(), &mut taken).unwrap();
    assert_eq!(taken.files, ["export/a.ndjson", "export/b/record.txt"]);
    assert_eq!(
        reasons(&failures),
        [
            ("export/b/cut.json", "ends in the middle of its JSON (line 2); nothing was taken from it"),
            (
                "export/b/page.ndjson",
                "looks like XML or HTML: if it is a document of yours, save it as PDF and import that (what is read: \
                 Apple Health export, Apple Health electrocardiogram, SMART Health Card, Fasten Connect export, \
                 FHIR NDJSON, FHIR JSON, C-CDA (XML), PDF, RTF, HTML, plain text, and zip or gzip archives of them)"
            )
        ]
    );
    let left_out: Vec<(&str, &str)> =
        taken.left_out.iter().map(|(file, why)| (file.as_str(), why.as_str())).collect();
    let mut expected = vec![
        ("export/.DS_Store", "a file that macOS leaves in folders, not a record"),
        ("export/LICENSE", TEXT_PASSED_OVER),
        ("export/a.ndjson", "the JSON ends in the middle"),
        ("export/b/__MACOSX", "a folder that macOS leaves in archives, not a record"),
        ("export/empty.ndjson", "looks like an empty file: download it again"),
    ];
    if cfg!(unix) {
        expected.push(("export/link", "links inside a folder are not followed"));
    }
    expected.push(("export/log.ndjson", "holds no FHIR resource"));
    assert_eq!(left_out, expected);
    let (_, failures) = read("log.ndjson", b"{\"eventId\":\"kickoff\"}\n");
    assert_eq!(reasons(&failures), [("log.ndjson", "holds no FHIR resource")]);
}

#[test]
fn what_is_not_there_or_holds_nothing_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [folder.path().join("missing.json"), folder.path().to_owned()];
    let failures = read_paths(&paths, &Limits::default(), &mut Taken::default()).unwrap();
    assert_eq!(failures[0].reason, "cannot be read: there is no such file");
    assert_eq!(failures[1].reason, "holds no FHIR resource");
    let (taken, failures) =
        read("a.zip", &zipped(&[("README.md", b"# Hi"), ("__MACOSX/._x", b"x"), ("__MACOSX/y", b"y")]));
    assert_eq!(failures[0].reason, "holds no FHIR resource");
    assert_eq!(taken.left_out.len(), 2);
}

#[test]
fn a_file_that_is_locked_or_packed_otherwise_is_named_and_the_others_are_read() {
    let patched = |local: usize, central: usize, value: u8| {
        let mut archive = zipped(&[("1.json", PATIENT.as_bytes()), ("2.json", PATIENT.as_bytes())]);
        let table = memchr::memmem::find(&archive, b"PK\x01\x02").unwrap();
        archive[local] |= value; // the header of the first file, and its copy in the table
        archive[table + central] |= value;
        read("a.zip", &archive)
    };
    for ((taken, failures), reason) in [
        (patched(6, 8, 1), "is locked with a password; unpack it first"),
        (patched(8, 10, 1), "is packed in a way that this version does not read; unpack it first"),
    ] {
        assert_eq!(reasons(&failures), [("a.zip!1.json", reason)]);
        assert_eq!(taken.files, ["a.zip!2.json"]);
    }
}

#[test]
fn folders_that_lie_too_deep_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let deep = (0..20).fold(root.clone(), |path, _| path.join("in"));
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("x.json"), PATIENT).unwrap();
    let mut taken = Taken::default();
    let failures = read_paths(&[root], &Limits::default(), &mut taken).unwrap();
    assert_eq!((taken.keys.len(), failures.len()), (0, 1));
    assert_eq!(failures[0].reason, "has archives or folders inside each other, deeper than 16");
}

#[cfg(unix)]
#[test]
fn what_is_neither_file_nor_folder_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let failures = read_paths(&[path], &Limits::default(), &mut Taken::default()).unwrap();
    assert_eq!(reasons(&failures), [("socket", "is neither a file nor a folder")]);
}

#[test]
fn files_of_one_name_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a", "b"].map(|sub| folder.path().join(sub).join("x.json"));
    for path in &paths {
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(path, PATIENT).unwrap();
    }
    let mut taken = Taken::default();
    read_paths(&paths, &Limits::default(), &mut taken).unwrap();
    assert_eq!(taken.files, ["x.json", "x.json (2)"]);
}

proptest::proptest! {
    #[test]
    fn no_damage_to_an_archive_panics_or_hands_over_half(at in 0usize..400, byte: u8) {
        let mut archive = zipped(&[("1.json", PATIENT.as_bytes()), ("2.json", PATIENT.as_bytes())]);
        let at = at % archive.len();
        archive[at] = byte;
        let (taken, failures) = read("a.zip", &archive);
        proptest::prop_assert!(taken.keys.len() == 2 || !failures.is_empty() || !taken.left_out.is_empty());
    }
}

#[test]
fn a_file_of_lines_that_is_cut_off_gives_what_was_whole_and_has_not_succeeded() {
    let lines = format!("{PATIENT}\n{{\"resourceType\":\"Goal\",\"id\":\"g\"}}\n");
    let cut = format!("{lines}{{\"resourceType\":\"Observation\",\"id\"");
    let (taken, failures) = read("cut.ndjson", cut.as_bytes());
    assert_eq!(taken.keys, ["Patient/p", "Goal/g"]);
    let reason = "ends in the middle of its last line (line 3); what stood before it was taken";
    assert_eq!(reasons(&failures), [("cut.ndjson", reason)]);
    assert_eq!(taken.left_out.len(), 1, "the line itself is named too");
    // One broken line among others is one thing left out.
    let (taken, failures) =
        read("b.ndjson", format!("{PATIENT}\n{{\"resourceType\":\n{PATIENT}\n").as_bytes());
    assert_eq!((taken.keys.len(), taken.left_out.len(), failures.len()), (2, 1, 0));
}

#[test]
fn a_file_of_which_nothing_can_be_read_has_not_succeeded() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let bundle = format!(
        r#"{{"resourceType":"Bundle","entry":[{{"resource":{{"resourceType":"Basic","x":{deep}}}}}]}}"#
    );
    let (taken, failures) = read("deep.ndjson", bundle.as_bytes());
    assert_eq!((taken.keys.len(), taken.left_out.len()), (0, 1));
    assert_eq!(reasons(&failures), [("deep.ndjson", "holds nothing that can be read")]);
    let (_, failures) = read("empty.json", br#"{"resourceType":"Bundle","entry":[]}"#);
    assert!(failures.is_empty(), "an empty answer is an answer");
}

const TEXT_PASSED_OVER: &str = "is plain text, which is passed over in folders and archives; name the file itself to take it as a document";

#[test]
fn a_document_that_is_named_is_taken_and_in_an_archive_those_that_can_be_nothing_else() {
    let pdf = made_pdf(&[&words_on_page(&[(72.0, 700.0, "Words")])], false);
    let rtf = br"{\rtf1 Words}";
    let files: [(&str, &[u8]); 4] = [
        ("ct.pdf", &pdf),
        ("note.rtf", rtf),
        ("letter.html", b"<html><body>Words</body></html>"),
        ("note.txt", b"Words"),
    ];
    for (name, bytes) in files {
        let (taken, failures) = read(name, bytes);
        assert_eq!((taken.files.as_slice(), failures.len()), (&[name.to_owned()][..], 0), "{name}");
        assert!(taken.keys[0].starts_with(crate::sources::formats::documents::IDENTITY));
    }
    let (taken, failures) = read("all.zip", &zipped(&files));
    assert_eq!(
        (taken.files.as_slice(), failures.len()),
        (&["all.zip!ct.pdf".to_owned(), "all.zip!note.rtf".into()][..], 0)
    );
    let passed: Vec<&str> = taken.left_out.iter().map(|(file, _)| file.as_str()).collect();
    assert_eq!(passed, ["all.zip!letter.html", "all.zip!note.txt"]);
    assert_eq!(taken.left_out[1].1, TEXT_PASSED_OVER);
}

#[test]
fn what_is_called_something_else_is_no_document() {
    for (name, bytes, reason) in [
        ("labs.csv", &b"date,test\n"[..], "looks like a table (CSV)"),
        ("record.json", b"It is not here.", "looks like text"),
        ("page.aspx", b"<html>x</html>", "looks like XML or HTML"),
        (
            "x.docx",
            b"PK\x03\x04 [Content_Types].xml word/document.xml",
            "looks like a Word document: save it as PDF",
        ),
    ] {
        let (taken, failures) = read(name, bytes);
        assert!(taken.files.is_empty() && failures[0].reason.starts_with(reason), "{name}: {failures:?}");
    }
}

#[test]
fn a_table_in_an_archive_is_not_told_to_be_named() {
    let (taken, _) = read("all.zip", &zipped(&[("labs.csv", b"date,test\n")]));
    let [(file, reason)] = taken.left_out.as_slice() else { panic!("{:?}", taken.left_out) };
    assert_eq!(file, "all.zip!labs.csv");
    assert!(
        reason.contains("looks like a table (CSV)") && !reason.contains("name the file itself"),
        "{reason}"
    );
}

#[test]
fn a_document_that_cannot_be_read_is_kept_and_said_to_be_unread() {
    let scan = made_pdf(&["q 612 0 0 792 0 0 cm /I1 Do Q"], true);
    let (taken, failures) = read("scan.pdf", &scan);
    assert_eq!((taken.files.len(), failures.len()), (1, 0), "it is kept");
    assert_eq!(taken.left_out.len(), 1, "its text is named as left out");
    assert!(taken.left_out[0].1.contains("scan"), "{:?}", taken.left_out);
}
