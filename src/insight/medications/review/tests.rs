//! Each kind of question with one record that calls for it and the nearest one that does not. What must be asked is
//! listed in clinical safety, section 2, Medicines; other sources stand at the tests. Today is 2026-03-01; the person
//! was born 1961-05-04 and is 64, of no recorded sex, where nothing else is said.

use serde_json::json;

use super::*;
use crate::insight::medications::medications;
use crate::insight::testing::{entry, person, run, text, view, with};
use crate::knowledge::medicine_facts::all_facts;
use crate::knowledge::never_said::NeverSaid;
use crate::knowledge::pairs::pairs;
use crate::record::{
    Allergy, Code, Concept, Detail, Dosage, Entry, Measurement, Medication, MedicationRole, Number, Quantity,
    Setting, Standing, System, Value, When,
};

use ReviewTopic::{
    Age, AllergyToClass, AllergyToIt, AnticoagulantWithNsaid, Kidney, NoneKnownBesideSome, NotConfirmed,
    OpioidWithBenzodiazepine, Pair, Pregnancy, SameClass, SameIngredient, TripleHit, TwoAnticoagulants,
    WeeklyTakenDaily,
};

/// An active order of 2026-02-01: `order(1, "warfarin 5 mg tablet")`.
fn order(number: u32, name: &str) -> Entry {
    labelled(number, name, "Take 1 tablet daily")
}

fn labelled(number: u32, name: &str, label: &str) -> Entry {
    let dosage = vec![Dosage { text: Some(label.into()), ..Dosage::default() }];
    let medicine = Medication { intent: Some("order".into()), dosage, ..Medication::default() };
    let id = format!("M{number:06}");
    let order = entry(&id, name, "2026-02-01", Detail::Medication(Box::new(medicine)));
    with(order, |entry| entry.status = Some("active".into()))
}

fn changed(entry: Entry, change: impl FnOnce(&mut Medication)) -> Entry {
    with(entry, |entry| {
        if let Detail::Medication(medicine) = &mut entry.detail {
            change(medicine);
        }
    })
}

fn dated(entry: Entry, date: &str) -> Entry {
    with(entry, |entry| entry.date = When::parse(date))
}

/// The orders of these names, numbered from 1.
fn orders(names: &[&str]) -> Vec<Entry> {
    (1..).zip(names).map(|(number, name)| order(number, name)).collect()
}

fn allergy(name: &str) -> Entry {
    entry("A000001", name, "2015-01-01", Detail::Allergy(Box::<Allergy>::default()))
}

fn egfr(id: &str, digits: &str, date: &str) -> Entry {
    let number = Number::parse(digits).unwrap();
    let unit = Some("mL/min/1.73m2".into());
    let value = Some(Value::Quantity(Quantity { comparator: None, number, unit, ucum: None }));
    let found = Measurement { value, ..Measurement::default() };
    with(entry(id, "", date, Detail::Measurement(Box::new(found))), |entry| {
        // LOINC 98979-8 stands in this project's analytes_loinc.tsv.
        let code = Code { system: System::Loinc, code: "98979-8".into(), display: None };
        entry.concept = Concept { text: Some("eGFR".into()), codes: vec![code] };
        entry.status = Some("final".into());
    })
}

fn problem(name: &str, date: &str) -> Entry {
    with(entry("C000001", name, date, Detail::Condition(Box::default())), |entry| {
        entry.status = Some("active".into());
    })
}

fn born(date: &str, sex: &str) -> Entry {
    person(|person| {
        person.birth = When::parse(date);
        person.sex = Some(sex.into());
    })
}

fn asked(entries: Vec<Entry>) -> Vec<Review> {
    run(&view(entries), json!({}), |context| reviews(context).unwrap())
}

fn topics(entries: Vec<Entry>) -> Vec<ReviewTopic> {
    asked(entries).into_iter().map(|review| review.topic).collect()
}

/// The one question of a topic, with the ids it cites.
fn one(entries: Vec<Entry>, topic: ReviewTopic) -> (String, Vec<String>) {
    let mut found = asked(entries);
    found.retain(|review| review.topic == topic);
    assert_eq!(found.len(), 1, "{found:?}");
    let mut cited: Vec<String> = found[0].about.iter().map(ToString::to_string).collect();
    cited.sort();
    (found[0].line(), cited)
}

