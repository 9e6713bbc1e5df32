//! `callbrief doctor`: what it says of a workspace in order, of one where something is missing, and of databases whose user
//! may write.

use std::path::Path;

use serde_json::Value;

use super::databases::Engine;
use super::program::{run, succeeded};
use super::serve::workspace;

/// The health of each subject.
fn findings(workspace: &Path) -> Vec<(String, String)> {
    let told: Value = serde_json::from_str(&run(workspace, &["doctor", "--json"]).out).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told.as_array().unwrap().iter().map(|finding| (text(&finding["subject"]), text(&finding["health"]))).collect()
}

fn health(workspace: &Path, subject: &str) -> String {
    let findings = findings(workspace);
    let found = findings.iter().find(|(of, _)| of == subject);
    found.unwrap_or_else(|| panic!("{subject} is not among {findings:?}")).1.clone()
}

/// Changes the settings.
fn set(workspace: &Path, from: &str, to: &str) {
    let path = workspace.join("callbrief.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    let folder = workspace();
    let workspace = folder.path();
    let told = succeeded(workspace, &["doctor"]);
    for part in ["no mistakes", "it is made at the first start", "opened for reading only", "→ for real mail"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert!(!workspace.join("callbrief.db").exists(), "looking makes no journal");

    // A closed port, a password that must not be shown, a file that is not there, nobody who is told.
    let secret = "pa55word-of-mail";
    let smtp = format!("transport: smtp, smtp: {{ host: 127.0.0.1, port: 1, tls: none, user: u, password: {secret} }}");
    set(workspace, "transport: folder, folder: outbox", &smtp);
    set(workspace, "calls.db", "gone.db");
    let ran = run(workspace, &["doctor", "--language", "ru"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for part in ["ОШИБКА", "источник pbx", "→ проверьте раздел `mail`", "о сбое отчёта"]
    {
        assert!(ran.out.contains(part), "{part} is not in\n{}", ran.out);
    }
    assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{}{}", ran.out, ran.err);
    assert_eq!(health(workspace, "mail"), "ill");
    assert_eq!(health(workspace, "source pbx"), "ill");
    assert_eq!(health(workspace, "who is told"), "doubtful");
    assert_eq!(health(workspace, "clock"), "well");
}

#[tokio::test]
async fn a_user_who_may_write_is_told_of() {
    let setup = "CREATE TABLE calls (started_at VARCHAR(40))";
    for engine in [Engine::Postgres, Engine::MariaDb] {
        let folder = workspace();
        let url = engine.fresh(folder.path(), setup).await;
        set(folder.path(), "sqlite:calls.db", &url);
        assert_eq!(health(folder.path(), "source pbx"), "doubtful", "{engine:?}");
        let told = run(folder.path(), &["doctor"]).out;
        assert!(told.contains("`callbrief` may change data") && !told.contains("secret"), "{engine:?}: {told}");
        let reader = reader(engine, &url).await;
        set(folder.path(), &url, &reader);
        assert_eq!(health(folder.path(), "source pbx"), "well", "{engine:?}");
    }
}

/// The address for a user who may only read.
async fn reader(engine: Engine, url: &str) -> String {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let database = url.rsplit('/').next().unwrap();
    let name = format!("r_{database}");
    if engine == Engine::Postgres {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        let sql = format!("CREATE ROLE {name} LOGIN PASSWORD 'secret'; GRANT SELECT ON calls TO {name}");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
    } else {
        let mut connection = sqlx::MySqlConnection::connect(url).await.unwrap();
        let sql = format!("CREATE USER {name}@'%' IDENTIFIED BY 'secret'; GRANT SELECT ON {database}.* TO {name}@'%'");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
    }
    url.replacen("callbrief:secret", &format!("{name}:secret"), 1)
}
