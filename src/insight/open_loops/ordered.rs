//! Orders and referrals that stand as open.

use super::LoopKind;
use super::asked::Asked;
use super::subject::Subject;
use crate::insight::rows::name_cell;
use crate::insight::specialists::Specialists;
use crate::insight::{Context, Refusal, plain, shortened};
use crate::knowledge::folding::fold;
use crate::record::{Detail, Entry, Kind, Order, Standing, When};

/// Every order that is not recorded as done, withdrawn or not to be done.
pub(super) fn ordered<'a>(
    context: &Context<'a>,
    specialists: &Specialists<'a>,
) -> Result<Vec<Asked<'a>>, Refusal> {
    let mut all = Vec::new();
    for group in context.view.groups(Kind::CarePlan) {
        context.check()?;
        let face = context.view.face(group);
        let Detail::Order(order) = &face.detail else { continue };
        let Some(on) = face.date.or(face.recorded) else { continue };
        // One source that calls it done is enough: it is told with the order in get_care_plan.
        if !context.view.members(group).all(is_open) || on.earliest() > context.today {
            continue;
        }
        // What is done on the day that it was planned for is what was planned, at whatever hour.
        let on = if is_day_meant(face, order) { When::day(on.latest()) } else { on };
        let again = fold(face.concept.name().unwrap_or_default());
        let is_again = ["repeat", "recheck", "follow up"].iter().any(|word| again.starts_with(word));
        let is_repeat = again.starts_with("repeat") || again.starts_with("recheck");
        let kind = match (order.is_referral, is_repeat) {
            (true, _) => LoopKind::ReferralWithoutVisit,
            (false, true) => LoopKind::ToRepeat,
            (false, false) => LoopKind::OrderWithoutResult,
        };
        all.push(Asked {
            kind,
            on,
            due: order.due.map(|due| due.latest()).filter(|due| *due > on.latest()),
            subject: Subject::of_order(face, specialists),
            keys: context.view.members(group).map(|one| (one.source, one.key.as_str())).collect(),
            is_again: is_again || order.is_referral,
            is_return: false,
            says: vec![says(face, order)],
            name: shortened(&name_cell(face), NAME_CHARS),
            about: vec![face.id],
        });
    }
    Ok(all)
}

/// Characters of a name in a question.
const NAME_CHARS: usize = 120;

fn is_open(entry: &Entry) -> bool {
    let is_stated = entry.standing == Standing::Stated;
    let is_option =
        matches!(&entry.detail, Detail::Order(order) if order.intent.as_deref() == Some("option"));
    let status = entry.status.as_deref();
    is_stated
        && !is_option
        && matches!(
            status,
            None | Some("active" | "on-hold" | "unknown" | "requested" | "planned" | "ordered")
        )
}

/// True where the day is the one that the order is for: of a plan often only that is told, and not the day of the order.
fn is_day_meant(entry: &Entry, order: &Order) -> bool {
    order.due.is_some() && order.due == entry.date
}

fn says(entry: &Entry, order: &Order) -> String {
    let ordered = if order.is_referral { "referred" } else { "ordered" };
    let meant = if is_day_meant(entry, order) { "for " } else { "" };
    let on = entry.date.or(entry.recorded);
    let on = on.map_or_else(String::new, |when| format!(" {meant}{}", when.date_text()));
    let by = entry.actor("requester").map_or_else(String::new, |name| format!(" by {}", plain(name)));
    let due = order.due.filter(|due| Some(*due) != entry.date);
    let due = due.map_or_else(String::new, |due| format!(" for {}", due.date_text()));
    let reason =
        order.reasons.first().map_or_else(String::new, |why| format!(", because of {}", shortened(why, 100)));
    let held = entry.status.as_deref().filter(|status| *status != "active");
    let held = held.map_or_else(String::new, |status| format!(" ({})", plain(status)));
    format!(
        "\"{}\"{held} {ordered}{on}{by}{due}{reason} [{}]",
        shortened(&name_cell(entry), NAME_CHARS),
        entry.id
    )
}