fn has(entries: Vec<Entry>, topic: ReviewTopic) -> bool {
    topics(entries).contains(&topic)
}

#[test]
fn a_medicine_that_nobody_takes_at_home_now_is_never_asked_about() {
    // Each of these beside warfarin would be a question, were it active and for home.
    let beside = |other: Entry| topics(vec![order(1, "warfarin 5 mg tablet"), other]);
    let ibuprofen = || order(2, "ibuprofen 400 mg tablet");
    assert_eq!(beside(ibuprofen()), [AnticoagulantWithNsaid]);
    let status = |word: &str| with(ibuprofen(), |entry| entry.status = Some(word.into()));
    for word in ["stopped", "completed", "cancelled", "entered-in-error", "draft", "unknown"] {
        assert!(beside(status(word)).is_empty(), "{word}");
    }
    for setting in [Setting::Inpatient, Setting::Clinic] {
        assert!(beside(changed(ibuprofen(), |one| one.setting = setting)).is_empty(), "{setting:?}");
    }
    for intent in ["instance-order", "proposal", "option"] {
        assert!(beside(changed(ibuprofen(), |one| one.intent = Some(intent.into()))).is_empty(), "{intent}");
    }
    for role in [MedicationRole::Administration, MedicationRole::Dispense] {
        assert!(beside(changed(ibuprofen(), |one| one.role = role)).is_empty(), "{role:?}");
    }
    let course = dated(labelled(2, "ibuprofen 400 mg tablet", "1 tablet daily for 7 days"), "2026-02-01");
    assert!(beside(course).is_empty(), "the label ended it on 2026-02-08");
    let ended = with(ibuprofen(), |entry| entry.end = When::parse("2026-02-20"));
    assert!(beside(ended).is_empty());
    let forbidden = with(ibuprofen(), |entry| entry.standing = Standing::NotDone);
    assert!(beside(forbidden).is_empty(), "an order NOT to give it");
    let withdrawn = with(ibuprofen(), |entry| entry.standing = Standing::EnteredInError);
    assert!(beside(withdrawn).is_empty());
    assert!(beside(order(2, "influenza vaccine, inactivated")).is_empty());
}

#[test]
fn nothing_is_asked_for_a_person_who_has_died() {
    let died = person(|person| person.death = crate::record::Death::Died(When::parse("2026-02-20")));
    let entries = orders(&["warfarin 5 mg tablet", "ibuprofen 400 mg tablet"]);
    assert!(has(entries.clone(), AnticoagulantWithNsaid));
    assert!(topics([entries, vec![died]].concat()).is_empty());
}

#[test]
fn one_ingredient_in_two_products_is_asked_about_with_both_citations() {
    // The brand Zestril holds lisinopril, Percocet acetaminophen: this project's medicines.tsv.
    let (line, cited) = one(orders(&["lisinopril 20 mg tablet", "Zestril 10 mg tablet"]), SameIngredient);
    assert!(line.contains("lisinopril stands more than once"), "{line}");
    assert_eq!(cited, ["M000001", "M000002"]);
    assert!(has(orders(&["Percocet 5-325 mg", "acetaminophen 500 mg tablet"]), SameIngredient));
    let older = dated(order(2, "lisinopril 10 mg tablet"), "2025-11-01");
    assert!(
        has(vec![order(1, "lisinopril 20 mg tablet"), older], SameIngredient),
        "months apart: one is left"
    );
}

#[test]
fn two_strengths_of_one_plan_are_no_double() {
    let plan = ["levothyroxine 100 mcg tablet", "levothyroxine 25 mcg tablet"];
    assert!(topics(orders(&plan)).is_empty(), "ordered on one day by one source");
    let again = dated(order(2, "lisinopril 20 mg tablet"), "2026-02-20");
    assert!(topics(vec![order(1, "lisinopril 20 mg tablet"), again]).is_empty(), "one order, renewed");
    let told_twice =
        with(dated(order(2, "Lisinopril 20 MG Oral Tablet"), "2026-01-10"), |entry| entry.source = 1);
    assert!(
        topics(vec![order(1, "lisinopril 20 mg tablet"), told_twice]).is_empty(),
        "two sources, same words"
    );
    let stopped = with(order(2, "Zestril 10 mg tablet"), |entry| entry.status = Some("stopped".into()));
    assert!(topics(vec![order(1, "lisinopril 20 mg tablet"), stopped]).is_empty());
}

