//! The published equation for kidney filtering from creatinine.

use super::whom::Sex;

/// What the equation is called where it is told.
pub const CKD_EPI_2021: &str = "CKD-EPI creatinine equation, 2021";

/// The estimated glomerular filtration rate in mL/min/1.73 m² from a creatinine in serum or plasma in mg/dL.
///
/// CKD-EPI 2021 (Inker and others, N Engl J Med 2021; National Kidney Foundation, GFR calculator, formula):
/// 142 × min(Scr/κ, 1)^α × max(Scr/κ, 1)^−1.200 × 0.9938^age × 1.012 if female, with κ 0.7 and α −0.241 for
/// women, κ 0.9 and α −0.302 for men. For adults; nothing for anybody younger and for what is no creatinine.
pub fn ckd_epi_2021(creatinine_mg_dl: f64, age_years: f64, sex: Sex) -> Option<f64> {
    let is_usable = creatinine_mg_dl.is_finite() && creatinine_mg_dl > 0.0 && age_years >= 18.0;
    let (kappa, alpha, factor) = match sex {
        Sex::Female => (0.7, -0.241, 1.012),
        Sex::Male => (0.9, -0.302, 1.0),
    };
    let share = creatinine_mg_dl / kappa;
    let (low, high) = (share.min(1.0).powf(alpha), share.max(1.0).powf(-1.2));
    is_usable.then(|| 142.0 * low * high * 0.9938_f64.powf(age_years.floor()) * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_equation_gives_the_published_vectors() {
        // Worked out from the formula (reference: fhir.md, section 3.4).
        for (creatinine, age, sex, expected) in [
            (1.0, 50.0, Sex::Female, "68.6"),
            (1.0, 50.0, Sex::Male, "91.7"),
            (0.6, 30.0, Sex::Female, "123.8"),
            (2.5, 70.0, Sex::Male, "27.0"),
        ] {
            let found = ckd_epi_2021(creatinine, age, sex).unwrap();
            assert_eq!(format!("{found:.1}"), expected, "{creatinine} {age} {sex:?}");
        }
    }

    #[test]
    fn it_is_for_adults_and_for_values_that_are_values() {
        assert_eq!(ckd_epi_2021(0.5, 17.9, Sex::Male), None);
        assert_eq!(ckd_epi_2021(0.0, 40.0, Sex::Male), None);
        assert_eq!(ckd_epi_2021(f64::NAN, 40.0, Sex::Male), None);
    }
}
