//! 邮寄地址: the address book.

use app::accounts::AddressChange;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::account::address::{AddressBook, Draft};
use http_api::responses;
use http_api::{Json, LiveActor, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AppState, failure};

/// An address as its owner sees it; the phone is masked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailingAddress {
    address_id: String,
    /// 收件人
    receiver: String,
    #[schema(example = "138****8469")]
    phone: String,
    province: String,
    city: String,
    /// Empty where a city has none
    district: String,
    /// 详细地址
    detail: String,
    is_default: bool,
}

/// A new address. The first one is the default in any case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAddress {
    receiver: String,
    phone: String,
    province: String,
    city: String,
    #[serde(default)]
    district: String,
    detail: String,
    #[serde(default)]
    is_default: bool,
}

/// Missing fields stay as they are. To replace the default, make another address the default.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedAddress {
    receiver: Option<String>,
    phone: Option<String>,
    province: Option<String>,
    city: Option<String>,
    district: Option<String>,
    detail: Option<String>,
    #[serde(default)]
    is_default: bool,
}

fn items(book: &AddressBook) -> Vec<MailingAddress> {
    let item = |entry: &domain::account::address::Entry| MailingAddress {
        address_id: entry.id.clone(),
        receiver: entry.address.receiver.clone(),
        phone: entry.address.phone_masked(),
        province: entry.address.province.clone(),
        city: entry.address.city.clone(),
        district: entry.address.district.clone(),
        detail: entry.address.detail.clone(),
        is_default: book.is_default(&entry.id),
    };
    book.entries().iter().map(item).collect()
}

/// The addresses, newest first
#[utoipa::path(
    get,
    path = "/v1/me/addresses",
    responses(
        responses::Get,
        (status = 200, body = Vec<MailingAddress>),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
) -> Result<Json<Vec<MailingAddress>>, Problem> {
    Ok(Json(items(&state.accounts.addresses(&actor).await.map_err(failure::problem)?)))
}

/// 增加: answers with all addresses
#[utoipa::path(
    post,
    path = "/v1/me/addresses",
    request_body = NewAddress,
    responses(
        responses::Command,
        (status = 201, body = Vec<MailingAddress>),
        (status = 409, description = "addresses-full, conflict"),
    )
)]
pub async fn add(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Json(form): Json<NewAddress>,
) -> Result<(StatusCode, Json<Vec<MailingAddress>>), Problem> {
    let draft = Draft {
        receiver: &form.receiver,
        phone: &form.phone,
        province: &form.province,
        city: &form.city,
        district: &form.district,
        detail: &form.detail,
    };
    let book = state.accounts.add_address(&actor, &draft, form.is_default).await.map_err(failure::problem)?;
    Ok((StatusCode::CREATED, Json(items(&book))))
}

/// 修改 or 设为默认: answers with all addresses
#[utoipa::path(
    patch,
    path = "/v1/me/addresses/{addressId}",
    params(("addressId" = String, Path)),
    request_body = ChangedAddress,
    responses(
        responses::Command,
        (status = 200, body = Vec<MailingAddress>),
        (status = 404),
        (status = 409, description = "conflict"),
    )
)]
pub async fn change(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(id): Path<String>,
    Json(form): Json<ChangedAddress>,
) -> Result<Json<Vec<MailingAddress>>, Problem> {
    let change = AddressChange {
        receiver: form.receiver,
        phone: form.phone,
        province: form.province,
        city: form.city,
        district: form.district,
        detail: form.detail,
        make_default: form.is_default,
    };
    Ok(Json(items(&state.accounts.change_address(&actor, &id, &change).await.map_err(failure::problem)?)))
}

/// 删除: if the default is removed, the newest of the others becomes the default
#[utoipa::path(
    delete,
    path = "/v1/me/addresses/{addressId}",
    params(("addressId" = String, Path)),
    responses(
        responses::Get,
        (status = 204),
        (status = 404),
        (status = 409, description = "conflict"),
    )
)]
pub async fn remove(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    state.accounts.remove_address(&actor, &id).await.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}
