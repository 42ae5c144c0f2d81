//! The visits and what was measured in them: the numbers both clinics know.

use super::super::{
    analytes::{self, Analyte},
    codes,
    json::{Resource, digits},
    random::Random,
    source::Source,
    when::When,
};

/// One office visit. Numbers count units of the last decimal place shown on a report.
pub struct Visit {
    /// The day, as year, month, day.
    pub day: (i16, i8, i8),
    /// Hemoglobin A1c in tenths of a percent.
    pub a1c: i64,
    /// Fasting glucose.
    pub glucose: i64,
    /// Creatinine in hundredths.
    pub creatinine: i64,
    /// The eGFR the laboratory computed from it.
    pub egfr: i64,
    /// Potassium in tenths.
    pub potassium: i64,
    /// LDL cholesterol, when a lipid panel was drawn.
    pub ldl: Option<i64>,
    /// Albumin to creatinine in urine, when it was asked for.
    pub acr: Option<i64>,
    /// Blood pressure.
    pub pressure: (i64, i64),
    /// Weight in tenths of a kilogram.
    pub weight: i64,
}

impl Visit {
    /// When she was called in.
    pub fn at(&self) -> When {
        When::on(self.day.0, self.day.1, self.day.2)
    }

    /// What the story says of an analyte at this visit.
    fn told(&self, analyte: &Analyte) -> Option<i64> {
        match analyte.key {
            "a1c" => Some(self.a1c),
            "glucose" => Some(self.glucose),
            "creatinine" => Some(self.creatinine),
            "egfr" => Some(self.egfr),
            "potassium" => Some(self.potassium),
            "ldl" => self.ldl,
            "urine-acr" => self.acr,
            _ => None,
        }
    }

    /// The value of an analyte: as told, as it follows from others, or near what is usual for her.
    pub fn value(&self, analyte: &Analyte) -> i64 {
        self.told(analyte).or_else(|| self.derived(analyte)).unwrap_or_else(|| {
            let mut random = Random::named(&format!("adult/{}/{}", analyte.key, self.at().stamp()));
            random.around(analyte.usual, analyte.spread)
        })
    }

    /// What laboratories compute from other results, in the scales of the analytes.
    fn derived(&self, analyte: &Analyte) -> Option<i64> {
        let hemoglobin = || self.value(&analytes::HEMOGLOBIN) * 1000;
        Some(match analyte.key {
            "cholesterol" => {
                self.ldl? + self.value(&analytes::HDL) + self.value(&analytes::TRIGLYCERIDES) / 5
            }
            "hematocrit" => self.value(&analytes::RBC) * self.value(&analytes::MCV) / 1000,
            "mch" => hemoglobin() / self.value(&analytes::RBC),
            "mchc" => hemoglobin() / self.value(&analytes::HEMATOCRIT),
            "urine-albumin" => self.acr? * self.value(&analytes::URINE_CREATININE) / 10,
            _ => return None,
        })
    }
}

macro_rules! visits {
    ($(($year:literal, $month:literal, $day:literal) $a1c:literal $glucose:literal $creatinine:literal
        $egfr:literal $potassium:literal $ldl:expr, $acr:expr, $systolic:literal / $diastolic:literal
        $weight:literal;)*) => {
        &[$(Visit { day: ($year, $month, $day), a1c: $a1c, glucose: $glucose, creatinine: $creatinine,
            egfr: $egfr, potassium: $potassium, ldl: $ldl, acr: $acr,
            pressure: ($systolic, $diastolic), weight: $weight }),*]
    };
}

/// Lakeside's visits: twice a year.
// day, A1c, glucose, creatinine, eGFR, potassium, LDL, ACR, blood pressure, weight
#[rustfmt::skip]
pub static LAKESIDE: &[Visit] = visits! {
    (2016, 11, 15) 84 182  78 90 43 Some(131), Some(12), 148/88 884;
    (2017,  5, 16) 76 151  80 86 44 None, None,          142/86 871;
    (2017, 11, 14) 71 138  79 88 42 Some(104), Some(14), 136/82 862;
    (2018,  5, 15) 69 129  82 83 45 None, None,          134/84 858;
    (2018, 11, 13) 70 134  81 85 44 Some(96),  Some(17), 132/80 861;
    (2019,  5, 14) 72 141  84 80 43 None, None,          138/84 866;
    (2019, 11, 12) 74 148  83 82 45 Some(92),  Some(21), 136/82 872;
    (2020,  6, 16) 79 163  86 78 44 None, None,          141/86 889;
    (2020, 11, 17) 77 155  88 76 46 Some(101), Some(24), 139/84 893;
    (2021,  5, 18) 74 146  87 76 45 None, None,          137/82 887;
    (2021, 11, 16) 73 144  90 73 46 Some(88),  Some(31), 140/84 881;
    (2022,  5, 17) 75 150  92 71 47 None, None,          144/88 884;
    (2022, 11, 15) 76 152  95 68 46 Some(86),  Some(38), 136/80 879;
    (2023,  5, 16) 73 143  98 65 45 None, None,          132/78 871;
    (2023, 11, 14) 74 147 100 64 46 Some(81),  Some(44), 134/80 874;
    (2024,  5, 14) 76 154 106 59 48 None, None,          136/82 869;
    (2024, 11, 12) 75 149 109 57 48 Some(84),  Some(52), 134/78 856;
    (2025,  5, 13) 73 142 112 55 49 None, None,          130/76 848;
    (2025, 11, 18) 76 156 110 56 50 Some(79),  Some(61), 138/82 857;
    (2026,  4, 14) 78 161 114 54 50 None, None,          140/82 862;
    (2026, 10,  6) 81 176 121 50 56 Some(90),  Some(74), 146/84 868;
};

