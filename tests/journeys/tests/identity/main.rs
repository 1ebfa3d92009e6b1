//! Who somebody is, and what they may do: staff, races, forged tokens, limits, and what no table and no log may show.
#![allow(clippy::unwrap_used)]

mod guarding;
mod importing;
mod leaving;
mod racing;
mod rotating;
mod tokens;

use std::sync::Arc;

use journeys::Town;

/// One stack for all journeys: deploying it takes longer than walking them.
#[tokio::test(flavor = "multi_thread")]
async fn identity() {
    let town = Arc::new(Town::build());
    let mut secrets = vec![journeys::PASSWORD.to_owned()];
    let step = |name: &str| println!("- {name}");
    step("XX-16 IC-203 staff, their second factor, their roles, and the lines about it");
    secrets.extend(guarding::staff_have_two_steps_and_every_grant_has_its_line(&town).await);
    step("ASVS 9.1 forged, foreign and late tokens");
    tokens::only_our_own_tokens_in_time_open_a_door(&town).await;
    step("a changed signing key refuses nobody who is signed in");
    rotating::a_changed_key_refuses_nobody(&town).await;
    step("RFC 9700 a hundred refreshes at once, and a copied token");
    secrets.extend(racing::a_hundred_refreshes_are_one_rotation(&town).await);
    step("IC-08 I31 XX-18 fifty registrations of one phone at once");
    secrets.extend(racing::fifty_registrations_of_one_phone_are_one_account(&town).await);
    step("UA-76 closing an account and taking one's data");
    secrets.extend(leaving::a_person_takes_their_data_and_leaves(&town).await);
    step("IC-185 IC-187 IC-189 an account of the old system, from the import to a photo");
    secrets.extend(importing::an_old_account_comes_in_binds_a_phone_and_then_does_everything(&town).await);
    step("IC-203 the chains of the audit log hold, and a changed line shows");
    guarding::a_changed_line_shows(&town).await;
    step("no table and no log shows a phone, a password, a code or a token");
    nothing_shows(&town, &secrets).await;
}

/// Canaries are looked for where they must not be; what must be there shows that the search sees anything.
async fn nothing_shows(town: &Town, secrets: &[String]) {
    let rows = town.rows().await;
    assert!(rows.iter().any(|row| row.contains("phoneMasked")) && rows.len() > 50, "{} rows", rows.len());
    let logs = town.logs().await;
    for route in ["/v1/accounts", "/v1/sessions/refresh", "/v1/me/second-factor/confirmation", "/v1/sms-codes"] {
        assert!(logs.iter().any(|line| line.contains(route)), "{route} is in no log");
    }
    assert!(secrets.len() > 20, "{} secrets", secrets.len());
    for secret in secrets {
        let short = secret.len() < 8;
        // Six digits are in every number; alone they are a code.
        let shows = |text: &str| match short {
            true => text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == secret),
            false => text.contains(secret.as_str()),
        };
        let row = rows.iter().find(|row| shows(row));
        assert!(row.is_none(), "{secret} stands in {row:?}");
        let line = logs.iter().flat_map(|text| text.lines()).find(|line| shows(line));
        assert!(line.is_none(), "{secret} stands in a log: {line:?}");
    }
}
