//! A record as a C-CDA document: the same facts as in FHIR, as an exchange between hospitals tells them.

use std::fmt::Write as _;

use serde_json::Value;

use super::json::Resource;

/// Who keeps the document, and of whom it is.
pub struct Header<'a> {
    /// The root of all identifiers of the organisation.
    pub oid: &'a str,
    /// Its name.
    pub custodian: &'a str,
    /// When the document was made (`20261020`).
    pub made_on: &'a str,
}

/// A Continuity of Care Document of these resources.
pub fn document(header: &Header<'_>, resources: Vec<Resource>) -> String {
    let resources: Vec<Value> = resources.into_iter().map(Resource::into_value).collect();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:sdtc=\"urn:hl7-org:sdtc\">\n",
    );
    let record = Record { header, resources: &resources };
    record.write_header(&mut xml);
    xml.push_str("<component><structuredBody>\n");
    for section in [
        record.section("48765-2", "Allergies", &record.each("AllergyIntolerance", |it| record.allergy(it))),
        record.section("11450-4", "Problems", &record.each("Condition", |it| record.problem(it))),
        record.section("10160-0", "Medications", &record.each("MedicationRequest", |it| record.medicine(it))),
        record.section("11369-6", "Immunizations", &record.each("Immunization", |it| record.vaccine(it))),
        record.section("30954-2", "Results", &record.each("DiagnosticReport", |it| record.panel(it))),
        record.section("8716-3", "Vital signs", &record.each("Observation", |it| record.vital(it))),
        record.section("47519-4", "Procedures", &record.each("Procedure", |it| record.procedure(it))),
        record.section("46240-8", "Encounters", &record.each("Encounter", |it| record.visit(it))),
        record.section(
            "10157-6",
            "Family history",
            &record.each("FamilyMemberHistory", |it| record.relative(it)),
        ),
        record.section("29762-2", "Social history", &record.each("Observation", |it| record.habit(it))),
    ] {
        xml.push_str(&section);
    }
    xml.push_str("</structuredBody></component>\n</ClinicalDocument>\n");
    xml
}

/// A line of a narrative, and the entry that points to it.
type Told = (Vec<String>, String);

struct Record<'a> {
    header: &'a Header<'a>,
    resources: &'a [Value],
}

