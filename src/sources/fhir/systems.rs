//! Which code system an address means, in all the spellings that senders use.
//!
//! Addresses and OIDs: HL7's list of external code systems (R4, terminologies-systems) and, for the
//! OIDs and older addresses, the code system maps of open C-CDA and FHIR converters.

use crate::record::{System, Text};

/// The system at an address.
pub(super) fn system(address: Option<&str>) -> System {
    let Some(address) = address.map(str::trim).filter(|address| !address.is_empty()) else {
        return System::Other(None);
    };
    let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
    let known = match rest {
        Some(rest) => by_address(rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/')),
        None => by_oid(address.strip_prefix("urn:oid:").unwrap_or(address)).or_else(|| by_name(address)),
    };
    known.unwrap_or_else(|| System::Other(Some(Text::from(address))))
}

fn by_address(address: &str) -> Option<System> {
    Some(match address {
        // The HealthIT sandbox writes `http://loinc`.
        "loinc.org" | "loinc" => System::Loinc,
        "snomed.info/sct" | "snomed.info" => System::Snomed,
        "hl7.org/fhir/sid/icd-10-cm" | "hl7.org/fhir/sid/icd-10" => System::Icd10,
        "terminology.hl7.org/CodeSystem/icd10CM" | "terminology.hl7.org/CodeSystem/icd10" => System::Icd10,
        "hl7.org/fhir/sid/icd-9-cm" | "hl7.org/fhir/sid/icd-9" => System::Icd9,
        "terminology.hl7.org/CodeSystem/icd9cm" | "terminology.hl7.org/CodeSystem/icd9" => System::Icd9,
        "cms.gov/Medicare/Coding/ICD10" | "hl7.org/fhir/sid/icd-10-pcs" => System::Icd10Pcs,
        "nlm.nih.gov/research/umls/rxnorm" => System::RxNorm,
        "hl7.org/fhir/sid/ndc" => System::Ndc,
        "hl7.org/fhir/sid/cvx" => System::Cvx,
        "ama-assn.org/go/cpt" => System::Cpt,
        "cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
        | "terminology.hl7.org/CodeSystem/HCPCS"
        | "bluebutton.cms.gov/resources/codesystem/hcpcs"
        | "bluebutton.cms.gov/resources/variables/hcpcs_cd" => System::Hcpcs,
        "fdasis.nlm.nih.gov" => System::Unii,
        // A version or edition behind the address (`http://snomed.info/sct/731000124108`).
        _ if address.starts_with("snomed.info/sct/") => System::Snomed,
        _ => return None,
    })
}

fn by_oid(oid: &str) -> Option<System> {
    Some(match oid {
        "2.16.840.1.113883.6.1" => System::Loinc,
        "2.16.840.1.113883.6.96" => System::Snomed,
        "2.16.840.1.113883.6.90" | "2.16.840.1.113883.6.3" => System::Icd10,
        "2.16.840.1.113883.6.103" | "2.16.840.1.113883.6.104" | "2.16.840.1.113883.6.2" => System::Icd9,
        "2.16.840.1.113883.6.4" => System::Icd10Pcs,
        "2.16.840.1.113883.6.88" => System::RxNorm,
        "2.16.840.1.113883.6.69" => System::Ndc,
        "2.16.840.1.113883.12.292" | "2.16.840.1.113883.6.59" => System::Cvx,
        "2.16.840.1.113883.6.12" => System::Cpt,
        "2.16.840.1.113883.6.285" | "2.16.840.1.113883.6.14" => System::Hcpcs,
        "2.16.840.1.113883.4.9" => System::Unii,
        _ => return None,
    })
}

/// Some senders write the name where the address is due.
fn by_name(name: &str) -> Option<System> {
    use System::*;
    let named = [Loinc, Snomed, Icd10, Icd9, Icd10Pcs, RxNorm, Ndc, Cvx, Cpt, Hcpcs, Unii];
    named.into_iter().find(|system| system.name().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_known_in_every_spelling() {
        for address in
            ["http://loinc.org", "http://loinc", "urn:oid:2.16.840.1.113883.6.1", "https://loinc.org/"]
        {
            assert_eq!(system(Some(address)), System::Loinc, "{address}");
        }
        assert_eq!(system(Some("http://snomed.info/sct/731000124108")), System::Snomed);
        assert_eq!(system(Some("http://www.cms.gov/Medicare/Coding/ICD10")), System::Icd10Pcs);
        assert_eq!(system(Some("urn:oid:1.2.3")), System::Other(Some("urn:oid:1.2.3".into())));
        assert_eq!(system(Some("RXNORM")), System::RxNorm);
        assert_eq!(system(None), System::Other(None));
    }
}
