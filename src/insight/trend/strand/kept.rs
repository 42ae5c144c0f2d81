//! The results of a kind by test, worked out once for a view: on a large record that is most of the work of every
//! answer about results.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{Keep, Strand, is_placed};
use crate::insight::lifetime::Lifetime;
use crate::insight::measurements::measurement;
use crate::insight::rows::{self, Shown};
use crate::insight::series::Tests;
use crate::insight::{Context, Coverage, Refusal};
use crate::knowledge::analytes::{Analyte, analyte_by_code};
use crate::record::{Kind, Standing, System};

/// The tests of each kind that was asked about.
struct Kept([OnceLock<Vec<Test>>; Kind::ALL.len()]);

struct Test {
    name: String,
    analyte: Option<&'static Analyte>,
    /// All its results, the newest first.
    results: Vec<Reading>,
}

/// A result by its place among the groups of its kind, with what decides whether it is looked at.
#[derive(Clone, Copy)]
struct Reading {
    group: u32,
    standing: Standing,
    is_measured: bool,
    is_placed: bool,
    order: u128,
}

/// The results of a kind by test, whatever their dates.
pub(super) fn strands<'a>(
    context: &Context<'a>,
    kind: Kind,
    coverage: &mut Coverage,
    keep: Keep,
) -> Result<Vec<(String, Strand<'a>)>, Refusal> {
    let kept = context.derived(|| Ok(Kept([const { OnceLock::new() }; _])))?;
    let cell = &kept.0[kind as usize];
    let tests = match cell.get() {
        Some(tests) => tests,
        None => {
            let tests = tests(context, kind)?;
            cell.get_or_init(|| tests)
        }
    };
    let lifetime = Lifetime::of(context.view, context.today);
    let groups = context.view.groups(kind);
    let mut impossible: BTreeMap<&str, u32> = BTreeMap::new();
    let mut strands = Vec::with_capacity(tests.len());
    for test in tests {
        let kept = test.results.iter().filter(|one| keep.keeps(one.standing, one.is_measured));
        let mut strand =
            Strand { analyte: test.analyte, readings: Vec::with_capacity(test.results.len()), dated: 0 };
        for one in kept {
            context.check()?;
            let group = &groups[one.group as usize];
            let shown = Shown { group, face: context.view.face(group), order: one.order };
            if shown.is_impossible() {
                let objection = lifetime.objection(shown.face);
                objection.into_iter().for_each(|why| *impossible.entry(why).or_default() += 1);
            }
            strand.dated += usize::from(one.is_placed);
            strand.readings.push(shown);
        }
        if !strand.readings.is_empty() {
            strands.push((test.name.clone(), strand));
        }
    }
    rows::tell_impossible(coverage, impossible);
    Ok(strands)
}

fn tests(context: &Context<'_>, kind: Kind) -> Result<Vec<Test>, Refusal> {
    let lifetime = Lifetime::of(context.view, context.today);
    let mut places = Tests::grouped();
    let mut results: Vec<Vec<Reading>> = Vec::new();
    let mut analytes: Vec<Option<&'static Analyte>> = Vec::new();
    for (group, at) in context.view.groups(kind).iter().zip(0_u32..) {
        context.check()?;
        let face = context.view.face(group);
        if face.is_logged() {
            continue;
        }
        let shown = Shown::of(group, face, lifetime.objection(face).is_some());
        let reading = Reading {
            group: at,
            standing: face.standing,
            is_measured: measurement(face).is_some(),
            is_placed: is_placed(&shown),
            order: shown.order,
        };
        let place = places.place(face);
        match results.get_mut(place) {
            Some(test) => test.push(reading),
            None => {
                analytes.push(face.concept.codes_in(&System::Loinc).find_map(analyte_by_code));
                results.push(vec![reading]);
            }
        }
    }
    results.iter_mut().for_each(|test| test.sort_unstable_by_key(|reading| reading.order));
    let all = places.names().into_iter().zip(analytes).zip(results);
    Ok(all.map(|((name, analyte), results)| Test { name, analyte, results }).collect())
}
