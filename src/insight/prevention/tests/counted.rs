//! Doses are counted and never judged. The cases are those that the CDC publishes for CDSi (healthy childhood
//! and adult test cases), read in WorldVax/vaxplan.testcases, `features/CDSi_TestCases_*.feature`: doses and
//! days, and whether CDSi calls the series done after them. Pairs with as many doses of the same product have
//! different ends, so that no count can say it.

use super::*;

struct Case {
    number: &'static str,
    born: &'static str,
    disease: &'static str,
    cvx: &'static str,
    given: &'static [&'static str],
    is_done_by_cdsi: bool,
}

const CASES: [Case; 12] = [
    case("2013-0523", "2000-03-14", "Measles", "03", &["2001-06-14"], false),
    case("2013-0524", "2000-03-14", "Measles", "03", &["2001-06-14", "2004-03-14"], true),
    case("2013-0540", "2000-03-14", "Measles", "03", &["2001-03-09"], false),
    case("2013-0544", "2004-05-01", "Measles", "03", &["2006-05-01", "2006-05-29"], true),
    // Two doses, the second too soon.
    case("2013-0199", "2011-04-01", "Hepatitis B", "08", &["2011-05-01", "2011-05-24"], false),
    // Three doses: one too soon after the second or the first, and a fourth is asked for.
    case("2013-0202", "2005-06-01", "Hepatitis B", "08", &["2005-09-01", "2005-12-01", "2006-01-21"], false),
    case("2013-0203", "2007-02-11", "Hepatitis B", "45", &["2007-03-01", "2007-08-01", "2007-09-22"], true),
    case("2013-0205", "2004-07-01", "Hepatitis B", "45", &["2004-10-01", "2004-11-07", "2005-01-16"], false),
    case("2013-0206", "2009-07-04", "Hepatitis B", "45", &["2009-10-01", "2009-11-24", "2010-01-17"], true),
    // Two of the adult brand at 11 to 15: four months apart are enough, five days less are not.
    case("2013-0210", "1997-04-07", "Hepatitis B", "43", &["2009-10-13", "2010-02-13"], true),
    case("2013-0211", "1996-05-01", "Hepatitis B", "43", &["2007-05-01", "2007-08-27"], false),
    case("2013-0198", "2011-12-12", "Hepatitis B", "08", &[], false),
];

const fn case(
    number: &'static str,
    born: &'static str,
    disease: &'static str,
    cvx: &'static str,
    given: &'static [&'static str],
    is_done_by_cdsi: bool,
) -> Case {
    Case { number, born, disease, cvx, given, is_done_by_cdsi }
}

impl Case {
    fn record(&self) -> Vec<Entry> {
        let given = self.given.iter().zip(1..);
        let doses = given.map(|(day, place)| dose(&format!("I00000{place}"), self.cvx, "Vaccine", day));
        [born(self.born, "female")].into_iter().chain(doses).collect()
    }
}

/// Words that would judge a series.
const JUDGED: [&str; 8] =
    ["complete", "up to date", "up-to-date", "finished", "all doses", "no more doses", "series is", "immune"];

#[test]
fn no_series_is_judged_whatever_cdsi_says_of_it() {
    for case in &CASES {
        let view = view(case.record());
        let answer = ask(&view, json!({"query": case.disease.to_lowercase(), "kind": "vaccines"}));
        let (text, typed) = (answer.text.to_lowercase(), answer.structured.to_string().to_lowercase());
        for word in JUDGED {
            assert!(!text.contains(word) && !typed.contains(word), "{}: \"{word}\" in\n{text}", case.number);
        }
        let count = match case.given.len() {
            0 => "no record here".to_owned(),
            1 => "1 dose recorded".to_owned(),
            count => format!("{count} doses recorded"),
        };
        assert!(text.contains(&count) && text.contains("counted, not judged"), "{}: {text}", case.number);
        assert!(case.given.iter().all(|day| text.contains(day)), "{}: {text}", case.number);
        let checks = run(&view, json!({}), checks).unwrap();
        let key = case.disease.to_lowercase().replace(' ', "-");
        let check = checks.iter().find(|check| check.key.contains(&key)).unwrap();
        assert!(
            matches!(check.state, State::Counted { .. } | State::NoRecordHere),
            "{}: {:?}",
            case.number,
            check.state
        );
        let said = check.says.to_lowercase();
        assert!(JUDGED.iter().all(|word| !said.contains(word)), "{}: {said}", case.number);
    }
}

#[test]
fn a_count_alone_cannot_say_what_cdsi_says() {
    let alike = |one: &&Case, other: &&Case| {
        (one.disease, one.cvx, one.given.len()) == (other.disease, other.cvx, other.given.len())
    };
    let pairs = CASES.iter().filter(|one| {
        one.is_done_by_cdsi && CASES.iter().any(|other| alike(one, &other) && !other.is_done_by_cdsi)
    });
    assert_eq!(pairs.count(), 3, "2013-0203 and 2013-0206 beside 2013-0205, 2013-0210 beside 2013-0211");
}

#[test]
fn no_vaccine_of_any_person_of_any_age_is_called_done() {
    for year in ["1940", "1960", "1975", "1990", "2005", "2012", "2019", "2024", "2025"] {
        let mut record = vec![born(&format!("{year}-08-10"), "female")];
        for (place, cvx) in ["03", "08", "10", "21", "62", "115", "187", "150", "33"].into_iter().enumerate()
        {
            record.push(dose(&format!("I00001{place}"), cvx, "Vaccine", "2025-10-10"));
            record.push(dose(&format!("I00002{place}"), cvx, "Vaccine", "2026-01-10"));
        }
        let view = view(record);
        let answer = ask(&view, json!({"kind": "vaccines", "max_tokens": 8000}));
        let lower = answer.text.to_lowercase();
        assert!(JUDGED.iter().all(|word| !lower.contains(word)), "{year}: {lower}");
        for check in run(&view, json!({}), checks).unwrap() {
            let is_vaccine = check.name.ends_with("vaccine");
            // A season's dose and a ten-year booster have a day; a series has a count.
            let has_a_day = ["Influenza", "COVID-19", "Tetanus"].iter().any(|name| check.name.contains(name));
            let is_counted = matches!(check.state, State::Counted { .. } | State::NoRecordHere);
            assert!(!is_vaccine || has_a_day || is_counted, "{year}: {check:?}");
        }
    }
}
