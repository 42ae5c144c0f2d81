//! What only a claim has: what was billed, what an insurer decided about it, and which amounts it says.
//!
//! A claim is no clinical fact: its diagnoses are there to be paid for.

use serde::{Deserialize, Serialize};

use super::{Concept, Number, Text, When};

/// A claim that was sent, or what an insurer says about one (an explanation of benefits).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Which form it was billed on.
    pub form: ClaimForm,
    /// True of what an insurer decided; false of what was only sent to it.
    pub is_decided: bool,
    /// `claim`, `preauthorization` or `predetermination`, as recorded.
    pub usage: Option<Text>,
    /// How far the insurer came with it (`complete`, `partial`, `error`), as recorded.
    pub outcome: Option<Text>,
    /// The insurer's own words or code for what became of it.
    pub disposition: Option<Text>,
    /// The diagnoses it was billed with.
    pub diagnoses: Vec<Billed>,
    /// The procedures it was billed with, beside its lines.
    pub procedures: Vec<Billed>,
    /// Its lines.
    pub items: Vec<ClaimItem>,
    /// The amounts of the whole claim.
    pub amounts: Vec<Amount>,
    /// Why the insurer denied or reduced it as a whole, as recorded.
    pub denials: Vec<Text>,
    /// When it was paid.
    pub paid_on: Option<When>,
    /// Of a medicine: for how many days, which refill, brand or generic; label and value as recorded.
    pub fill: Vec<(Text, Text)>,
}

/// The form on which something is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ClaimForm {
    /// A pharmacy's, for a medicine.
    Pharmacy,
    /// A clinician's or supplier's.
    Professional,
    /// A hospital's or another institution's, which of them not said.
    Institutional,
    /// A hospital's, for a stay.
    Inpatient,
    /// A hospital's, without a stay.
    Outpatient,
    /// A dentist's.
    Dental,
    /// For eyes and glasses.
    Vision,
    /// Another, or not recorded.
    #[default]
    Other,
}

/// A diagnosis or a procedure that something was billed with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Billed {
    /// What it is.
    pub concept: Concept,
    /// Its part in the claim (`principal`, `admitting`), as recorded.
    pub roles: Vec<Text>,
    /// When it was done.
    pub on: Option<When>,
}

/// One line of a claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimItem {
    /// The service or product.
    pub concept: Concept,
    /// The hospital's revenue centre.
    pub revenue: Option<Text>,
    /// What changes the meaning of the code, as recorded.
    pub modifiers: Vec<Text>,
    /// How many, with the unit.
    pub quantity: Option<Text>,
    /// When, or when it began.
    pub from: Option<When>,
    /// When it ended.
    pub to: Option<When>,
    /// Where.
    pub place: Option<Text>,
    /// The amounts of the line.
    pub amounts: Vec<Amount>,
    /// Why the insurer denied or reduced it, as recorded.
    pub denials: Vec<Text>,
}

/// An amount of money that a claim says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// What it is.
    pub kind: AmountKind,
    /// What the sender calls it.
    pub label: Text,
    /// The digits.
    pub number: Number,
    /// The currency's code (`USD`), where one was sent.
    pub currency: Option<Text>,
}

/// What an amount of a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AmountKind {
    /// What the provider asked for.
    Billed,
    /// What the insurer accepts as the price.
    Allowed,
    /// What the insurer pays.
    Paid,
    /// The part of it that goes to the provider.
    PaidToProvider,
    /// The part of it that goes to the person.
    PaidToPatient,
    /// What the person had paid already, as at the counter.
    PaidByPatient,
    /// What the insurer says that the person owes.
    Owed,
    /// Of what is not paid: the deductible.
    Deductible,
    /// Of what is not paid: the fixed share.
    Copay,
    /// Of what is not paid: the share in percent.
    Coinsurance,
    /// What the plan does not cover.
    NotCovered,
    /// A discount.
    Discount,
    /// What another insurer paid before.
    OtherInsurer,
    /// The price of a medicine.
    DrugCost,
    /// Another, or one whose names contradict each other.
    Other,
}

impl Amount {
    /// The digits and the currency, as recorded.
    pub fn shown(&self) -> String {
        match self.currency.as_deref() {
            Some(currency) => format!("{} {currency}", self.number.as_written()),
            None => self.number.as_written().to_owned(),
        }
    }
}

impl Claim {
    /// The amounts of this kind that stand for the whole claim.
    pub fn amounts_of(&self, kind: AmountKind) -> impl Iterator<Item = &Amount> {
        self.amounts.iter().filter(move |amount| amount.kind == kind)
    }

    /// Every amount, of the claim and of its lines.
    pub fn every_amount(&self) -> impl Iterator<Item = &Amount> {
        self.amounts.iter().chain(self.items.iter().flat_map(|item| &item.amounts))
    }

    /// Every reason of a denial or a reduction.
    pub fn every_denial(&self) -> impl Iterator<Item = &Text> {
        self.denials.iter().chain(self.items.iter().flat_map(|item| &item.denials))
    }
}

impl ClaimForm {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            ClaimForm::Pharmacy => "pharmacy",
            ClaimForm::Professional => "professional",
            ClaimForm::Institutional => "institutional",
            ClaimForm::Inpatient => "inpatient",
            ClaimForm::Outpatient => "outpatient",
            ClaimForm::Dental => "dental",
            ClaimForm::Vision => "vision",
            ClaimForm::Other => "",
        }
    }
}

impl AmountKind {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            AmountKind::Billed => "billed",
            AmountKind::Allowed => "allowed",
            AmountKind::Paid => "insurer pays",
            AmountKind::PaidToProvider => "paid to the provider",
            AmountKind::PaidToPatient => "paid to the person",
            AmountKind::PaidByPatient => "paid by the person",
            AmountKind::Owed => "the person owes",
            AmountKind::Deductible => "deductible",
            AmountKind::Copay => "copay",
            AmountKind::Coinsurance => "coinsurance",
            AmountKind::NotCovered => "not covered",
            AmountKind::Discount => "discount",
            AmountKind::OtherInsurer => "paid by another insurer",
            AmountKind::DrugCost => "price of the medicine",
            AmountKind::Other => "other",
        }
    }
}
