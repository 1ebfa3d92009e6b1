//! What only the operator of a deployment does, with the cloud's own credentials; `infra/operate` fills in its environment.
//! Whatever changes something leaves a line in the audit log for each thing it changes.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use app::accounts::{Accounts, Keys, OldAccount, PublicKeys, Registry};
use app::audit::{self, Deed, Doer, Subject, Why};
use app::random::OsRandom;
use clap::{Args, Parser, Subcommand};
use cloud::key_house::KmsKeyHouse;
use cloud::{Cloud, secrets};
use domain::actor::Role;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;

/// A token lives ten minutes and a process believes a key for five; with room.
const LAST_TOKENS: SignedDuration = SignedDuration::from_mins(30);

type Outcome = Result<ExitCode, Box<dyn Error>>;

#[derive(Parser)]
#[command(name = "infra/operate --stack-name NAME", about = "What only the operator of a deployment does")]
struct Operator {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes somebody who has registered the first admin; later ones are made by an admin
    AppointAdmin {
        user_name: String,
        #[command(flatten)]
        because: Because,
    },
    /// Brings accounts of the old system in, and says which lines it left out; may be run again
    ImportAccounts {
        /// One JSON object a line
        file: PathBuf,
        #[command(flatten)]
        because: Because,
    },
    /// Recomputes the chains of the audit log that grew within these days, each from its first line
    CheckAudit { from: Date, to: Date },
    /// Every signing key but the newest ends, once the last tokens it signed have; part of infra/rotate-tokens
    RetireKeys {
        #[command(flatten)]
        because: Because,
        /// Tokens of older keys are refused from now on
        #[arg(long)]
        now: bool,
    },
}

/// For the audit log.
#[derive(Args)]
struct Because {
    /// Who runs this
    who: String,
    why: String,
}

impl Because {
    fn say(&self) -> Result<(Doer, Why), Box<dyn Error>> {
        let by = Doer { by: format!("operator/{}", self.who), request_id: "command".to_owned() };
        Ok((by, Why::parse(&self.why)?))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let command = Operator::parse().command;
    let cloud = Cloud::from_env().await;
    match command {
        Command::AppointAdmin { user_name, because } => appoint(cloud, &because, &user_name).await,
        Command::ImportAccounts { file, because } => import(cloud, &because, &file).await,
        Command::CheckAudit { from, to } => check_audit(cloud, from, to).await,
        Command::RetireKeys { because, now } => retire_keys(cloud, &because, now).await,
    }
}

async fn appoint(cloud: Cloud, because: &Because, user_name: &str) -> Outcome {
    let (by, why) = because.say()?;
    let registry = Registry { store: cloud.store, clock: cloud.clock, random: Arc::new(OsRandom) };
    let person = registry.find_by_name(user_name).await?;
    let roles: BTreeSet<Role> = person.roles.into_iter().chain([Role::Admin]).collect();
    let person = registry.set_roles(&by, person.id, roles, &why).await?;
    println!("{} is admin; the next sign-in sets up a second factor", person.user_name);
    Ok(ExitCode::SUCCESS)
}

async fn import(cloud: Cloud, because: &Because, file: &Path) -> Outcome {
    let (by, why) = because.say()?;
    let secret = |variable| secrets::read(&cloud.sdk, variable);
    let (tokens, passwords, messages) =
        tokio::try_join!(secret("TOKENS_SECRET"), secret("PASSWORDS_SECRET"), secret("MESSAGES_SECRET"))?;
    let keys = Arc::new(Keys::derive(&tokens, &passwords, &messages)?);
    let house = Arc::new(KmsKeyHouse::from_env(&cloud.sdk)?);
    let accounts = Accounts::new(cloud.store, cloud.clock, Arc::new(OsRandom), keys, house);
    let (mut done, mut left_out) = (0, 0);
    for (at, line) in BufReader::new(std::fs::File::open(file)?).lines().enumerate() {
        let outcome = match serde_json::from_str::<OldAccount>(&line?) {
            Ok(old) => accounts.import(&by, &why, &old).await.map(|_| ()).map_err(|refused| refused.to_string()),
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
    Ok(ExitCode::SUCCESS)
}

async fn check_audit(cloud: Cloud, from: Date, to: Date) -> Outcome {
    let report = audit::check(&*cloud.store, from, to).await?;
    for chain in &report.broken {
        println!("{}: line {} is not as it was written", chain.subject, chain.line);
    }
    println!("{} chains, {} of them broken", report.subjects, report.broken.len());
    Ok(if report.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn retire_keys(cloud: Cloud, because: &Because, at_once: bool) -> Outcome {
    let (by, why) = because.say()?;
    let now = cloud.clock.now();
    let until = if at_once { now } else { now + LAST_TOKENS };
    let retired = PublicKeys::new(cloud.store.clone()).retire_older(until).await?;
    let facts = json!({"keys": retired, "until": until});
    let deed = Deed { by: &by, what: "keys-retired", subject: Subject::of("keys", "tokens"), why: &why, facts };
    audit::note(&*cloud.store, &OsRandom, &deed, now).await?;
    println!("{} keys end at {until}", retired.len());
    Ok(ExitCode::SUCCESS)
}
