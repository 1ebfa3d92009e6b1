//! Red pupils of a flash.

use domain::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::locate::geometry::distance;
use crate::measure::stats;
use crate::portrait::Portrait;
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "eyes.red",
    group: Group::Expression,
    policy: Policy::Blocking,
    name_zh: "无红眼",
    name_en: "No red eyes",
    texts: &[
        Text {
            reason: "default",
            zh: "照片有红眼（约{measured}的虹膜发红）",
            zh_hint: "请关闭闪光灯，在明亮处重新拍摄",
            en: "The eyes are red (about {measured} of the iris)",
            en_hint: "Turn the flash off and take the photo in a bright place",
        },
    ],
    judge,
};

/// Share of the iris that is red; a pupil with a red reflex fills a fifth of it.
const LIMIT: Limit = Limit::at_most(0.12);
const BAND: f64 = 0.08;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let subject = scene.subject()?;
    let to_patch = subject.head.frame.inverse()?;
    let shares = subject.head.mesh.eyes.iter().flatten().map(|eye| {
        let rim: Vec<_> = [1, 2, 3, 4].map(|index| to_patch.apply(eye.iris[index])).into();
        let centre = to_patch.apply(eye.iris[0]);
        let radius = rim.iter().map(|point| distance(*point, centre)).sum::<f32>() / 4.0;
        let inside = |at: usize| {
            let (x, y) = ((at % Portrait::WIDTH) as f32 + 0.5, (at / Portrait::WIDTH) as f32 + 0.5);
            distance([x, y], centre) < radius
        };
        stats::share(subject.portrait.colours(inside), |[r, g, b]| r > 90 && f32::from(r) > 2.0 * f32::from(g.max(b)))
    });
    let share = shares.fold(0.0, f32::max);
    Some(
        Judgement::measured(f64::from(share), "share", LIMIT, BAND)
            .region(scene.eyes_region())
            .source("ICAO Doc 9303; Ministry of Education student photos: no red eyes; limit: house"),
    )
}
