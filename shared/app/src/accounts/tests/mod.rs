//! The account use cases on the [`TestApp`](crate::testing::TestApp).

mod changing_credentials;
mod closing_accounts;
mod field_encryption;
mod import;
mod password_reset;
mod password_sign_in;
mod person;
mod qr_sign_in;
mod refresh_tokens;
mod registration;
mod roles_and_second_factor;
mod sms_codes;
