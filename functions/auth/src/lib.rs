//! Registration, sign-in, sessions and the profile.
//!
//! A page has its refresh token in the cookie `__Host-refresh`, which scripts cannot read; an app sends `"client":
//! "app"` and gets it in the body. The access token goes into `Authorization: Bearer` and is valid for ten minutes.
//! Pages answer a captcha (`POST /v1/captchas`) before they register or sign in. Errors are `application/problem+json`
//! with a stable `code`.

mod accounts;
mod addresses;
mod captchas;
mod client_info;
mod close_account;
mod cookies;
mod email;
mod export;
mod failure;
mod jwks;
mod me;
mod password_resets;
mod qr_sign_ins;
mod run;
mod second_factor;
mod sessions;
mod sms_codes;

use std::sync::Arc;

use app::accounts::{Accounts, DataKeyProvider, Keys, PublicKeys};
use app::clock::Clock;
use app::random::Random;
use app::store::{Store, StoreError};
use axum::Router;
use http_api::{HttpStack, Realm, Signer, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

/// The state that the handlers share.
#[derive(Debug, Clone)]
pub struct AppState {
    accounts: Accounts,
    public_keys: PublicKeys,
    signer: Arc<Signer>,
    dependencies: Dependencies,
}

/// The ports and settings of the function.
#[derive(Clone)]
pub struct Dependencies {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Random numbers.
    pub random: Arc<dyn Random>,
    /// Makes and opens the data keys of personal fields.
    pub data_keys: Arc<dyn DataKeyProvider>,
    /// The origin of our page, e.g. `https://photos.example.cn`, to which links in e-mails lead. Without it, no link is
    /// sent.
    pub page: Option<String>,
}

impl std::fmt::Debug for Dependencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dependencies")
    }
}

impl AppState {
    /// Publishes the public keys of this and of other token secrets before any token is signed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn new(dependencies: Dependencies, keys: Arc<Keys>) -> Result<Self, StoreError> {
        let Dependencies { store, clock, random, data_keys, .. } = dependencies.clone();
        let signer = Signer::new(Realm::default(), keys.signing_seed());
        let public_keys = PublicKeys::new(store.clone());
        let now = clock.now();
        public_keys.publish(signer.kid(), signer.public_key(), now).await?;
        for seed in keys.other_seeds() {
            let other = Signer::new(Realm::default(), seed);
            public_keys.publish(other.kid(), other.public_key(), now).await?;
        }
        let accounts = Accounts::new(store, clock, random, keys, data_keys);
        Ok(Self { accounts, public_keys, signer: Arc::new(signer), dependencies })
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: accounts", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<AppState> {
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
        .routes(routes!(close_account::request, close_account::cancel))
        .routes(routes!(export::export))
        .routes(routes!(email::send_link))
        .routes(routes!(email::confirm))
        .routes(routes!(addresses::list, addresses::add))
        .routes(routes!(addresses::change, addresses::remove))
        .routes(routes!(jwks::get))
}

/// The routes inside the middleware that every function has.
pub fn router(state: AppState) -> Router {
    let stack = HttpStack::new(state.dependencies.store.clone(), state.dependencies.clock.clone());
    let (router, _) = routes().split_for_parts();
    stack.apply(router.with_state(state))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    responses::with_problem_bodies(routes().into_openapi())
}