#[test]
fn two_of_a_class_are_asked_about_and_known_pairs_are_not() {
    let (line, cited) = one(orders(&["lisinopril 20 mg tablet", "enalapril 5 mg tablet"]), SameClass);
    assert!(line.contains("ACE inhibitor") && line.contains("Are both meant at the same time?"), "{line}");
    assert_eq!(cited, ["M000001", "M000002"]);
    assert!(has(orders(&["atorvastatin 40 mg tablet", "rosuvastatin 10 mg tablet"]), SameClass));
    // Clinical safety, section 2: known pairs.
    for meant in [
        ["insulin glargine 100 units/mL", "insulin lispro 100 units/mL"],
        ["fluticasone inhaler", "salmeterol inhaler"],
        ["levothyroxine 100 mcg tablet", "liothyronine 5 mcg tablet"],
        ["amoxicillin 500 mg", "metformin 500 mg tablet"],
    ] {
        assert!(topics(orders(&meant)).is_empty(), "{meant:?}");
    }
    assert!(topics(orders(&["amoxicillin and clavulanate 875-125 mg"])).is_empty(), "one product of two");
}

#[test]
fn pairs_of_the_rule_book_are_asked_about_the_most_harmful_first() {
    let two = |names: [&str; 2], topic| one(orders(&names), topic);
    // Warfarin label, section 7.
    let (line, cited) = two(["warfarin 5 mg tablet", "apixaban 5 mg tablet"], TwoAnticoagulants);
    assert!(line.contains("Two blood thinners") && line.contains("(warfarin label, section 7"), "{line}");
    assert_eq!(cited, ["M000001", "M000002"]);
    let (line, _) = two(["apixaban 5 mg tablet", "naproxen 500 mg tablet"], AnticoagulantWithNsaid);
    assert!(line.contains("bleeding more likely"), "{line}");
    // FDA drug safety communication, August 2016 (boxed warning).
    let (line, _) = two(["oxycodone 5 mg tablet", "lorazepam 1 mg tablet"], OpioidWithBenzodiazepine);
    assert!(line.contains("FDA drug safety communication, August 2016"), "{line}");
    assert!(has(orders(&["sertraline 50 mg tablet", "tramadol 50 mg tablet"]), Pair));
    // Bridging, and what is commonly meant together.
    assert!(topics(orders(&["warfarin 5 mg tablet", "enoxaparin 80 mg syringe"])).is_empty());
    assert!(topics(orders(&["warfarin 5 mg tablet", "acetaminophen 500 mg tablet"])).is_empty());
    let all = orders(&["warfarin 5 mg tablet", "ibuprofen 400 mg tablet", "apixaban 5 mg tablet"]);
    assert_eq!(topics(all.clone()), [TwoAnticoagulants, AnticoagulantWithNsaid]);
    // What one row says of two pairs is one question about all three.
    let (line, cited) = one(all, AnticoagulantWithNsaid);
    assert_eq!(cited, ["M000001", "M000002", "M000003"]);
    assert!(line.starts_with("apixaban [M000003], warfarin [M000001] with ibuprofen [M000002]: "), "{line}");
    assert!(line.contains("Are all meant at the same time?"), "{line}");
}

#[test]
fn the_triple_hit_is_one_question_about_three_medicines() {
    // bpac New Zealand, Avoiding the triple whammy in primary care, 2018: NSAID, ACE inhibitor or ARB, diuretic.
    let three = ["ibuprofen 600 mg tablet", "lisinopril 20 mg tablet", "hydrochlorothiazide 25 mg tablet"];
    let (line, cited) = one(orders(&three), TripleHit);
    assert!(line.contains("all three at once strain the kidneys most") && line.contains("2018)"), "{line}");
    assert_eq!(cited, ["M000001", "M000002", "M000003"]);
    assert_eq!(topics(orders(&three)), [TripleHit], "its pairs are not asked about again");
    // Naproxen with the combination of both is the same in two products.
    let two = orders(&["naproxen 500 mg tablet", "losartan and hydrochlorothiazide 50-12.5 mg tablet"]);
    assert_eq!(one(two, TripleHit).1, ["M000001", "M000002"]);
    // Two of the three are a pair, and low-dose aspirin is none of them.
    assert_eq!(topics(orders(&three[..2])), [Pair]);
    assert!(topics(orders(&three[1..])).is_empty());
    let aspirin = ["aspirin 81 mg tablet", three[1], three[2]];
    assert!(!has(orders(&aspirin), TripleHit));
    let mut stopped = orders(&three);
    stopped[2].status = Some("stopped".into());
    assert_eq!(topics(stopped), [Pair]);
}

