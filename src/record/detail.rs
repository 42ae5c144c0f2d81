//! What only one kind of entry has.

use serde::{Deserialize, Serialize};

use super::{Claim, Concept, EntryId, Measurement, Person, Text, When};

/// The part of an entry that depends on its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Detail {
    /// A problem or diagnosis.
    Condition(Box<Condition>),
    /// A medicine ordered, stated, given or dispensed.
    Medication(Box<Medication>),
    /// An allergy or the statement that there is none.
    Allergy(Box<Allergy>),
    /// A lab, a vital sign, an answer of the social history: anything measured or observed.
    Measurement(Box<Measurement>),
    /// A vaccine.
    Immunization(Box<Immunization>),
    /// A visit.
    Visit(Box<Visit>),
    /// A note, a report, a directive.
    Document(Box<Document>),
    /// A care team.
    Team(Vec<Member>),
    /// A goal with its targets, as words.
    Goal(Box<Goal>),
    /// A plan's activities, as words.
    Plan(Vec<Text>),
    /// An order or referral.
    Order(Box<Order>),
    /// Illness of a relative.
    Family(Box<Family>),
    /// Answers to a questionnaire, in order: question and answer.
    Answers(Vec<(Text, Text)>),
    /// Who the record is about.
    Person(Box<Person>),
    /// How somebody can be reached.
    Contact(Box<Contact>),
    /// The person's own words, perhaps about an entry.
    Note {
        /// Word for word.
        text: Text,
        /// The entry it is about.
        about: Option<EntryId>,
    },
    /// Nothing beyond what every entry has.
    Plain,
    /// What was billed. A new variant stands at the end: the stored forms of the others keep their numbers.
    Claim(Box<Claim>),
}

/// What only a condition has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// On which list it stands.
    pub list: ConditionList,
    /// The verification as recorded (`confirmed`, `provisional`, `refuted`).
    pub verification: Option<Text>,
    /// The recorded severity.
    pub severity: Option<Text>,
    /// The recorded stage.
    pub stage: Option<Text>,
    /// The body site.
    pub body_site: Option<Text>,
    /// The beginning in words, where it is no date (`age 40`).
    pub onset_text: Option<Text>,
    /// The end in words, where it is no date.
    pub end_text: Option<Text>,
}

/// On which list a condition stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConditionList {
    /// The problem list.
    #[default]
    Problem,
    /// A visit's diagnosis.
    Visit,
    /// A health concern.
    Concern,
}

/// What only a medicine has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Medication {
    /// Whether it was ordered, stated, given or dispensed.
    pub role: MedicationRole,
    /// The intent as recorded (`order`, `plan`, `proposal`).
    pub intent: Option<Text>,
    /// Where it is meant to be taken.
    pub setting: Setting,
    /// True where somebody reported it instead of ordering it.
    pub is_reported: bool,
    /// The doses, each as one line.
    pub dosage: Vec<Dosage>,
    /// Why it is taken, as recorded.
    pub reasons: Vec<Text>,
    /// Why it has its status, as recorded.
    pub status_reason: Option<Text>,
    /// How much is dispensed at a time (`90 tablets`).
    pub quantity: Option<Text>,
    /// How many refills.
    pub refills: Option<u32>,
    /// For how many days one supply lasts.
    pub supply_days: Option<u32>,
    /// Ingredients by the keys of `knowledge`, given by `ingest`.
    pub ingredients: Vec<Text>,
}

/// Whether a medicine was ordered, stated, given or dispensed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MedicationRole {
    /// Ordered.
    #[default]
    Order,
    /// Stated to be, or to have been, taken.
    Statement,
    /// Given by somebody.
    Administration,
    /// Handed out by a pharmacy.
    Dispense,
}

/// Where a medicine is meant to be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Setting {
    /// At home.
    Home,
    /// In the hospital.
    Inpatient,
    /// In the clinic.
    Clinic,
    /// At discharge, to take at home.
    Discharge,
    /// Not recorded.
    #[default]
    Unknown,
}

/// One dosage instruction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dosage {
    /// The instruction, word for word as recorded.
    pub text: Option<Text>,
    /// The words for the patient, word for word.
    pub patient_text: Option<Text>,
    /// How much, how often and by which way, put together from the recorded elements.
    pub structured: Option<Text>,
    /// As needed: the reason, or an empty text where there is none. `None` where it is not as needed.
    pub as_needed: Option<Text>,
    /// Times of day as recorded codes (`MORN`, `HS`, `08:00`).
    pub times: Vec<Text>,
}

impl Dosage {
    /// The instruction to show: the recorded words, else what the elements say.
    pub fn shown(&self) -> Option<&str> {
        self.text.as_deref().or(self.patient_text.as_deref()).or(self.structured.as_deref())
    }
}

