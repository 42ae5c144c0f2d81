//! Servers of health records that speak SMART on FHIR: what is known of their makers, and what is asked of them.

pub mod fetch;
pub mod plan;
pub mod rules;
pub mod vendors;

mod cells;
