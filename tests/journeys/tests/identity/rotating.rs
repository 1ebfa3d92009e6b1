use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use journeys::{Answer, Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

/// One route of each function that only knows the public keys.
const ELSEWHERE: [&str; 4] = ["/v1/wallet", "/v1/orders", "/v1/photos", "/v1/coupons"];

fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    serde_json::from_slice::<Value>(&header).unwrap()["kid"].as_str().unwrap().to_owned()
}

/// What somebody saw who never stopped using their session.
#[derive(Default)]
struct Seen {
    answers: BTreeMap<String, usize>,
    kids: Vec<String>,
    died: usize,
}

impl Seen {
    fn note(&mut self, what: &str, answer: &Answer) {
        *self.answers.entry(format!("{what} {}", answer.status.as_u16())).or_default() += 1;
    }
}

/// Uses the first token as long as it lives, and exchanges refresh tokens without a pause.
async fn restless(town: Arc<Town>, mut person: Person, enough: Arc<AtomicBool>) -> Seen {
    let (first, mut seen) = (person.clone(), Seen { kids: vec![kid(&person.token)], ..Seen::default() });
    while !enough.load(Ordering::Relaxed) {
        for path in ELSEWHERE {
            seen.note("first token", &town.get(&first, path).await);
            seen.note("newest token", &town.get(&person, path).await);
        }
        let wish = json!({"refreshToken": person.refresh});
        let next = town.send(None, Method::POST, "/v1/sessions/refresh", &[], Some(wish)).await;
        // The local cloud kills a process with the request in it where AWS lets it end: as a client does, we ask again.
        if next.status.is_server_error() {
            seen.died += 1;
            continue;
        }
        seen.note("refresh", &next);
        if next.status == 201 {
            let text = |name: &str| next.body[name].as_str().unwrap().to_owned();
            (person.token, person.refresh) = (text("accessToken"), text("refreshToken"));
            seen.kids.push(kid(&person.token));
        }
    }
    seen
}

pub async fn a_changed_key_refuses_nobody(town: &Arc<Town>) {
    town.set_clock_ahead(SignedDuration::ZERO).await;
    let enough = Arc::new(AtomicBool::new(false));
    let mut people = Vec::new();
    for n in 0..3 {
        let person = town.newcomer(&format!("restless-{n}")).await;
        people.push(tokio::spawn(restless(town.clone(), person, enough.clone())));
    }
    let (went_well, said) = town.operator("rotate-tokens", &["journeys", "a change under load"]).await;
    assert!(went_well && said.contains("keys retire at"), "{said}");
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    enough.store(true, Ordering::Relaxed);
    let mut kids = Vec::new();
    for person in people {
        let seen = person.await.unwrap();
        println!("  {:?}, {} processes died with a request", seen.answers, seen.died);
        let names: Vec<&str> = seen.answers.keys().map(String::as_str).collect();
        assert_eq!(names, ["first token 200", "newest token 200", "refresh 201"]);
        let (old, new) = (seen.kids.first().unwrap(), seen.kids.last().unwrap());
        assert_ne!(old, new, "the key has changed");
        let turn = seen.kids.iter().position(|kid| kid == new).unwrap();
        assert!(seen.kids[turn..].iter().all(|kid| kid == new), "once changed, it is not changed back");
        kids = vec![old.clone(), new.clone()];
    }
    let keys = town.send(None, Method::GET, "/.well-known/jwks.json", &[], None).await;
    let published: Vec<&str> =
        keys.body["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert!(kids.iter().all(|kid| published.contains(&kid.as_str())), "{published:?} {kids:?}");
}
