//! A coupon as the client sees it.

use domain::money::coupon::{Coupon, State};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Coupon)]
pub struct CouponBody {
    id: String,
    face_fen: i64,
    /// The lowest price on which it can be used
    min_spend_fen: i64,
    expires_at: String,
    /// When the owner was reminded; it expires within three days of that
    #[serde(skip_serializing_if = "Option::is_none")]
    reminded_at: Option<String>,
    /// `usable`, `used`, `expired` or `frozen`, as of now
    state: &'static str,
    /// The order that uses or holds it
    #[serde(skip_serializing_if = "Option::is_none")]
    order_no: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<String>,
    /// Why staff froze it
    #[serde(skip_serializing_if = "Option::is_none")]
    frozen_why: Option<String>,
}

impl CouponBody {
    pub fn at(coupon: Coupon, now: Timestamp) -> Self {
        use domain::money::coupon::Tab;
        let state = match coupon.tab(now) {
            Tab::Usable => "usable",
            Tab::Used => "used",
            Tab::Expired => "expired",
            Tab::Frozen => "frozen",
        };
        let (order_no, used_at, frozen_why) = match coupon.state {
            State::Held { order_no, .. } => (Some(order_no.to_string()), None, None),
            State::Used { order_no, at } => (Some(order_no.to_string()), Some(at.to_string()), None),
            State::Frozen { why, .. } => (None, None, Some(why)),
            State::Usable | State::Expired { .. } => (None, None, None),
        };
        Self {
            id: coupon.id.to_string(),
            face_fen: coupon.face_fen.get(),
            min_spend_fen: coupon.min_spend_fen.get(),
            expires_at: coupon.expires_at.to_string(),
            reminded_at: coupon.reminded_at.map(|at| at.to_string()),
            state,
            order_no,
            used_at,
            frozen_why,
        }
    }
}
