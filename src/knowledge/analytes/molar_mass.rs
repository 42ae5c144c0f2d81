//! The factors of the table against molar masses that are added up here from the
//! formulas, apart from the masses that the table names.

use super::*;
use crate::knowledge::units;

/// Standard atomic weights, IUPAC 2021, shortened to five digits.
const WEIGHTS: &[(&str, f64)] = &[
    ("H", 1.008),
    ("C", 12.011),
    ("N", 14.007),
    ("O", 15.999),
    ("Mg", 24.305),
    ("P", 30.974),
    ("S", 32.06),
    ("Cl", 35.45),
    ("Ca", 40.078),
    ("Fe", 55.845),
    ("Co", 58.933),
    ("Cu", 63.546),
    ("Zn", 65.38),
    ("I", 126.90),
    ("Pb", 207.2),
];

/// Grams a mole: `C6 H12 O6` is 180.156.
fn molar_mass(formula: &str) -> f64 {
    let grams = |part: &str| {
        let digits = part.find(|letter: char| letter.is_ascii_digit()).unwrap_or(part.len());
        let (element, count) = part.split_at(digits);
        let weight = WEIGHTS.iter().find(|(known, _)| *known == element).unwrap().1;
        weight * if count.is_empty() { 1.0 } else { count.parse().unwrap() }
    };
    formula.split(' ').map(grams).sum()
}

/// How many of the mass unit one of the mole unit is, for a substance of one gram a mole.
fn scale(moles: &str, mass: &str) -> f64 {
    let size = |unit: &str| match unit {
        "mmol/L" | "mg/L" => 1e-3,
        "umol/L" | "ug/L" => 1e-6,
        "nmol/L" => 1e-9,
        "pmol/L" => 1e-12,
        "mg/dL" => 1e-2,
        "ug/mL" => 1e-3,
        "ug/dL" => 1e-5,
        "ng/mL" => 1e-6,
        "ng/dL" => 1e-8,
        "pg/mL" => 1e-9,
        other => panic!("{other}"),
    };
    size(moles) / size(mass)
}

#[test]
fn a_molar_mass_is_added_up_from_its_formula() {
    assert!((molar_mass("C6 H12 O6") - 180.156).abs() < 0.001);
    assert!((molar_mass("N2") - 28.014).abs() < 0.001);
}

