use std::collections::HashSet;

use super::*;
use crate::sources::smart::rules::{Dialect, Signing};

fn lines() -> impl Iterator<Item = &'static str> {
    VENDORS.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

#[test]
fn every_row_has_its_width_and_every_cell_is_read() {
    for line in lines() {
        let cells: Vec<&'static str> = line.split('\t').collect();
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{line}");
        let row = <[&'static str; 18]>::try_from(cells).unwrap();
        assert!(Vendor::read(row, 1).is_some(), "{line}");
    }
    assert_eq!(lines().count(), vendors().len());
}

#[test]
fn a_cell_that_cannot_be_read_costs_its_row() {
    let row: Vec<&'static str> = lines().next().unwrap().split('\t').collect();
    let row = <[&'static str; 18]>::try_from(row).unwrap();
    for (column, slip) in
        [(2, "door:x"), (3, "maybe"), (11, "often"), (12, "big"), (14, "1=x"), (15, "70000")]
    {
        let mut slipped = row;
        slipped[column] = slip;
        assert!(Vendor::read(slipped, 1).is_none(), "column {column}");
    }
}

#[test]
fn names_are_unique_and_the_first_row_is_for_everybody() {
    let names: HashSet<_> = vendors().iter().map(|vendor| vendor.name).collect();
    assert_eq!(names.len(), vendors().len());
    let any = &vendors()[0];
    assert_eq!((any.name, any.page_size, any.known_by.len()), ("any", 100, 0));
    assert!(named("epic").is_some() && named("Epic").is_none() && named("nobody").is_none());
}

#[test]
fn every_row_names_its_source_and_its_year_and_pages_are_https() {
    for vendor in vendors() {
        assert!(vendor.source.len() > 10, "{} names no source", vendor.name);
        assert!(vendor.year.parse::<u16>().is_ok_and(|year| year >= 2024), "{}", vendor.name);
        assert!(vendor.registration_page.is_none_or(|page| page.starts_with("https://")), "{}", vendor.name);
        assert!(!vendor.patient.is_empty() && vendor.page_size > 0, "{}", vendor.name);
    }
    assert!(VENDORS.contains("# Source") && VENDORS.contains("# Licence"));
}

#[test]
fn no_host_path_or_name_is_of_two_vendors() {
    for (at, one) in vendors().iter().enumerate() {
        for other in &vendors()[at + 1..] {
            for (own, its) in
                one.known_by.iter().flat_map(|own| other.known_by.iter().map(move |its| (own, its)))
            {
                let is_both = match (own, its) {
                    (KnownBy::Host(own), KnownBy::Host(its)) => is_below(own, its) || is_below(its, own),
                    (KnownBy::Path(own), KnownBy::Path(its)) => own.contains(its) || its.contains(own),
                    _ => own == its,
                };
                assert!(!is_both, "{} and {}: {own:?}, {its:?}", one.name, other.name);
            }
        }
    }
}

#[test]
fn a_server_is_known_by_its_host_its_name_or_its_path() {
    let name = |base| of(base, None, None).name;
    assert_eq!(name("https://fhir.example.org/api/FHIR/R4"), "epic");
    assert_eq!(name("https://fhir.example.org/proxy/api/FHIR/R4/"), "epic");
    assert_eq!(name("https://fhir.example.org/api/fhir/r4"), "any");
    assert_eq!(name("https://FHIR-myrecord.Cerner.com/r4/some-tenant"), "cerner");
    assert_eq!(name("https://fhir4.healow.com/fhir/r4/ABCDEF"), "eclinicalworks");
    assert_eq!(name("https://fhir.meditouchehr.com/api/fhir/r4"), "nextgen-office");
    assert_eq!(name("https://hospital.example.org:8443/v2/uscore/STU6"), "meditech");
    assert_eq!(name("https://fhir.netsmartcloud.com/uscore/v1"), "netsmart");
    assert_eq!(name("https://notcerner.com/r4/x"), "any");
    assert_eq!(name("https://cerner.com.example.org/r4/x"), "any");
    assert_eq!(name("https://cerner.com@example.org/r4/x"), "any");
    assert_eq!(name(""), "any");
}

#[test]
fn a_host_says_more_than_a_name_and_a_name_more_than_a_path() {
    let base = "https://fhir.example.org/api/FHIR/R4";
    assert_eq!(of(base, Some("HAPI FHIR Server"), None).name, "epic");
    assert_eq!(of(base, Some("eCW FHIR facade"), None).name, "eclinicalworks");
    assert_eq!(of("https://x.cerner.com/api/FHIR/R4", Some("Epic"), None).name, "cerner");
    assert_eq!(of("https://example.org/fhir", Some("EPIC"), Some("Not provided")).name, "epic");
    assert_eq!(of("https://example.org/fhir", None, Some("Oracle Health")).name, "cerner");
    let publisher = Some("Medical Information Technology, Inc.");
    assert_eq!(of("https://example.org/fhir", Some("Interoperability Services"), publisher).name, "meditech");
    assert_eq!(of("https://example.org/fhir", Some("Epic Games"), None).name, "any");
    assert_eq!(of("https://api.example.org/v2", Some("Blue Button API: Direct"), None).name, "blue-button");
}

#[test]
fn a_client_that_holds_something_never_names_itself_by_its_id_alone() {
    for vendor in vendors() {
        let at = vendor.auth.iter().position(|auth| *auth == TokenAuth::None);
        assert!(at.is_none_or(|at| at + 1 == vendor.auth.len()), "{}", vendor.name);
        assert!(at.is_none() || vendor.client != ClientKind::Confidential, "{}", vendor.name);
    }
}

#[test]
fn aud_is_left_out_or_cut_where_a_vendor_wants_it_so() {
    let with = |rule| -> Vec<_> {
        vendors().iter().filter(|vendor| vendor.aud == rule).map(|vendor| vendor.name).collect()
    };
    assert_eq!(with(AudRule::Absent), ["nextgen", "onpatient", "va", "quest", "advancedmd", "cigna", "nhs"]);
    assert_eq!(
        with(AudRule::NoSlash),
        [
            "eclinicalworks",
            "careevolution",
            "medhost",
            "anthem",
            "netsmart",
            "qualifacts",
            "flatiron",
            "one-medical",
            "darena",
        ]
    );
}

#[test]
fn rows_say_what_their_sources_say() {
    let epic = named("epic").unwrap();
    assert_eq!(epic.meaning("59204"), Some(NoticeMeaning::Withheld));
    assert_eq!(epic.meaning("4101"), Some(NoticeMeaning::Nothing));
    assert_eq!(epic.meaning("4113"), Some(NoticeMeaning::Expired));
    assert_eq!(epic.meaning("1"), None);
    assert_eq!((epic.registration, epic.page_size), (Registration::EpicDevice, 100));

    let ecw = named("eclinicalworks").unwrap();
    assert_eq!(ecw.per_minute, Some(250));
    assert_eq!(ecw.patient, [PatientRule::IdToken]);
    assert_eq!(ecw.auth[0], TokenAuth::PrivateKeyJwt(Some(Signing::Rs384)));

    let nextgen = named("nextgen").unwrap();
    assert_eq!((nextgen.refresh_within_h, nextgen.client), (Some(48), ClientKind::Confidential));
    assert_eq!(nextgen.refused_status, [404]);
    assert_eq!(named("onpatient").unwrap().refused_status, [500]);

    let athena = named("athena").unwrap();
    let practice = AuthorizeExtra::Given { name: "ah-practice", by: "practice" };
    assert_eq!(athena.authorize_extra, [AuthorizeExtra::Nonce, practice]);

    let veradigm = named("veradigm").unwrap();
    assert_eq!(veradigm.patient[0], PatientRule::AccessToken("local_patient_id"));
    assert_eq!(named("onpatient").unwrap().patient, [PatientRule::Search]);
    assert_eq!(named("cerner").unwrap().scopes.dialect, Some(Dialect::V1));
    let medicare = &named("blue-button").unwrap().scopes;
    assert_eq!(medicare.types, ["Patient", "Coverage", "ExplanationOfBenefit"]);
    assert_eq!((&medicare.without[..], &medicare.extra[..]), (&["fhirUser"][..], &["profile"][..]));
    assert_eq!(named("kaiser").unwrap().scopes.extra, ["sandbox"]);
    assert_eq!(named("any").unwrap().registration, Registration::Rfc7591);
}