impl Record<'_> {
    fn each(&self, kind: &str, tell: impl Fn(&Value) -> Option<Told>) -> Vec<Told> {
        self.resources.iter().filter(|it| it["resourceType"] == kind).filter_map(tell).collect()
    }

    fn section(&self, code: &str, title: &str, told: &[Told]) -> String {
        let rows: String = told
            .iter()
            .enumerate()
            .map(|(row, (cells, _))| {
                let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
                format!("<tr ID=\"s{code}-{row}\">{cells}</tr>\n")
            })
            .collect();
        let entries: String = told
            .iter()
            .enumerate()
            .map(|(row, (_, entry))| {
                format!("<entry>{}</entry>\n", entry.replace("#ROW", &format!("#s{code}-{row}")))
            })
            .collect();
        format!(
            "<component><section><code code=\"{code}\" codeSystem=\"2.16.840.1.113883.6.1\"/><title>{title}</title>\
             <text><table><tbody>\n{rows}</tbody></table></text>\n{entries}</section></component>\n"
        )
    }

    fn write_header(&self, xml: &mut String) {
        let Header { oid, custodian, made_on } = self.header;
        let patient =
            self.resources.iter().find(|it| it["resourceType"] == "Patient").unwrap_or(&Value::Null);
        let name = &patient["name"][0];
        let given: String =
            texts(&name["given"]).iter().map(|it| format!("<given>{}</given>", escaped(it))).collect();
        let sex = if patient["gender"] == "female" { "F" } else { "M" };
        let _ = write!(
            xml,
            "<typeId root=\"2.16.840.1.113883.1.3\" extension=\"POCD_HD000040\"/>\n\
             <templateId root=\"2.16.840.1.113883.10.20.22.1.2\" extension=\"2015-08-01\"/>\n\
             <id root=\"{oid}.99\" extension=\"ccd-{made_on}\"/>\n\
             <code code=\"34133-9\" codeSystem=\"2.16.840.1.113883.6.1\" displayName=\"Summarization of Episode Note\"/>\n\
             <title>Continuity of Care Document</title>\n<effectiveTime value=\"{made_on}\"/>\n\
             <confidentialityCode code=\"N\" codeSystem=\"2.16.840.1.113883.5.25\"/>\n\
             <recordTarget><patientRole><id root=\"{oid}.14\" extension=\"{}\"/>\n<patient><name use=\"L\">{given}\
             <family>{}</family></name><administrativeGenderCode code=\"{sex}\" \
             codeSystem=\"2.16.840.1.113883.5.1\"/><birthTime value=\"{}\"/></patient></patientRole></recordTarget>\n\
             <author><time value=\"{made_on}\"/><assignedAuthor><id root=\"{oid}\"/><assignedAuthoringDevice>\
             <softwareName>Invented exchange</softwareName></assignedAuthoringDevice></assignedAuthor></author>\n\
             <custodian><assignedCustodian><representedCustodianOrganization><id root=\"{oid}\"/>\
             <name>{custodian}</name></representedCustodianOrganization></assignedCustodian></custodian>\n",
            word(&patient["identifier"][0]["value"]),
            escaped(&word(&name["family"])),
            word(&patient["birthDate"]).replace('-', ""),
        );
    }

    /// The identity of a statement: the organisation's, apart from what its FHIR server calls the same.
    fn id(&self, resource: &Value) -> String {
        format!("<id root=\"{}.77\" extension=\"{}\"/>", self.header.oid, word(&resource["id"]))
    }

    fn allergy(&self, it: &Value) -> Option<Told> {
        let name = word(&it["code"]["text"]);
        let reaction = &it["reaction"][0];
        let seen = &reaction["manifestation"][0];
        let onset = low(&it["onsetDateTime"]);
        let manifest = if seen.is_null() {
            String::new()
        } else {
            format!(
                "<entryRelationship typeCode=\"MFST\" inversionInd=\"true\"><observation classCode=\"OBS\" moodCode=\"EVN\">{}\
                 <code code=\"ASSERTION\" codeSystem=\"2.16.840.1.113883.5.4\"/><statusCode code=\"completed\"/>{}{}\
                 </observation></entryRelationship>",
                template("9"),
                coded("value xsi:type=\"CD\"", seen),
                severity(&word(&reaction["severity"])),
            )
        };
        // Allergy or intolerance to a drug: C-CDA's value set "Allergy and Intolerance Type".
        let kind = if it["type"] == "intolerance" { "59037007" } else { "416098002" };
        let criticality = match it["criticality"].as_str() {
            Some("high") => criticality("CRITH"),
            Some("low") => criticality("CRITL"),
            _ => String::new(),
        };
        let entry = format!(
            "<act classCode=\"ACT\" moodCode=\"EVN\">{}<code code=\"CONC\" codeSystem=\"2.16.840.1.113883.5.6\"/>\
             <statusCode code=\"active\"/><entryRelationship typeCode=\"SUBJ\"><observation classCode=\"OBS\" moodCode=\"EVN\">\
             {}{}<code code=\"ASSERTION\" codeSystem=\"2.16.840.1.113883.5.4\"/><text><reference value=\"#ROW\"/></text>\
             <statusCode code=\"completed\"/>{onset}<value xsi:type=\"CD\" code=\"{kind}\" \
             codeSystem=\"2.16.840.1.113883.6.96\"/><participant typeCode=\"CSM\"><participantRole classCode=\"MANU\">\
             <playingEntity classCode=\"MMAT\">{}</playingEntity></participantRole></participant>{manifest}{criticality}\
             </observation></entryRelationship></act>",
            template("30"),
            template("7"),
            self.id(it),
            coded("code", &it["code"]),
        );
        Some((vec![name, word(&seen["text"]), word(&it["onsetDateTime"])], entry))
    }

    fn problem(&self, it: &Value) -> Option<Told> {
        if it["category"][0]["coding"][0]["code"] != "problem-list-item" {
            return None;
        }
        let high = &it["abatementDateTime"];
        let time = format!(
            "<effectiveTime>{}{}</effectiveTime>",
            end("low", &it["onsetDateTime"]),
            end("high", high)
        );
        let is_active = it["clinicalStatus"]["coding"][0]["code"] == "active";
        let entry = format!(
            "<act classCode=\"ACT\" moodCode=\"EVN\">{}<code code=\"CONC\" codeSystem=\"2.16.840.1.113883.5.6\"/>\
             <statusCode code=\"{}\"/><entryRelationship typeCode=\"SUBJ\"><observation classCode=\"OBS\" moodCode=\"EVN\">\
             {}{}<code code=\"55607006\" codeSystem=\"2.16.840.1.113883.6.96\"/><text><reference value=\"#ROW\"/></text>\
             <statusCode code=\"completed\"/>{time}{}{}</observation></entryRelationship></act>",
            template("3"),
            if is_active { "active" } else { "completed" },
            template("4"),
            self.id(it),
            coded("value xsi:type=\"CD\"", &it["code"]),
            status(&word(&it["clinicalStatus"]["coding"][0]["code"])),
        );
        Some((vec![word(&it["code"]["text"]), word(&it["onsetDateTime"])], entry))
    }

    fn medicine(&self, it: &Value) -> Option<Told> {
        if it["category"][0]["coding"][0]["code"] == "inpatient" {
            return None; // a list of medicines is one for home
        }
        let sig = word(&it["dosageInstruction"][0]["text"]);
        let active = if it["status"] == "active" { "active" } else { "completed" };
        let entry = format!(
            "<substanceAdministration classCode=\"SBADM\" moodCode=\"EVN\">{}{}<text><reference value=\"#ROW\"/></text>\
             <statusCode code=\"{active}\"/><effectiveTime xsi:type=\"IVL_TS\">{}</effectiveTime><consumable>\
             <manufacturedProduct classCode=\"MANU\"><manufacturedMaterial>{}</manufacturedMaterial></manufacturedProduct>\
             </consumable><entryRelationship typeCode=\"COMP\"><substanceAdministration classCode=\"SBADM\" moodCode=\"INT\">\
             {}<code code=\"76662-6\" codeSystem=\"2.16.840.1.113883.6.1\"/><text>{}</text></substanceAdministration>\
             </entryRelationship></substanceAdministration>",
            template("16"),
            self.id(it),
            end("low", &it["authoredOn"]),
            coded("code", &it["medicationCodeableConcept"]),
            template("147"),
            escaped(&sig),
        );
        Some((vec![word(&it["medicationCodeableConcept"]["text"]), sig, active.to_owned()], entry))
    }

    fn vaccine(&self, it: &Value) -> Option<Told> {
        let lot = it["lotNumber"].as_str().map(|lot| format!("<lotNumberText>{lot}</lotNumberText>"));
        let lot = lot.unwrap_or_default();
        let entry = format!(
            "<substanceAdministration classCode=\"SBADM\" moodCode=\"EVN\" negationInd=\"{}\">{}{}<text>\
             <reference value=\"#ROW\"/></text><statusCode code=\"completed\"/><effectiveTime value=\"{}\"/><consumable>\
             <manufacturedProduct classCode=\"MANU\"><manufacturedMaterial>{}{lot}</manufacturedMaterial></manufacturedProduct>\
             </consumable></substanceAdministration>",
            it["status"] == "not-done",
            template("52"),
            self.id(it),
            time(&it["occurrenceDateTime"]),
            coded("code", &it["vaccineCode"]),
        );
        Some((vec![word(&it["vaccineCode"]["text"]), word(&it["occurrenceDateTime"])], entry))
    }

    fn panel(&self, it: &Value) -> Option<Told> {
        let results: Vec<&Value> =
            it["result"].as_array()?.iter().filter_map(|result| self.referred(result)).collect();
        let components: String = results
            .iter()
            .map(|result| format!("<component>{}</component>\n", self.result(result, "2")))
            .collect();
        let entry = format!(
            "<organizer classCode=\"BATTERY\" moodCode=\"EVN\">{}{}{}<statusCode code=\"completed\"/>\
             <effectiveTime><low value=\"{at}\"/><high value=\"{at}\"/></effectiveTime>\n{components}</organizer>",
            template("1"),
            self.id(it),
            coded("code", &it["code"]),
            at = time(&it["effectiveDateTime"]),
        );
        let told = results.iter().map(|result| {
            format!("{} {}", word(&result["code"]["text"]), word(&result["valueQuantity"]["value"]))
        });
        Some((vec![word(&it["code"]["text"]), told.collect::<Vec<_>>().join("; ")], entry))
    }

    fn vital(&self, it: &Value) -> Option<Told> {
        if it["category"][0]["coding"][0]["code"] != "vital-signs" {
            return None;
        }
        let parts: Vec<&Value> = match it["component"].as_array() {
            Some(parts) => parts.iter().collect(),
            None => vec![it],
        };
        let components: String = parts
            .iter()
            .map(|part| {
                let mut whole = it.clone();
                whole["code"] = part["code"].clone();
                whole["valueQuantity"] = part["valueQuantity"].clone();
                if parts.len() > 1 {
                    whole["id"] =
                        format!("{}-{}", word(&it["id"]), word(&part["code"]["coding"][0]["code"])).into();
                }
                format!("<component>{}</component>", self.result(&whole, "27"))
            })
            .collect();
        let entry = format!(
            "<organizer classCode=\"CLUSTER\" moodCode=\"EVN\">{}<code code=\"46680005\" codeSystem=\"2.16.840.1.113883.6.96\"/>\
             <statusCode code=\"completed\"/><effectiveTime value=\"{}\"/>{components}</organizer>",
            template("26"),
            time(&it["effectiveDateTime"]),
        );
        let values =
            parts.iter().map(|part| word(&part["valueQuantity"]["value"])).collect::<Vec<_>>().join("/");
        Some((vec![word(&it["code"]["text"]), values, word(&it["effectiveDateTime"])], entry))
    }

    /// An observation with a value, a flag and a range.
    fn result(&self, it: &Value, last: &str) -> String {
        let quantity = |name: &str, it: &Value| {
            let unit = it["code"]
                .as_str()
                .or(it["unit"].as_str())
                .map(|unit| format!(" unit=\"{}\"", escaped(unit)));
            format!("<{name} value=\"{}\"{}/>", word(&it["value"]), unit.unwrap_or_default())
        };
        let value = match (&it["valueQuantity"], &it["valueCodeableConcept"], &it["valueString"]) {
            (found, _, _) if found["comparator"].is_string() => {
                let name = if word(&found["comparator"]).starts_with('<') { "high" } else { "low" };
                format!(
                    "<value xsi:type=\"IVL_PQ\">{}</value>",
                    quantity(&format!("{name} inclusive=\"false\""), found)
                )
            }
            (found, _, _) if !found.is_null() => quantity("value xsi:type=\"PQ\"", found),
            (_, found, _) if !found.is_null() => coded("value xsi:type=\"CD\"", found),
            (_, _, found) => format!("<value xsi:type=\"ST\">{}</value>", escaped(&word(found))),
        };
        let flag = it["interpretation"][0]["coding"][0]["code"].as_str();
        let flag = flag.map(|code| {
            format!("<interpretationCode code=\"{code}\" codeSystem=\"2.16.840.1.113883.5.83\"/>")
        });
        let range = &it["referenceRange"][0];
        let end =
            |name: &str| if range[name].is_null() { String::new() } else { quantity(name, &range[name]) };
        let range = match (range["low"].is_null(), range["high"].is_null()) {
            (true, true) => String::new(),
            _ => format!(
                "<referenceRange><observationRange><value xsi:type=\"IVL_PQ\">{}{}</value></observationRange></referenceRange>",
                end("low"),
                end("high")
            ),
        };
        format!(
            "<observation classCode=\"OBS\" moodCode=\"EVN\">{}{}{}<statusCode code=\"completed\"/>\
             <effectiveTime value=\"{}\"/>{value}{}{range}</observation>",
            template(last),
            self.id(it),
            coded("code", &it["code"]),
            time(&it["effectiveDateTime"]),
            flag.unwrap_or_default(),
        )
    }

    fn habit(&self, it: &Value) -> Option<Told> {
        if it["category"][0]["coding"][0]["code"] != "social-history" || it["component"].is_array() {
            return None;
        }
        Some((vec![word(&it["code"]["text"])], self.result(it, "38")))
    }

    fn procedure(&self, it: &Value) -> Option<Told> {
        let entry = format!(
            "<procedure classCode=\"PROC\" moodCode=\"EVN\">{}{}{}<statusCode code=\"completed\"/>\
             <effectiveTime value=\"{}\"/></procedure>",
            template("14"),
            self.id(it),
            coded("code", &it["code"]),
            time(&it["performedDateTime"]),
        );
        Some((vec![word(&it["code"]["text"]), word(&it["performedDateTime"])], entry))
    }

    fn visit(&self, it: &Value) -> Option<Told> {
        let class = word(&it["class"]["code"]);
        let kind = word(&it["type"][0]["text"]);
        let entry = format!(
            "<encounter classCode=\"ENC\" moodCode=\"EVN\">{}{}<code nullFlavor=\"OTH\"><originalText>{}</originalText>\
             <translation code=\"{class}\" codeSystem=\"2.16.840.1.113883.5.4\"/></code><effectiveTime>\
             <low value=\"{}\"/><high value=\"{}\"/></effectiveTime></encounter>",
            template("49"),
            self.identified(it),
            escaped(&kind),
            time(&it["period"]["start"]),
            time(&it["period"]["end"]),
        );
        Some((vec![kind, word(&it["period"]["start"])], entry))
    }

    /// The number of a visit is the same in whatever is sent.
    fn identified(&self, it: &Value) -> String {
        let own = &it["identifier"][0];
        let root = word(&own["system"]);
        match root.strip_prefix("urn:oid:") {
            Some(root) => format!("<id root=\"{root}\" extension=\"{}\"/>", word(&own["value"])),
            None => self.id(it),
        }
    }

    fn relative(&self, it: &Value) -> Option<Told> {
        let conditions: String = it["condition"].as_array()?.iter().map(|condition| {
            let age = word(&condition["onsetAge"]["value"]);
            let age = if age.is_empty() { String::new() } else {
                format!(
                    "<entryRelationship typeCode=\"SUBJ\" inversionInd=\"true\"><observation classCode=\"OBS\" moodCode=\"EVN\">\
                     {}<code code=\"445518008\" codeSystem=\"2.16.840.1.113883.6.96\"/><statusCode code=\"completed\"/>\
                     <value xsi:type=\"PQ\" value=\"{age}\" unit=\"a\"/></observation></entryRelationship>",
                    template("31")
                )
            };
            format!(
                "<component><observation classCode=\"OBS\" moodCode=\"EVN\">{}<statusCode code=\"completed\"/>{}{age}\
                 </observation></component>",
                template("46"),
                coded("value xsi:type=\"CD\"", &condition["code"]),
            )
        }).collect();
        let entry = format!(
            "<organizer classCode=\"CLUSTER\" moodCode=\"EVN\">{}{}<statusCode code=\"completed\"/><subject>\
             <relatedSubject classCode=\"PRS\">{}</relatedSubject></subject>{conditions}</organizer>",
            template("45"),
            self.id(it),
            coded("code", &it["relationship"]),
        );
        Some((vec![word(&it["relationship"]["text"])], entry))
    }

    fn referred(&self, reference: &Value) -> Option<&Value> {
        let (kind, id) = reference["reference"].as_str()?.split_once('/')?;
        self.resources.iter().find(|it| it["resourceType"] == kind && it["id"] == id)
    }
}