/// Riverton's visits.
#[rustfmt::skip]
pub static RIVERTON: &[Visit] = visits! {
    (2019,  2, 12) 71 137  83 82 44 Some(94),  None, 135/82 863;
    (2020,  2, 11) 75 150  85 79 44 Some(97),  None, 138/84 878;
    (2021,  2,  9) 76 153  88 76 45 Some(95),  None, 138/84 890;
    (2022,  2,  8) 74 147  91 72 46 Some(90),  None, 141/86 882;
    (2023,  2, 14) 75 151  97 66 46 Some(85),  None, 135/80 876;
    (2023,  8, 15) 73 144 101 63 46 None,      None, 133/79 872;
    (2024,  2, 13) 75 152 103 61 47 Some(83),  None, 135/81 873;
    (2024,  8, 13) 75 150 108 58 48 None,      None, 134/80 860;
    (2025,  2, 11) 74 145 110 56 49 Some(82),  None, 132/78 850;
    (2025,  8, 12) 74 147 111 56 49 None,      None, 134/78 852;
    (2026,  2, 10) 77 158 113 54 50 Some(80),  None, 139/82 860;
    (2026,  7, 14) 79 166 118 51 52 None,      None, 142/83 864;
};

/// Everything measured on the body in a visit.
pub fn vitals(source: &Source, prefix: &str, visit: &Visit, encounter: &str) -> Vec<Resource> {
    let (at, stamp) = (visit.at().plus_minutes(5), visit.at().stamp());
    let mut random = Random::named(&format!("{prefix}/vitals/{stamp}"));
    let id = |name: &str| format!("{prefix}{name}-{stamp}");
    // 163 cm tall: kilograms over metres squared, in tenths, rounded.
    let bmi = (visit.weight * 100_000 / (163 * 163) + 5) / 10;
    let (pulse, breaths) = (random.around(74, 8).to_string(), random.around(15, 2).to_string());
    let temperature = digits(random.around(367, 3), 1);
    let oxygen = random.between(96, 99).to_string();
    [
        source.blood_pressure(&id("bp"), visit.pressure.0, visit.pressure.1, at),
        source.vital(&id("pulse"), codes::HEART_RATE, &pulse, ("beats/min", "/min"), at),
        source.vital(&id("breathing"), codes::RESPIRATORY_RATE, &breaths, ("breaths/min", "/min"), at),
        source.vital(&id("temperature"), codes::TEMPERATURE, &temperature, ("Cel", "Cel"), at),
        source.vital(&id("oxygen"), codes::OXYGEN, &oxygen, ("%", "%"), at),
        source.vital(&id("weight"), codes::WEIGHT, &digits(visit.weight, 1), ("kg", "kg"), at),
        source.vital(&id("height"), codes::HEIGHT, "163", ("cm", "cm"), at),
        source.vital(&id("bmi"), codes::BMI, &digits(bmi, 1), ("kg/m2", "kg/m2"), at),
    ]
    .into_iter()
    .map(|vital| vital.in_visit(encounter))
    .collect()
}

/// The panels drawn at a Lakeside visit, each with its report.
pub fn panels(source: &Source, visit: &Visit, encounter: &str) -> Vec<Resource> {
    let mut drawn = panel(source, visit, encounter, "cmp", &analytes::METABOLIC_PANEL);
    drawn.push(source.lab(&format!("a1c-{}", visit.at().stamp()), &analytes::A1C, visit.a1c, visit.at()));
    if visit.ldl.is_some() {
        drawn.extend(panel(source, visit, encounter, "lipid", &analytes::LIPID_PANEL));
        drawn.extend(panel(source, visit, encounter, "cbc", &analytes::BLOOD_COUNT));
    }
    if visit.acr.is_some() {
        drawn.extend(panel(source, visit, encounter, "urine", &analytes::URINE_PANEL));
    }
    drawn.into_iter().map(|result| result.in_visit(encounter)).collect()
}

fn panel(source: &Source, visit: &Visit, encounter: &str, key: &str, list: &[&Analyte]) -> Vec<Resource> {
    let (at, stamp) = (visit.at(), visit.at().stamp());
    let (code, name) = match key {
        "cmp" => (codes::PANEL_CMP, "Comprehensive metabolic panel"),
        "lipid" => (codes::PANEL_LIPID, "Lipid panel"),
        "cbc" => (codes::PANEL_CBC, "Complete blood count"),
        _ => (codes::URINE_ACR, "Albumin, urine"),
    };
    let ids: Vec<String> = list.iter().map(|analyte| format!("{}-{stamp}", analyte.key)).collect();
    let report =
        source.lab_report(&format!("report-{key}-{stamp}"), code, name, at, &ids).in_visit(encounter);
    let results = list
        .iter()
        .zip(&ids)
        .map(|(analyte, id)| source.lab(id, analyte, visit.value(analyte), at).in_visit(encounter));
    results.chain([report]).collect()
}