#[test]
fn a_recorded_allergy_to_a_medicine_its_class_or_a_related_one_is_asked_about() {
    // Cephalosporins beside penicillin: drug allergy reviews (J Asthma Allergy 2021, PMC6563335).
    let amoxicillin = || order(1, "amoxicillin 500 mg capsule");
    let (line, cited) = one(vec![amoxicillin(), allergy("Amoxicillin")], AllergyToIt);
    assert!(line.contains("Do the prescriber and the pharmacist know of both?"), "{line}");
    assert_eq!(cited, ["A000001", "M000001"]);
    let (line, _) = one(vec![amoxicillin(), allergy("Penicillin")], AllergyToClass);
    assert!(line.contains("beside the recorded allergy \"Penicillin\" [A000001]"), "{line}");
    let (line, _) = one(vec![order(1, "cephalexin 500 mg capsule"), allergy("Penicillin")], AllergyToClass);
    assert!(line.contains("sometimes asked about with it"), "{line}");
    assert!(has(vec![order(1, "lisinopril 20 mg tablet"), allergy("ACE inhibitors")], AllergyToClass));
    // A cream can bring an allergy out as well as a tablet.
    assert!(has(vec![order(1, "gentamicin 0.1 % cream"), allergy("Gentamicin")], AllergyToIt));
}

#[test]
fn a_refuted_allergy_none_known_and_another_class_are_not() {
    let beside = |standing| {
        let entry = with(allergy("Penicillin"), |entry| entry.standing = standing);
        topics(vec![order(1, "amoxicillin 500 mg capsule"), entry])
    };
    assert_eq!(beside(Standing::Stated), [AllergyToClass]);
    assert_eq!(beside(Standing::Unconfirmed), [AllergyToClass], "to leave out a possible one is worse");
    for standing in [Standing::Refuted, Standing::EnteredInError, Standing::NoneKnown, Standing::NotAsked] {
        assert!(beside(standing).is_empty(), "{standing:?}");
    }
    assert!(topics(vec![order(1, "azithromycin 250 mg tablet"), allergy("Penicillin")]).is_empty());
    assert!(topics(vec![order(1, "amoxicillin 500 mg capsule"), allergy("Peanut")]).is_empty());
    // Sulfa antibiotics and the other sulfonamides do not go together by class (the same reviews).
    assert!(topics(vec![order(1, "furosemide 40 mg tablet"), allergy("Sulfa antibiotics")]).is_empty());
}

#[test]
fn metformin_is_asked_about_by_the_reported_egfr_and_its_two_numbers() {
    // FDA drug safety communication, April 2016: not below 30, not to be begun at 30 to 45.
    let with_egfr = |value: &str| {
        let entries = vec![order(1, "metformin 500 mg tablet"), egfr("L000001", value, "2026-02-10")];
        asked(entries).into_iter().find(|review| review.topic == Kidney)
    };
    let below = with_egfr("28").unwrap();
    assert_eq!(below.harm, 1);
    let line = below.line();
    assert!(line.contains("eGFR 28 mL/min/1.73 m² [L000001] on 2026-02-10"), "{line}");
    assert!(line.contains("FDA drug safety communication, April 2016"), "{line}");
    assert_eq!(with_egfr("40").unwrap().harm, 2);
    assert!(with_egfr("46").is_none() && with_egfr("90").is_none());
}