fn template(last: &str) -> String {
    format!("<templateId root=\"2.16.840.1.113883.10.20.22.4.{last}\"/>")
}

fn severity(word: &str) -> String {
    if word.is_empty() {
        return String::new();
    }
    format!(
        "<entryRelationship typeCode=\"SUBJ\" inversionInd=\"true\"><observation classCode=\"OBS\" moodCode=\"EVN\">{}\
         <code code=\"SEV\" codeSystem=\"2.16.840.1.113883.5.4\"/><statusCode code=\"completed\"/>\
         <value xsi:type=\"CD\" nullFlavor=\"OTH\"><originalText>{word}</originalText></value></observation></entryRelationship>",
        template("8")
    )
}

/// The observation of how bad a reaction could be (LOINC 82606-5).
fn criticality(code: &str) -> String {
    format!(
        "<entryRelationship typeCode=\"SUBJ\" inversionInd=\"true\"><observation classCode=\"OBS\" moodCode=\"EVN\">{}\
         <code code=\"82606-5\" codeSystem=\"2.16.840.1.113883.6.1\"/><statusCode code=\"completed\"/>\
         <value xsi:type=\"CD\" code=\"{code}\" codeSystem=\"2.16.840.1.113883.5.1063\"/></observation></entryRelationship>",
        template("145")
    )
}

