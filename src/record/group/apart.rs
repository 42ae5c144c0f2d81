//! Two orders of one source for one drug on one day, with different doses, are two orders: the one says
//! what is taken in the morning, the other in the evening. Only between sources is it one order told twice.

use super::super::{Detail, Entry};

/// The members of a group, and apart from them those that must not be hidden behind its face.
pub fn apart(entries: &[Entry], members: Vec<u32>) -> Vec<Vec<u32>> {
    let entry = |index: u32| &entries[index as usize];
    let mut doses: Vec<(Option<String>, Vec<u32>)> = Vec::new();
    for &index in &members {
        let Detail::Medication(_) = entry(index).detail else { return vec![members] };
        let dose = dose(entry(index));
        match doses.iter_mut().find(|(other, _)| *other == dose) {
            Some((_, alike)) => alike.push(index),
            None => doses.push((dose, vec![index])),
        }
    }
    let mut parts: Vec<Vec<u32>> = Vec::new();
    for (_, alike) in doses {
        let is_one = |part: &Vec<u32>| {
            part.iter().any(|&one| alike.iter().any(|&other| has_one_identifier(entry(one), entry(other))))
        };
        let (same, others): (Vec<Vec<u32>>, Vec<Vec<u32>>) = parts.into_iter().partition(is_one);
        parts = others;
        parts.push(same.into_iter().flatten().chain(alike).collect());
    }
    let source = |index: &u32| entry(*index).source;
    let is_in_two = |part: &Vec<u32>, other: &Vec<u32>| {
        part.iter().any(|one| other.iter().any(|index| source(index) == source(one)))
    };
    let clashes = parts
        .iter()
        .enumerate()
        .any(|(place, part)| parts[place + 1..].iter().any(|other| is_in_two(part, other)));
    if clashes { parts } else { vec![members] }
}

/// The recorded doses, in one spelling.
fn dose(entry: &Entry) -> Option<String> {
    let Detail::Medication(medicine) = &entry.detail else { return None };
    let lines: Vec<String> =
        medicine.dosage.iter().filter_map(|dosage| dosage.shown()).map(spelled).collect();
    (!lines.is_empty()).then(|| lines.join(";"))
}

fn spelled(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_end_matches('.').to_owned()
}

/// True where both bear one identifier, and it says where it comes from.
fn has_one_identifier(one: &Entry, other: &Entry) -> bool {
    let of = |entry: &'_ Entry| -> Vec<String> {
        let all = entry.more.iter().filter(|(label, _)| label == "identifier");
        all.map(|(_, identifier)| identifier.to_string())
            .filter(|text| {
                text.split_once('|').is_some_and(|(system, value)| !system.is_empty() && !value.is_empty())
            })
            .collect()
    };
    let theirs = of(other);
    of(one).iter().any(|identifier| theirs.contains(identifier))
}
