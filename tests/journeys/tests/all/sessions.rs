//! Access tokens, refresh tokens and their signing keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use journeys::{Client, TestStack};
use serde_json::{Value, json};

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// ASVS 9.1: what an attacker can try who has a genuine token.
#[tokio::test(flavor = "multi_thread")]
async fn forged_access_token_is_refused() {
    let stack = TestStack::shared().await;
    let client = stack.register("bearer").await;
    assert_eq!(stack.get(&client, "/v1/me").await.status, 200);
    let parts: Vec<&str> = client.token.split('.').collect();
    let (header, claims) = (decode(parts[0]), decode(parts[1]));
    let changed = |of: &Value, name: &str, value: Value| {
        let mut of = of.clone();
        of[name] = value;
        URL_SAFE_NO_PAD.encode(of.to_string())
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
        ("a key by URL", format!("{}.{}.{}", changed(&header, "jku", json!("https://x.test")), parts[1], parts[2])),
        ("another audience", format!("{}.{}.{}", parts[0], changed(&claims, "aud", json!("other")), parts[2])),
        ("more roles", format!("{}.{admin}.{}", parts[0], parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("empty", String::new()),
    ];
    for (case, token) in forgeries {
        let response = stack.get(&Client { token, ..client.clone() }, "/v1/me").await;
        assert_eq!(response.problem(), (401, "unauthenticated"), "{case}");
    }
}

mod exclusive {
    use std::collections::BTreeMap;
    use std::sync::Arc;
    use std::time::Instant;

    use jiff::{SignedDuration, Timestamp};
    use journeys::{Client, PATIENCE, Response, TestStack};
    use reqwest::Method;

    use super::decode;

    #[tokio::test(flavor = "multi_thread")]
    async fn access_token_is_refused_at_its_end() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("expiring").await;
        let claims = decode(client.token.split('.').nth(1).unwrap());
        let left = claims["exp"].as_i64().unwrap() - Timestamp::now().as_second();
        stack.set_clock_ahead(SignedDuration::from_secs(left - 20)).await;
        assert_eq!(stack.get(&client, "/v1/me").await.status, 200, "twenty seconds before its end");
        stack.set_clock_ahead(SignedDuration::from_secs(left)).await;
        assert_eq!(stack.get(&client, "/v1/me").await.status, 401, "at its end");
    }

    /// RFC 9700, section 4.14.2: concurrent refreshes of one token are one rotation, and reuse of an old token ends the session.
    #[tokio::test(flavor = "multi_thread")]
    async fn hundred_concurrent_refreshes_are_one_rotation_and_reuse_ends_the_session() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("refreshing").await;
        // On a busy machine a hundred calls take longer than the time in which repetition is allowed.
        let stopped = stack.stop_clock().await;
        let calls: Vec<_> = (0..100)
            .map(|_| {
                let (stack, token) = (stack.clone(), client.refresh.clone());
                tokio::spawn(async move { stack.refresh(&token).await })
            })
            .collect();
        let mut successors: BTreeMap<String, usize> = BTreeMap::new();
        for call in calls {
            let response = call.await.unwrap();
            assert_eq!(response.status, 201, "{}", response.body);
            *successors.entry(response.body["refreshToken"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        assert_eq!(successors.values().copied().collect::<Vec<_>>(), [100], "all get the same successor");
        let second = successors.into_keys().next().unwrap();
        assert_ne!(second, client.refresh);
        stopped.abort();
        let third = stack.refresh(&second).await.body["refreshToken"].as_str().unwrap().to_owned();
        assert_eq!(stack.refresh(&client.refresh).await.status, 401, "a token from two rotations ago");
        assert_eq!(stack.refresh(&third).await.status, 401, "the newest token is revoked");
        assert_eq!(stack.get(&client, "/v1/me").await.status, 401, "the access token is revoked");
    }

    /// One route of each function that knows only the public keys.
    const OTHER_FUNCTIONS: [&str; 4] = ["/v1/wallet", "/v1/orders", "/v1/photos", "/v1/coupons"];

    fn key_id(token: &str) -> String {
        decode(token.split('.').next().unwrap())["kid"].as_str().unwrap().to_owned()
    }

    /// What a client saw that used its session without a pause.
    #[derive(Default)]
    struct Observed {
        statuses: BTreeMap<String, usize>,
        key_ids: Vec<String>,
    }

    impl Observed {
        fn record(&mut self, what: &str, response: &Response) {
            *self.statuses.entry(format!("{what} {}", response.status.as_u16())).or_default() += 1;
        }
    }

    /// Uses the first access token and the newest one, and refreshes, until the signing key has changed and two more rounds are done.
    async fn use_session(stack: Arc<TestStack>, mut client: Client) -> Observed {
        let first = client.clone();
        let mut observed = Observed { key_ids: vec![key_id(&client.token)], ..Observed::default() };
        let (started, mut rounds_after) = (Instant::now(), 0);
        while rounds_after < 2 {
            assert!(started.elapsed() < 3 * PATIENCE, "the signing key did not change");
            for path in OTHER_FUNCTIONS {
                observed.record("first token", &stack.get(&first, path).await);
                observed.record("newest token", &stack.get(&client, path).await);
            }
            let next = stack.refresh(&client.refresh).await;
            // The local cloud ends a process during a request, where AWS lets the request finish: as a client does, repeat it.
            if next.status.is_server_error() {
                continue;
            }
            observed.record("refresh", &next);
            if next.status == 201 {
                client = Client::from_session(&client.name, &next.body);
                observed.key_ids.push(key_id(&client.token));
            }
            rounds_after += usize::from(observed.key_ids.first() != observed.key_ids.last());
        }
        observed
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn rotation_of_the_signing_key_refuses_no_session() {
        let stack = TestStack::exclusive().await;
        let mut sessions = Vec::new();
        for n in 0..3 {
            let client = stack.register(&format!("rotation-{n}")).await;
            sessions.push(tokio::spawn(use_session(stack.clone(), client)));
        }
        let (succeeded, printed) =
            stack.run_operator_tool("rotate-tokens", &["journeys", "a rotation under load"]).await;
        assert!(succeeded && printed.contains("keys retire at"), "{printed}");
        let mut key_ids = Vec::new();
        for session in sessions {
            let observed = session.await.unwrap();
            let statuses: Vec<&str> = observed.statuses.keys().map(String::as_str).collect();
            assert_eq!(statuses, ["first token 200", "newest token 200", "refresh 201"]);
            let (old, new) = (observed.key_ids.first().unwrap(), observed.key_ids.last().unwrap());
            let turn = observed.key_ids.iter().position(|id| id == new).unwrap();
            assert!(observed.key_ids[turn..].iter().all(|id| id == new), "the old key is not used again");
            key_ids = vec![old.clone(), new.clone()];
        }
        let keys = stack.send(None, Method::GET, "/.well-known/jwks.json", &[], None).await;
        let published: Vec<&str> =
            keys.body["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert!(key_ids.iter().all(|id| published.contains(&id.as_str())), "{published:?} {key_ids:?}");
    }
}
