//! What is denied, refused, withdrawn, not known or empty, and is never told as a fact.

use super::*;

#[test]
fn no_known_allergies_is_a_statement_and_no_allergy() {
    let value = r##"<value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96"/>"##;
    let none = format!("{value}{}", substance(r##"<code nullFlavor="NA"/>"##));
    let (entry, _) = allergy(&none, r##"negationInd="true""##);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::NoneKnown, "No known allergies"));
    let drugs = none.replace("419199007", "416098002");
    let (entry, _) = allergy(&drugs, r##"negationInd="true""##);
    assert_eq!(
        (entry.standing, entry.concept.label().as_str()),
        (Standing::NoneKnown, "No known drug allergies")
    );
    // A substance that is denied is that one alone.
    let eggs = format!("{value}{}", substance(r##"<code code="1" displayName="Peanut"/>"##));
    let (entry, _) = allergy(&eggs, r##"negationInd="true""##);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::Refuted, "Peanut"));
}

#[test]
fn a_medicine_that_is_not_taken_and_no_medicine_at_all_are_two_things() {
    let (entry, _) = medicine(r##"moodCode="EVN" negationInd="true""##, IBUPROFEN);
    assert_eq!(entry.standing, Standing::NotDone);
    let none = r##"<consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="NA"/></manufacturedMaterial>
        </manufacturedProduct></consumable>"##;
    let (entry, _) = medicine(r##"moodCode="EVN" negationInd="true""##, none);
    assert_eq!(
        (entry.standing, entry.concept.label().as_str()),
        (Standing::NoneKnown, "No known medications")
    );
    let (entry, medicine) = self::medicine(r##"moodCode="INT""##, IBUPROFEN);
    assert_eq!((entry.key.as_str(), medicine.intent.as_deref()), ("", Some("order")));
}

#[test]
fn a_vaccine_that_was_refused_is_not_given() {
    let vaccine = |negation: &str| {
        let entries = format!(
            r##"<entry><substanceAdministration classCode="SBADM" moodCode="EVN" negationInd="{negation}">{}
            <statusCode code="completed"/><effectiveTime value="20101015"/>
            <consumable><manufacturedProduct><manufacturedMaterial>
              <code code="88" codeSystem="2.16.840.1.113883.12.292" displayName="Influenza"/>
              <lotNumberText>1</lotNumberText></manufacturedMaterial>
              <manufacturerOrganization><name>A maker</name></manufacturerOrganization>
            </manufacturedProduct></consumable>
            <entryRelationship typeCode="RSON"><observation classCode="OBS" moodCode="EVN">{}
              <code code="PATOBJ" displayName="Patient objection"/></observation></entryRelationship>
            </substanceAdministration></entry>"##,
            template("52"),
            template("53"),
        );
        let mut found = of(Kind::Immunization, "11369-6", "", &entries);
        let entry = found.remove(0);
        let Detail::Immunization(vaccine) = entry.detail.clone() else { panic!("no vaccine") };
        (entry, *vaccine)
    };
    let (entry, given): (Entry, Immunization) = vaccine("false");
    assert_eq!((entry.standing, entry.date.unwrap().to_string().as_str()), (Standing::Stated, "2010-10-15"));
    assert_eq!((given.lot.as_deref(), given.manufacturer.as_deref()), (Some("1"), Some("A maker")));
    let (entry, refused) = vaccine("true");
    assert_eq!((entry.standing, refused.reason.as_deref()), (Standing::NotDone, Some("Patient objection")));
}

#[test]
fn a_negated_observation_does_not_show_its_value_as_true() {
    let entries = r##"<entry><observation classCode="OBS" moodCode="EVN" negationInd="true">
        <code code="75325-1" codeSystem="2.16.840.1.113883.6.1" displayName="Symptom"/>
        <value xsi:type="CD" code="1" displayName="Chest pain"/></observation></entry>"##;
    let found = of(Kind::Background, "47420-5", "", entries);
    let Detail::Measurement(measured) = &found[0].detail else { panic!("no finding") };
    assert_eq!(number(measured), "not so: Chest pain");
}

#[test]
fn the_denial_of_one_thing_is_not_the_statement_that_there_is_none() {
    let other = |code: &str| {
        format!(
            r##"<value xsi:type="CD" code="419199007" codeSystem="2.16.840.1.113883.6.96"/>{}"##,
            substance(code)
        )
    };
    let translated = r##"<code nullFlavor="OTH"><translation code="7980" displayName="Penicillin"/></code>"##;
    let named = r##"<code nullFlavor="UNK"/><name>Sulfonamide</name>"##;
    for code in [translated, named] {
        assert_eq!(allergy(&other(code), r##"negationInd="true""##).0.standing, Standing::Refuted, "{code}");
    }
    let peanut = r##"<value xsi:type="CD" code="91935009" displayName="Allergy to peanut"/>"##;
    let (entry, _) = allergy(peanut, r##"negationInd="true""##);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::Refuted, "Allergy to peanut"));
    // To deny that there is none is no second negation.
    let none = other("<code nullFlavor=\"OTH\"><originalText>No known allergies</originalText></code>");
    assert_eq!(allergy(&none, r##"negationInd="true""##).0.standing, Standing::NoneKnown);
    let diabetes = r##"<value xsi:type="CD" nullFlavor="OTH"><translation code="E11.9" displayName="Diabetes"/></value>"##;
    assert_eq!(problem(diabetes, r##"negationInd="true""##, "active").0.standing, Standing::Refuted);
    let words = r##"<text>No history of seizures</text>"##;
    let (entry, _) = problem(words, r##"negationInd="true""##, "active");
    assert_eq!(entry.concept.label(), "denied: No history of seizures");
    let warfarin = r##"<consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="OTH">
        <translation code="11289" displayName="Warfarin"/></code></manufacturedMaterial></manufacturedProduct>
        </consumable>"##;
    let (entry, _) = medicine(r##"moodCode="EVN" negationInd="true""##, warfarin);
    assert_eq!((entry.standing, entry.concept.label().as_str()), (Standing::NotDone, "Warfarin"));
}

#[test]
fn what_was_withdrawn_with_its_organizer_or_not_done_is_no_fact() {
    let organizer = format!(
        r##"<entry><organizer classCode="BATTERY" moodCode="EVN">{}<statusCode code="nullified"/><component>
        <observation classCode="OBS" moodCode="EVN"><code code="2823-3" codeSystem="2.16.840.1.113883.6.1"/>
        <value xsi:type="PQ" value="9.9"/></observation></component></organizer></entry>"##,
        template("1")
    );
    assert_eq!(of(Kind::Lab, "30954-2", "", &organizer)[0].standing, Standing::EnteredInError);
    let pacemaker = |attributes: &str, status: &str| {
        let entries = format!(
            r##"<entry><procedure classCode="PROC" moodCode="EVN" {attributes}><code code="1" displayName="Implantation"/>
            <statusCode code="{status}"/><participant typeCode="DEV"><participantRole><playingDevice>
            <code code="2" displayName="Pacemaker"/></playingDevice></participantRole></participant></procedure></entry>"##
        );
        of(Kind::Device, "47519-4", "", &entries).len()
    };
    assert_eq!(pacemaker("", "completed"), 1);
    assert_eq!(pacemaker("", "cancelled") + pacemaker(r##"negationInd="true""##, "completed"), 0);
}

#[test]
fn what_says_nothing_is_named_with_its_place() {
    let seen = read(&section("30954-2", "", "<entry><observationMedia/></entry><entry/>"));
    assert_eq!(
        seen.left_out,
        [
            "entry 1 of results (section 30954-2): this entry holds a picture or a region of one, not a statement",
            "entry 2 of results (section 30954-2): this entry is empty"
        ]
    );
}

/// As HL7's examples say that there are none at all: by denying "drug or medication", "vaccine", "procedure", "implant".
#[test]
fn to_deny_anything_of_a_kind_is_to_say_that_there_is_none() {
    let material = |code: &str| {
        format!(
            r##"<consumable><manufacturedProduct><manufacturedMaterial><code code="{code}"
            codeSystem="2.16.840.1.113883.6.96"/></manufacturedMaterial></manufacturedProduct></consumable>"##
        )
    };
    let act = |name: &str, inside: &str| {
        format!(r##"<entry><{name} moodCode="EVN" negationInd="true">{inside}</{name}></entry>"##)
    };
    let vaccine = format!("{}{}", template("52"), material("787859002"));
    let procedure = format!(r##"{}<code code="71388002" displayName="Procedure"/>"##, template("14"));
    let implant = format!(
        r##"{}<code code="71388002"/><participant typeCode="DEV"><participantRole classCode="MANU"><playingDevice>
        <code code="40388003"/></playingDevice></participantRole></participant>"##,
        template("14")
    );
    let said = [
        medicine(r##"moodCode="EVN" negationInd="true""##, &material("410942007")).0,
        of(Kind::Immunization, "11369-6", "", &act("substanceAdministration", &vaccine)).remove(0),
        of(Kind::Procedure, "47519-4", "", &act("procedure", &procedure)).remove(0),
        of(Kind::Device, "46264-8", "", &act("procedure", &implant)).remove(0),
    ];
    let told = said.each_ref().map(|entry| (entry.standing, entry.concept.label()));
    let names = ["No known medications", "No known immunizations", "No known procedures"].map(str::to_owned);
    for (place, name) in names.into_iter().enumerate() {
        assert_eq!(told[place], (Standing::NoneKnown, name));
    }
    assert_eq!(told[3].0, Standing::NoneKnown, "{}", told[3].1);
}

#[test]
fn what_the_source_does_not_know_is_no_fact() {
    let unknown = r##"<entry><procedure classCode="PROC" moodCode="EVN" nullFlavor="UNK"><code code="80146002"
        displayName="Appendectomy"/><statusCode code="completed"/></procedure></entry>"##;
    let seen = read(&section("47519-4", "", unknown));
    assert!(seen.entries.iter().all(|entry| entry.kind() != Kind::Procedure), "{:?}", seen.entries);
    assert_eq!(
        seen.left_out,
        [
            "entry 1 of procedures (section 47519-4): the source says of this entry that it does not know it, or has no information on it"
        ]
    );
    let smoking = r##"<entry><observation classCode="OBS" moodCode="EVN" nullFlavor="UNK">
        <code code="72166-2" codeSystem="2.16.840.1.113883.6.1" displayName="Tobacco smoking status"/>
        <value xsi:type="CD" code="1" displayName="Smokes every day"/></observation></entry>"##;
    let seen = read(&section("29762-2", "", smoking));
    let Some(Detail::Measurement(measured)) = seen.entries.first().map(|entry| &entry.detail) else {
        panic!("no finding: {:?} {:?}", seen.entries, seen.left_out)
    };
    assert_eq!(number(measured), "unknown: Smokes every day");
}

#[test]
fn that_nothing_is_planned_is_no_order_not_to_do_it() {
    let plan = |words: &str| {
        let entries = format!(
            r##"<entry><observation classCode="OBS" moodCode="RQO" negationInd="true"><code nullFlavor="NI">
            <originalText>{words}</originalText></code><statusCode code="active"/></observation></entry>"##
        );
        of(Kind::CarePlan, "18776-5", "", &entries).remove(0).standing
    };
    assert_eq!(plan("No planned tests"), Standing::NoneKnown);
    assert_eq!(plan("MRI of the head"), Standing::NotDone);
}

#[test]
fn a_procedure_that_was_tried_without_success_is_not_one_that_was_done() {
    let narrative = r##"<paragraph ID="why">Image unreadable</paragraph>"##;
    let entries = format!(
        r##"<entry><procedure classCode="PROC" moodCode="EVN">{}<code code="168731009"
        codeSystem="2.16.840.1.113883.6.96" displayName="Chest X-ray"/><statusCode code="completed"/>
        <entryRelationship typeCode="SUBJ" inversionInd="true"><act classCode="ACT" moodCode="EVN">
          <code code="103709008" codeSystem="2.16.840.1.113883.6.96" displayName="Failed attempted procedure"/>
          <text><reference value="#why"/></text><statusCode code="completed"/></act></entryRelationship>
        </procedure></entry>"##,
        template("14")
    );
    let tried = of(Kind::Procedure, "47519-4", narrative, &entries).remove(0);
    assert_eq!(tried.status.as_deref(), Some("stopped"));
    assert_eq!(tried.notes, ["Tried without success: Image unreadable"]);
}

#[test]
fn what_is_not_known_beside_what_is_has_a_line_of_its_own() {
    let problem = |attributes: &str, name: &str| {
        format!(
            r##"<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" {attributes}>{}
            <code code="55607006"/><value xsi:type="CD" code="1" displayName="{name}"/></observation>
            </entryRelationship>"##,
            template("4")
        )
    };
    let entry = format!(
        r##"<entry><act classCode="ACT" moodCode="EVN">{}<code code="CONC"/><statusCode code="active"/>{}{}</act></entry>"##,
        template("3"),
        problem("", "Gout"),
        problem(r##"nullFlavor="UNK""##, "Asthma")
    );
    let seen = read(&section("11450-4", "", &entry));
    let problems = seen.entries.iter().filter(|entry| entry.kind() == Kind::Condition);
    assert_eq!(problems.map(|entry| entry.concept.label()).collect::<Vec<_>>(), ["Gout"]);
    assert_eq!(
        seen.left_out,
        ["entry 1 of problems (section 11450-4): a part of this entry is not known to the source"]
    );
}