#[test]
fn molar_factors_are_the_molar_mass_over_the_scale_of_the_units() {
    // Triglycerides are reckoned as triolein, urea nitrogen as the two nitrogens of urea.
    let substances: &[(&str, &str, &str, &str)] = &[
        ("glucose-serum", "C6 H12 O6", "mmol/L", "mg/dL"),
        ("glucose-urine", "C6 H12 O6", "mmol/L", "mg/dL"),
        ("estimated-average-glucose", "C6 H12 O6", "mmol/L", "mg/dL"),
        ("cholesterol-total", "C27 H46 O", "mmol/L", "mg/dL"),
        ("hdl", "C27 H46 O", "mmol/L", "mg/dL"),
        ("ldl", "C27 H46 O", "mmol/L", "mg/dL"),
        ("non-hdl", "C27 H46 O", "mmol/L", "mg/dL"),
        ("triglycerides", "C57 H104 O6", "mmol/L", "mg/dL"),
        ("bun", "N2", "mmol/L", "mg/dL"),
        ("urea", "C H4 N2 O", "mmol/L", "mg/dL"),
        ("calcium", "Ca", "mmol/L", "mg/dL"),
        ("calcium-ionized", "Ca", "mmol/L", "mg/dL"),
        ("magnesium", "Mg", "mmol/L", "mg/dL"),
        ("phosphate", "P", "mmol/L", "mg/dL"),
        ("creatinine", "C4 H7 N3 O", "umol/L", "mg/dL"),
        ("creatinine-urine", "C4 H7 N3 O", "mmol/L", "mg/dL"),
        ("bilirubin-total", "C33 H36 N4 O6", "umol/L", "mg/dL"),
        ("bilirubin-direct", "C33 H36 N4 O6", "umol/L", "mg/dL"),
        ("uric-acid", "C5 H4 N4 O3", "umol/L", "mg/dL"),
        ("lactate", "C3 H6 O3", "mmol/L", "mg/dL"),
        ("ammonia", "N H3", "umol/L", "ug/dL"),
        ("homocysteine", "C4 H9 N O2 S", "umol/L", "mg/L"),
        ("iron", "Fe", "umol/L", "ug/dL"),
        ("tibc", "Fe", "umol/L", "ug/dL"),
        ("zinc", "Zn", "umol/L", "ug/dL"),
        ("copper", "Cu", "umol/L", "ug/dL"),
        ("lead", "Pb", "umol/L", "ug/dL"),
        ("vitamin-b12", "C63 H88 Co N14 O14 P", "pmol/L", "pg/mL"),
        ("folate", "C19 H19 N7 O6", "nmol/L", "ng/mL"),
        ("vitamin-d", "C27 H44 O2", "nmol/L", "ng/mL"),
        ("vitamin-d-1-25", "C27 H44 O3", "pmol/L", "pg/mL"),
        ("free-t4", "C15 H11 I4 N O4", "pmol/L", "ng/dL"),
        ("t4-total", "C15 H11 I4 N O4", "nmol/L", "ug/dL"),
        ("t3-total", "C15 H12 I3 N O4", "nmol/L", "ng/dL"),
        ("free-t3", "C15 H12 I3 N O4", "pmol/L", "pg/mL"),
        ("free-t3-moles", "C15 H12 I3 N O4", "pmol/L", "pg/mL"),
        ("cortisol", "C21 H30 O5", "nmol/L", "ug/dL"),
        ("testosterone-total", "C19 H28 O2", "nmol/L", "ng/dL"),
        ("testosterone-free", "C19 H28 O2", "pmol/L", "pg/mL"),
        ("estradiol", "C18 H24 O2", "pmol/L", "pg/mL"),
        ("progesterone", "C21 H30 O2", "nmol/L", "ng/mL"),
        ("digoxin-level", "C41 H64 O14", "nmol/L", "ng/mL"),
        ("phenytoin-level", "C15 H12 N2 O2", "umol/L", "ug/mL"),
        ("valproate-level", "C8 H16 O2", "umol/L", "ug/mL"),
        ("carbamazepine-level", "C15 H12 N2 O", "umol/L", "ug/mL"),
        ("levetiracetam-level", "C8 H14 N2 O2", "umol/L", "ug/mL"),
        ("lamotrigine-level", "C9 H7 Cl2 N5", "umol/L", "ug/mL"),
        ("tacrolimus-level", "C44 H69 N O12", "nmol/L", "ng/mL"),
        ("sirolimus-level", "C51 H79 N O13", "nmol/L", "ng/mL"),
        ("vancomycin-level", "C66 H75 Cl2 N9 O24", "umol/L", "ug/mL"),
        ("alcohol-blood", "C2 H6 O", "mmol/L", "mg/dL"),
    ];
    for (key, formula, moles, mass) in substances {
        let analyte = analyte_by_key(key).unwrap();
        let one_mole = molar_mass(formula) * scale(moles, mass);
        // Rows whose usual unit counts moles convert the mass into it: its mass must give one.
        let (found, expected) = if analyte.unit == *moles {
            (units::in_unit(&format!("{one_mole:.8}"), mass, moles, Some(analyte)), 1.0)
        } else {
            (units::in_unit("1", moles, mass, Some(analyte)), one_mole)
        };
        let found: f64 = found.unwrap_or_else(|| panic!("{key}")).to_string().parse().unwrap();
        // The table keeps four digits.
        assert!(
            (found / expected - 1.0).abs() < 0.001,
            "{key}: 1 {moles} is {found}, by its mass {expected}"
        );
    }
}
