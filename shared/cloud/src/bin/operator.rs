//! Commands for the operator of a deployment, run with the operator's own AWS credentials. `infra/operate` sets the
//! environment. Every change writes an audit entry.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use app::accounts::{AccountAdmin, Accounts, Keys, OldAccount, PublicKeys};
use app::audit::{self, AuditAction, AuditActor, Reason, Subject};
use app::random::OsRandom;
use clap::{Args, Parser, Subcommand};
use cloud::data_keys::KmsDataKeyProvider;
use cloud::{Cloud, secrets};
use domain::actor::Role;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::json;

/// How long after a rotation the old keys stay valid: an access token lives 10 minutes, a process caches a key for 5,
/// and some spare time.
const OLD_KEYS_VALID_FOR: SignedDuration = SignedDuration::from_mins(30);

type Outcome = Result<ExitCode, Box<dyn Error>>;

#[derive(Parser)]
#[command(name = "infra/operate --stack-name NAME", about = "Commands for the operator of a deployment")]
struct Operator {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Gives a registered account the role admin; further admins are appointed by an admin
    AppointAdmin {
        user_name: String,
        #[command(flatten)]
        because: Because,
    },
    /// Imports accounts of the old system and prints the lines it skipped; can be run again
    ImportAccounts {
        /// One JSON object on each line
        file: PathBuf,
        #[command(flatten)]
        because: Because,
    },
    /// Verifies the audit chains that grew within these days, each from its first entry
    CheckAudit { from: Date, to: Date },
    /// Retires every signing key but the newest, once the tokens it signed have expired; part of infra/rotate-tokens
    RetireKeys {
        #[command(flatten)]
        because: Because,
        /// Retire them now: tokens signed with them are refused at once
        #[arg(long)]
        now: bool,
    },
}

/// Who runs the command and why, for the audit log.
#[derive(Args)]
struct Because {
    /// Who runs the command
    who: String,
    /// Why
    why: String,
}

impl Because {
    fn actor_and_reason(&self) -> Result<(AuditActor, Reason), Box<dyn Error>> {
        let by = AuditActor { id: format!("operator/{}", self.who), request_id: "command".to_owned() };
        Ok((by, Reason::parse(&self.why)?))
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
    let (by, why) = because.actor_and_reason()?;
    let admin = AccountAdmin { store: cloud.store, clock: cloud.clock, random: Arc::new(OsRandom) };
    let person = admin.find_by_name(user_name).await?;
    let roles: BTreeSet<Role> = person.roles.into_iter().chain([Role::Admin]).collect();
    let person = admin.set_roles(&by, person.id, roles, &why).await?;
    println!("{} is an admin; the next sign-in sets up a second factor", person.user_name);
    Ok(ExitCode::SUCCESS)
}

async fn import(cloud: Cloud, because: &Because, file: &Path) -> Outcome {
    let (by, why) = because.actor_and_reason()?;
    let secret = |variable| secrets::read(&cloud.sdk, variable);
    let (tokens, passwords, messages) =
        tokio::try_join!(secret("TOKENS_SECRET"), secret("PASSWORDS_SECRET"), secret("MESSAGES_SECRET"))?;
    let keys = Arc::new(Keys::derive(&tokens, &passwords, &messages)?);
    let data_keys = Arc::new(KmsDataKeyProvider::from_env(&cloud.sdk)?);
    let accounts = Accounts::new(cloud.store, cloud.clock, Arc::new(OsRandom), keys, data_keys);
    let (mut imported, mut skipped) = (0, 0);
    for (at, line) in BufReader::new(std::fs::File::open(file)?).lines().enumerate() {
        let outcome = match serde_json::from_str::<OldAccount>(&line?) {
            Ok(old) => accounts.import(&by, &why, &old).await.map(|_| ()).map_err(|refused| refused.to_string()),
            // The parser's message could quote a hash.
            Err(_) => Err("not an account".to_owned()),
        };
        match outcome {
            Ok(()) => imported += 1,
            Err(refused) => {
                skipped += 1;
                println!("line {}: {refused}", at + 1);
            }
        }
    }
    println!("{imported} accounts imported, {skipped} lines skipped");
    Ok(ExitCode::SUCCESS)
}

async fn check_audit(cloud: Cloud, from: Date, to: Date) -> Outcome {
    let report = audit::check(&*cloud.store, from, to).await?;
    for chain in &report.broken {
        println!("{}: entry {} was changed, removed or inserted", chain.subject, chain.entry);
    }
    println!("{} chains, {} of them broken", report.subjects, report.broken.len());
    Ok(if report.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn retire_keys(cloud: Cloud, because: &Because, at_once: bool) -> Outcome {
    let (by, why) = because.actor_and_reason()?;
    let now = cloud.clock.now();
    let until = if at_once { now } else { now + OLD_KEYS_VALID_FOR };
    let retired = PublicKeys::new(cloud.store.clone()).retire_older(until).await?;
    let facts = json!({"keys": retired, "until": until});
    let action =
        AuditAction { by: &by, what: "keys-retired", subject: Subject::new("keys", "tokens"), why: &why, facts };
    audit::record(&*cloud.store, &OsRandom, &action, now).await?;
    println!("{} keys retire at {until}", retired.len());
    Ok(ExitCode::SUCCESS)
}
