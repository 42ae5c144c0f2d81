//! Prevention: which published checks and vaccines are for this person, what the record shows of each, and by
//! whose rule. Bodies stand side by side and are never blended.

mod check;
mod doses;
mod evidence;
mod listed;
mod names;
mod page;
mod shown;
mod social;
mod state;
mod token_names;
mod told;
mod told_vaccine;
mod vaccines;
mod wanted;

pub use check::{Check, checks};
pub use evidence::Done;
pub use page::{PreventionAsk, prevention};
pub use shown::Because;
pub use state::State;

#[cfg(test)]
mod tests;