/// The observation of a status: C-CDA's value set "Problem Status".
fn status(word: &str) -> String {
    let code = match word {
        "active" => "55561003",
        "resolved" => "413322009",
        _ => "73425007",
    };
    format!(
        "<entryRelationship typeCode=\"REFR\"><observation classCode=\"OBS\" moodCode=\"EVN\">{}\
         <code code=\"33999-4\" codeSystem=\"2.16.840.1.113883.6.1\"/><statusCode code=\"completed\"/>\
         <value xsi:type=\"CD\" code=\"{code}\" codeSystem=\"2.16.840.1.113883.6.96\"/></observation></entryRelationship>",
        template("6")
    )
}

/// A concept: the first code, the others as translations, and the words of the source.
fn coded(element: &str, concept: &Value) -> String {
    let name = element.split(' ').next().unwrap_or(element);
    let original = format!("<originalText>{}</originalText>", escaped(&word(&concept["text"])));
    let codings = concept["coding"].as_array().map(Vec::as_slice).unwrap_or_default();
    let attributes = |coding: &Value| {
        let display = coding["display"].as_str().map(|name| format!(" displayName=\"{}\"", escaped(name)));
        format!(
            "code=\"{}\" codeSystem=\"{}\"{}",
            word(&coding["code"]),
            oid(&word(&coding["system"])),
            display.unwrap_or_default()
        )
    };
    match codings.split_first() {
        None => format!("<{element} nullFlavor=\"OTH\">{original}</{name}>"),
        Some((first, others)) => {
            let others: String =
                others.iter().map(|coding| format!("<translation {}/>", attributes(coding))).collect();
            format!("<{element} {}>{original}{others}</{name}>", attributes(first))
        }
    }
}