/// What only an allergy has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Allergy {
    /// `allergy` or `intolerance` as recorded.
    pub kind: Option<Text>,
    /// The verification as recorded.
    pub verification: Option<Text>,
    /// `low`, `high` or `unable-to-assess`.
    pub criticality: Option<Text>,
    /// What happened.
    pub reactions: Vec<Reaction>,
    /// When it last happened.
    pub last_on: Option<When>,
}

/// One reaction to a substance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    /// What was seen (`hives`).
    pub manifestations: Vec<Text>,
    /// `mild`, `moderate` or `severe`.
    pub severity: Option<Text>,
    /// Further words.
    pub text: Option<Text>,
}

/// What only a vaccine has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Immunization {
    /// The dose number in its series, as recorded.
    pub dose: Option<Text>,
    /// The series, as recorded.
    pub series: Option<Text>,
    /// The lot.
    pub lot: Option<Text>,
    /// Who made it.
    pub manufacturer: Option<Text>,
    /// Why it was not given.
    pub reason: Option<Text>,
    /// True where the source itself gave it; false where it was reported; `None` where not said.
    pub is_primary: Option<bool>,
}

/// What only a visit has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Inpatient, emergency, outpatient, …
    pub class: VisitClass,
    /// The class as recorded.
    pub class_text: Option<Text>,
    /// Why the person came, as recorded.
    pub reasons: Vec<Text>,
    /// Where they went afterwards.
    pub discharge: Option<Text>,
}

/// The class of a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VisitClass {
    /// A stay in hospital.
    Inpatient,
    /// Under observation.
    Observation,
    /// The emergency department.
    Emergency,
    /// A visit to a clinic.
    Outpatient,
    /// By video, telephone or message.
    Virtual,
    /// At home.
    Home,
    /// Another, or not recorded.
    #[default]
    Other,
}

/// What only a note or report has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Which kind of document.
    pub kind: DocumentKind,
    /// The text to read, with paragraphs and tables, cleaned.
    pub text: Option<Text>,
    /// The impression, conclusion or final diagnosis, as written.
    pub conclusion: Option<Text>,
    /// What was attached.
    pub attachments: Vec<Attachment>,
}

/// Which kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DocumentKind {
    /// A clinician's note.
    Note,
    /// An imaging report.
    Imaging,
    /// A pathology report.
    Pathology,
    /// A genetic report.
    Genetics,
    /// Cultures and the like.
    Microbiology,
    /// A discharge summary.
    Discharge,
    /// A laboratory panel whose results are entries of their own.
    LabPanel,
    /// Any other.
    #[default]
    Other,
}

/// Something attached to a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its media type as recorded (`text/html`).
    pub content_type: Option<Text>,
    /// Its title.
    pub title: Option<Text>,
    /// Where it is, when it was not sent along.
    pub url: Option<Text>,
    /// Its size in bytes, once decoded.
    pub size: Option<u64>,
    /// The first half of the SHA-256 of its decoded bytes.
    pub hash: Option<[u8; 16]>,
    /// Why it is not part of the text; `None` where it is.
    pub unread: Option<Text>,
}

/// A member of a care team.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The name, resolved where it was sent.
    pub name: Option<Text>,
    /// The part they have (`primary care physician`).
    pub role: Option<Text>,
    /// Their identity at the source.
    pub key: Option<Text>,
    /// On whose behalf.
    pub on_behalf_of: Option<Text>,
}

/// What only a goal has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// How far it has come, as recorded.
    pub achievement: Option<Text>,
    /// Each target as one line (`HbA1c < 7 %`).
    pub targets: Vec<Text>,
    /// By when.
    pub due: Option<When>,
    /// Whose goal it is.
    pub by: Option<Text>,
}

/// What only an order or referral has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The intent as recorded.
    pub intent: Option<Text>,
    /// The priority as recorded.
    pub priority: Option<Text>,
    /// Why.
    pub reasons: Vec<Text>,
    /// For when it is ordered.
    pub due: Option<When>,
    /// Whether it is a referral to somebody.
    pub is_referral: bool,
}

/// What only family history has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// The relative (`mother`).
    pub relation: Option<Text>,
    /// Whether and when they died, as words.
    pub death: Option<Text>,
    /// What they had.
    pub conditions: Vec<RelativeCondition>,
}

/// What a relative had.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RelativeCondition {
    /// The illness.
    pub concept: Concept,
    /// At which age or date it began, as words.
    pub onset: Option<Text>,
    /// How it ended, as recorded.
    pub outcome: Option<Text>,
    /// True where it is recorded as the cause of death.
    pub was_fatal: Option<bool>,
}

/// How a clinician, organisation or related person can be reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// `practitioner`, `organization`, `location`, `related person`.
    pub what: Text,
    /// What they do: specialties and roles.
    pub roles: Vec<Text>,
    /// Telephone, mail and the like (`phone: 555-0100`).
    pub telecom: Vec<Text>,
    /// Addresses, each as one line.
    pub addresses: Vec<Text>,
    /// National Provider Identifier.
    pub npi: Option<Text>,
    /// The organisation they belong to, by its name.
    pub organization: Option<Text>,
}
