//! What a fact is called: the recorded name, else the plain name behind its code.

use super::plain;
use crate::knowledge::analytes::analyte_by_code;
use crate::knowledge::medicines::ingredients_of;
use crate::knowledge::vaccines::vaccine_by_cvx;
use crate::record::{Concept, System};

/// The address under which the table of medicines knows RxNorm.
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// The recorded name, cleaned. Of what came with a code alone, the plain name of the code with the code
/// behind it; of an unknown code the code.
pub fn name(concept: &Concept) -> String {
    if concept.name().is_some() {
        return plain(&concept.label());
    }
    match behind_code(concept) {
        Some(name) => format!("{name} ({})", plain(&concept.label())),
        None => plain(&concept.label()),
    }
}

fn behind_code(concept: &Concept) -> Option<String> {
    let analyte =
        concept.codes_in(&System::Loinc).find_map(analyte_by_code).map(|known| known.name.to_owned());
    let vaccine =
        || concept.codes_in(&System::Cvx).find_map(vaccine_by_cvx).map(|known| known.name.to_owned());
    let medicine = || {
        let codes: Vec<(&str, &str)> = concept.codes_in(&System::RxNorm).map(|code| (RXNORM, code)).collect();
        let names: Vec<&str> = ingredients_of(&codes, "").into_iter().map(|known| known.name).collect();
        (!names.is_empty()).then(|| names.join(" and "))
    };
    analyte.or_else(vaccine).or_else(medicine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Code;

    #[test]
    fn a_code_alone_is_told_by_its_plain_name_and_a_recorded_name_stays() {
        let coded = |system: System, code: &str| Concept {
            text: None,
            codes: vec![Code { system, code: code.into(), display: None }],
        };
        assert_eq!(name(&coded(System::Loinc, "85354-9")), "Blood pressure (LOINC 85354-9)");
        assert_eq!(name(&coded(System::Loinc, "1-8")), "LOINC 1-8");
        assert_eq!(
            name(&Concept { text: Some("BP sitting".into()), ..coded(System::Loinc, "85354-9") }),
            "BP sitting"
        );
    }
}
