//! How whoever reads an answer acts on it: by commands at the machine where the key is, or on the pages of a server,
//! where there is no command line.

use crate::record::EntryId;

/// Where somebody can act on an answer. The transport knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ways {
    /// At this machine, by commands.
    Commands,
    /// On the pages of a server.
    Pages(Pages),
}

/// The pages of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The server's public address, without a slash at the end.
    pub public: String,
    /// The grant of the assistant that asks, where one does.
    pub grant: Option<String>,
}

/// What is done about a wrong entry, wherever one is.
const WRONG: &str = "an entry that is wrong: ask its source to amend it (in the US by 45 CFR 164.526)";

impl Ways {
    /// How more is added to a record, and how what is withheld is changed.
    pub fn to_add(&self) -> Vec<String> {
        let ways = match self {
            Ways::Commands => vec![
                "plainchart import PATH... reads files, folders and archives of health records".to_owned(),
                "plainchart connect NAME|URL signs in at a portal and fetches the record there, plainchart refresh fetches it anew".to_owned(),
                "plainchart note TEXT --about ID adds the person's own words".to_owned(),
                "plainchart grants shows and changes what is withheld".to_owned(),
            ],
            Ways::Pages(pages) => vec![
                format!("the person adds files, and connects portals, at {}", pages.sources()),
                format!("the person sees and changes what is withheld at {}", pages.assistant()),
            ],
        };
        ways.into_iter().chain([WRONG.to_owned()]).collect()
    }

    /// How files come in.
    pub fn to_add_files(&self) -> String {
        match self {
            Ways::Commands => "files come in by plainchart import".into(),
            Ways::Pages(pages) => format!("the person adds files at {}", pages.sources()),
        }
    }

    /// How a portal of this name, as it may be shown, is signed in to once more.
    pub fn to_sign_in_again(&self, portal: &str) -> String {
        match self {
            Ways::Commands => format!("plainchart connect {portal:?}"),
            Ways::Pages(pages) => pages.sources(),
        }
    }

    /// What shows all that is known of a source of this name.
    pub fn to_show_a_source(&self, name: &str) -> String {
        match self {
            Ways::Commands => format!("plainchart sources show {name:?}"),
            Ways::Pages(pages) => pages.sources(),
        }
    }

    /// How the person's own word comes to stand beside an entry. No page is there for it.
    pub fn to_note(&self, id: EntryId) -> Option<String> {
        match self {
            Ways::Commands => Some(format!("plainchart note TEXT --about {id}")),
            Ways::Pages(_) => None,
        }
    }
}

impl Pages {
    /// The page on which files are added and portals connected.
    pub fn sources(&self) -> String {
        format!("{}/sources", self.public)
    }

    /// The page on which the person says what this assistant may see and do.
    pub fn assistant(&self) -> String {
        let grant = self.grant.iter().map(|grant| format!("/{grant}"));
        format!("{}/assistants{}", self.public, grant.collect::<String>())
    }
}
