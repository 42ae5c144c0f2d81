//! What every page has around it: its title, the places one can go to, who is signed in, and the marks of its forms.

use crate::access::account::FormKey;

/// The frame of one page.
pub struct Frame {
    /// The title.
    pub title: String,
    /// Where in the list of places it is.
    pub here: Option<Here>,
    /// How wide it is: a class of the style sheet.
    pub width: &'static str,
    /// Who is signed in.
    pub who: Option<String>,
    /// When the account was opened by a recovery, where its owner has not said that they know.
    pub recovered: Option<String>,
    /// What was done just now.
    pub notice: Option<&'static str>,
    /// What went wrong just now.
    pub error: Option<String>,
    forms: FormKey,
}

/// A place of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// The record at a glance.
    Record,
    /// Where it comes from.
    Sources,
    /// Who may read it.
    Assistants,
    /// Who has read it.
    Activity,
    /// The account.
    Settings,
}

impl Here {
    /// In the order of the list.
    pub const ALL: [Here; 5] =
        [Here::Record, Here::Sources, Here::Assistants, Here::Activity, Here::Settings];

    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Here::Record => "/",
            Here::Sources => "/sources",
            Here::Assistants => "/assistants",
            Here::Activity => "/activity",
            Here::Settings => "/settings",
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Here::Record => "Record",
            Here::Sources => "Sources",
            Here::Assistants => "Assistants",
            Here::Activity => "Activity",
            Here::Settings => "Settings",
        }
    }
}

impl Frame {
    /// The frame of a page with this title.
    pub fn new(title: impl Into<String>, who: Option<String>, forms: FormKey) -> Frame {
        Frame {
            title: title.into(),
            here: None,
            width: "middle",
            who,
            recovered: None,
            notice: None,
            error: None,
            forms,
        }
    }

    /// The same, at a place of the dashboard.
    #[must_use]
    pub fn at(self, here: Here) -> Frame {
        Frame { here: Some(here), ..self }
    }

    /// The same, of another width.
    #[must_use]
    pub fn of_width(self, width: &'static str) -> Frame {
        Frame { width, ..self }
    }

    /// The same, for somebody whose account was recovered that day and who has not said that they know.
    #[must_use]
    pub fn recovered_on(self, recovered: Option<String>) -> Frame {
        Frame { recovered, ..self }
    }

    /// The same, with what was done just now.
    #[must_use]
    pub fn saying(self, notice: Option<&'static str>) -> Frame {
        Frame { notice, ..self }
    }

    /// The same, with what went wrong just now.
    #[must_use]
    pub fn failing(self, error: Option<impl Into<String>>) -> Frame {
        Frame { error: error.map(Into::into), ..self }
    }

    /// Every place there is to go to.
    pub fn places(&self) -> [Here; 5] {
        Here::ALL
    }

    /// The address of the place that it is at.
    pub fn path(&self) -> &'static str {
        self.here.map_or("/", Here::path)
    }

    /// Whether this is the place.
    pub fn is_at(&self, place: &Here) -> bool {
        self.here == Some(*place)
    }

    /// The mark that a form for this purpose carries.
    pub fn mark(&self, purpose: &str) -> String {
        self.forms.mark(purpose)
    }

    /// The hidden field with the mark. It is hexadecimal, so there is nothing in it to escape.
    pub fn marked(&self, purpose: &str) -> String {
        format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", self.mark(purpose))
    }
}
