//! What can go wrong with a file, in words for the person who gave it.

use std::io;

/// Why an import cannot go on at all. Nothing of it should be kept.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// More files than an import may have.
    #[error("these are more than {0} files; give fewer at a time")]
    TooManyFiles(usize),
    /// More bytes than an import may have.
    #[error("these files hold more than {0} MB; give fewer at a time")]
    TooLarge(u64),
    /// What had been kept for reading is not to be had any more.
    #[error("what was kept for reading cannot be read any more")]
    Unavailable,
}

/// A file of which nothing was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFailure {
    /// The file, with the name inside an archive after a `!`.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// Why nothing is read from a file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It cannot be opened or read.
    #[error("cannot be read: {}", io_words(.0))]
    Unreadable(#[source] io::Error),
    /// It is no regular file.
    #[error("is neither a file nor a folder")]
    NotAFile,
    /// An archive or document that ends too early or whose checksum is wrong.
    #[error("is cut off or broken; nothing was taken from it")]
    Broken,
    /// XML that is not well-formed.
    #[error("is not well-formed XML; nothing was taken from it")]
    Xml,
    /// JSON that ends too early.
    #[error("ends in the middle of its JSON (line {0}); nothing was taken from it")]
    CutOff(usize),
    /// Something that is not JSON where JSON was begun.
    #[error("is not valid JSON (line {0}); nothing was taken from it")]
    Syntax(usize),
    /// A piece of a document's header, or an empty document.
    #[error("is a piece of a C-CDA document that states nothing about anybody's health")]
    NoStatement,
    /// XML that is refused.
    #[error("{0}; nothing was taken from it")]
    XmlRefused(&'static str),
    /// Something that is not XML where XML was begun.
    #[error("is not valid XML (line {0}); nothing was taken from it")]
    XmlSyntax(usize),
    /// The last of many lines ends too early: those before it were taken.
    #[error("ends in the middle of its last line (line {0}); what stood before it was taken")]
    LastLine(usize),
    /// Resources of which not one could be read.
    #[error("holds nothing that can be read")]
    NothingReadable,
    /// Nested too deep.
    #[error("has archives or folders inside each other, deeper than {0}")]
    TooDeep(usize),
    /// An archive that becomes too large.
    #[error("becomes more than {0} times larger when it is unpacked, which no record does")]
    Bomb(u64),
    /// A document too large to hold.
    #[error("holds a document of more than {0} MB")]
    TooLarge(u64),
    /// An archive that needs a password.
    #[error("is locked with a password; unpack it first")]
    Locked,
    /// A way of packing that this version does not know.
    #[error("is packed in a way that this version does not read; unpack it first")]
    Packing,
    /// Text in UTF-16.
    #[error("is written in UTF-16; save it as UTF-8")]
    Utf16,
    /// Something that is not read: what it looks like, the next step, and what is read.
    #[error("looks like {what}: {step} (what is read: {read})")]
    Unknown {
        /// What it looks like.
        what: &'static str,
        /// What the person can do.
        step: &'static str,
        /// What is read.
        read: String,
    },
    /// A page or a text that nobody named.
    #[error(
        "is {0}, which is passed over in folders and archives; name the file itself to take it as a document"
    )]
    Unnamed(&'static str),
    /// JSON without any resource.
    #[error("holds no FHIR resource")]
    NoResource,
    /// A health card of which nothing can be read.
    #[error(transparent)]
    Card(#[from] super::cards::Fault),
    /// A link to shared records: what it leads to is fetched elsewhere.
    #[error(
        "is a link to shared records, not a record: download what it shares, or give the link itself to plainchart import"
    )]
    Link,
    /// The import as a whole cannot go on.
    #[error(transparent)]
    Import(#[from] Error),
}

impl Fault {
    /// True for what is plainly no record: in a folder it is passed over and named.
    pub fn is_no_record(&self) -> bool {
        matches!(self, Fault::Unknown { .. } | Fault::Unnamed(_) | Fault::NoResource | Fault::NoStatement)
    }

    /// As it is said of one of many files in a folder.
    pub fn in_few_words(&self) -> String {
        match self {
            Fault::Unknown { what, step, .. } => format!("looks like {what}: {step}"),
            other => other.to_string(),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Fault::Broken
            }
            io::ErrorKind::Unsupported => Fault::Packing, // what `zip` says while it reads
            _ => Fault::Unreadable(error),
        }
    }
}

impl From<zip::result::ZipError> for Fault {
    fn from(error: zip::result::ZipError) -> Fault {
        use zip::result::ZipError;
        match error {
            ZipError::Io(error) => error.into(),
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                Fault::Locked
            }
            ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Fault::Packing,
            _ => Fault::Broken,
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Fault {
        match error.classify() {
            serde_json::error::Category::Eof => Fault::CutOff(error.line()),
            _ => Fault::Syntax(error.line()),
        }
    }
}

/// The kind of an error; its text may hold a path.
fn io_words(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "permission is denied",
        _ => "the system reports an error",
    }
}