/// The OIDs of code systems: HL7's list of external code systems.
fn oid(system: &str) -> &str {
    match system {
        "http://loinc.org" => "2.16.840.1.113883.6.1",
        "http://snomed.info/sct" => "2.16.840.1.113883.6.96",
        "http://hl7.org/fhir/sid/icd-10-cm" => "2.16.840.1.113883.6.90",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "2.16.840.1.113883.6.88",
        "http://hl7.org/fhir/sid/cvx" => "2.16.840.1.113883.12.292",
        "http://www.ama-assn.org/go/cpt" => "2.16.840.1.113883.6.12",
        "http://hl7.org/fhir/sid/ndc" => "2.16.840.1.113883.6.69",
        "http://terminology.hl7.org/CodeSystem/v3-RoleCode" => "2.16.840.1.113883.5.111",
        other => other.strip_prefix("urn:oid:").unwrap_or(other),
    }
}

fn low(date: &Value) -> String {
    format!("<effectiveTime>{}</effectiveTime>", end("low", date))
}

fn end(name: &str, date: &Value) -> String {
    let at = time(date);
    if at.is_empty() { String::new() } else { format!("<{name} value=\"{at}\"/>") }
}

/// `2016-11-15T15:10:00Z` as `20161115151000+0000`.
fn time(date: &Value) -> String {
    let written = word(date).replace('Z', "+0000");
    written.chars().filter(|letter| !matches!(letter, '-' | ':' | 'T')).collect()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(word).collect()
}

fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