#[test]
fn only_the_latest_final_egfr_of_an_adult_who_is_not_pregnant_counts() {
    let metformin = || order(1, "metformin 500 mg tablet");
    let better = vec![metformin(), egfr("L000001", "28", "2025-06-01"), egfr("L000002", "70", "2026-02-10")];
    assert!(!has(better, Kidney), "the latest is 70");
    let prelim = with(egfr("L000001", "28", "2026-02-10"), |entry| entry.status = Some("preliminary".into()));
    assert!(!has(vec![metformin(), prelim], Kidney));
    let low = || egfr("L000001", "28", "2026-02-10");
    assert!(has(vec![metformin(), low()], Kidney));
    assert!(!has(vec![metformin(), low(), born("2015-05-04", "male")], Kidney), "a child of ten");
    let pregnant = vec![metformin(), low(), born("1995-05-04", "female"), problem("Pregnancy", "2025-12-01")];
    assert!(!has(pregnant, Kidney), "pregnancy suspends the equation");
    // An old one is told as old.
    let (line, _) = one(vec![metformin(), egfr("L000001", "28", "2024-01-10")], Kidney);
    assert!(line.contains("on 2024-01-10 (more than a year ago)"), "{line}");
    assert!(!has(vec![metformin()], Kidney), "no eGFR is no weak kidney");
}

#[test]
fn weak_kidneys_by_egfr_or_diagnosis_are_asked_about_with_an_nsaid() {
    // KDIGO 2012, cautionary notes for prescribing; AGS Beers 2023 speaks of creatinine clearance, another number.
    let ibuprofen = || order(1, "ibuprofen 400 mg tablet");
    assert!(has(vec![ibuprofen(), egfr("L000001", "50", "2026-02-10")], Kidney));
    let (_, cited) = one(vec![ibuprofen(), problem("Chronic kidney disease, stage 3", "2020-01-01")], Kidney);
    assert_eq!(cited, ["C000001", "M000001"]);
    assert!(!has(vec![ibuprofen(), egfr("L000001", "75", "2026-02-10")], Kidney));
    let refuted = with(problem("Chronic kidney disease, stage 3", "2020-01-01"), |entry| {
        entry.standing = Standing::Refuted;
    });
    assert!(!has(vec![ibuprofen(), refuted], Kidney));
}

#[test]
fn pregnancy_is_asked_about_where_it_is_recorded_or_possible() {
    // Lisinopril: Prinivil label changes, FDA, June 2012. Years 15 to 49: WHO, women of reproductive age.
    let lisinopril = || order(1, "lisinopril 20 mg tablet");
    let pregnant = vec![lisinopril(), born("1995-05-04", "female"), problem("Pregnancy", "2025-12-01")];
    let found = asked(pregnant);
    assert_eq!((found[0].topic, found[0].harm), (Pregnancy, 0));
    assert!(found[0].line().contains("pregnancy recorded 2025-12-01 [C000001]"), "{}", found[0].line());
    let possible = asked(vec![lisinopril(), born("1995-05-04", "female")]);
    assert_eq!((possible[0].topic, possible[0].harm), (Pregnancy, 4));
    for (birth, sex) in [("1995-05-04", "male"), ("1961-05-04", "female"), ("2016-05-04", "female")] {
        assert!(!has(vec![lisinopril(), born(birth, sex)], Pregnancy), "{birth} {sex}");
    }
    let womb = entry("P000001", "Total hysterectomy", "2019-06-01", Detail::Plain);
    assert!(!has(vec![lisinopril(), born("1995-05-04", "female"), womb], Pregnancy));
    let levothyroxine = vec![order(1, "levothyroxine 100 mcg tablet"), born("1995-05-04", "female")];
    assert!(!has(levothyroxine, Pregnancy), "only what harms is asked about before a pregnancy");
}

#[test]
fn at_65_and_over_the_beers_list_is_asked_about_outside_hospice() {
    // AGS Beers Criteria 2023 (doi 10.1111/jgs.18372): first-generation antihistamines; not for hospice.
    let pills = || order(1, "diphenhydramine 25 mg capsule");
    let (line, cited) = one(vec![pills(), born("1950-05-04", "male")], Age);
    assert!(
        line.contains("at 65 or over: Beers 2023: avoid") && line.contains("(AGS Beers Criteria 2023)"),
        "{line}"
    );
    assert_eq!(cited, ["M000001"]);
    assert!(has(vec![pills(), born("1961-03-01", "male")], Age), "65 today");
    assert!(!has(vec![pills(), born("1961-03-02", "male")], Age), "65 tomorrow");
    let hospice = entry("E000001", "Hospice care", "2026-02-01", Detail::Plain);
    assert!(!has(vec![pills(), born("1950-05-04", "male"), hospice], Age));
    assert!(!has(vec![order(1, "cetirizine 10 mg tablet"), born("1950-05-04", "male")], Age));
}

