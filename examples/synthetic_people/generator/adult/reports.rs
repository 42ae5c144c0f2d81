//! Mammograms, a colonoscopy and its polyp, eye exams: reports of ten years.

use serde_json::{Value, json};

use super::{
    super::{
        codes::{self, Code},
        document,
        json::{Resource, attachment, concept, text},
        when::When,
    },
    LAKESIDE,
};

/// Mammograms, the colonoscopy's polyp, and the eye exam.
pub fn reports() -> Vec<Resource> {
    let mut entries: Vec<Resource> = [(2018, 6, 5), (2020, 9, 1), (2022, 6, 7), (2024, 6, 11)]
        .into_iter()
        .map(|(year, month, day)| {
            let at = When::on(year, month, day);
            imaging(
                &format!("report-mammogram-{year}"),
                codes::MAMMOGRAM,
                "Screening mammogram, both breasts",
                at,
                "Scattered fibroglandular tissue. No mass, no suspicious calcification.",
            )
            .with("conclusion", "Negative (BI-RADS 1). Next screening in two years.")
        })
        .collect();
    let polyp = When::on(2021, 6, 22);
    // The words are our own.
    let colonoscopy = json!({"coding": [{"system": codes::CPT, "code": codes::CPT_POLYP_REMOVED}],
        "text": "Colonoscopy with removal of a polyp"});
    entries.push(LAKESIDE.procedure("procedure-colonoscopy-2021", colonoscopy, polyp));
    let page = document::html(
        "Pathology",
        "Specimen: polyp of the sigmoid colon, 8 mm.\nFinal diagnosis: tubular adenoma, low grade. No cancer seen.",
    );
    entries.push(
        LAKESIDE
            .report(
                "report-pathology-2021",
                ("PAT", "Pathology"),
                concept(codes::PATHOLOGY_STUDY, "Colon polyp"),
                polyp,
            )
            .with("conclusion", "Tubular adenoma, low grade. No cancer seen.")
            .with("presentedForm", json!([page])),
    );
    let injection = text("Steroid injection into the right knee");
    entries.push(LAKESIDE.procedure("procedure-knee-2024", injection, When::on(2024, 9, 3)));
    for (eye, code) in [("left", codes::LEFT_EYE), ("right", codes::RIGHT_EYE)] {
        let at = When::on(2024, 8, 20);
        entries.push(
            LAKESIDE
                .observation(
                    &format!("eye-{eye}-2024"),
                    "exam",
                    concept(code, &format!("Diabetic eye exam, {eye} eye")),
                    at,
                )
                .with("valueCodeableConcept", text("No retinopathy seen")),
        );
    }
    let hpv = concept(codes::HPV, "HPV, high-risk types");
    entries.push(
        LAKESIDE
            .result("hpv-2022", hpv, When::on(2022, 5, 17))
            .with("valueString", "Not detected")
            .with("referenceRange", json!([{"text": "Not detected"}])),
    );
    entries
}

/// An imaging report with its findings in two formats and no conclusion yet.
pub fn imaging(id: &str, code: Code, name: &str, at: When, findings: &str) -> Resource {
    let page: Value = document::html(name, &format!("Findings: {findings}"));
    let words = attachment("text/plain", &format!("{name}\nFindings: {findings}\n"), name);
    LAKESIDE
        .report(id, ("RAD", "Radiology"), concept(code, name), at)
        .with("presentedForm", json!([page, words]))
}
