//! What results mean: where each stands against the report's own range, how it moved, what commonly bears on
//! it, and what to ask. Facts of the record and published words; nothing is concluded from them.

mod analyte;
mod bearing;
mod cultures;
mod kidney;
mod latest;
mod overview;
mod path;
mod published;
mod reports;
mod scene;
mod sought;
mod weeks;

use super::sheet::{Draft, NOT_A_DIAGNOSIS, Part};
use super::{Answer, Asked, Context, Coverage, Refusal, plain};
use crate::record::Kind;

use scene::Scene;
use sought::Sought;

/// So many tests are explained in full; of more each is told in brief.
const FULL_MOST: usize = 2;

/// What is explained.
const KINDS: [Kind; 2] = [Kind::Lab, Kind::Vital];

/// Explains the results that were asked for; without words what stands out of all of them.
pub fn explain(context: &Context<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let mut coverage = Coverage::of(context, &KINDS);
    let scene = Scene::of(context, asked, &mut coverage)?;
    let sought = asked.query.as_deref().and_then(Sought::of);
    let (title, parts) = match &sought {
        None => ("what stands out of the results".to_owned(), overview::parts(&scene)?),
        Some(sought) => {
            let parts = found(&scene, sought, asked, &mut coverage)?;
            (asked.title("results explained"), parts)
        }
    };
    let says = scene.says(NOT_A_DIAGNOSIS);
    Draft { title, says, parts, coverage }.answer(context, asked.budget.tokens)
}

/// The parts of what was asked for by words.
fn found(
    scene: &Scene<'_, '_>,
    sought: &Sought,
    asked: &Asked,
    coverage: &mut Coverage,
) -> Result<Vec<Part>, Refusal> {
    let cultures = cultures::parts(scene, sought, asked)?;
    let reports = reports::parts(scene, sought, asked, coverage)?;
    let mut tests = scene.tests_sought(sought)?;
    let most = asked.budget.rows.min(tests.len());
    let left_out = tests.len() - most;
    tests.truncate(most);
    if left_out > 0 {
        coverage.notices.push(format!("{left_out} more tests fit the words: raise \"limit\""));
    }
    let is_full = tests.len() <= FULL_MOST;
    let mut parts = Vec::new();
    for test in &tests {
        scene.context.check()?;
        parts.push(if is_full { analyte::full(scene, test) } else { analyte::brief(scene, test) });
    }
    if !is_full {
        parts.push(analyte::how_to_see_one(scene.context));
    }
    parts.extend(cultures);
    parts.extend(reports);
    if parts.is_empty() {
        parts.push(Part::fixed("Nothing found", Vec::new()).saying(sought.nothing(scene, asked)));
    }
    Ok(parts)
}

/// The exact call that explains one test in full.
fn call_for(context: &Context<'_>, words: &str) -> String {
    format!("{} {}", context.tool, serde_json::json!({ "query": plain(words) }))
}

#[cfg(test)]
mod tests;