#[test]
fn a_cream_and_drops_are_not_asked_about_as_tablets_are() {
    let beside = |first: &str, second: &str| topics(orders(&[first, second]));
    assert!(beside("hydrocortisone 1 % cream", "ibuprofen 400 mg tablet").is_empty());
    assert_eq!(beside("hydrocortisone 10 mg tablet", "ibuprofen 400 mg tablet"), [Pair]);
    assert!(beside("erythromycin 0.5 % ophthalmic ointment", "simvastatin 20 mg tablet").is_empty());
    assert!(beside("hydrocortisone 1 % cream", "hydrocortisone 10 mg tablet").is_empty());
    assert!(beside("ketoconazole 2 % shampoo", "simvastatin 20 mg tablet").is_empty());
    let on_skin = labelled(1, "hydrocortisone 1 %", "Apply the cream to both elbows");
    assert!(topics(vec![on_skin, order(2, "ibuprofen 400 mg tablet")]).is_empty(), "the label says it");
    // The gel's own label warns of blood thinners (diclofenac sodium topical gel, FDA label, section 7); Beers
    // speaks of tablets.
    assert_eq!(beside("diclofenac 1 % gel", "warfarin 5 mg tablet"), [AnticoagulantWithNsaid]);
    let gel = vec![order(1, "diclofenac 1 % gel"), born("1950-05-04", "male")];
    assert!(topics(gel).is_empty());
    assert!(has(vec![order(1, "diclofenac 75 mg tablet"), born("1950-05-04", "male")], Age));
    // A beta blocker's drops reach the blood.
    assert!(has(orders(&["timolol 0.5 % eye drops", "metoprolol 25 mg tablet"]), SameClass));
}

#[test]
fn a_steroid_cream_is_no_high_risk_medicine_and_the_tablet_is() {
    let told = |name: &str| text(&view(orders(&[name])), medications, json!({}));
    assert!(told("prednisone 10 mg tablet").contains("prednisone 10 mg tablet (steroid)"));
    let cream = told("hydrocortisone 1 % cream");
    assert!(cream.contains("hydrocortisone 1 % cream|"), "{cream}");
    assert!(!told("cyclosporine 0.05 % ophthalmic emulsion").contains("immune-lowering"));
}

#[test]
fn methotrexate_of_every_day_is_asked_about_and_of_once_a_week_is_not() {
    // ISMP and the label's boxed warning, as medicines_explained.tsv tells: mostly once a week.
    let of = |label: &str| topics(vec![labelled(1, "methotrexate 2.5 mg tablet", label)]);
    assert_eq!(of("Take 4 tablets daily"), [WeeklyTakenDaily]);
    assert!(of("Take 6 tablets once a week on Monday").is_empty());
    assert!(of("Take 6 tablets on one day per week, not daily").is_empty());
}

#[test]
fn what_nothing_has_confirmed_since_its_supply_ended_is_asked_about() {
    let ordered = |date: &str, days: u32| {
        changed(dated(order(1, "lisinopril 20 mg tablet"), date), |one| one.supply_days = Some(days))
    };
    assert_eq!(topics(vec![ordered("2025-10-01", 30)]), [NotConfirmed]);
    assert!(topics(vec![ordered("2025-10-01", 180)]).is_empty(), "its supply lasts until 2026-03-30");
    let (line, cited) = one(vec![dated(order(1, "lisinopril 20 mg tablet"), "2024-01-01")], NotConfirmed);
    assert!(line.contains("is NOT CONFIRMED for long. Which of them still count?"), "{line}");
    assert_eq!(cited, ["M000001"]);
    assert!(
        topics(vec![dated(order(1, "lisinopril 20 mg tablet"), "2025-03-10")]).is_empty(),
        "within a year"
    );
}

