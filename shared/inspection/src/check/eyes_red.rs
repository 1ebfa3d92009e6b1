//! No red pupils, as a flash causes them.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::locate::geometry::distance;
use crate::colour::Lab;
use crate::measure::stats;

/// The check `eyes.red`.
pub static CHECK: Check = Check {
    code: "eyes.red",
    group: Group::Expression,
    policy: Policy::Blocking,
    name_zh: "无红眼",
    name_en: "No red eyes",
    texts: &[Text {
        reason: "default",
        zh: "相片有红眼（眼珠约{measured}发红）",
        zh_hint: "请关闭闪光灯，在明亮处重新拍摄",
        en: "The eyes are red (about {measured} of the iris)",
        en_hint: "Turn the flash off and take the photo in a bright place",
    }],
    judge,
};

/// Share of the iris that is red; a red pupil fills about a fifth of the iris.
const LIMIT: Limit = Limit::at_most(0.12);
const BAND: f64 = 0.08;
/// In warm light or out of focus the whole face is reddish. A red pupil exceeds the skin by this much in a*.
const REDDER_THAN_SKIN: f32 = 15.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let to_patch = subject.head.frame.inverse()?;
    let shares = subject.head.mesh.eyes.iter().flatten().map(|eye| {
        let rim: Vec<_> = [1, 2, 3, 4].map(|index| to_patch.apply(eye.iris[index])).into();
        let centre = to_patch.apply(eye.iris[0]);
        let radius = rim.iter().map(|point| distance(*point, centre)).sum::<f32>() / 4.0;
        let circle = (0..16).map(|step| {
            let (sin, cos) = (step as f32 * std::f32::consts::TAU / 16.0).sin_cos();
            [centre[0] + radius * cos, centre[1] + radius * sin]
        });
        stats::share(subject.portrait.indices_within(&circle.collect::<Vec<_>>()), |at| {
            let [r, g, b] = subject.portrait.rgb(at);
            let red = r > 90 && f32::from(r) > 2.0 * f32::from(g.max(b));
            red && Lab::of([r, g, b]).a > subject.skin.median.a + REDDER_THAN_SKIN
        })
    });
    let share = shares.fold(0.0, f32::max);
    Some(
        Judgement::measured(f64::from(share), "share", LIMIT, BAND)
            .region(context.eyes_region())
            .source("ICAO Doc 9303; Ministry of Education student photos: no red eyes; limit: calibrated"),
    )
}
