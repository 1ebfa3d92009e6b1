//! What only the operator of a deployment does, with the cloud's own credentials; `infra/operate` fills in its environment.
//!
//! ```text
//! operator appoint-admin   <user name>   <who runs it> <why>      the first admin; later ones are made by an admin
//! operator import-accounts <file.jsonl>  <who runs it> <why>      accounts of the old system, one JSON object a line
//! ```
//! Both leave a line in the audit log for each account. An import says which lines it left out, and may be run again.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

use app::accounts::{Accounts, Keys, OldAccount, Registry};
use app::audit::{Doer, Why};
use app::random::OsRandom;
use cloud::key_house::KmsKeyHouse;
use cloud::{Cloud, secrets};
use domain::actor::Role;

type Outcome = Result<(), Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, what, who, why] = arguments.as_slice() else {
        return Err("operator appoint-admin <user name> <who> <why> | import-accounts <file> <who> <why>".into());
    };
    let by = Doer { by: format!("operator/{who}"), request_id: "command".to_owned() };
    let (why, cloud) = (Why::parse(why)?, Cloud::from_env().await);
    match command.as_str() {
        "appoint-admin" => appoint(cloud, &by, what, &why).await,
        "import-accounts" => import(cloud, &by, what, &why).await,
        other => Err(format!("no command {other}").into()),
    }
}

async fn appoint(cloud: Cloud, by: &Doer, user_name: &str, why: &Why) -> Outcome {
    let registry = Registry { store: cloud.store, clock: cloud.clock, random: Arc::new(OsRandom) };
    let person = registry.find_by_name(user_name).await?;
    let roles: BTreeSet<Role> = person.roles.into_iter().chain([Role::Admin]).collect();
    let person = registry.set_roles(by, person.id, roles, why).await?;
    println!("{} is admin; the next sign-in sets up a second factor", person.user_name);
    Ok(())
}

async fn import(cloud: Cloud, by: &Doer, file: &str, why: &Why) -> Outcome {
    let secret = |variable| secrets::read(&cloud.sdk, variable);
    let (tokens, passwords, messages) =
        tokio::try_join!(secret("TOKENS_SECRET"), secret("PASSWORDS_SECRET"), secret("MESSAGES_SECRET"))?;
    let keys = Arc::new(Keys::derive(&tokens, &passwords, &messages)?);
    let house = Arc::new(KmsKeyHouse::from_env(&cloud.sdk)?);
    let accounts = Accounts::new(cloud.store, cloud.clock, Arc::new(OsRandom), keys, house);
    let (mut done, mut left_out) = (0, 0);
    for (at, line) in BufReader::new(std::fs::File::open(file)?).lines().enumerate() {
        let outcome = match serde_json::from_str::<OldAccount>(&line?) {
            Ok(old) => accounts.import(by, why, &old).await.map(|_| ()).map_err(|refused| refused.to_string()),
            // The parser's words could quote a hash.
            Err(_) => Err("not an account".to_owned()),
        };
        match outcome {
            Ok(()) => done += 1,
            Err(refused) => {
                left_out += 1;
                println!("line {}: {refused}", at + 1);
            }
        }
    }
    println!("{done} accounts brought in, {left_out} lines left out");
    Ok(())
}