#[test]
fn none_known_beside_some_is_asked_about_and_alone_is_not() {
    let none = || {
        let stated = changed(order(9, "No current medications"), |one| one.role = MedicationRole::Statement);
        dated(with(stated, |entry| entry.standing = Standing::NoneKnown), "2026-02-07")
    };
    assert_eq!(topics(vec![none(), order(1, "lisinopril 20 mg tablet")]), [NoneKnownBesideSome]);
    assert!(topics(vec![none()]).is_empty());
}

#[test]
fn a_medicine_asked_about_by_name_is_set_beside_what_is_recorded() {
    let named = |entries, words: &str| {
        let found = run(&view(entries), json!({}), |context| reviews_of_named(context, words).unwrap());
        found.into_iter().map(|review| review.topic).collect::<Vec<_>>()
    };
    let warfarin = || orders(&["warfarin 5 mg tablet"]);
    assert_eq!(named(warfarin(), "Advil"), [AnticoagulantWithNsaid]);
    assert!(named(warfarin(), "hydrocortisone cream").is_empty());
    assert!(named(warfarin(), "no such thing").is_empty());
    let stopped = with(order(1, "warfarin 5 mg tablet"), |entry| entry.status = Some("stopped".into()));
    assert!(named(vec![stopped], "Advil").is_empty());
    assert_eq!(named(vec![allergy("Penicillin")], "amoxicillin"), [AllergyToClass]);
}

/// Every medicine of the tables, two at a time where the pairs of the table ask, beside every fact of the person
/// that a question can rest on.
#[test]
fn no_question_is_advice_and_none_holds_what_is_never_said() {
    const ADVICE: [&str; 8] =
        ["do not take", "don't take", "you should", "stop ", "change your", "start ", "skip ", "switch to "];
    let never = NeverSaid::read();
    let women = || born("1990-05-04", "female");
    let old = || born("1940-05-04", "male");
    let facts =
        || vec![allergy("Penicillin; NSAIDs; ACE inhibitors; opioids; sulfa; statin; steroid; insulin")];
    let weak = || egfr("L000001", "20", "2026-02-10");
    let mut seen = std::collections::BTreeSet::new();
    let mut asked_of = |names: &[&str], person: Vec<Entry>| {
        for review in asked([orders(names), person].concat()) {
            for line in [review.line(), review.says.clone(), review.ask.clone()] {
                assert!(never.lines_in(&line).is_empty(), "{line}");
                let folded = review.ask.to_lowercase();
                assert!(!ADVICE.iter().any(|advice| folded.contains(advice)), "{line}");
                assert!(review.ask.contains('?') && !review.source.is_empty(), "{line}");
                assert!(!review.about.is_empty(), "no citation: {line}");
            }
            seen.insert(review.topic);
        }
    };
    for row in all_facts() {
        let name = &row.names[..1];
        asked_of(name, [facts(), vec![weak(), old()]].concat());
        asked_of(name, vec![women(), problem("Pregnancy", "2025-12-01")]);
        asked_of(&[name[0], "lisinopril", "hydrochlorothiazide", "ibuprofen"], vec![women()]);
    }
    asked_of(&["lisinopril 20 mg tablet", "Zestril 10 mg tablet"], vec![]);
    for pair in pairs() {
        let member = |key: &'static str| -> Vec<&'static str> {
            let of_class =
                all_facts().iter().filter(|row| row.class == key).flat_map(|row| row.names.iter().copied());
            let found: Vec<&str> = of_class.take(2).collect();
            if found.is_empty() { vec![key] } else { found }
        };
        let (ones, others) = (member(pair.one), member(pair.other));
        let other = if pair.one == pair.other { others[others.len() - 1] } else { others[0] };
        asked_of(&[ones[0], other], vec![old()]);
    }
    let wanted = [
        AllergyToIt,
        AllergyToClass,
        TwoAnticoagulants,
        OpioidWithBenzodiazepine,
        AnticoagulantWithNsaid,
        TripleHit,
        Pair,
        Pregnancy,
        Kidney,
        SameIngredient,
        SameClass,
        Age,
    ];
    assert!(wanted.iter().all(|topic| seen.contains(topic)), "{seen:?}");
}
