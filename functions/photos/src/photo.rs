//! The representation of a photo for its owner.

use app::photos::PhotoView;
use domain::finding::{Finding, Limit, Policy, Region, Verdict};
use domain::money::order::Method;
use domain::photo::Photo;
use domain::photo_spec::PhotoSpec;
use domain::reason::{self, Language};
use domain::report::Report;
use domain::ruleset::Ruleset;
use http_api::Locale;
use http_api::catalogue::{self, Facts};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::start::Place;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Photo)]
pub struct PhotoBody {
    /// 图像号码
    #[schema(example = "AL200166498")]
    pub image_no: String,
    /// reserved, uploaded, inspecting, passed, paid, failed, unreadable or timed-out; states can be added
    #[schema(example = "passed")]
    pub state: &'static str,
    /// 检测状态
    #[schema(example = "检测合格")]
    pub state_text: String,
    /// 检测结果: 符合要求, or the reasons
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "符合要求")]
    pub result_text: Option<String>,
    #[schema(example = "resident-id")]
    pub card: &'static str,
    /// 相片类型
    #[schema(example = "第二代居民身份证数字相片")]
    pub card_name: String,
    #[schema(value_type = String, example = "easy")]
    pub ruleset: Ruleset,
    pub region: Place,
    pub payment_method: Method,
    /// 收费金额: 0 unless the photo passes
    #[schema(example = 150)]
    pub fee_fen: i64,
    pub paid: bool,
    /// 图像名称
    pub file_name: String,
    /// 上传时间
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub uploaded_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub inspected_at: Option<Timestamp>,
    /// 检测时间
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// Why it failed, the most actionable first, then advice. A list has no advice
    pub reasons: Vec<ReasonBody>,
    /// Every check with its measurement and limit, and the points to draw. Not in a list
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    pub links: Links,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Links {
    #[serde(rename = "self")]
    this: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    standard_photo: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reason)]
pub struct ReasonBody {
    /// Stable code of the check
    #[schema(example = "pose.roll")]
    code: String,
    /// The cause within the check
    #[schema(example = "left")]
    cause: String,
    #[schema(example = "头像不正或没有居中平视")]
    text: String,
    hint: String,
    /// `blocking` or `advisory`
    severity: &'static str,
    /// The region of the upload, as fractions of its width and height
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<Limit>,
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
}

pub fn language(locale: Locale) -> Language {
    match locale {
        Locale::ZhCn => Language::Chinese,
        Locale::En => Language::English,
    }
}

pub fn card_name(spec: &PhotoSpec, locale: Locale) -> String {
    let language = if locale == Locale::En { "en" } else { "zh" };
    spec.name.get(language).cloned().unwrap_or_default()
}

impl PhotoBody {
    pub fn new(view: PhotoView, locale: Locale) -> Self {
        let PhotoView { row, photo, report } = view;
        let reasons = reasons(&row.reasons, report.as_ref(), locale);
        let inspected = photo.inspected();
        let paid = matches!(photo, Photo::Paid { .. });
        let passed = paid || matches!(photo, Photo::Passed { .. });
        let this = format!("/v1/photos/{}", row.number);
        Self {
            state: photo.state(),
            state_text: text(locale, &format!("state-{}", photo.state())),
            result_text: result_text(&photo, &reasons, locale),
            card: row.card.code(),
            card_name: card_name(PhotoSpec::of(row.card), locale),
            ruleset: row.ruleset,
            region: Place { province: row.region.province().to_owned(), city: row.region.city().to_owned() },
            payment_method: row.method,
            fee_fen: if passed { row.price_fen } else { 0 },
            paid,
            uploaded_at: photo.uploaded_at(),
            inspected_at: inspected.map(|inspected| inspected.at),
            duration_ms: inspected.and_then(|_| row.duration_ms()),
            image_no: row.number.to_string(),
            file_name: row.file_name,
            reasons,
            report,
            links: Links { standard_photo: paid.then(|| format!("{this}/standard-photo")), this },
        }
    }
}

fn text(locale: Locale, code: &str) -> String {
    catalogue::title(locale, code, &Facts::new()).into_owned()
}

/// 检测结果: the text that the manual's panel shows below the state.
fn result_text(photo: &Photo, reasons: &[ReasonBody], locale: Locale) -> Option<String> {
    match photo {
        Photo::Passed { .. } | Photo::Paid { .. } => Some(text(locale, "result-passed")),
        Photo::TimedOut { .. } => Some(text(locale, "result-timed-out")),
        Photo::Failed { .. } | Photo::Unreadable { .. } => {
            let blocking = reasons.iter().filter(|reason| reason.severity == "blocking");
            let separator = if locale == Locale::En { "; " } else { "；" };
            Some(blocking.map(|reason| reason.text.as_str()).collect::<Vec<_>>().join(separator))
        }
        Photo::Reserved { .. } | Photo::Uploaded { .. } | Photo::Inspecting { .. } | Photo::Purged => None,
    }
}

fn reasons(blocking: &[Finding], report: Option<&Report>, locale: Locale) -> Vec<ReasonBody> {
    let advice = report.map(Report::advice).unwrap_or_default();
    blocking.iter().chain(advice).map(|finding| reason(finding, locale)).collect()
}

fn reason(finding: &Finding, locale: Locale) -> ReasonBody {
    let blocking = finding.verdict == Verdict::Fail && finding.policy == Policy::Blocking;
    ReasonBody {
        code: finding.check.to_string(),
        cause: finding.reason.to_string(),
        text: reason::text(finding, language(locale)),
        hint: reason::hint(finding, language(locale)),
        severity: if blocking { "blocking" } else { "advisory" },
        region: finding.region,
        measured: finding.measured,
        limit: finding.limit,
        unit: finding.unit.to_string(),
    }
}
