//! What is asked of a server: the plan of queries, as data.

use super::vendors::Vendor;
use crate::knowledge::table::{list, rows};

const QUERIES: &str = include_str!("tables/queries.tsv");

/// One search, to be completed with `patient` and `_count`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Stable and short: the key under which its outcome is kept.
    pub id: &'static str,
    /// The type of resource; one that a server does not list is not asked for.
    pub resource: &'static str,
    /// Parameters and their values, not yet percent-encoded.
    pub parameters: Vec<(String, String)>,
    /// What a person calls that which it asks for.
    pub name: &'static str,
}

/// The queries for a server of this vendor: those for any server, less what the
/// vendor's rows replace, then the vendor's own.
pub fn queries(vendor: &Vendor) -> Vec<Query> {
    let is_own = |row: &[&'static str; 7]| list(row[1]).any(|name| name == vendor.name);
    let replaced: Vec<_> = rows(QUERIES).filter(is_own).flat_map(|row| list(row[5])).collect();
    let usual = rows(QUERIES).filter(|row| row[1] == "any" && !replaced.contains(&row[0]));
    let own = rows(QUERIES).filter(|row| row[1] != "any" && row[0] != "-").filter(is_own);
    usual.chain(own).map(query).collect()
}

fn query([id, _, resource, parameters, name, _, _]: [&'static str; 7]) -> Query {
    let parameters = parameters
        .split('&')
        .filter_map(|parameter| parameter.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    Query { id, resource, parameters, name }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sources::smart::vendors::{named, vendors};

    fn plan(vendor: &str) -> Vec<Query> {
        queries(named(vendor).unwrap())
    }

    fn parameters_of(plan: &[Query], resource: &str) -> Vec<Vec<String>> {
        let of = plan.iter().filter(|query| query.resource == resource);
        of.map(|query| query.parameters.iter().map(|(key, value)| format!("{key}={value}")).collect())
            .collect()
    }

    #[test]
    fn every_row_has_its_width_a_source_and_cells_that_are_read() {
        let lines = QUERIES.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        assert_eq!(lines.clone().count(), rows::<7>(QUERIES).count());
        for [id, _, resource, parameters, name, replaces, source] in rows::<7>(QUERIES) {
            let is_query = id != "-";
            assert_eq!((resource != "-", name != "-"), (is_query, is_query), "{id} {replaces}");
            assert!(is_query || replaces != "-", "a row that does nothing");
            assert!(parameters == "-" || parameters.split('&').all(|part| part.contains('=')), "{id}");
            assert!(!parameters.contains("patient=") && !parameters.contains("_count="), "{id}");
            assert!(
                source.len() > 10 && resource.chars().all(|sign| sign.is_ascii_alphabetic() || sign == '-')
            );
        }
        assert!(QUERIES.contains("# Source") && QUERIES.contains("# Licence"));
        assert!(QUERIES.contains("LOINC is copyright © Regenstrief Institute, Inc."));
    }

    #[test]
    fn ids_and_names_are_unique_and_rows_refer_to_what_is_there() {
        let ids: Vec<_> = rows::<7>(QUERIES).map(|row| row[0]).filter(|id| *id != "-").collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        let usual: HashSet<_> = rows::<7>(QUERIES).filter(|row| row[1] == "any").map(|row| row[0]).collect();
        for [id, vendor, _, _, _, replaces, _] in rows::<7>(QUERIES) {
            assert!(list(vendor).all(|name| named(name).is_some()), "{id}: {vendor}");
            assert!(list(replaces).all(|replaced| replaced == "-" || usual.contains(replaced)), "{replaces}");
            assert!(vendor != "any" || replaces == "-", "{id}");
        }
        for vendor in vendors() {
            let plan = queries(vendor);
            let asked: HashSet<_> = plan.iter().map(|query| (query.resource, &query.parameters)).collect();
            assert_eq!(asked.len(), plan.len(), "{} asks twice", vendor.name);
            let names: HashSet<_> = plan.iter().map(|query| query.name).collect();
            assert_eq!(names.len(), plan.len(), "{}: two have one name", vendor.name);
        }
    }

    /// An answer must know which queries bear on it: what a query brings is of a kind that its row names.
    #[test]
    fn what_a_query_brings_is_of_the_kinds_that_it_is_told_of() {
        use crate::knowledge::asked_for::asked_for;
        use crate::sources::fhir::{Context, read_resource};
        let context = Context { file: "portal", full_url: None, references: &|written| written.into() };
        for query in vendors().iter().flat_map(queries) {
            let category = query.parameters.iter().find(|(key, _)| key == "category");
            let coding = category.map_or_else(String::new, |(_, value)| {
                let (system, code) = value.split_once('|').unwrap_or(("", value));
                format!(
                    r#","category":[{{"coding":[{{"system":"{system}","code":"{code}"}}],"text":"{code}"}}]"#
                )
            });
            let json = format!(r#"{{"resourceType":"{}","id":"1"{coding}}}"#, query.resource);
            let resource = serde_json::from_str(&json).unwrap();
            let kind = read_resource(&resource, &context).unwrap().entry.kind();
            let asked = asked_for(query.resource, query.id);
            assert!(asked.brings(&[kind]), "{} brings {kind:?}, not {asked:?}", query.id);
        }
    }

    #[test]
    fn the_patient_is_read_and_not_searched() {
        assert!(
            vendors().iter().all(|vendor| queries(vendor).iter().all(|query| query.resource != "Patient"))
        );
    }

    #[test]
    fn any_server_is_asked_by_category_and_for_what_has_none() {
        let plan = plan("any");
        assert_eq!(parameters_of(&plan, "Observation").len(), 18);
        assert_eq!(plan[0].id, "labs");
        assert_eq!(plan[0].parameters, [("category".to_owned(), "laboratory".to_owned())]);
        assert_eq!(
            parameters_of(&plan, "Condition"),
            [
                vec!["category=problem-list-item".to_owned()],
                vec!["category=health-concern".to_owned()],
                vec!["category=encounter-diagnosis".to_owned()],
                vec![],
            ]
        );
        assert_eq!(parameters_of(&plan, "MedicationRequest"), [["intent=order,plan"]]);
        assert_eq!(parameters_of(&plan, "CareTeam"), [["status=active"]]);
        assert!(
            parameters_of(&plan, "DiagnosticReport")
                .contains(&vec!["category=http://loinc.org|LP29684-5".to_owned()])
        );
    }

    #[test]
    fn epic_is_asked_for_observations_and_care_plans_only_by_category() {
        let plan = plan("epic");
        for resource in ["Observation", "CarePlan"] {
            let all = parameters_of(&plan, resource);
            assert!(
                !all.is_empty() && all.iter().flatten().all(|parameter| parameter.starts_with("category="))
            );
            assert!(all.iter().all(|parameters| parameters.len() == 1), "{resource}: {all:?}");
        }
        assert!(plan.iter().any(|query| query.id == "epic-smartdata"));
        assert!(
            self::plan("nextgen").iter().all(|query| query.id != "observations" && query.id != "epic-lda")
        );
    }

    #[test]
    fn a_vendors_row_takes_the_place_of_a_usual_one() {
        let claims = |vendor| parameters_of(&plan(vendor), "ExplanationOfBenefit");
        assert_eq!(claims("any"), [Vec::<String>::new()]);
        assert_eq!(claims("kaiser"), [["_includes=*"]]);
        assert_eq!(parameters_of(&plan("medhost"), "Observation"), [Vec::<String>::new()]);
        assert_eq!(parameters_of(&plan("quest"), "Observation"), [["category=laboratory"]]);
        assert_eq!(
            parameters_of(&plan("cerner"), "Appointment"),
            [["date=gt2000-01-01", "date=le2100-01-01"]]
        );
    }
}
