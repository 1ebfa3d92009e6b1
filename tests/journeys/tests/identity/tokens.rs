use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use journeys::{Person, Town};
use serde_json::{Value, json};

/// What a thief may try with a real token at hand. `/v1/me` reads the session, too; the door comes first.
pub async fn only_our_own_tokens_in_time_open_a_door(town: &Town) {
    let person = town.newcomer("bearer").await;
    assert_eq!(town.get(&person, "/v1/me").await.status, 200);
    let parts: Vec<&str> = person.token.split('.').collect();
    let (header, claims) = (read(parts[0]), read(parts[1]));
    let changed = |of: &Value, name: &str, value: Value| {
        let mut of = of.clone();
        of[name] = value;
        write(&of)
    };
    let none = changed(&header, "alg", json!("none"));
    let admin = changed(&claims, "roles", json!(["user", "admin"]));
    let forgeries = [
        ("alg none", format!("{none}.{}.", parts[1])),
        ("alg none with the signature", format!("{none}.{}.{}", parts[1], parts[2])),
        ("HS256", format!("{}.{}.{}", changed(&header, "alg", json!("HS256")), parts[1], parts[2])),
        ("RS256", format!("{}.{}.{}", changed(&header, "alg", json!("RS256")), parts[1], parts[2])),
        ("another type", format!("{}.{}.{}", changed(&header, "typ", json!("JWT")), parts[1], parts[2])),
        ("an unknown key", format!("{}.{}.{}", changed(&header, "kid", json!("k-1")), parts[1], parts[2])),
        ("a key of its own", format!("{}.{}.{}", changed(&header, "jku", json!("https://x.test")), parts[1], parts[2])),
        ("another audience", format!("{}.{}.{}", parts[0], changed(&claims, "aud", json!("other")), parts[2])),
        ("more roles", format!("{}.{admin}.{}", parts[0], parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("nothing", String::new()),
    ];
    for (what, token) in forgeries {
        let answer = town.get(&Person { token, ..person.clone() }, "/v1/me").await;
        assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (401, Some("unauthenticated")), "{what}");
    }

    let left = claims["exp"].as_i64().unwrap() - jiff::Timestamp::now().as_second();
    town.set_clock_ahead(SignedDuration::from_secs(left - 20)).await;
    assert_eq!(town.get(&person, "/v1/me").await.status, 200, "twenty seconds before its end");
    town.set_clock_ahead(SignedDuration::from_secs(left)).await;
    assert_eq!(town.get(&person, "/v1/me").await.status, 401, "at its end");
    town.set_clock_ahead(SignedDuration::ZERO).await;
}

fn read(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn write(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}
