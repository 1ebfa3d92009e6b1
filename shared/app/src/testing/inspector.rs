//! An inspector whose verdict is the uploaded bytes themselves.

use async_trait::async_trait;
use domain::card::Card;
use domain::finding::{Finding, Group, Policy, Verdict};
use domain::report::{Picture, Report};
use domain::ruleset::Ruleset;

use crate::photos::{Inspection, InspectionError, Inspector};

/// Passes `pass`, fails `fail`, cannot decode any other bytes, and reports an error for `broken engine`.
pub(crate) struct ScriptedInspector;

#[async_trait]
impl Inspector for ScriptedInspector {
    async fn inspect(&self, bytes: Vec<u8>, card: Card, _: Ruleset) -> Result<Inspection, InspectionError> {
        let (verdict, group, readable) = match bytes.as_slice() {
            b"pass" => (Verdict::Pass, Group::Pose, true),
            b"fail" => (Verdict::Fail, Group::Pose, true),
            b"broken engine" => return Err(InspectionError("broken".into())),
            _ => (Verdict::Fail, Group::File, false),
        };
        let finding = Finding {
            check: "pose.roll".into(),
            group,
            verdict,
            policy: Policy::Blocking,
            reason: "left".into(),
            measured: Some(9.5),
            limit: None,
            unit: "deg".into(),
            region: None,
            source: "calibrated".into(),
            ofiq: None,
        };
        let picture = Picture { width_px: 358, height_px: 441, bytes: 200_000, faces: 1 };
        let report = Report {
            engine: "test".into(),
            card,
            verdict,
            findings: vec![finding],
            picture: readable.then_some(picture),
            overlay: None,
            standard_photo: None,
        };
        Ok(Inspection { report, standard_photo: readable.then(|| b"standard".to_vec()) })
    }
}
