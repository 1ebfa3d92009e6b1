//! The texts of receipts, by card type and place.

use domain::actor::Role;
use domain::photo_spec::PhotoSpec;
use domain::receipt::{self, Service, Template};
use http_api::responses;
use http_api::{Json, Problem, Staff};
use serde::Serialize;
use utoipa::ToSchema;

const ALLOWED: [Role; 2] = [Role::Clerk, Role::Admin];

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReceiptTemplateList)]
pub struct TemplatesBody {
    /// Those of each card type, each followed by those of its provinces and cities
    items: Vec<TemplateBody>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReceiptTemplate)]
pub struct TemplateBody {
    /// Card type
    #[schema(example = "resident-id")]
    card: &'static str,
    /// Absent for every place that has no template of its own
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<&'static str>,
    /// Absent for the whole province
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'static str>,
    /// With the placeholders `{province}`, `{city}` and `{number}`
    #[schema(example = "广东省居民身份证数字相片采集回执")]
    title: String,
    /// The standard it conforms to, and what it can be used for
    conformity: String,
    validity: String,
    valid_days: i64,
    /// The standard that the photo is checked against
    standard: &'static str,
    /// Below the left code
    check_label: String,
    /// The service of the right code: `yuejuma`, `traffic`, `national`
    service: &'static str,
    service_label: String,
    notes: Vec<String>,
}

impl From<Template> for TemplateBody {
    fn from(Template { card, province, city, text }: Template) -> Self {
        Self {
            card: card.code(),
            province,
            city,
            title: text.title,
            conformity: text.conformity,
            validity: text.validity,
            valid_days: receipt::VALID_DAYS,
            standard: &PhotoSpec::of(card).standard,
            check_label: text.check_label,
            service: match text.service {
                Service::Yuejuma => "yuejuma",
                Service::Traffic => "traffic",
                Service::National => "national",
            },
            service_label: text.service_label,
            notes: text.notes,
        }
    }
}

/// The texts of all receipts. For staff of the role `clerk` or `admin`, who explain them to customers.
#[utoipa::path(get, path = "/v1/admin/receipt-templates", tag = "staff",
    responses(responses::Query, (status = 200, body = TemplatesBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed")))]
pub async fn templates(staff: Staff) -> Result<Json<TemplatesBody>, Problem> {
    staff.require_role(&ALLOWED)?;
    Ok(Json(TemplatesBody { items: receipt::templates().into_iter().map(Into::into).collect() }))
}
