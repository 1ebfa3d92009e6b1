//! Registration, sign-in, sessions and the profile.
//!
//! A page keeps its refresh token in the cookie `__Host-refresh` and never sees it; an app says `"client": "app"` and gets it
//! in the body. The access token goes into `Authorization: Bearer` and is good for ten minutes. Pages answer a captcha
//! (`POST /v1/captchas`) before they register or sign in. Failures are `application/problem+json` with a stable `code`.

mod accounts;
mod addresses;
mod calling;
mod captchas;
mod cookie;
mod email;
mod failure;
mod jwks;
mod leaving;
mod me;
mod password_resets;
mod qr_sign_ins;
mod run;
mod second_factor;
mod sessions;
mod sms_codes;

use std::sync::Arc;

use app::accounts::{Accounts, KeyHouse, Keys, PublicKeys};
use app::clock::Clock;
use app::random::Random;
use app::store::{Store, StoreError};
use axum::Router;
use http_api::{Kit, Realm, Signer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct Auth {
    accounts: Accounts,
    public_keys: PublicKeys,
    signer: Arc<Signer>,
    outside: Outside,
}

/// The outside world of the function.
#[derive(Clone)]
pub struct Outside {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Opens the keys of personal fields.
    pub house: Arc<dyn KeyHouse>,
    /// Where the page is served, e.g. `https://photos.example.cn`: links in letters lead there and nowhere else.
    pub page: Option<String>,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outside")
    }
}

impl Auth {
    /// Publishes the key it signs with before it signs anything, and those that others may sign with.
    pub async fn open(outside: Outside, keys: Arc<Keys>) -> Result<Self, StoreError> {
        let Outside { store, clock, random, house, .. } = outside.clone();
        let signer = Signer::new(Realm::default(), keys.signing_seed());
        let public_keys = PublicKeys::new(store.clone());
        let now = clock.now();
        public_keys.publish(signer.kid(), signer.public_key(), now).await?;
        for seed in keys.other_seeds() {
            let other = Signer::new(Realm::default(), seed);
            public_keys.publish(other.kid(), other.public_key(), now).await?;
        }
        let accounts = Accounts::new(store, clock, random, keys, house);
        Ok(Self { accounts, public_keys, signer: Arc::new(signer), outside })
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: accounts", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<Auth> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(captchas::create))
        .routes(routes!(accounts::create))
        .routes(routes!(sessions::create))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::delete_current))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::delete_one))
        .routes(routes!(second_factor::set_up))
        .routes(routes!(second_factor::confirm))
        .routes(routes!(second_factor::show))
        .routes(routes!(sms_codes::create))
        .routes(routes!(password_resets::create))
        .routes(routes!(password_resets::send_code))
        .routes(routes!(password_resets::verify))
        .routes(routes!(password_resets::finish))
        .routes(routes!(qr_sign_ins::create))
        .routes(routes!(qr_sign_ins::claim))
        .routes(routes!(qr_sign_ins::scan))
        .routes(routes!(qr_sign_ins::confirm))
        .routes(routes!(qr_sign_ins::deny))
        .routes(routes!(me::get, me::change))
        .routes(routes!(me::step_up))
        .routes(routes!(me::change_password))
        .routes(routes!(me::bind_phone))
        .routes(routes!(leaving::ask, leaving::keep))
        .routes(routes!(leaving::export))
        .routes(routes!(email::send_link))
        .routes(routes!(email::confirm))
        .routes(routes!(addresses::list, addresses::add))
        .routes(routes!(addresses::change, addresses::remove))
        .routes(routes!(jwks::get))
}

/// Every route inside its kit.
pub fn router(auth: Auth) -> Router {
    let kit = Kit::on(auth.outside.store.clone(), auth.outside.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.with_state(auth))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
