//! The amounts that a claim says, and what each of them is.

use super::super::base::{add_more, add_one};
use super::super::elements::label;
use super::super::node::{Node, number_of};
use super::coded;
use crate::knowledge::table::rows;
use crate::record::{Amount, AmountKind, Claim, ClaimItem, Concept, Entry, Text};

/// What amounts are called, with the place of each name.
static TABLE: &str = include_str!("../tables/amounts.tsv");

/// The amounts and denials of the whole claim.
pub(super) fn add_of_claim(entry: &mut Entry, claim: &mut Claim, node: Node) {
    for total in node.nodes("total") {
        match total.concept("category") {
            Some(category) => claim.amounts.extend(amount(total, "amount", &category)),
            // A claim that was only sent has one total: what is asked for.
            None => claim.amounts.extend(money(total, AmountKind::Billed, "total")),
        }
    }
    // STU3 has three totals of their own, R5 what was paid beforehand.
    for (key, kind, words) in [
        ("totalCost", AmountKind::Billed, "total cost"),
        ("unallocDeductable", AmountKind::Deductible, "deductible not allocated to a line"),
        ("totalBenefit", AmountKind::Paid, "total benefit"),
        ("patientPaid", AmountKind::PaidByPatient, "paid by the patient"),
    ] {
        claim.amounts.extend(node.node(key).and_then(|total| money(total, kind, words)));
    }
    for adjudication in node.nodes("adjudication") {
        let (amount, denial) = adjudicated(entry, adjudication);
        claim.amounts.extend(amount);
        claim.denials.extend(denial);
    }
    for balance in node.nodes("benefitBalance").flat_map(|balance| balance.nodes("financial")) {
        add_balance(entry, claim, balance);
    }
    if let Some(payment) = node.node("payment") {
        let paid = payment.node("amount").and_then(|amount| money(amount, AmountKind::Paid, "payment"));
        claim.amounts.extend(paid);
        let elements = [
            ("type", "payment"),
            ("adjustment", "payment adjusted by"),
            ("adjustmentReason", "payment adjusted because"),
        ];
        add_more(entry, payment, &elements);
    }
    for error in node.nodes("error") {
        claim.denials.extend(error.concept("code").as_ref().and_then(coded));
    }
}

/// The amounts and denials of one line.
pub(super) fn add_of_line(entry: &mut Entry, line: &mut ClaimItem, item: Node) {
    let reviews = item.nodes("reviewOutcome").flat_map(|review| review.nodes("adjudication"));
    for adjudication in item.nodes("adjudication").chain(reviews) {
        let (amount, denial) = adjudicated(entry, adjudication);
        line.amounts.extend(amount);
        line.denials.extend(denial);
    }
    for review in item.nodes("reviewOutcome") {
        line.denials.extend(review.concepts("reason").filter_map(|reason| coded(&reason)));
    }
    let is_told = line.amounts.iter().any(|amount| amount.kind == AmountKind::Billed);
    let net = if is_told { AmountKind::Other } else { AmountKind::Billed };
    line.amounts.extend(item.node("net").and_then(|amount| money(amount, net, "net")));
    let price = item.node("unitPrice").and_then(|amount| money(amount, AmountKind::Other, "price of one"));
    line.amounts.extend(price);
}

/// An amount, or the reason of a denial; anything else is kept in words.
fn adjudicated(entry: &mut Entry, node: Node) -> (Option<Amount>, Option<Text>) {
    let category = node.concept("category").unwrap_or_default();
    let amount = amount(node, "amount", &category);
    let reason = node.concept("reason").filter(is_a_reason);
    let is_denial = category.codes.iter().any(|code| code.code == "denialreason")
        || reason.as_ref().is_some_and(|reason| reason.codes.iter().any(|code| code.code == "denied"));
    let words = reason.as_ref().and_then(coded);
    if is_denial {
        return (amount, words);
    }
    let what = label(&category).unwrap_or_else(|| "adjudication".into());
    let told = words
        .or_else(|| node.text("value"))
        .or_else(|| node.quantity("quantity").map(|found| found.number.as_written().into()));
    add_one(entry, &format!("claim says: {what}"), told);
    (amount, None)
}

/// False where the reason says that there is none.
fn is_a_reason(reason: &Concept) -> bool {
    !matches!(reason.text.as_deref(), Some("N/A" | "None" | "Not applicable"))
}

/// A balance of the benefits: an amount where its name says which, else in words.
fn add_balance(entry: &mut Entry, claim: &mut Claim, balance: Node) {
    let kind = balance.concept("type").unwrap_or_default();
    let known = ["usedMoney", "usedQuantity"].into_iter().find_map(|key| amount(balance, key, &kind));
    match known.filter(|amount| amount.kind != AmountKind::Other) {
        Some(amount) => claim.amounts.push(amount),
        None => {
            let what = label(&kind).unwrap_or_else(|| "benefit".into());
            for stem in ["allowed", "used"] {
                let words = balance.choices(stem).find_map(|(key, _, _)| balance.words(key).next());
                add_one(entry, &format!("benefit {stem}: {what}"), words);
            }
        }
    }
}

fn amount(node: Node, key: &str, category: &Concept) -> Option<Amount> {
    money(node.node(key)?, kind(category), &names(category))
}

/// Money of R4, or a quantity of money as STU3 and DSTU2 have it.
fn money(node: Node, kind: AmountKind, words: &str) -> Option<Amount> {
    let number = number_of(node.get("value")?)?;
    let currency = node.text("currency").or_else(|| node.text("code")).or_else(|| node.text("unit"));
    Some(Amount { kind, label: words.into(), number, currency })
}

/// Every name of an amount: where a fine name stands beside a coarse one, both are told.
fn names(category: &Concept) -> String {
    let mut names: Vec<&str> = Vec::new();
    let displays = category.codes.iter().filter_map(|code| code.display.as_deref());
    for name in category.text.as_deref().into_iter().chain(displays) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { label(category).unwrap_or_default().to_string() } else { names.join("; ") }
}

/// What the amount is. A variable of CMS is finer than the common code beside it, and where the table has both, it
/// decides: CMS codes the gross cost of a medicine as coinsurance.
fn kind(category: &Concept) -> AmountKind {
    let known = |code: &str| {
        let word = code.rsplit('/').next().unwrap_or(code).to_lowercase();
        let [_, kind, _] = rows::<3>(TABLE).find(|[own, ..]| *own == word)?;
        of_word(kind)
    };
    let is_fine = |code: &str| code.contains('/');
    let codes = || category.codes.iter().map(|code| code.code.as_str());
    let fine = codes().filter(|code| is_fine(code)).find_map(known);
    let common = || codes().filter(|code| !is_fine(code)).find_map(known);
    fine.or_else(common).unwrap_or(AmountKind::Other)
}

fn of_word(word: &str) -> Option<AmountKind> {
    Some(match word {
        "billed" => AmountKind::Billed,
        "allowed" => AmountKind::Allowed,
        "paid" => AmountKind::Paid,
        "paid-to-provider" => AmountKind::PaidToProvider,
        "paid-to-patient" => AmountKind::PaidToPatient,
        "paid-by-patient" => AmountKind::PaidByPatient,
        "owed" => AmountKind::Owed,
        "deductible" => AmountKind::Deductible,
        "copay" => AmountKind::Copay,
        "coinsurance" => AmountKind::Coinsurance,
        "not-covered" => AmountKind::NotCovered,
        "discount" => AmountKind::Discount,
        "other-insurer" => AmountKind::OtherInsurer,
        "drug-cost" => AmountKind::DrugCost,
        "other" => AmountKind::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_once() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        let names: std::collections::HashSet<&str> = rows::<3>(TABLE).map(|[name, ..]| name).collect();
        assert_eq!(names.len(), lines);
        assert!(rows::<3>(TABLE).all(|[_, kind, _]| of_word(kind).is_some()));
    }
}
